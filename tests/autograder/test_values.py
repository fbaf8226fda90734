"""Values on the wire: what crosses, as what, and what is refused."""

from __future__ import annotations

import collections
import contextlib
import copy
import dataclasses
import datetime
import enum
import faulthandler
import json
import math
import os
import struct
import types
import typing
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.sandbox import values
from autograder.sandbox.values import (
    MAX_DEPTH,
    MAX_INT_BITS,
    DataRecord,
    Decoder,
    Encoder,
    Record,
    StudentExit,
    ValueRefused,
    encode_exception,
)
from tests.autograder.needs import traced

QUICK = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
FUZZ = settings(QUICK, max_examples=150)


class IsHandle(Exception):
    """What the encoder's fallback raises here: the value is no data."""


def no_data(value):
    raise IsHandle(type(value).__name__)


def nobody_knows(document):
    raise ValueError("unknown tag")


def decode(document, buffers=()):
    return Decoder(list(buffers), nobody_knows).decode(document)


def encode(value):
    """A value's document, as JSON text, and its buffers, as bytes."""
    encoder = Encoder(no_data)
    document = encoder.encode(value)
    return json.dumps(document), [bytes(buffer) for buffer in encoder.buffers]


def cross(value):
    """The value as the other side sees it."""
    text, buffers = encode(value)
    return decode(json.loads(text), [memoryview(bytearray(buffer)) for buffer in buffers])


def assert_same(got, want):
    """Same type and same value, with NaN equal to itself and -0.0 not equal to 0.0."""
    assert type(got) is type(want)
    if isinstance(want, float):
        assert struct.pack("d", got) == struct.pack("d", want) or (math.isnan(got) and math.isnan(want))
    elif isinstance(want, complex):
        assert_same(got.real, want.real)
        assert_same(got.imag, want.imag)
    elif isinstance(want, (list, tuple)):
        assert len(got) == len(want)
        for one, other in zip(got, want, strict=True):
            assert_same(one, other)
    elif isinstance(want, dict):
        assert_same(list(got), list(want))
        assert_same(list(got.values()), list(want.values()))
    elif isinstance(want, np.ndarray):
        assert (got.dtype.str, got.shape) == (want.dtype.str, want.shape)
        assert got.tobytes() == want.tobytes()
        assert got.flags.writeable and got.flags.owndata
    else:
        assert got == want


plain = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.binary(max_size=20)
)
texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)  # lone surrogates, NUL, bidi
keys = st.booleans() | st.integers(-(2**53), 2**53) | texts | st.binary(max_size=8)
nested = st.recursive(
    plain | texts,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=15,
)
dtypes = (
    npst.boolean_dtypes()
    | npst.integer_dtypes(endianness="?")
    | npst.unsigned_integer_dtypes(endianness="?")
    | npst.floating_dtypes(endianness="?")
    | npst.complex_number_dtypes(endianness="?")
    | npst.byte_string_dtypes(min_len=1)
    | npst.unicode_string_dtypes(min_len=1, endianness="?")
    | npst.datetime64_dtypes(endianness="?")
    | npst.timedelta64_dtypes(endianness="?")
)
arrays = npst.arrays(dtypes, npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6))


class TestPlainData:
    @QUICK
    @given(nested)
    def test_scalars_texts_and_containers_cross_with_exact_type_and_value(self, value):
        assert_same(cross(value), value)

    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.0, 5e-324, 1.7976931348623157e308])
    def test_odd_floats_cross(self, value):
        assert_same(cross(value), value)
        assert_same(cross(complex(value, -value)), complex(value, -value))
        assert_same(cross(np.float64(value)).tobytes(), np.float64(value).tobytes())

    @pytest.mark.parametrize("sign", [1, -1])
    def test_integers_cross_up_to_the_limit_and_not_beyond(self, sign):
        largest = sign * (2**MAX_INT_BITS - 1)
        assert cross(largest) == largest
        with pytest.raises(ValueRefused, match="too large"):
            cross(largest + sign)

    @pytest.mark.parametrize("value", [2**53, 2**53 + 1, -(2**53) - 1, 2**63, 10**400])
    def test_integers_beyond_the_floats_stay_exact(self, value):
        assert_same(cross(value), value)

    @QUICK
    @given(st.sets(keys, max_size=6))
    def test_sets_and_frozen_sets_cross(self, value):
        assert cross(value) == value and type(cross(value)) is set
        assert cross(frozenset(value)) == value and type(cross(frozenset(value))) is frozenset

    @pytest.mark.parametrize(
        "value",
        [
            range(0),
            range(3, -9, -4),
            range(-5, 5),
            slice(None),
            slice(1, None, -2),
            slice(-3, 7),
            ...,
            b"",
            "",
        ],
        ids=repr,
    )
    def test_ranges_slices_and_the_ellipsis_cross(self, value):
        assert_same(cross(value), value)

    def test_a_bytearray_crosses_as_bytes(self):
        assert_same(cross(bytearray(b"ab")), b"ab")

    @pytest.mark.parametrize("value", [int, float, str, list, object, np.ndarray, np.float32, np.int64])
    def test_base_types_cross_as_themselves(self, value):
        assert cross(value) is value

    @pytest.mark.parametrize("value", [len, lambda x: x, types, type("C", (), {}), object(), iter([])])
    def test_what_is_no_data_goes_to_the_fallback(self, value):
        with pytest.raises(IsHandle):
            cross(value)

    def test_equal_references_are_not_taken_for_a_cycle(self):
        inner = [1]
        assert cross([inner, inner, (inner,)]) == [[1], [1], ([1],)]


