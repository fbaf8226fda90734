"""The `otter` that a notebook imports while it is graded: it signals checks and shows nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


class Notebook:
    """Stands in for `otter.Notebook`. Every method but `check` does nothing."""

    _signal: Callable[[str, Any], None]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def check(self, question: Any, global_env: Any = None) -> None:
        type(self)._signal(str(question), global_env)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: None


def install(signal: Callable[[str, Any], None]) -> None:
    """Make `import otter` find the stub, whose checks call ``signal(question, namespace or None)``."""
    Notebook._signal = staticmethod(signal)
    otter = ModuleType("otter", "Runs checks.")
    vars(otter).update(Notebook=Notebook, __path__=[], __version__="7.0.0")
    sys.modules["otter"] = otter
