"""Which engine a command uses."""

from __future__ import annotations

import os
from collections.abc import Callable

from autograder.batch import image
from autograder.batch.engine import Engine, container_engine, process_engine, trusted_engine
from autograder.errors import EngineError
from autograder.sandbox.limits import Limits


def choose_engine(name: str, limits: Limits, *, trusted: bool, warn: Callable[[str], None]) -> Engine:
    """The engine that `name` asks for; ``auto`` prefers containers and falls back to processes.

    Raises
    ------
    EngineError
        If the engine that was asked for is not there or cannot be used.
    """
    if name == "process":
        return trusted_engine() if trusted and os.geteuid() != 0 else process_engine(limits, trusted=trusted)
    program = image.find_engine(name)
    if program is None:
        if name != "auto":
            raise EngineError(
                f"{name} is not installed or does not run.", fix="Use --engine auto or process."
            )
        return process_engine(limits, trusted=trusted)
    try:
        tag = image.build(engine=program, base=None, wheelhouse=None, tag=None)
    except EngineError as error:
        if name != "auto":
            raise
        warn(f"Containers cannot be used, grading in processes instead. {error}")
        return process_engine(limits, trusted=trusted)
    return container_engine(program, tag, limits)