class TestNumPy:
    @QUICK
    @given(arrays)
    def test_arrays_cross_with_dtype_byte_order_shape_and_bytes(self, value):
        assert_same(cross(value), value)

    @pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (2, 3), (40, 50)])
    def test_small_large_empty_and_0d_arrays_of_both_byte_orders_cross(self, shape):
        for dtype in "? i1 u8 f2 f4 f8 g c8 c16 M8[D] m8[ns]".split():
            for order in "<>":
                value = np.arange(math.prod(shape)).reshape(shape).astype(np.dtype(dtype).newbyteorder(order))
                assert_same(cross(value), value)

    @pytest.mark.parametrize("value", [np.array(["é", "", "abc"]), np.array([b"a", b"bcd"]), np.array("x")])
    def test_arrays_of_text_cross(self, value):
        assert_same(cross(value), value)

    def test_views_cross_as_what_they_show(self):
        base = np.arange(600.0).reshape(20, 30)
        for view in (base.T, base[::-1, ::3], np.asfortranarray(base), np.broadcast_to(base[0], (20, 30))):
            got = cross(view)
            np.testing.assert_array_equal(got, view, strict=True)
            assert got.flags.writeable

    @QUICK
    @given(npst.arrays(dtypes, ()))
    def test_numpy_scalars_stay_numpy_scalars_of_their_type(self, value):
        scalar = value[()]
        assume(scalar.dtype.itemsize)  # an empty text crosses as Python's
        got = cross(scalar)
        assert type(got) is type(scalar) and got.tobytes() == scalar.tobytes()

    def test_extended_precision_is_kept(self):
        third = np.longdouble(1) / 3
        assert cross(third) == third and type(cross(third)) is np.longdouble

    @pytest.mark.parametrize(
        "value", [np.array([object()]), np.zeros(2, "i4,f8"), np.array([[], [1]], object)]
    )
    def test_object_and_structured_arrays_are_no_data(self, value):
        with pytest.raises(IsHandle):
            cross(value)

    @pytest.mark.parametrize("value", [np.str_(""), np.bytes_(b"")], ids=repr)
    def test_an_empty_text_of_numpys_crosses(self, value):
        assert cross(value) == value

    def test_a_void_scalar_is_no_data(self):
        with pytest.raises(IsHandle):
            cross(np.void(b"abc"))

    @pytest.mark.parametrize("name", ["PCG64", "PCG64DXSM"])
    def test_a_generator_goes_on_where_it_stood(self, name):
        rng = np.random.Generator(getattr(np.random, name)(7))
        rng.random(3), rng.integers(5, dtype=np.uint32)
        got = cross(rng)
        assert got.random(5).tolist() == rng.random(5).tolist()
        assert got.integers(9, size=4).tolist() == rng.integers(9, size=4).tolist()

    @pytest.mark.parametrize("name", ["MT19937", "Philox", "SFC64"])
    def test_a_generator_whose_state_numpy_checks_too_little_is_no_data(self, name):
        with pytest.raises(IsHandle):
            cross(np.random.Generator(getattr(np.random, name)(7)))
        with pytest.raises(ValueRefused):
            decode({"t": "rng", "v": {"t": "dict", "v": ["bit_generator", name]}})

    def test_dtypes_cross(self):
        assert cross(np.dtype(">f4")) == np.dtype(">f4")


