"""An audit hook for trusted processes: tells of code, pickles, imports and commands that are not the project's own.

Loaded by path into the server and the warm parents before anything of theirs, and into the host's process by the
test; it imports nothing of the project.
"""

from __future__ import annotations

import ast
import json
import os
import sys
import sysconfig
import types
from typing import Any

WATCHED = {
    "os.fork",
    "compile",
    "exec",
    "import",
    "code.__new__",
    "marshal.loads",
    "pickle.find_class",
    "ctypes.dlopen",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
}


class Trap:
    """Writes a line to `log` for each event that is not as it should be.

    Parameters
    ----------
    mark
        What all that the student controls has in it.
    log
        File that the lines are appended to.
    own
        Beginnings of the names of code that may be compiled and run once the process has forked: by then its
        libraries are loaded. Installed packages and the standard library may, too.
    with_forks
        Whether forks of this process are watched. Those of a warm parent become the student.
    """

    def __init__(self, mark: str, log: str, own: list[str], *, with_forks: bool) -> None:
        self.mark, self.pid, self.with_forks = mark, os.getpid(), with_forks
        self.armed, self.busy, self.started = True, False, False
        paths = sysconfig.get_paths()
        self.own = (
            *own,
            *(paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
            "<frozen ",
        )
        self.log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        sys.addaudithook(self)
        sys.meta_path.insert(0, self)  # `importlib.import_module` is not audited

    def __call__(self, event: str, arguments: tuple) -> None:
        if event not in WATCHED or self.busy or not self.armed:
            return
        if not self.with_forks and os.getpid() != self.pid:
            return
        self.busy = True
        try:
            self.started |= event == "os.fork"
            why = self.why(event, arguments)
            if why:
                text = json.dumps([os.path.basename(sys.argv[0]), event, why, repr(arguments)[:300]])
                os.write(self.log, text.encode() + b"\n")
        finally:
            self.busy = False

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Find no module; hear of those that are looked for."""
        self("import", (name,))

    def why(self, event: str, arguments: tuple) -> str:
        """What is wrong with an event; empty if nothing is."""
        if any(self.carries(argument) for argument in arguments):
            return "carries what the student wrote"
        if event == "pickle.find_class":
            return "a pickle"
        if not self.started:
            return ""
        # A traceback parses the test's line to underline a part of it; to run that would be told as `exec`.
        if event == "compile" and arguments[1] != "<unknown>" and not self.owns(arguments[1]):
            return "compiles what is nobody's"
        if event == "exec" and not self.owns(arguments[0].co_filename):
            return "runs what is nobody's"
        return ""

    def owns(self, name: Any) -> bool:
        return str(name).startswith(self.own)

    def carries(self, thing: Any, depth: int = 0) -> bool:
        if isinstance(thing, str):
            return self.mark in thing
        if isinstance(thing, bytes | bytearray | memoryview):
            return self.mark.encode() in bytes(thing)
        if isinstance(thing, types.CodeType):
            return self.carries(
                (thing.co_filename, thing.co_name, thing.co_names, thing.co_varnames, thing.co_consts)
            )
        if isinstance(thing, ast.AST):
            return self.mark in ast.dump(thing)
        if isinstance(thing, tuple | list | set | frozenset) and depth < 8:
            return any(self.carries(part, depth + 1) for part in thing)
        return False
