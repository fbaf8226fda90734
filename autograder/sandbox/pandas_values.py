"""What pandas has and NumPy has not, as plain data: scalars, and columns of pandas's own types."""

from __future__ import annotations

import re
import sys
from typing import Any

import numpy as np

_COLUMN_TYPES = frozenset(
    "Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float32 Float64 boolean string str object".split()
)
_MAX_REGULAR = 100_000
_UNITS = frozenset(("s", "ms", "us", "ns"))
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(/[A-Za-z][A-Za-z0-9_+-]{0,30}){0,2}")
_EVERY = re.compile(r"-?[0-9]{0,6}[A-Za-z]{1,4}(-[A-Z]{3})?")


def encode(value: Any) -> dict[str, Any] | None:
    """The document of a scalar, or None if `value` is none of pandas."""
    pandas = sys.modules["pandas"]
    if value is pandas.NaT or value is pandas.NA:
        return {"t": "pandas", "k": "NaT" if value is pandas.NaT else "NA"}
    if type(value) is pandas.Timestamp:
        return {
            "t": "pandas",
            "k": "Timestamp",
            "v": value.isoformat(),
            "u": value.unit,
            "z": _zone(value.tz),
        }
    if type(value) is pandas.Timedelta:
        return {"t": "pandas", "k": "Timedelta", "v": int(value.asm8.astype("int64")), "u": value.unit}
    if type(value) is pandas.Period:
        return {"t": "pandas", "k": "Period", "v": str(value), "f": value.freqstr}
    if type(value) is pandas.Interval and isinstance(value.left, (int, float)):
        ends = [float(value.left) if isinstance(value.left, float) else int(value.left), value.right]
        return {"t": "pandas", "k": "Interval", "v": [ends[0], type(ends[0])(ends[1])], "c": value.closed}
    return None


def decode(document: dict[str, Any]) -> Any:
    """The scalar of a document.

    Raises
    ------
    ValueError
        If it is malformed.
    """
    import pandas

    kind = document["k"]
    if kind in ("NaT", "NA"):
        return getattr(pandas, kind)
    value = document["v"]
    if kind == "Interval" and all(type(end) in (int, float) for end in value):
        return pandas.Interval(value[0], value[1], closed=str(document["c"]))
    if kind == "Timedelta" and type(value) is int and document["u"] in _UNITS:
        return pandas.Timedelta(np.timedelta64(value, document["u"]))
    if kind == "Period" and type(value) is str and len(value) < 40 and _EVERY.fullmatch(document["f"]):
        return pandas.Period(value, freq=document["f"])
    if kind == "Timestamp" and type(value) is str and len(value) < 60 and document["u"] in _UNITS:
        stamp = pandas.Timestamp(value).as_unit(document["u"])
        zone = document["z"]
        return stamp.tz_convert(_known_zone(zone)) if zone is not None else stamp
    raise ValueError("malformed")


def column(values: Any) -> dict[str, Any]:
    """The document of a column or an index of a type that NumPy has not; ``v`` and ``i`` are still to be encoded."""
    pandas = sys.modules["pandas"]
    dtype = values.dtype
    if isinstance(dtype, pandas.CategoricalDtype):
        codes = np.asarray(values.cat.codes if hasattr(values, "cat") else values.codes)
        return {"t": "column", "d": "category", "v": codes, "i": dtype.categories, "o": bool(dtype.ordered)}
    if isinstance(dtype, pandas.DatetimeTZDtype) and (zone := _zone(dtype.tz)):
        return {"t": "column", "d": "zone", "v": np.asarray(values.to_numpy(f"M8[{dtype.unit}]")), "z": zone}
    name = str(dtype)
    return {"t": "column", "d": name if name in _COLUMN_TYPES else "", "v": values.tolist()}


def decode_column(document: dict[str, Any], values: Any, categories: Any) -> Any:
    """A pandas array, or a list where pandas is to find out the type."""
    import pandas

    kind = document["d"]
    if kind == "category":
        return pandas.Categorical.from_codes(values, categories=categories, ordered=document["o"] is True)
    if kind == "zone" and type(values) is np.ndarray and values.dtype.kind == "M" and values.ndim == 1:
        return pandas.DatetimeIndex(values).tz_localize("UTC").tz_convert(_known_zone(document["z"])).array
    if type(values) is not list or kind == "zone":
        raise ValueError("malformed")
    if kind == "object":
        made = np.empty(len(values), dtype=object)
        for number, value in enumerate(values):
            made[number] = value
        return made
    return pandas.array(values, dtype=kind) if kind in _COLUMN_TYPES else values


def regular(index: Any, every: Any) -> Any:
    """The index with its frequency, which pandas checks against the labels."""
    import pandas

    if (
        type(every) is str
        and _EVERY.fullmatch(every)
        and isinstance(index, (pandas.DatetimeIndex, pandas.TimedeltaIndex))
        and len(index) <= _MAX_REGULAR  # pandas makes the regular one to compare
    ):
        index.freq = every
    return index


def _zone(zone: Any) -> str | None:
    name = str(zone)
    return name if zone is not None and _ZONE.fullmatch(name) else None


def _known_zone(name: Any) -> str:
    if type(name) is not str or not _ZONE.fullmatch(name):
        raise ValueError("malformed")
    return name