class TestTorch:
    @pytest.mark.parametrize("name", "bool uint8 int64 float16 bfloat16 float32 float64 complex64".split())
    @pytest.mark.parametrize("shape", [(), (0, 3), (2, 3), (50, 20)])
    def test_tensors_cross_with_dtype_shape_and_bits(self, name, shape):
        value = torch.arange(math.prod(shape)).reshape(shape).to(getattr(torch, name))
        got = cross(value)
        assert type(got) is torch.Tensor and got.dtype is value.dtype and got.shape == value.shape
        assert torch.equal(got, value) and not got.requires_grad

    def test_not_a_number_and_signed_zero_keep_their_bits(self):
        value = torch.tensor([math.nan, -0.0, math.inf])
        assert cross(value).view(torch.int32).tolist() == value.view(torch.int32).tolist()

    def test_requires_grad_crosses_and_history_does_not(self):
        leaf = torch.ones(3, requires_grad=True)
        for value in (leaf, leaf * 2, torch.nn.Parameter(torch.ones(2))):
            got = cross(value)
            assert got.requires_grad and got.is_leaf and type(got) is torch.Tensor
            got.sum().backward()
            assert torch.equal(got.grad, torch.ones_like(got))

    def test_views_and_lazy_conjugates_cross_as_what_they_show(self):
        base = torch.arange(600.0).reshape(20, 30)
        assert torch.equal(cross(base.T), base.T) and torch.equal(cross(base[:, ::7]), base[:, ::7])
        assert torch.equal(cross(torch.tensor([1 + 2j]).conj()), torch.tensor([1 - 2j]))

    def test_dtypes_and_shapes_cross(self):
        assert cross(torch.bfloat16) is torch.bfloat16
        assert_same(cross(torch.ones(2, 3).shape), (2, 3))

    def test_a_sparse_tensor_is_no_data(self):
        with pytest.raises(IsHandle):
            cross(torch.eye(2).to_sparse())


INDEXES = {
    "default": None,
    "step": pd.RangeIndex(10, 4, -2),
    "numbers": [3.5, -1.0, 2.0],
    "labels": ["b", "a", "b"],
    "dates": pd.date_range("2026-01-30", periods=3),
    "booleans": [True, False, True],
}


class TestPandas:
    @pytest.mark.parametrize("index", INDEXES.values(), ids=INDEXES)
    def test_a_series_crosses_with_name_dtype_and_index(self, index):
        for data in ([1, 2, 3], [1.5, math.nan, -0.0], ["x", "y", "z"], [True, False, True]):
            value = pd.Series(data, index=index, name="height")
            got = cross(value)
            pd.testing.assert_series_equal(got, value, check_freq=False)
            if isinstance(index, pd.RangeIndex):
                assert type(got.index) is pd.RangeIndex

    @pytest.mark.parametrize("index", INDEXES.values(), ids=INDEXES)
    def test_a_frame_crosses_with_columns_dtypes_and_index(self, index):
        value = pd.DataFrame(
            {"n": [1, 2, 3], "x": [0.5, math.nan, 1.0], "s": ["a", "é", ""], 7: [True, False, True]},
            index=index,
        )
        value["f"] = value["x"].astype("float32")
        pd.testing.assert_frame_equal(cross(value), value, check_freq=False)

    def test_empty_frames_and_doubled_columns_cross(self):
        doubled = pd.DataFrame([[1, 2.5], [3, 4.5]], columns=["a", "a"])
        pd.testing.assert_frame_equal(cross(doubled), doubled)
        for empty in (pd.DataFrame(), pd.DataFrame(index=range(3)), pd.DataFrame({"a": np.empty(0)})):
            assert cross(empty).shape == empty.shape

    @pytest.mark.parametrize(
        "index",
        [
            pd.MultiIndex.from_tuples([("a", 1), ("a", 2)]),
            pd.MultiIndex.from_tuples([("a", 1), ("a", 2)], names=["letter", "number"]),
            pd.Index([3, 1], name="year"),
            pd.RangeIndex(2, name="row"),
        ],
        ids=["pairs", "named pairs", "named", "named range"],
    )
    def test_levels_and_names_of_an_index_cross(self, index):
        value = pd.Series([1, 2], index=index)
        pd.testing.assert_series_equal(cross(value), value)

    def test_an_index_crosses(self):
        assert cross(pd.Index([3, 1])).tolist() == [3, 1]

    def test_subclasses_cross_as_plain_tables(self):
        kind = type("Mine", (pd.DataFrame,), {})
        assert type(cross(kind({"a": [1]}))) is pd.DataFrame

    @pytest.mark.parametrize("label", ["__array__", "__class__", "__array_ufunc__"])
    def test_a_label_that_numpy_would_obey_is_refused(self, label):
        for value in (pd.DataFrame({label: [1]}), pd.Series([1], index=[label])):
            with pytest.raises(ValueRefused):
                cross(value)


