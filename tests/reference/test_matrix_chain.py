"""Oracles: all bracketings tried one by one, the textbook's example, shapes multiplied for real."""

import itertools

import numpy as np
import pytest

from reference.matrix_chain import best_order_cost, forward_cost, reverse_cost


def all_costs(n):
    """Costs of every order in which the inner widths can be eliminated."""
    for order in itertools.permutations(range(1, len(n) - 1)):
        left, cost = list(range(len(n))), 0
        for i in order:
            at = left.index(i)
            cost += n[left[at - 1]] * n[i] * n[left[at + 1]]
            del left[at]
        yield cost


@pytest.mark.parametrize("seed", range(6))
def test_best_order_is_the_best_of_all(seed):
    n = [int(v) for v in np.random.default_rng(seed).integers(1, 9, size=6)]
    costs = set(all_costs(n))
    assert best_order_cost(n) == min(costs)
    assert {forward_cost(n), reverse_cost(n)} <= costs


def test_chain_of_the_textbook():
    assert best_order_cost([30, 35, 15, 5, 10, 20, 25]) == 15125  # Cormen et al., 2009, section 15.2


def test_forward_and_reverse_count_the_products_that_they_make():
    n = [3, 7, 2, 5, 4]
    factors = [np.ones((b, a)) for a, b in itertools.pairwise(n)]

    def count(products):
        return sum(a.shape[0] * a.shape[1] * b.shape[1] for a, b in products)

    forward = itertools.accumulate(factors, lambda done, J: J @ done)
    reverse = itertools.accumulate(factors[::-1], lambda done, J: done @ J)
    assert forward_cost(n) == count(zip(factors[1:], forward, strict=False))
    assert reverse_cost(n) == count(zip(reverse, factors[-2::-1], strict=False))


@pytest.mark.parametrize("seed", range(6))
def test_reverse_mode_is_best_for_a_loss(seed):
    n = [int(v) for v in np.random.default_rng(seed).integers(2, 30, size=7)]
    assert best_order_cost([*n, 1]) == reverse_cost([*n, 1])
    assert best_order_cost([1, *n]) == forward_cost([1, *n])


def test_a_width_of_one_inside_may_beat_reverse_mode():
    assert best_order_cost([2, 9, 1, 5, 1]) < reverse_cost([2, 9, 1, 5, 1])


def test_single_factor_costs_nothing_and_large_counts_are_exact():
    assert forward_cost([4, 6]) == reverse_cost([4, 6]) == best_order_cost([4, 6]) == 0
    assert forward_cost(np.array([10**7] * 4)) == 2 * 10**21


@pytest.mark.parametrize("widths", [[5], [3, 0, 2]])
def test_bad_widths_are_refused(widths):
    with pytest.raises(ValueError, match="positive whole numbers"):
        best_order_cost(widths)


def test_fractions_are_refused():
    with pytest.raises(TypeError):
        forward_cost([2.5, 3])
