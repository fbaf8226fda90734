import numpy as np
import pytest
import torch

from reference.arrays import (
    apply_matrix,
    as_floating,
    as_point,
    common_shape,
    evaluate,
    finite_between,
    require_finite,
    to_numpy,
)


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (3, np.float64),
        ([1, 2], np.float64),
        (np.array([1, 2], dtype=np.int8), np.float64),
        (np.array([1], dtype=np.float32), np.float32),
        (np.array([1], dtype=np.float16), np.float16),
        (torch.tensor([1, 2]), torch.float64),
        (torch.tensor([1.0]), torch.float32),
    ],
)
def test_floats_keep_their_dtype_and_integers_become_float64(value, dtype):
    array = as_floating("x", value)
    assert array.dtype == dtype
    assert isinstance(array, torch.Tensor if isinstance(value, torch.Tensor) else np.ndarray)


def test_like_decides_namespace_and_dtype():
    array = as_floating("x", np.array([1.5, 2.0]), like=torch.ones(1, dtype=torch.float32))
    assert isinstance(array, torch.Tensor) and array.dtype == torch.float32
    assert as_floating("x", torch.tensor([1, 2]), like=np.ones(1, dtype=np.float32)).dtype == np.float32


@pytest.mark.parametrize("value", [0.1, [0.1], np.float64(0.1)])
def test_numbers_are_not_rounded_to_float32_on_their_way_to_torch(value):
    assert as_floating("x", value, like=torch.ones(1, dtype=torch.float64)).item() == 0.1


@pytest.mark.parametrize("value", [[[1, 2], [3]], "abc", [1j], np.array([True]), None, torch.tensor([1j])])
def test_what_is_not_a_real_array_is_refused_by_name(value):
    with pytest.raises(ValueError, match=r"^weights must"):
        as_floating("weights", value)


def test_too_few_axes_are_refused():
    with pytest.raises(ValueError, match=r"^x0 must have at least 1 axes, but its shape is \(\)"):
        as_floating("x0", 1.0, min_ndim=1)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_non_finite_entries_are_refused(bad):
    with pytest.raises(ValueError, match=r"^x must be finite"):
        require_finite("x", np.array([0.0, bad]))
    with pytest.raises(ValueError, match=r"^x must be finite"):
        finite_between("x", [0.0, bad], low=-1)


def test_ends_of_a_range():
    assert finite_between("x", 0, low=0, include_low=True) == 0
    with pytest.raises(ValueError, match=r"^x must lie in \(0, inf\)"):
        finite_between("x", 0, low=0)
    with pytest.raises(ValueError, match=r"^x must lie in \[0, 1\)"):
        finite_between("x", [0.5, 1], low=0, high=1, include_low=True)


def test_common_shape_names_what_does_not_fit():
    assert common_shape(x0=(3, 1), lr=(4,), tol=()) == (3, 4)
    with pytest.raises(ValueError, match=r"x0 \(3,\), lr \(4,\)"):
        common_shape(x0=(3,), lr=torch.ones(4).shape)


@pytest.mark.parametrize("batch", [(), (4,), (1,)])
def test_apply_matrix_is_the_product_for_each_vector(batch, rng):
    matrix, x = rng.normal(size=(*batch, 3, 5)), rng.normal(size=(2, 4, 5))
    expected = np.einsum("...ij,...j->...i", matrix, x)
    np.testing.assert_allclose(apply_matrix(matrix, x), expected, rtol=1e-13, atol=1e-14)


def test_points_are_neither_empty_nor_infinite_nor_part_of_a_graph():
    with pytest.raises(ValueError, match=r"^v must have at least one entry, but its shape is \(0, 3\)"):
        as_point("v", np.zeros((0, 3)))
    with pytest.raises(ValueError, match=r"^v must be finite"):
        as_point("v", [1.0, np.inf])
    point = as_point("v", torch.ones(2, requires_grad=True), like=np.ones(1, dtype=np.float32))
    assert isinstance(point, np.ndarray) and point.dtype == np.float32
    assert not as_point("v", torch.ones(2, requires_grad=True)).requires_grad


@pytest.mark.parametrize("x", [np.ones(3), torch.ones(3)])
@pytest.mark.parametrize(
    ("answer", "dtype"),
    [
        (2, "float64"),
        (0.1, "float64"),
        ([1, 2], "float64"),
        (np.float32(0.5), "float32"),
        (np.array([1, 2], dtype=np.uint8), "float64"),
        (np.array([1j]), "complex128"),
        (torch.tensor([1.0], requires_grad=True), "float32"),
        (torch.tensor([1, 2]), "float64"),
    ],
)
def test_answers_come_home_in_their_own_precision(x, answer, dtype):
    value = evaluate(lambda _: answer, x)
    assert type(value) is type(x) or np.shape(value) == ()
    assert isinstance(value, torch.Tensor) == isinstance(x, torch.Tensor)
    assert str(value.dtype).removeprefix("torch.") == dtype
    expected = answer.detach().numpy() if isinstance(answer, torch.Tensor) else np.asarray(answer)
    np.testing.assert_array_equal(np.asarray(value), expected)


@pytest.mark.parametrize("x", [np.ones(3), torch.ones(3)])
def test_functions_get_a_copy(x):
    def greedy(v):
        v[:] = 7
        return v

    assert float(evaluate(greedy, x)[0]) == 7
    assert float(x[0]) == 1


def test_numbers_for_verdicts_are_doubles_on_the_host():
    host = to_numpy(torch.tensor([0.5, 1.5], requires_grad=True))
    assert isinstance(host, np.ndarray) and host.dtype == np.float64
    np.testing.assert_array_equal(host, [0.5, 1.5])