Point = collections.namedtuple("Point", "x y")


class Line(typing.NamedTuple):
    start: Point
    width: float = 1.0


@dataclasses.dataclass
class Fit:
    slope: float
    points: list


@dataclasses.dataclass(frozen=True, slots=True)
class Slotted:
    slope: float


class TestStandardLibrary:
    @pytest.mark.parametrize(
        "value",
        [
            collections.Counter("aab"),
            collections.OrderedDict(b=1, a=[2]),
            collections.defaultdict(list, {"a": [1]}),
            collections.deque([1, "x"], maxlen=3),
            datetime.date(2024, 2, 29),
            datetime.time(1, 2, 3, 4),
            datetime.datetime(2024, 2, 29, 1, 2, 3, tzinfo=datetime.UTC),
            datetime.timedelta(days=-1, seconds=3, microseconds=5),
            Decimal("0.30"),
            Decimal("-Infinity"),
            Fraction(-3, 7),
        ],
        ids=repr,
    )
    def test_its_values_cross(self, value):
        got = cross(value)
        assert type(got) is type(value) and repr(got) == repr(value)

    @pytest.mark.parametrize(
        "kind", [collections.Counter, Decimal, Fraction, datetime.date, datetime.datetime]
    )
    def test_its_classes_cross_by_name(self, kind):
        assert cross(kind) is kind

    @pytest.mark.parametrize(
        "document",
        [
            {"t": "Decimal", "v": "1e999999"},
            {"t": "Decimal", "v": "sNaN"},
            {"t": "Decimal", "v": "1" * 5000},
            {"t": "Decimal", "v": 3},
            {"t": "Fraction", "v": ["0x1", "0x0"]},
            {"t": "Fraction", "v": ["0x1"] * 9},
            {"t": "timedelta", "v": [1e300, 0, 0]},
            {"t": "date", "v": "2024-13-01"},
            {"t": "deque", "v": 5, "n": -1},
            {"t": "pandas", "k": "Timestamp", "v": "2024-01-01", "u": "ns", "z": "../../etc/passwd"},
            {"t": "pandas", "k": "Period", "v": "2024", "f": "x" * 50},
            {"t": "pandas", "k": "read_pickle", "v": "x"},
            {"t": "column", "d": "zone", "v": [1], "z": "UTC"},
            {"t": "column", "d": "int64", "v": 5},
        ],
        ids=str,
    )
    def test_a_forged_one_is_refused(self, document):
        with pytest.raises(ValueRefused):
            decode(document)

    def test_a_default_that_is_no_builtin_does_not_cross(self):
        assert type(decode({"t": "dict", "v": [], "c": "eval"})) is dict


class TestTablesOfOtherTypes:
    FRAME = pd.DataFrame(
        {
            "category": pd.Categorical(["u", "v", None], ordered=True),
            "bin": pd.cut([1, 2, 3], 2),
            "whole": pd.array([1, None, 3], dtype="Int64"),
            "zone": pd.date_range("2024-01-01", periods=3, tz="Europe/Oslo"),
            "gap": pd.to_datetime(["2024-01-01", None, "2024-01-03"]),
            "span": pd.to_timedelta([1, 2, 3], unit="D"),
            "mixed": pd.Series([1, "a", None], dtype=object),
            "text": pd.Series(["x", None, "z"]),
        },
        index=pd.date_range("2024-01-01", periods=3, name="day"),
    )

    def test_columns_keep_their_types_and_an_index_its_frequency(self):
        pd.testing.assert_frame_equal(cross(self.FRAME), self.FRAME)

    @pytest.mark.parametrize(
        "made",
        [
            lambda f: f.resample("W")["whole"].sum(),
            lambda f: f.groupby("category", observed=False)["whole"].agg(["min", "max"]),
            lambda f: f.groupby("bin", observed=False).agg({"whole": ["sum"], "text": ["count"]}),
            lambda f: f.pivot_table(index="text", columns="category", values="whole", observed=True),
            lambda f: f.set_index(["span", "bin"]).unstack()["mixed"],
            lambda f: f.to_period("M")["whole"],
            lambda f: f["category"].value_counts(),
            lambda f: f.set_index("category").describe(),
            lambda f: f.iloc[:0].set_index(["text", "whole"]),
        ],
    )
    def test_what_pandas_makes_of_them_crosses(self, made):
        value = made(self.FRAME)
        same = pd.testing.assert_frame_equal if value.ndim == 2 else pd.testing.assert_series_equal
        same(cross(value), value, check_index_type=len(value) > 0, check_dtype=len(value) > 0)

    @pytest.mark.parametrize(
        "value",
        [pd.Timestamp("2024-01-01 10:00", tz="Europe/Oslo"), pd.Timedelta("1D"), pd.NaT, pd.NA, pd.Period("2024-01", "M"),
         pd.Interval(0, 1), pd.Timestamp(5, unit="ns")],
        ids=str,
    )  # fmt: skip
    def test_scalars_cross(self, value):
        got = cross(value)
        assert type(got) is type(value) and repr(got) == repr(value)


