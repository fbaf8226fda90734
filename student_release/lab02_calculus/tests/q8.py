from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The Jacobian of the chapter's map by autograd is wrong: shape (3, 2), float64, as a NumPy array.")
def test_q8_jacobian_of_the_map(jacobian_by_autograd, chapter_map):
    import numpy as np

    assert chapter_map is not None, "run the cell that defines chapter_map"
    got = jacobian_by_autograd(chapter_map, np.array([2.0, 3.0]))
    assert got is not None, "jacobian_by_autograd returned None: is a return missing?"
    assert isinstance(got, np.ndarray), f"a NumPy array is wanted, not {type(got).__name__}"
    assert np.shape(got) != (2, 3), "this is the transpose: outputs are rows, inputs are columns"
    assert np.shape(got) != (2,), (
        "this is the gradient of the sum of all outputs: one row for each output is wanted"
    )
    assert np.shape(got) == (3, 2), f"shape (3, 2) is wanted, not {np.shape(got)}"
    assert got.dtype == np.float64, (
        f"float64 is wanted, not {got.dtype}: torch.tensor(x, dtype=torch.float64)"
    )
    np.testing.assert_allclose(
        got, [[4, 0], [3, 2], [0, 6]], rtol=1e-12, atol=1e-12, err_msg="Jacobian at x = (2, 3)"
    )

@test_case(points=1, hidden=False, 
    failure_message="The Hessian of x1^2 + 4 x1 x2 + x2^2 by autograd is wrong: it is the Jacobian of the gradient.")
def test_q8_hessian_of_the_chapter(hessian_by_autograd, chapter_function):
    import numpy as np

    assert chapter_function is not None, "run the cell that defines chapter_function"
    got = hessian_by_autograd(chapter_function, np.array([1.0, 1.0]))
    assert got is not None, "hessian_by_autograd returned None: is a return missing?"
    assert isinstance(got, np.ndarray), f"a NumPy array is wanted, not {type(got).__name__}"
    assert np.shape(got) != (2,), "this is the gradient: differentiate once more"
    assert np.shape(got) == (2, 2), f"shape (2, 2) is wanted, not {np.shape(got)}"
    assert got.dtype == np.float64, (
        f"float64 is wanted, not {got.dtype}: torch.tensor(x, dtype=torch.float64)"
    )
    np.testing.assert_allclose(
        got, [[2, 4], [4, 2]], rtol=1e-12, atol=1e-12, err_msg="Hessian of the chapter's function"
    )
