"""Values as JSON: typed, by a fixed list of tags, rebuilt as exact base types.

Plain JSON carries None, bool, int, float, str and list; everything else is ``{"t": tag, ...}``. The encoder
looks at the C-level type of a value, so a subclass crosses as its plain base value and no method that a
student overrode is asked for anything. What is not on the list goes to `fallback`, which makes a handle of it.
"""

from __future__ import annotations

import builtins
import dataclasses
import datetime
import math
import sys
from abc import ABCMeta
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder.sandbox import pandas_values

MAX_DEPTH = 64
MAX_NODES = 2_000_000
MAX_INT_BITS = 1 << 14
INLINE_BYTES = 256
MAX_ODD_KEYS = 20_000
MAX_RANGE = 10_000_000
MAX_DECIMAL = 2000

_ARRAY_KINDS = frozenset("biufcSUMm")
_TORCH_DTYPES = frozenset(
    "bool uint8 int8 int16 int32 int64 uint16 uint32 uint64 float16 bfloat16 float32 float64 complex64 "
    "complex128".split()
)
_GENERATORS = frozenset(("PCG64", "PCG64DXSM"))  # NumPy checks the states of the others too little
_SAFE_INT = 1 << 53
_USUAL_KEYS = frozenset((str, bytes, int, bool, float, type(None)))

EXCEPTIONS = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, Exception)
}
EXCEPTIONS["LinAlgError"] = np.linalg.LinAlgError

_TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, range, object)
}
_TYPES |= {f"numpy.{kind.__name__}": kind for kind in np.sctypeDict.values() if kind is not np.object_}
_TYPES["numpy.ndarray"] = np.ndarray
_TYPES |= {kind.__name__: kind for kind in (Counter, OrderedDict, defaultdict, deque, Decimal, Fraction)}
_TYPES |= {f"datetime.{name}": getattr(datetime, name) for name in ("date", "datetime", "time", "timedelta")}
_TYPE_NAMES = {kind: name for name, kind in _TYPES.items()}


class ValueRefused(TypeError):
    """A value cannot cross: too deep, too large, cyclic or malformed."""


class Record(tuple):
    """A named tuple that came over the wire: items by index and by field name."""

    _fields: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        fields = self.__dict__.get("_fields", ())
        if name in fields:
            return self[fields.index(name)]
        raise AttributeError(f"the named tuple has no field {name!r}")

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self.__dict__["_fields"], self, strict=True))


class DataRecord(SimpleNamespace):
    """A dataclass instance that came over the wire: its fields as attributes."""


def _field_names(names: Any) -> tuple[str, ...]:
    """Names of fields. Underscored ones are refused: NumPy and Python obey attributes such as `__array__`."""
    if type(names) is not list or not all(type(n) is str and n.isidentifier() and n[0] != "_" for n in names):
        raise ValueRefused("a record has a field whose name cannot cross")
    return tuple(names)


def _label(label: Any) -> Any:
    """A label of a pandas axis, which pandas offers as an attribute."""
    if isinstance(label, str) and label.startswith("__"):
        raise ValueRefused("a label of a table cannot cross")
    return label