class TestRecords:
    def test_named_tuples_cross_as_records_with_items_and_fields(self):
        got = cross(Line(Point(1, 2.5)))
        assert type(got) is Record and isinstance(got, tuple)
        assert got == ((1, 2.5), 1.0) and got.start.y == 2.5 and got[1] == got.width == 1.0
        assert got._fields == ("start", "width") and got._asdict() == {"start": (1, 2.5), "width": 1.0}
        with pytest.raises(AttributeError, match="nothing"):
            got.nothing  # noqa: B018 - asked for on purpose

    def test_numpys_results_cross_as_records(self):
        got = cross(np.linalg.eigh(np.eye(2)))
        np.testing.assert_array_equal(got.eigenvalues, [1, 1])

    def test_dataclasses_cross_as_records_with_attributes(self):
        got = cross(Fit(0.5, [Point(1, 2)]))
        assert type(got) is DataRecord and vars(got) == {"slope": 0.5, "points": [(1, 2)]}

    def test_dataclasses_with_slots_keep_their_values(self):
        assert cross(Slotted(0.5)).slope == 0.5

    def test_fields_named_like_methods_of_tuple_are_fields(self):
        got = cross(collections.namedtuple("Tally", "count index")(3, 4))
        assert (got.count, got.index) == (3, 4)

    def test_torchs_results_cross_as_records(self):
        assert cross(torch.max(torch.eye(2), 0)).values.tolist() == [1, 1]

    @pytest.mark.parametrize("name", ["__array__", "__class__", "_x", "__array_ufunc__", "a b", "1", ""])
    @pytest.mark.parametrize("tag", ["record", "data"])
    def test_a_field_name_that_python_or_numpy_would_obey_is_refused(self, tag, name):
        with pytest.raises(ValueRefused):
            decode({"t": tag, "f": [name], "v": [1]})

    @pytest.mark.parametrize("tag", ["record", "data"])
    def test_fields_and_values_must_be_as_many(self, tag):
        for names, items in ((["a"], []), ([], [1]), (["a", "b"], [1])):
            with pytest.raises(ValueRefused):
                decode({"t": tag, "f": names, "v": items})

    def test_a_class_that_lies_about_its_fields_gives_a_record_or_is_refused(self):
        kind = type("Liar", (tuple,), {"_fields": ("a", "b", "c")})
        with pytest.raises(ValueRefused):
            cross(kind([1]))


class TestExceptions:
    @pytest.mark.parametrize(
        "kind", [ValueError, KeyError, ZeroDivisionError, np.linalg.LinAlgError, OSError]
    )
    def test_builtin_exceptions_cross_by_name_with_their_text(self, kind):
        got = decode(encode_exception(kind("why")))
        assert type(got) is kind and "why" in str(got)

    def test_a_students_exception_crosses_as_the_builtin_it_derives_from(self):
        got = decode(encode_exception(type("Singular", (ArithmeticError,), {})("det 0")))
        assert type(got) is ArithmeticError and str(got) == "Singular: det 0"

    def test_a_students_class_of_a_builtins_name_is_not_that_builtin(self):
        got = decode(encode_exception(type("ValueError", (Exception,), {})("x")))
        assert type(got) is Exception

    @pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, GeneratorExit])
    def test_an_exit_is_no_exception_that_a_test_could_catch(self, kind):
        got = decode(encode_exception(kind("bye")))
        assert type(got) is StudentExit and not isinstance(got, Exception)

    def test_exceptions_that_want_more_arguments_cross_as_a_base_of_theirs(self):
        error = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid")
        assert type(decode(encode_exception(error))) is ValueError
        assert type(decode(encode_exception(ExceptionGroup("g", [ValueError()])))) is RuntimeError

    def test_a_message_that_cannot_be_made_is_empty_and_a_long_one_is_cut(self):
        def fail(self):
            raise SystemExit

        assert str(decode(encode_exception(type("E", (ValueError,), {"__str__": fail})()))) == "E"
        assert len(str(decode(encode_exception(ValueError("x" * 10_000))))) == 4000

    def test_every_builtin_exception_is_rebuilt_as_an_exception(self):
        for name in values.EXCEPTIONS:
            got = decode({"t": "exc", "n": name, "c": name, "v": "text"})
            assert isinstance(got, Exception) and "text" in str(got)


