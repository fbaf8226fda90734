"""Errors that a person is meant to read: what happened, to which file, and what to do about it."""


class AutograderError(Exception):
    """Base of all errors that end a command with one line and a non-zero status."""

    def __init__(self, problem: str, *, fix: str = "") -> None:
        super().__init__(f"{problem} {fix}".strip())
        self.problem = problem
        self.fix = fix


class BadInput(AutograderError):
    """A path, flag or name given on the command line cannot be used."""


class BadBundle(AutograderError):
    """An autograder bundle is not a zip made by otter, or its tests do not load."""


class BadSubmission(AutograderError):
    """A submission cannot be opened or holds no gradable notebook."""


class GateError(AutograderError):
    """A release does not pass the gate."""


class EngineError(AutograderError):
    """Containers or processes for grading cannot be started."""


GO_ON_FIX = "Run the same command again; what was graded is kept."
DISK_FULL_FIX = "Free some space and run the same command again; what was graded is kept."