class Encoder:
    """Turns one message's values into JSON and buffers.

    Parameters
    ----------
    fallback
        Called with a value that is not on the list; returns its tagged document (a handle).
    known
        ``id(object) -> document`` for objects that the other side already has (arguments of the call).
    objects
        Whether an instance of a dataclass stays an object with its methods, not a record of its fields.
    """

    def __init__(
        self,
        fallback: Callable[[Any], Any],
        known: dict[int, Any] | None = None,
        *,
        objects: bool = False,
    ) -> None:
        self.buffers: list[Any] = []
        self._objects = objects
        self._fallback = fallback
        self._known = known or {}
        self._open: set[int] = set()
        self._nodes = 0

    def encode(self, value: Any, depth: int = 0) -> Any:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise ValueRefused("the value is nested too deeply or has too many parts")
        known = self._known.get(id(value))
        if known is not None:
            return known
        kind = type(value)
        simple = _SIMPLE.get(kind)
        if simple is not None:
            return simple(value)
        if kind is np.ndarray:
            return self._array(value)
        if kind in _TYPE_NAMES and isinstance(value, np.generic) and value.dtype.kind in _ARRAY_KINDS:
            if value.dtype.itemsize == 0:  # an empty np.str_ or np.bytes_
                return self.encode(value.item(), depth)
            return {"t": "np", "d": value.dtype.str, **self._raw(np.asarray(value))}
        if issubclass(kind, tuple) and kind is not tuple and (fields := _tuple_fields(kind)):
            return {"t": "record", "f": fields, "v": self._items(value, tuple.__iter__(value), depth)}
        for base, encode in _CONTAINERS:
            if issubclass(kind, base):
                return encode(self, value, depth)
        for base, plain in _SUBCLASSES:
            if issubclass(kind, base):
                return self.encode(plain(value), depth)
        if issubclass(kind, np.ndarray):
            return self._array(np.ndarray.view(value, np.ndarray))
        if isinstance(value, BaseException):
            return encode_exception(value)
        if kind is type or kind is ABCMeta:
            name = _TYPE_NAMES.get(value)
            return {"t": "type", "v": name} if name else self._fallback(value)
        if isinstance(value, np.dtype) and value.kind in _ARRAY_KINDS:
            return {"t": "dtype", "v": value.str}
        if kind is np.random.Generator and type(value.bit_generator).__name__ in _GENERATORS:
            return {"t": "rng", "v": self.encode(value.bit_generator.state, depth + 1)}
        if kind in _STANDARD:
            return {"t": kind.__name__, "v": _STANDARD[kind](value)}
        if dataclasses.is_dataclass(value) and not isinstance(value, type) and not self._objects:
            names = [field.name for field in dataclasses.fields(value)]
            values = [_field(value, name) for name in names]
            return {"t": "data", "f": names, "v": self._items(value, iter(values), depth)}
        return self._library(value, depth)

    def _raw(self, array: np.ndarray) -> dict[str, Any]:
        """The bytes of an array: in the document when they are few, else in a buffer of their own."""
        if array.nbytes <= INLINE_BYTES:
            return {"x": array.tobytes().hex()}
        self.buffers.append(np.ascontiguousarray(array).reshape(-1).view(np.uint8))
        return {"b": len(self.buffers) - 1}

    def _array(self, value: np.ndarray) -> Any:
        if value.dtype.kind not in _ARRAY_KINDS or value.dtype.itemsize == 0:
            return self._fallback(value)
        return {"t": "nd", "d": value.dtype.str, "s": list(value.shape), **self._raw(value)}

    def _items(self, owner: Any, items: Any, depth: int) -> list[Any]:
        if id(owner) in self._open:
            raise ValueRefused("the value contains itself")
        self._open.add(id(owner))
        try:
            return [self.encode(item, depth + 1) for item in items]
        finally:
            self._open.discard(id(owner))

    def _dict(self, value: dict, depth: int) -> Any:
        flat = [part for item in dict.items(value) for part in item]
        document = {"t": "dict", "v": self._items(value, flat, depth)}
        if type(value) in (Counter, OrderedDict):
            document["c"] = type(value).__name__
        elif type(value) is defaultdict:
            made = value.default_factory
            document["c"] = next((name for name, kind in _FACTORIES.items() if made is kind), "")
        return document

    def _deque(self, value: deque, depth: int) -> Any:
        limit = value.maxlen if type(value) is deque else None
        return {"t": "deque", "v": self._items(value, deque.__iter__(value), depth), "n": limit}

    def _slice(self, value: slice, depth: int) -> Any:
        return {"t": "slice", "v": self._items(value, (value.start, value.stop, value.step), depth)}

    def _library(self, value: Any, depth: int) -> Any:
        """Values of libraries that are only looked at when somebody imported them."""
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.Tensor):
            return self._tensor(torch, value)
        if torch is not None and isinstance(value, torch.dtype):
            return {"t": "torchdtype", "v": str(value).removeprefix("torch.")}
        pandas = sys.modules.get("pandas")
        if pandas is not None and isinstance(value, pandas.DataFrame):
            columns = [self._column(value.iloc[:, i], depth) for i in range(value.shape[1])]
            names = self._index(value.columns, depth)
            return {"t": "frame", "c": names, "v": columns, "i": self._index(value.index, depth)}
        if pandas is not None and isinstance(value, pandas.Series):
            name = self.encode(value.name, depth + 1)
            return {
                "t": "series",
                "n": name,
                "v": self._column(value, depth),
                "i": self._index(value.index, depth),
            }
        if pandas is not None and isinstance(value, pandas.Index):
            return self._index(value, depth)
        if pandas is not None and (scalar := pandas_values.encode(value)):
            return scalar
        return self._fallback(value)

    def _column(self, column: Any, depth: int) -> Any:
        if isinstance(column.dtype, np.dtype) and column.dtype.kind in _ARRAY_KINDS:
            return self.encode(column.to_numpy(), depth + 1)
        document = pandas_values.column(column)
        if "i" in document:
            document["i"] = self._index(document["i"], depth)
        if "v" in document:
            values = document["v"]
            plain = isinstance(values, np.ndarray)
            document["v"] = self.encode(values, depth + 1) if plain else self._items(column, values, depth)
        return document

    def _index(self, index: Any, depth: int) -> Any:
        pandas = sys.modules["pandas"]
        names = self._items(index, list(index.names), depth)
        several = isinstance(index, pandas.MultiIndex)
        if type(index) is pandas.RangeIndex:
            labels = self.encode(range(index.start, index.stop, index.step), depth + 1)
        elif several:
            labels = self._items(index, index.tolist(), depth)
        else:
            labels = self._column(index, depth)
        document = {"t": "index", "v": labels, "n": names, "m": several}
        if not several and (every := getattr(index, "freqstr", None)):
            document["f"] = every
        return document

    def _tensor(self, torch: Any, value: Any) -> Any:
        name = str(value.dtype).removeprefix("torch.")
        if value.layout != torch.strided or name not in _TORCH_DTYPES:
            return self._fallback(value)
        plain = value.detach().cpu().resolve_conj().resolve_neg().contiguous()
        raw = plain.reshape(-1).view(torch.uint8).numpy() if plain.numel() else np.empty(0, np.uint8)
        document = {"t": "tensor", "d": name, "s": list(plain.shape), **self._raw(raw)}
        if value.requires_grad:
            document["g"] = True
        return document