def trapped(base, content, *, new=None):
    """An instance of a subclass of `base` all of whose overridable methods raise once it is made."""

    def trap(self, *args, **kwargs):
        raise AssertionError("a method of the student's was called")

    spared = {"__new__", "__init__", "__class__", "__init_subclass__", "__subclasshook__", "__del__"}
    spared |= {"__array_finalize__", "__doc__", "__dict__", "__getstate__", "__setstate__", "__hash__"}
    own = {name: trap for name in dir(base) if name not in spared and callable(getattr(base, name, None))}
    own |= {"__getattr__": trap, "__getattribute__": trap, "__hash__": base.__hash__}
    made = {}
    kind = type("Hostile", (base,), made)
    value = kind(content) if new is None else new(kind)
    for name, method in own.items():
        setattr(kind, name, method)
    return value


SUBCLASSED = [
    (list, [1, 2.5]),
    (tuple, (1, "a")),
    (dict, {"a": 1}),
    (set, {1, 2}),
    (frozenset, frozenset({3})),
    (int, 2**70),
    (int, 5),
    (float, 0.5),
    (complex, 1 - 2j),
    (str, "é\0"),
    (bytes, b"\xff"),
    (collections.OrderedDict, {"b": 1, "a": 2}),
    (collections.Counter, {"b": 1}),
]


class TestSubclasses:
    @pytest.mark.parametrize(
        ("base", "content"), SUBCLASSED, ids=lambda case: getattr(case, "__name__", repr(case))
    )
    def test_an_instance_of_a_subclass_crosses_as_its_plain_value_and_no_method_of_it_runs(
        self, base, content
    ):
        assert_same(cross(trapped(base, content)), content)

    def test_an_array_of_a_subclass_crosses_as_a_plain_array(self):
        want = np.arange(100.0)
        assert_same(cross(trapped(np.ndarray, None, new=lambda kind: want.view(kind))), want)
        assert_same(cross(np.ma.masked_array([1, 2], [0, 1])), np.array([1, 2]))

    def test_a_float64_of_a_subclass_crosses_as_a_float(self):
        assert_same(cross(trapped(np.float64, 0.5)), 0.5)

    def test_members_of_an_enum_of_numbers_or_texts_cross_as_numbers_and_texts(self):
        assert_same(cross(enum.IntEnum("Colour", "RED")["RED"]), 1)
        assert_same(cross(enum.StrEnum("Word", {"A": "a"})["A"]), "a")

    def test_nested_subclasses_cross_as_plain_containers(self):
        kind = type("Rows", (list,), {"__iter__": lambda self: iter([666])})
        assert_same(cross({"a": kind([1])}), {"a": [1]})
        assert_same(cross(collections.defaultdict(lambda: 666, a=1)), {"a": 1})
        assert_same(cross(type("Tally", (collections.Counter,), {})("aa")), {"a": 2})

    def test_an_object_that_claims_to_be_a_float_is_no_data(self):
        liar = type("Liar", (), {"__class__": property(lambda self: float), "__float__": lambda self: 1.0})()
        with pytest.raises(IsHandle):
            cross(liar)


