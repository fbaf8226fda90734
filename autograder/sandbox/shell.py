"""The IPython shell that runs a notebook's cells as a notebook would, without a kernel."""

from __future__ import annotations

import builtins
import random
import sys
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


class NotebookShell(InteractiveShell):
    """An `InteractiveShell` for cells that nobody watches: errors are noted, figures are not drawn."""

    last_error: str = ""

    @classmethod
    def create(cls) -> NotebookShell:
        config = Config()
        config.HistoryManager.enabled = False
        config.DisplayFormatter.active_types = ["text/plain"]
        shell = cls.instance(config=config)
        shell.colors = "nocolor"
        shell.db = {}  # what `%cd` and `%store` keep; a folder of the warm parent's is no place for it
        return shell

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **kwargs: Any) -> None:
        kind, error = (exc_tuple or sys.exc_info())[:2]
        self._note(kind, error)

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        self._note(*sys.exc_info()[:2])

    def showindentationerror(self, *args: Any, **kwargs: Any) -> None:
        self._note(*sys.exc_info()[:2])

    def enable_matplotlib(self, gui: str | None = None) -> tuple[str | None, str]:
        return gui, "agg"  # every backend of a notebook is agg here: nobody looks

    def enable_gui(self, gui: str | None = None) -> None:
        pass

    def ask_exit(self) -> None:
        pass  # `exit` in a cell ends neither the notebook nor its grading

    def _note(self, kind: Any, error: Any) -> None:
        try:
            text = f"{kind.__name__}: {error}"
        except BaseException:
            text = "an error whose text cannot be shown"
        self.last_error = text[:2000]

    def run(self, source: str, *, seed: int | None, seed_variable: str | None) -> str:
        """Run one cell; return the error that ended it, in one line, or an empty string."""
        if seed is not None and not source.startswith("%%"):
            if seed_variable:
                self.user_ns[seed_variable] = seed
            else:
                sys.modules["numpy"].random.seed(seed)
                random.seed(seed)
        self.last_error = ""
        try:
            result = self.run_cell(source, store_history=True)
            if not result.success and not self.last_error:
                self._note(*self._error_of(result))
        except BaseException as error:  # SystemExit from a hook, KeyboardInterrupt between statements
            self._note(type(error), error)
        finally:
            pyplot = sys.modules.get("matplotlib.pyplot")
            if pyplot is not None:
                pyplot.close("all")  # as a notebook does after each cell
        return self.last_error

    @staticmethod
    def _error_of(result: Any) -> tuple[type, BaseException]:
        error = result.error_before_exec or result.error_in_exec or RuntimeError("the cell failed")
        return type(error), error


def without_terminal() -> None:
    """`input()` fails at once, as in a notebook that runs unattended."""

    def no_input(prompt: object = "", /) -> str:
        raise EOFError("input() is not available while a notebook is graded")

    builtins.input = no_input
