"""Keeps a test from running what a student wrote: ``eval(repr(v))``, ``exec(inspect.getsource(f))``, ``pickle.loads(f())``.

In one process that would be the student's own risk. Here the tests, the points and the rights of the grader are in
reach. So while a test case runs, code is made of text that stands in the bundle, or that a library made up itself.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import doctest
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Any

from autograder.sandbox.handles import is_handle

_STANDARD = tuple(sysconfig.get_path(name) for name in ("stdlib", "platstdlib"))
_PACKAGES = tuple(sysconfig.get_path(name) for name in ("purelib", "platlib"))
_LIBRARIES = (*_STANDARD, *_PACKAGES)
# These make code of names that they have looked at; importlib makes it of files of libraries and of the bundle.
_MAKE_CLASSES = frozenset(
    f"{sysconfig.get_path('stdlib')}/{name}" for name in ("dataclasses.py", "collections/__init__.py")
)
# Libraries that take an expression as text and evaluate what they make of it.
_TAKE_TEXT = tuple(f"{sysconfig.get_path('purelib')}/{name}/" for name in ("pandas", "sympy"))
_HARMLESS: tuple[type[ast.AST], ...] = (
    *(ast.Expression, ast.Module, ast.Expr, ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.BinOp),
    *(
        ast.UnaryOp,
        ast.BoolOp,
        ast.Compare,
        ast.operator,
        ast.unaryop,
        ast.boolop,
        ast.cmpop,
        ast.expr_context,
    ),
    *(ast.Call, ast.keyword),  # of what is looked at
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
_PICKLE = 64  # characters that even the smallest pickle of an array has
_PANDAS_EVAL = f"{sysconfig.get_path('purelib')}/pandas/core/computation/eval.py"
_PANDAS_LOCAL = "__pd_eval_local_"  # what pandas makes of an @
_COMMANDS = frozenset(("os.system", "subprocess.Popen", "os.exec", "os.posix_spawn"))
_compile, _eval, _exec = builtins.compile, builtins.eval, builtins.exec

REFUSED = (
    "the test runs text as code, or loads a pickle or runs a command, that may be the answer's own. The process that "
    "holds the tests does not: the test should compare the text, or call the answer's functions"
)


class CodeRefused(TypeError):
    """A test was about to run what a student wrote."""


class Guard:
    """What may be run during one test case.

    Parameters
    ----------
    sources, examples
        Text of the bundle, and the doctest examples that the case consists of.
    heard
        Gives all strings that came from the student's side, or None if they are too many to be kept.
    refuse
        Called with the reason before something is refused.
    """

    def __init__(
        self,
        sources: Iterable[str],
        examples: Iterable[str],
        heard: Callable[[], Iterable[str] | None],
        refuse: Callable[[str], None],
    ) -> None:
        self.sources = tuple(sources)
        self.examples = frozenset(example.strip() for example in examples)
        self.heard = heard
        self.refuse = refuse

    def check(self, source: Any, caller: str, *names: Any) -> None:
        """Raise `CodeRefused` unless code in the file `caller` may run `source`, where `names` mean what they do."""
        if isinstance(source, ast.AST):
            text = ast.unparse(source)
        elif isinstance(source, str):
            text = source
        elif isinstance(source, (bytes, bytearray, memoryview)):
            text = bytes(source).decode("utf-8", "replace")
        else:
            return  # a code object, which was made here
        text = text.strip()
        if (
            caller in _MAKE_CLASSES
            or caller.startswith("<frozen importlib")
            or (caller == doctest.__file__ and text in self.examples)
        ):
            return
        if caller.startswith(_LIBRARIES) and not caller.startswith(_TAKE_TEXT):
            allowed = text.isidentifier() or not self._echoes(text)
        else:
            allowed = self._is_the_tests(text) or _is_harmless(text, names)
        if not allowed:
            self.refuse(REFUSED)
            raise CodeRefused(REFUSED)

    def check_expression(self, parsed: str, expression: str) -> None:
        """Raise `CodeRefused` unless `expression`, which pandas parses as `parsed`, calls nothing or is the test's."""
        if not (_is_plain(parsed) or self._is_the_tests(expression.strip())):
            self.refuse(REFUSED)
            raise CodeRefused(REFUSED)

    def may_load(self, module: str, name: str) -> bool:
        """Whether a pickle may name this: plain data, and arrays where it cannot be a pickle of the student's.

        The state of an array's type in a pickle can make an array of addresses.
        """
        if module.split(".")[0] != "numpy":
            return (module, name) in _PICKLED
        heard = self.heard()
        return (module, name) in _PICKLED and heard is not None and all(len(part) < _PICKLE for part in heard)

    def _is_the_tests(self, text: str) -> bool:
        """Whether a test itself says `text`, and the student does not: that might be the name of the right answer."""
        heard = self.heard()
        return (
            heard is not None
            and any(text in own for own in self.sources)
            and not any(text in part for part in heard)
        )

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


