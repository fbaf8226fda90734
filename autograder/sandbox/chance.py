"""The global random generators of NumPy and Python, kept alike on both sides of the wire.

A test that calls `np.random.seed(0)` means the numbers that the student's function draws next, as it would in one
process. So from then on each request carries the states over, and each reply brings them back.
"""

from __future__ import annotations

import functools
import random
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

_KEY = 624  # words of a Mersenne Twister


def states() -> list[Any] | None:
    """``[key, position, has_gauss, gauss, Python's words, Python's gauss]``, or None for other generators."""
    numpy = np.random.get_state(legacy=False)  # noqa: NPY002 - the global one is meant
    if not isinstance(numpy, dict) or numpy["bit_generator"] != "MT19937":
        return None
    _, words, gauss = random.getstate()
    inner = numpy["state"]
    return [
        inner["key"],
        int(inner["pos"]),
        int(numpy["has_gauss"]),
        float(numpy["gauss"]),
        np.array(words, dtype=np.uint32),
        gauss,
    ]


def restore(given: Any) -> None:
    """Continue from `given`, the other side's `states`.

    Raises
    ------
    ValueError
        If it is no pair of states: NumPy itself checks too little.
    """
    if given is None:
        return
    key, position, has_gauss, gauss, words, python_gauss = given
    for array, length in ((key, _KEY), (words, _KEY + 1)):
        if type(array) is not np.ndarray or array.dtype != np.uint32 or array.shape != (length,):
            raise ValueError("a random generator's state is malformed")
    position_of_python = int(words[-1])
    whole = type(position) is int and 0 <= position <= _KEY and position_of_python <= _KEY
    if (
        not whole
        or has_gauss not in (0, 1)
        or type(gauss) is not float
        or type(python_gauss) not in (float, type(None))
    ):
        raise ValueError("a random generator's state is malformed")
    np.random.set_state(("MT19937", key, position, int(has_gauss), gauss))  # noqa: NPY002 - the global one is meant
    random.setstate((3, tuple(words.tolist()), python_gauss))


def watch_seeds(seeded: Callable[[], None], torch_seeded: Callable[[int], None]) -> None:
    """Call `seeded` when a test seeds NumPy's or Python's generator, and `torch_seeded` when it seeds torch's."""
    for module in (np.random, random):
        vars(module)["seed"] = _then(module.seed, lambda *args: seeded())
    torch = sys.modules.get("torch")
    if torch is not None:
        vars(torch)["manual_seed"] = _then(torch.manual_seed, lambda seed, *_: torch_seeded(int(seed)))


def _then(function: Callable[..., Any], also: Callable[..., None]) -> Callable[..., Any]:
    @functools.wraps(function)
    def both(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        also(*args, *kwargs.values())
        return result

    return both
