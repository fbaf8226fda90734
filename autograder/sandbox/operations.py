"""What an examiner may ask of an object of the student's, by name. Carried out in the student's world."""

from __future__ import annotations

import builtins
import inspect
import operator
import types
import typing
from collections.abc import Callable
from typing import Any

ARITHMETIC = (
    "add sub mul matmul truediv floordiv mod pow lshift rshift and or xor".split()
)  # each also as `radd` with the operands swapped, and as `iadd` in place
COMPARISONS = "eq ne lt le gt ge".split()
UNARY = "neg pos abs invert".split()
CONVERSIONS = "int float complex round".split()
# Asked of any object: an answer is the student's own word, which no value of the test has gone into.
OPEN = "bool str repr hash".split()

_PYTHONS_OWN = {"and": "and_", "or": "or_", "iand": "iand", "ior": "ior"}


def _swapped(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda target, other: operation(other, target)


def _operations() -> dict[str, Callable[..., Any]]:
    table: dict[str, Callable[..., Any]] = {}
    for name in ARITHMETIC:
        table[name] = getattr(operator, _PYTHONS_OWN.get(name, name))
        table[f"r{name}"] = _swapped(table[name])
        table[f"i{name}"] = getattr(operator, f"i{name}")
    table |= {name: getattr(operator, name) for name in (*COMPARISONS, *UNARY, "contains")}
    table |= {name: getattr(builtins, name) for name in (*CONVERSIONS, *OPEN)}
    table |= {name: getattr(builtins, name) for name in ("format", "reversed", "divmod", "dir", "issubclass")}
    table |= {"subclasscheck": lambda target, other: issubclass(other, target)}
    table |= {"enter": _enter, "exit": _exit, "source": inspect.getsource, "signature": _signature}
    table |= {"hints": typing.get_type_hints}
    table |= {"delattr": lambda target, name: delattr(target, name), "delitem": operator.delitem}
    return table


def _enter(target: Any) -> Any:
    return type(target).__enter__(target)


def _exit(target: Any, error: BaseException | None) -> bool:
    return bool(type(target).__exit__(target, None if error is None else type(error), error, None))


def _signature(target: Any) -> list[list[Any]]:
    """``[name, kind, has a default]`` of each parameter, and the default itself where there is one."""
    return [
        [p.name, int(p.kind), p.default is not p.empty, None if p.default is p.empty else p.default]
        for p in inspect.signature(target).parameters.values()
    ]


OPERATIONS = _operations()


def keeps_its_class(made: Any) -> bool:
    """Whether an instance of a class stays whole, as a handle, when a test has made it from that class."""
    home = type(made).__module__.partition(".")[0]
    return home not in (
        "builtins",
        "collections",
        "datetime",
        "decimal",
        "fractions",
        "numpy",
        "pandas",
        "torch",
    )


_KINDS = (
    (types.GeneratorType, "generator"),
    (types.FunctionType, "function"),
    (types.MethodType, "method"),
    (type, "type"),
)


def library_class(value: Any) -> str | None:
    """The class of a library that `value` is an instance of, for a test that asks with `isinstance`."""
    for kind, name in _KINDS:
        if issubclass(type(value), kind):
            return name
    for cls in type(value).__mro__:
        home = cls.__module__ if isinstance(cls.__module__, str) else ""
        if home == "re" or home.startswith(("matplotlib.", "torch.nn.")):
            return f"{home}.{cls.__qualname__}"
        if home == "builtins" and cls is not object:
            return cls.__name__
    return None