def _is_harmless(text: str, names: tuple[Any, ...]) -> bool:
    """Whether `text` is data, arithmetic with data, and calls of the student's own classes and functions with data."""
    try:
        tree = _compile(text, "<text>", "exec", ast.PyCF_ONLY_AST)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True  # it will not run
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return all(
        isinstance(node, _HARMLESS)
        or (isinstance(node, ast.Name) and id(node) in called and _is_theirs(node.id, names))
        for node in ast.walk(tree)
    )


def _is_plain(text: str) -> bool:
    """Whether `text` is arithmetic and comparisons of columns and data, without a call, an attribute or a variable."""
    try:
        tree = _compile(text, "<text>", "exec", ast.PyCF_ONLY_AST)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True  # pandas will not parse it either
    return all(
        not node.id.startswith(_PANDAS_LOCAL)
        if isinstance(node, ast.Name)
        else isinstance(node, (*_HARMLESS, ast.Assign)) and not isinstance(node, (ast.Call, ast.keyword))
        for node in ast.walk(tree)
    )


def _is_theirs(name: str, names: tuple[Any, ...]) -> bool:
    found = next((names_there[name] for names_there in names if name in names_there), None)
    return is_handle(found)


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
    elif _guard is not None and (expression := _of_pandas(sys._getframe(1))) is not None:
        _guard.check_expression(source, expression)
    return _compile(source, filename, mode, flags, *args, **kwargs)


def _of_pandas(frame: FrameType | None) -> str | None:
    """The expression for which pandas, which walks the tree itself, has text parsed; None if it has not."""
    while frame is not None and frame.f_code.co_filename.startswith(_LIBRARIES):
        if frame.f_code.co_filename == _PANDAS_EVAL:
            return str(frame.f_locals.get("expr"))
        frame = frame.f_back
    return None


def _guarded_eval(source: Any, globals: Any = None, locals: Any = None) -> Any:
    globals, locals = _namespaces(globals, locals)
    _check(source, locals, globals)
    return _eval(source, globals, locals)


def _guarded_exec(source: Any, globals: Any = None, locals: Any = None, **closure: Any) -> None:
    globals, locals = _namespaces(globals, locals)
    _check(source, locals, globals)
    _exec(source, globals, locals, **closure)


def _check(source: Any, *names: Any) -> None:
    if _guard is not None:
        _guard.check(source, sys._getframe(2).f_code.co_filename, *names)


def _namespaces(globals: Any, locals: Any) -> tuple[Any, Any]:
    """The namespaces that `eval` and `exec` take where none are given: those of their caller."""
    caller = sys._getframe(2)
    if globals is None:
        return caller.f_globals, caller.f_locals if locals is None else locals
    return globals, globals if locals is None else locals


def _audit(event: str, arguments: tuple) -> None:
    if _guard is None:
        return
    if event == "pickle.find_class":
        refused = not _guard.may_load(*arguments)
    else:
        refused = event in _COMMANDS and not _is_installed(sys._getframe(1))
    if refused:
        _guard.refuse(REFUSED)
        raise CodeRefused(REFUSED)


def _is_installed(frame: FrameType | None) -> bool:
    """Whether an installed package, such as one that asks for the system's fonts, made the standard library do this."""
    while frame is not None and frame.f_code.co_filename.startswith((*_STANDARD, "<frozen ")):
        if frame.f_code.co_filename.startswith(_PACKAGES):
            return True
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith(_PACKAGES)


_watched = False


def watch_pickles_and_commands() -> None:
    """Have the guard of each test case asked about pickles and commands. An audit hook cannot be taken away."""
    global _watched
    if not _watched:
        sys.addaudithook(_audit)
        _watched = True
