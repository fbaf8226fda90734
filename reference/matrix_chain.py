"""What the order of brackets costs in a product of Jacobians: forward mode, reverse mode and the best order."""

from __future__ import annotations

import operator
from collections.abc import Iterable


def forward_cost(widths: Iterable[int]) -> int:
    """Multiplications of J_L (... (J_3 (J_2 J_1))), where J_l has shape (n_l, n_{l-1}).

    Parameters
    ----------
    widths
        n_0, n_1, ..., n_L: L + 1 positive whole numbers, L at least 1.

    Returns
    -------
    int
        Exact. An (a, b) matrix times a (b, c) matrix counts a b c; a single factor costs nothing.

    Raises
    ------
    ValueError
        If there are fewer than two widths or one is not positive.
    TypeError
        If one is not a whole number.
    """
    n = _as_widths(widths)
    return sum(n[0] * n[i] * n[i + 1] for i in range(1, len(n) - 1))


def reverse_cost(widths: Iterable[int]) -> int:
    """Multiplications of ((J_L J_{L-1}) ...) J_1; arguments and errors are those of `forward_cost`."""
    return forward_cost(_as_widths(widths)[::-1])


def best_order_cost(widths: Iterable[int]) -> int:
    """Fewest multiplications over all ways to put brackets; arguments and errors are those of `forward_cost`.

    Notes
    -----
    Dynamic programming over intervals of factors, O(L^3) (Cormen et al., *Introduction to Algorithms*, 2009,
    section 15.2). If n_L = 1 and all other widths are at least 2, reverse mode is best: every factor but J_L
    enters a product, with the row at the price of its entries or with another factor, and a b c >= a b + b c
    for a, c >= 2. A width of 1 inside may make another order cheaper. For forward mode with n_0 = 1 likewise.
    """
    n = _as_widths(widths)
    last = len(n) - 1
    best = {(i, i + 1): 0 for i in range(last)}
    for length in range(2, last + 1):
        for i in range(last - length + 1):
            k = i + length
            best[i, k] = min(best[i, j] + best[j, k] + n[i] * n[j] * n[k] for j in range(i + 1, k))
    return best[0, last]


def _as_widths(widths: Iterable[int]) -> list[int]:
    n = [operator.index(width) for width in widths]
    if len(n) < 2 or min(n) < 1:
        raise ValueError(f"widths must be at least two positive whole numbers, but are {n}")
    return n
