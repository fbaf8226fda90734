"""Random generators on both sides of the wire.

A test that calls `np.random.seed(0)` means the numbers that the student's function draws next, as it would in one
process. So whenever the test has seeded or drawn, the states go along with its next request. Nothing comes back: the
student would choose the inputs that a test draws.
"""

from __future__ import annotations

import copy
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


class Follower:
    """Tells when the states here are news for the other side."""

    def __init__(self) -> None:
        self._watched = False
        self._sent: list[Any] | None = None

    def start(self) -> None:
        """From now on the states here count, as they are."""
        self._watched, self._sent = True, None

    def news(self) -> list[Any] | None:
        """The states, if they are watched and are not those that were given last."""
        now = states() if self._watched else None
        if now is None or (self._sent is not None and all(map(np.array_equal, now, self._sent))):
            return None
        self._sent = now
        return now


_MULTIPLIERS = {"PCG64": 0x2360ED051FC65DA44385DF649FCCF645, "PCG64DXSM": 0xDA942042E4DD58B5}
_MAX_DRAWS = 1 << 32


def go_on(generator: np.random.Generator, other: np.random.Generator) -> None:
    """Let `generator` go on where `other` is, if it gets there by drawing; else leave it where it is.

    So a student's function draws from a test's generator, and does not choose what the test draws next.
    """
    here, there = dict(generator.bit_generator.state), dict(other.bit_generator.state)
    name, inner = here["bit_generator"], here["state"]
    if there["bit_generator"] != name or name not in _MULTIPLIERS or there["state"]["inc"] != inner["inc"]:
        return
    if _draws(inner["state"], there["state"]["state"], _MULTIPLIERS[name], inner["inc"]) > _MAX_DRAWS:
        return
    if there["has_uint32"] and (there["uinteger"] != here["uinteger"] or not here["has_uint32"]):
        # Half of a drawn number is kept for later; any other than the last one's is not taken.
        before = copy.deepcopy(other.bit_generator)
        before.advance(-1)  # type: ignore[attr-defined]
        if before.random_raw() >> 32 != there["uinteger"]:
            there["has_uint32"] = 0
    generator.bit_generator.state = there


def _draws(state: int, target: int, multiplier: int, increment: int) -> int:
    """How many steps of ``state = multiplier * state + increment`` (modulo 2**128) lead to `target`.

    Brown, Random number generation with arbitrary strides, 1994, bit by bit.
    """
    mask, bit, steps = (1 << 128) - 1, 1, 0
    while state != target:
        if (state ^ target) & bit:
            state = (state * multiplier + increment) & mask
            steps |= bit
        increment = (multiplier + 1) * increment & mask
        multiplier = multiplier * multiplier & mask
        bit = bit << 1 & mask
        if not bit:
            return mask  # of another stream
    return steps


def watch_seeds(seeded: Callable[[], None], torch_seeded: Callable[[int], None]) -> None:
    """Call `seeded` when a test seeds NumPy's or Python's generator, and `torch_seeded` when it seeds torch's."""
    for module in (np.random, random):
        vars(module)["seed"] = _then(module.seed, lambda *args: seeded())
    torch = sys.modules.get("torch")
    if torch is not None:
        vars(torch)["manual_seed"] = _then(torch.manual_seed, lambda seed, *_: torch_seeded(int(seed)))


def _then(function: Callable[..., Any], also: Callable[..., None]) -> Callable[..., Any]:
    if hasattr(function, "_watched"):
        return function

    @functools.wraps(function)
    def both(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        also(*args, *kwargs.values())
        return result

    both._watched = True  # type: ignore[attr-defined]
    return both