def _tuple_fields(kind: type) -> list[str]:
    """Field names of a named tuple, or of a structure such as `torch.return_types.max`."""
    names = _own(kind, "_fields") or (_own(kind, "__match_args__") if _own(kind, "n_fields") else ())
    return [str(name) for name in names] if type(names) is tuple else []


def _field(value: Any, name: str) -> Any:
    """A dataclass field, from `__dict__` or a slot, without asking the class's own code for it."""
    try:
        return object.__getattribute__(value, name)
    except AttributeError:
        return None


def _own(kind: type, name: str) -> Any:
    """A class attribute, without asking the class's own code for it."""
    return next((vars(cls)[name] for cls in kind.__mro__ if name in vars(cls)), ())


def _encode_int(value: int) -> Any:
    if -_SAFE_INT <= value <= _SAFE_INT:
        return value
    if value.bit_length() > MAX_INT_BITS:
        raise ValueRefused("an integer is too large")
    return {"t": "int", "v": hex(value)}


def _encode_float(value: float) -> Any:
    return value if math.isfinite(value) else {"t": "float", "v": repr(value)}


def _encode_complex(value: complex) -> Any:
    return {"t": "complex", "v": [_encode_float(value.real), _encode_float(value.imag)]}


def _encode_range(value: range) -> Any:
    return {"t": "range", "v": [_encode_int(value.start), _encode_int(value.stop), _encode_int(value.step)]}


def encode_exception(error: BaseException) -> Any:
    """An exception by the nearest builtin class that it derives from, with the text of its message."""
    name = next((cls.__name__ for cls in type(error).__mro__ if EXCEPTIONS.get(cls.__name__) is cls), "Exit")
    try:
        text = str(error)
    except BaseException:
        text = ""
    return {"t": "exc", "n": name, "c": type(error).__name__[:200], "v": text[:4000]}