class TestRefusals:
    def test_cycles_are_refused(self):
        loop: list = [1]
        loop.append({"a": (loop,)})
        with pytest.raises(ValueRefused, match="contains itself"):
            cross(loop)
        mapping: dict = {}
        mapping["me"] = mapping
        with pytest.raises(ValueRefused, match="contains itself"):
            cross(mapping)

    def test_depth_is_limited_on_both_sides(self):
        deep, document = 1, 1
        for _ in range(MAX_DEPTH):
            deep, document = [deep], [document]
        assert_same(cross(copy.deepcopy(deep)), deep)
        with pytest.raises(ValueRefused, match="deep"):
            cross([deep])
        with pytest.raises(ValueRefused, match="deep"):
            decode([document])

    def test_the_count_of_parts_is_limited_on_both_sides(self, monkeypatch):
        monkeypatch.setattr(values, "MAX_NODES", 100)
        assert cross([0] * 99) == [0] * 99
        with pytest.raises(ValueRefused, match="too many parts"):
            cross([0] * 100)
        with pytest.raises(ValueRefused, match="too many parts"):
            decode([0] * 100)

    @pytest.mark.parametrize(
        "document",
        [
            {"t": "range", "v": [0, 10**12, 1]},
            {"t": "range", "v": [0, 1, 0]},
            {"t": "int", "v": "f" * 10_000},
            {"t": "set", "v": [2**61 - 1]},
            {"t": "dict", "v": [2**61 - 1, 1]},
            {"t": "dict", "v": [1]},
            {"t": "dict", "v": [[], 1]},
            {"t": "nd", "d": "|O", "s": [1], "x": "00" * 8},
            {"t": "nd", "d": "<f8,<f8", "s": [1], "x": "00" * 16},
            {"t": "nd", "d": "<f8", "s": [2], "x": "00" * 8},
            {"t": "nd", "d": "<f8", "s": [-1], "x": "00" * 8},
            {"t": "nd", "d": "<f8", "s": [True], "x": "00" * 8},
            {"t": "nd", "d": "<f8", "s": [1] * 80, "x": "00" * 8},
            {"t": "nd", "d": "<f8", "s": [1], "b": 0},
            {"t": "nd", "d": "<f8", "s": [1], "b": -1},
            {"t": "nd", "d": "<U99999999999", "s": [1], "x": ""},
            {"t": "tensor", "d": "ones", "s": [1], "x": "00"},
            {"t": "tensor", "d": "float32", "s": [1], "x": "00"},
            {"t": "type", "v": "open"},
            {"t": "type", "v": "os.system"},
            {"t": "rng", "v": {"t": "dict", "v": ["bit_generator", "MT19937"]}},
            {"t": "rng", "v": {"t": "dict", "v": ["bit_generator", "seed"]}},
            {"t": "pickle", "v": "gASVBQ=="},
            {"t": ["nd"]},
            {},
        ],
        ids=lambda document: json.dumps(document)[:50],
    )
    def test_malformed_documents_are_refused(self, document):
        with pytest.raises(ValueRefused):
            decode(document)

    def test_many_keys_of_kinds_that_could_be_made_to_collide_are_refused(self, monkeypatch):
        monkeypatch.setattr(values, "MAX_ODD_KEYS", 10)
        assert cross({(i,): 0 for i in range(5)}) == {(i,): 0 for i in range(5)}
        with pytest.raises(ValueRefused, match="too many keys"):
            cross({(i,): 0 for i in range(11)})


def in_a_process(document):
    """Decode a document in a fork; return its exit status (negative: a signal)."""
    child = os.fork()
    if child == 0:
        status = 0
        try:
            faulthandler.disable()
            decode(document)
        except ValueRefused:
            status = 3
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def peak_of(document, buffers=()):
    """Bytes allocated at the worst moment of decoding a document, refused or not."""
    with traced() as peak:
        with contextlib.suppress(ValueRefused):
            decode(document, buffers)
        return peak()


class TestHostileDocuments:
    def test_a_tensor_of_a_quantised_dtype_is_refused(self):
        assert in_a_process({"t": "tensor", "d": "qint32", "s": [1], "x": "00" * 4}) == 3

    @pytest.mark.parametrize("dtype", ["int4", "bits8"])
    def test_a_tensor_of_a_dtype_that_nothing_computes_with_is_refused(self, dtype):
        with pytest.raises(ValueRefused):
            decode({"t": "tensor", "d": dtype, "s": [1], "x": "00"})

    @pytest.mark.parametrize(
        "document",
        [
            {"t": "tensor", "d": "int64", "s": [1], "x": "00" * 8, "g": True},
            {"t": "tensor", "d": "int64", "s": [0, 1 << 39, 1 << 39], "x": ""},
            {"t": "dtype", "v": "(1f8,f8"},
            {"t": "torchdtype", "v": "<f8"},
            {"t": "np", "d": "<U1", "x": "ffffffff"},
        ],
        ids=[
            "gradient of integers",
            "overflowing strides",
            "open bracket",
            "no dtype of torch",
            "no code point",
        ],
    )
    def test_an_error_of_a_library_is_a_refusal(self, document):
        with pytest.raises(ValueRefused):
            decode(document)

    def test_a_small_message_does_not_become_a_large_table(self):
        index = {"t": "range", "v": [0, 200_000, 1]}
        frame = {"t": "frame", "c": list(range(60)), "v": [1.5] * 60, "i": index}
        assert peak_of(frame) < 10 << 20

    def test_a_buffer_that_is_named_many_times_is_not_copied_as_often(self):
        document = {"t": "nd", "d": "|u1", "s": [1 << 20], "b": 0}
        assert peak_of([document] * 60, [memoryview(bytearray(1 << 20))]) < 10 << 20


