"""How a trusted process starts another one of this package."""

from __future__ import annotations

import sys
from pathlib import Path


def python_command(code: Path, module: str) -> list[str]:
    """Command that runs a module of this package from `code`, isolated from user and environment."""
    program = (
        f"import sys; sys.path.insert(0, {str(code)!r}); import runpy; "
        f"runpy.run_module('autograder.sandbox.{module}', run_name='__main__', alter_sys=True)"
    )
    return [sys.executable, "-I", "-c", program]