_SIMPLE: dict[type, Callable[[Any], Any]] = {
    type(None): lambda value: None,
    bool: bool,
    int: _encode_int,
    float: _encode_float,
    str: str,
    complex: _encode_complex,
    bytes: lambda value: {"t": "bytes", "v": value.hex()},
    bytearray: lambda value: {"t": "bytes", "v": bytes(value).hex()},
    range: _encode_range,
    type(Ellipsis): lambda value: {"t": "ellipsis"},
}
_FACTORIES: dict[str, Any] = {kind.__name__: kind for kind in (int, float, str, list, set, dict, tuple, bool)}
_STANDARD: dict[type, Callable[[Any], Any]] = {
    datetime.date: lambda value: value.isoformat(),
    datetime.time: lambda value: value.isoformat(),
    datetime.datetime: lambda value: value.isoformat(),
    datetime.timedelta: lambda value: [value.days, value.seconds, value.microseconds],
    Decimal: lambda value: str(value)[: MAX_DECIMAL + 1],
    Fraction: lambda value: [hex(value.numerator), hex(value.denominator)],
}
_CONTAINERS: tuple[tuple[type, Callable[[Encoder, Any, int], Any]], ...] = (
    (list, lambda enc, value, depth: enc._items(value, list.__iter__(value), depth)),
    (tuple, lambda enc, value, depth: {"t": "tuple", "v": enc._items(value, tuple.__iter__(value), depth)}),
    (dict, Encoder._dict),
    (set, lambda enc, value, depth: {"t": "set", "v": enc._items(value, set.__iter__(value), depth)}),
    (
        frozenset,
        lambda enc, value, depth: {
            "t": "frozenset",
            "v": enc._items(value, frozenset.__iter__(value), depth),
        },
    ),
    (slice, Encoder._slice),
    (deque, Encoder._deque),
)
_SUBCLASSES: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (int, int.__pos__),
    (float, float.__pos__),
    (complex, complex.__pos__),
    (str, lambda value: str.__getitem__(value, slice(None))),
    (bytes, lambda value: bytes.__getitem__(value, slice(None))),
)