# Documents as somebody would write them who knows the tags.
_WORDS = st.sampled_from(["PCG64", "bit_generator", "nan", "a", "__array__", "ValueError", "00" * 8, "ff"])
_DTYPES = st.sampled_from(
    ["<f8", ">f4", "|u1", "?", "<M8[ns]", "<M8", "|O", "|V4", "<c8", "|S3", "float32", "qint8", "int64", "x"]
)
_SCALARS = st.none() | st.booleans() | st.integers(-3, 9) | st.integers() | st.floats() | _WORDS | texts
_TAGS = st.sampled_from([*sorted(values._DECODERS), "handle", "slot", ""])
documents = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from("tvsxbfnicgm"), inner, max_size=4)
        | st.fixed_dictionaries(
            {"t": _TAGS, "v": inner | st.lists(inner, max_size=4)},
            optional={name: inner | st.lists(inner, max_size=3) for name in "sxbfnicm"} | {"d": _DTYPES},
        )
    ),
    max_leaves=12,
)


def places(document, path=()):
    """Paths to every part of a JSON document."""
    yield path
    if isinstance(document, list):
        document = dict(enumerate(document))
    for key, part in document.items() if isinstance(document, dict) else ():
        yield from places(part, (*path, key))


def changed(document, path, part):
    """The document with one part replaced."""
    if not path:
        return part
    document = copy.copy(document)
    document[path[0]] = changed(document[path[0]], path[1:], part)
    return document


SAMPLES = [
    [1, 2.5, None, {"a": (1, 2), 3: {4}}, 2**70, b"abc", 1j, range(3), slice(1, None), math.nan],
    [
        np.arange(100.0),
        np.array(["a", "é"]),
        np.float32(1),
        np.array("2026-01-01", "M8[D]"),
        np.zeros((0, 2)),
    ],
    [np.random.default_rng(1), Point(1, Fit(0.5, [])), int, np.dtype("f8")],
    [torch.ones(2, 3), torch.ones(80), torch.float32],
    [pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), pd.Series([1.0], index=["k"]), pd.Index([1])],
]


class TestDecoderFuzz:
    """Whatever a document says, the decoder gives a value or raises `ValueRefused`."""

    @FUZZ
    @given(documents)
    def test_any_document_is_decoded_or_refused(self, document):
        buffers = [memoryview(bytearray(8)), memoryview(bytearray(24))]
        with contextlib.suppress(ValueRefused):
            decode(document, buffers)

    @FUZZ
    @given(st.sampled_from(SAMPLES).map(encode), st.data())
    def test_a_valid_document_with_parts_exchanged_is_decoded_or_refused(self, encoded, data):
        document, buffers = json.loads(encoded[0]), [memoryview(bytearray(b)) for b in encoded[1]]
        for _ in range(data.draw(st.integers(1, 3))):
            path = data.draw(st.sampled_from(list(places(document))))
            strategy = _DTYPES if path and path[-1] == "d" else documents
            document = changed(document, path, data.draw(strategy))
        with contextlib.suppress(ValueRefused):
            decode(document, buffers)

    @FUZZ
    @given(st.sampled_from(SAMPLES).map(encode), st.data())
    def test_a_valid_document_with_buffers_exchanged_is_decoded_or_refused(self, encoded, data):
        buffers = [memoryview(bytearray(data.draw(st.binary(max_size=1000)))) for _ in encoded[1]]
        del buffers[data.draw(st.integers(0, len(buffers))) :]
        with contextlib.suppress(ValueRefused):
            decode(json.loads(encoded[0]), buffers)
