"""Keeps a test from running what a student wrote: ``eval(repr(v))``, ``exec(inspect.getsource(f))``, ``pickle.loads(f())``.

In one process that would be the student's own risk. Here the tests, the points and the rights of the grader are in
reach. So while a test case runs, code is made of text that stands in the bundle, or that a library made up itself.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from typing import Any

_LIBRARIES = (
    *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    "<frozen ",
)
# Libraries that take an expression as text and evaluate what they make of it.
_TAKE_TEXT = tuple(f"{sysconfig.get_path('purelib')}/{name}/" for name in ("pandas", "sympy"))
_LITERAL = (
    ast.Expression,
    ast.Module,
    ast.Expr,
    ast.Constant,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.Set,
    ast.BinOp,
)
_LITERAL += (
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
    ast.expr_context,
)
_PICKLED = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"),
    *(("collections", name) for name in ("Counter", "OrderedDict", "defaultdict", "deque")),
    *(("datetime", name) for name in ("date", "datetime", "time", "timedelta")),
    *(("builtins", name) for name in ("set", "frozenset", "complex", "range", "slice", "bytearray")),
    ("decimal", "Decimal"),
    ("fractions", "Fraction"),
}
_COMMANDS = frozenset(("os.system", "subprocess.Popen", "os.exec", "os.posix_spawn"))
_compile, _eval, _exec = builtins.compile, builtins.eval, builtins.exec

REFUSED = "the test would run text or load a pickle of the answer's own, which is done in no process that holds tests"


class CodeRefused(TypeError):
    """A test was about to run what a student wrote."""


class Guard:
    """What may be run during one test case.

    Parameters
    ----------
    sources
        Text of the bundle.
    heard
        Gives all strings that came from the student's side, or None if they are too many to be kept.
    refuse
        Called before something is refused.
    """

    def __init__(
        self, sources: Iterable[str], heard: Callable[[], Iterable[str] | None], refuse: Callable[[], None]
    ) -> None:
        self.sources = tuple(sources)
        self.heard = heard
        self.refuse = refuse

    def check(self, source: Any, caller: str) -> None:
        """Raise `CodeRefused` unless code in the file `caller` may run `source`."""
        if isinstance(source, ast.AST):
            text = ast.unparse(source)
        elif isinstance(source, str):
            text = source
        elif isinstance(source, (bytes, bytearray, memoryview)):
            text = bytes(source).decode("utf-8", "replace")
        else:
            return  # a code object, which was made here
        text = text.strip()
        if text.isidentifier() or any(text in own for own in self.sources):
            return
        library = caller.startswith(_LIBRARIES) and not caller.startswith(_TAKE_TEXT)
        if self._echoes(text) if library else not _is_literal(text):
            self.refuse()
            raise CodeRefused(REFUSED)

    def check_command(self, command: str) -> None:
        heard = self.heard()
        if heard is None or any(len(part) > 1 and part in command for part in heard):
            self.refuse()
            raise CodeRefused(REFUSED)

    def _echoes(self, text: str) -> bool:
        """Whether a string from the student's side is in `text`, or `text` in it."""
        heard = self.heard()
        if heard is None:
            return True
        for part in heard:
            part = part.strip()
            if part == text or (len(text) > 3 and text in part):
                return True
            if len(part) > 3 and not part.isidentifier() and part in text:
                return True
        return False


def _is_literal(text: str) -> bool:
    """Whether `text` is data and arithmetic with data: no name, no call."""
    try:
        tree = _compile(text, "<text>", "exec", ast.PyCF_ONLY_AST)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True  # it will not run
    return all(isinstance(node, _LITERAL) for node in ast.walk(tree))


_guard: Guard | None = None  # of the test case that runs


@contextlib.contextmanager
def only_trusted_code(guard: Guard) -> Iterator[None]:
    """Let `guard` look at what is compiled, evaluated, executed and unpickled."""
    global _guard
    _guard = guard
    vars(builtins).update(compile=_guarded_compile, eval=_guarded_eval, exec=_guarded_exec)
    try:
        yield
    finally:
        _guard = None
        vars(builtins).update(compile=_compile, eval=_eval, exec=_exec)


def _guarded_compile(source: Any, filename: Any, mode: str, flags: int = 0, *args: Any, **kwargs: Any) -> Any:
    if not flags & ast.PyCF_ONLY_AST:  # a tree cannot be run as it is
        _check(source)
    return _compile(source, filename, mode, flags, *args, **kwargs)


def _guarded_eval(source: Any, globals: Any = None, locals: Any = None) -> Any:
    _check(source)
    return _eval(source, *_namespaces(globals, locals))


def _guarded_exec(source: Any, globals: Any = None, locals: Any = None, **closure: Any) -> None:
    _check(source)
    _exec(source, *_namespaces(globals, locals), **closure)


def _check(source: Any) -> None:
    if _guard is not None:
        _guard.check(source, sys._getframe(2).f_code.co_filename)


def _namespaces(globals: Any, locals: Any) -> tuple[Any, Any]:
    """The namespaces that `eval` and `exec` take where none are given: those of their caller."""
    caller = sys._getframe(2)
    if globals is None:
        return caller.f_globals, caller.f_locals if locals is None else locals
    return globals, globals if locals is None else locals


def _audit(event: str, arguments: tuple) -> None:
    if _guard is None:
        return
    if event == "pickle.find_class" and arguments not in _PICKLED:
        _guard.refuse()
        raise CodeRefused(REFUSED)
    if event in _COMMANDS:
        _guard.check_command(" ".join(map(str, arguments)))


_watched = False


def watch_pickles_and_commands() -> None:
    """Have the guard of each test case asked about pickles and commands. An audit hook cannot be taken away."""
    global _watched
    if not _watched:
        sys.addaudithook(_audit)
        _watched = True