class Decoder:
    """Rebuilds the values of one message.

    Parameters
    ----------
    buffers
        The frame's raw buffers.
    resolve
        Called with the document of a tag that is not plain data (a handle, a reference, a callback).
    created
        Collects ``(slot, object)`` for every mutable object that carries a slot number ``m``.
    """

    def __init__(self, buffers: list[Any], resolve: Callable[[Any], Any]) -> None:
        self._buffers = buffers
        self._resolve = resolve
        self._nodes = 0
        self.created: dict[int, Any] = {}

    def decode(self, document: Any, depth: int = 0) -> Any:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise ValueRefused("the value is nested too deeply or has too many parts")
        if document is None or type(document) in (bool, int, float, str):
            return document
        if type(document) is list:
            return [self.decode(item, depth + 1) for item in document]
        try:
            decode = _DECODERS.get(document["t"])
            value = decode(self, document, depth) if decode else self._resolve(document)
        except ValueRefused:
            raise
        except Exception as error:
            raise ValueRefused(f"a value is malformed ({type(error).__name__})") from None
        slot = document.get("m")
        if type(slot) is int:  # exactly: True marks an index of several levels
            self.created[slot] = value
        return value

    def items(self, document: Any, depth: int) -> list[Any]:
        values = document["v"]
        if type(values) is not list:
            raise ValueRefused("a value is malformed")
        return [self.decode(item, depth + 1) for item in values]

    def raw(self, document: Any) -> Any:
        if "x" in document:
            return bytes.fromhex(document["x"])
        number = document["b"]
        if type(number) is not int or number < 0:
            raise ValueRefused("a value is malformed")
        buffer, self._buffers[number] = self._buffers[number], None
        if buffer is None:  # named twice: a small message must not become many copies of a large buffer
            raise ValueRefused("a value is malformed")
        return buffer

    def array(self, document: Any, depth: int = 0) -> np.ndarray:
        dtype = _dtype(document["d"])
        shape = _shape(document["s"])
        raw = self.raw(document)
        if math.prod(shape) * dtype.itemsize != len(raw):
            raise ValueRefused("an array's size does not match its data")
        return np.frombuffer(raw, dtype=dtype).reshape(shape).copy()

    def scalar(self, document: Any, depth: int = 0) -> Any:
        return np.frombuffer(self.raw(document), dtype=_dtype(document["d"]))[0]

    def mapping(self, document: Any, depth: int) -> dict:
        flat = _hashable(self.items(document, depth), step=2)
        plain = dict(zip(flat[::2], flat[1::2], strict=True))
        kind = document.get("c")
        if kind in ("Counter", "OrderedDict"):
            return _TYPES[kind](plain)
        return defaultdict(_FACTORIES[kind], plain) if kind in _FACTORIES else plain

    def deque(self, document: Any, depth: int) -> deque:
        limit = document.get("n")
        return deque(self.items(document, depth), limit if type(limit) is int else None)

    def record(self, document: Any, depth: int) -> Record:
        record = Record(self.items(document, depth))
        fields = _field_names(document["f"])
        if len(fields) != len(record):
            raise ValueRefused("a value is malformed")
        record.__dict__.update(zip(fields, record, strict=True))  # before tuple's own `count` and `index`
        record.__dict__["_fields"] = fields
        return record

    def data(self, document: Any, depth: int) -> DataRecord:
        names = _field_names(document["f"])
        return DataRecord(**dict(zip(names, self.items(document, depth), strict=True)))

    def generator(self, document: Any, depth: int) -> np.random.Generator:
        state = self.decode(document["v"], depth + 1)
        name = state["bit_generator"]
        if (
            name not in _GENERATORS or not state["state"]["inc"] & 1
        ):  # with an even one it may draw zeros for ever
            raise ValueRefused("an unknown random generator")
        bit_generator = getattr(np.random, name)()
        bit_generator.state = state
        return np.random.Generator(bit_generator)

    def tensor(self, document: Any, depth: int) -> Any:
        import torch

        dtype = _torch_dtype(document["d"])
        shape = _shape(document["s"])
        raw = self.raw(document)
        if math.prod(shape) * dtype.itemsize != len(raw):
            raise ValueRefused("a tensor's size does not match its data")
        if not len(raw):
            tensor = torch.empty(shape, dtype=dtype)
        else:
            tensor = torch.frombuffer(bytearray(raw), dtype=dtype).reshape(shape)
        return tensor.requires_grad_() if document.get("g") is True else tensor

    def frame(self, document: Any, depth: int) -> Any:
        import pandas

        names, index = self._axis(document["c"], depth), self._axis(document["i"], depth)
        columns = [self._column(column, depth, len(index)) for column in document["v"]]
        frame = pandas.DataFrame(dict(enumerate(columns)), index=index)
        frame.columns = names
        return frame

    def series(self, document: Any, depth: int) -> Any:
        import pandas

        index = self._axis(document["i"], depth)
        values = self._column(document["v"], depth, len(index))
        return pandas.Series(values, index=index, name=self.decode(document["n"], depth + 1))

    def index(self, document: Any, depth: int) -> Any:
        import pandas

        labels = self.decode(document["v"], depth + 1)
        if not isinstance(labels, (list, range, np.ndarray, pandas.api.extensions.ExtensionArray)):
            raise ValueRefused("a value is malformed")
        names = self.decode(document["n"], depth + 1)
        for label in labels.tolist() if hasattr(labels, "tolist") else labels:
            for part in label if type(label) is tuple else (label,):
                _label(part)
        if document["m"] is True:
            if not labels:
                return pandas.MultiIndex.from_arrays([[] for _ in names], names=names)
            return pandas.MultiIndex.from_tuples(labels, names=names)
        index = pandas.Index(labels, name=names[0])
        return pandas_values.regular(index, document["f"]) if "f" in document else index

    def column(self, document: Any, depth: int) -> Any:
        """The data of a pandas column whose type NumPy does not have."""
        categories = self.index(document["i"], depth) if "i" in document else None
        return pandas_values.decode_column(document, self.decode(document["v"], depth + 1), categories)

    def _column(self, document: Any, depth: int, length: int) -> Any:
        """A column of its index's length: pandas would blow up a scalar to any length."""
        column = self.decode(document, depth + 1)
        tagged = type(document) is dict and document["t"] == "column"
        flat = tagged or type(column) is list or (type(column) is np.ndarray and column.ndim == 1)
        if not flat or len(column) != length:
            raise ValueRefused("a column does not fit its index")
        return column

    def _axis(self, document: Any, depth: int) -> Any:
        if document["t"] != "index":
            raise ValueRefused("a value is malformed")
        return self.decode(document, depth + 1)

    def exception(self, document: Any, depth: int = 0) -> BaseException:
        return decode_exception(document)


class StudentExit(BaseException):
    """Student code ended by SystemExit or its like. No `except Exception` of a test may take it for a success."""


def decode_exception(document: Any) -> BaseException:
    """The builtin exception that an exception's document names, made anew."""
    name, text, own = str(document["n"]), str(document["v"]), str(document["c"])
    kind = EXCEPTIONS.get(name, StudentExit)
    if own != name:
        text = f"{own}: {text}" if text else own
    try:
        return kind(text)
    except TypeError:  # UnicodeDecodeError and its like want five arguments
        return ValueError(text) if issubclass(kind, ValueError) else RuntimeError(text)


def _dtype(text: Any) -> np.dtype:
    if type(text) is not str or len(text) > 32:
        raise ValueRefused("an unknown dtype")
    dtype = np.dtype(text)
    if dtype.kind not in _ARRAY_KINDS or dtype.itemsize == 0 or dtype.subdtype or dtype.fields:
        raise ValueRefused("an unknown dtype")
    return dtype


def _torch_dtype(name: Any) -> Any:
    import torch

    if name not in _TORCH_DTYPES:  # others crash torch, or give tensors that nothing works on
        raise ValueRefused("an unknown dtype")
    return getattr(torch, name)


def _shape(shape: Any) -> tuple[int, ...]:
    if type(shape) is not list or len(shape) > 32:
        raise ValueRefused("a value is malformed")
    if any(type(size) is not int or not 0 <= size < 1 << 40 for size in shape):
        raise ValueRefused("a value is malformed")
    return tuple(shape)


def _hashable(items: list[Any], *, step: int = 1) -> list[Any]:
    """Keys of a set or dict: no integers made to collide, whose insertion would take for ever."""
    for key in items[::step]:
        if type(key) is int and not -_SAFE_INT <= key <= _SAFE_INT:
            raise ValueRefused("a set or dict has too large an integer as a key")
        if type(key) not in _USUAL_KEYS and len(items) > MAX_ODD_KEYS:
            raise ValueRefused("a set or dict has too many keys of an unusual kind")
    return items


def _range(values: list[Any]) -> range:
    made = range(*values)
    if (made.stop - made.start) // made.step > MAX_RANGE:
        raise ValueRefused("a range is too long")
    return made


def _decode_int(decoder: Decoder, document: Any, depth: int) -> int:
    return _whole_of(document["v"])


def _whole_of(text: Any) -> int:
    if type(text) is not str or len(text) > MAX_INT_BITS // 4 + 4:
        raise ValueRefused("an integer is too large")
    return int(text, 16)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueRefused("a value is malformed")
    return value


def _decimal(text: Any) -> Decimal:
    """A decimal number whose integer part and digits are of a size that can be worked with."""
    value = Decimal(text) if type(text) is str and len(text) <= MAX_DECIMAL else Decimal("sNaN")
    if value.is_snan() or (value.is_finite() and abs(value.adjusted()) > MAX_DECIMAL):
        raise ValueRefused("a decimal number is too large")
    return value


def _decode_float(decoder: Decoder, document: Any, depth: int) -> float:
    return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[document["v"]]


_DECODERS: dict[str, Callable[[Decoder, Any, int], Any]] = {
    "int": _decode_int,
    "float": _decode_float,
    "complex": lambda dec, doc, depth: complex(*map(float, dec.items(doc, depth))),
    "bytes": lambda dec, doc, depth: bytes.fromhex(doc["v"]),
    "tuple": lambda dec, doc, depth: tuple(dec.items(doc, depth)),
    "list": lambda dec, doc, depth: dec.items(doc, depth),
    "dict": Decoder.mapping,
    "deque": Decoder.deque,
    "column": Decoder.column,
    "set": lambda dec, doc, depth: set(_hashable(dec.items(doc, depth))),
    "frozenset": lambda dec, doc, depth: frozenset(_hashable(dec.items(doc, depth))),
    "range": lambda dec, doc, depth: _range(dec.items(doc, depth)),
    "slice": lambda dec, doc, depth: slice(*dec.items(doc, depth)),
    "ellipsis": lambda dec, doc, depth: Ellipsis,
    "np": Decoder.scalar,
    "nd": Decoder.array,
    "rng": Decoder.generator,
    "record": Decoder.record,
    "data": Decoder.data,
    "type": lambda dec, doc, depth: _TYPES[doc["v"]],
    "dtype": lambda dec, doc, depth: _dtype(doc["v"]),
    "tensor": Decoder.tensor,
    "torchdtype": lambda dec, doc, depth: _torch_dtype(doc["v"]),
    "frame": Decoder.frame,
    "series": Decoder.series,
    "index": Decoder.index,
    "exc": Decoder.exception,
    "date": lambda dec, doc, depth: datetime.date.fromisoformat(doc["v"]),
    "time": lambda dec, doc, depth: datetime.time.fromisoformat(doc["v"]),
    "datetime": lambda dec, doc, depth: datetime.datetime.fromisoformat(doc["v"]),
    "timedelta": lambda dec, doc, depth: datetime.timedelta(*map(_whole, doc["v"])),
    "Decimal": lambda dec, doc, depth: _decimal(doc["v"]),
    "Fraction": lambda dec, doc, depth: Fraction(*(_whole_of(text) for text in doc["v"])),
    "pandas": lambda dec, doc, depth: pandas_values.decode(doc),
}
