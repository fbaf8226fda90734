from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The Jacobian by columns is wrong for the chapter's map: product j is column j.")
def test_q7_columns_of_the_map(jacobian_by_columns):
    import numpy as np

    calls = []

    def jvp(x, v):
        assert np.shape(v) == (2,), (
            f"jvp takes a v with one entry for each input, shape (2,), not {np.shape(v)}"
        )
        calls.append(v)
        return np.array([2 * x[0] * v[0], x[1] * v[0] + x[0] * v[1], 2 * x[1] * v[1]])

    got = jacobian_by_columns(jvp, np.array([2.0, 3.0]))
    assert got is not None, "jacobian_by_columns returned None: is a return missing?"
    assert np.shape(got) != (2, 3), "the products are columns, you made them rows: axis=1, or a transpose"
    assert np.shape(got) == (3, 2), f"shape (3, 2) is wanted, not {np.shape(got)}"
    np.testing.assert_allclose(
        got, [[4, 0], [3, 2], [0, 6]], rtol=1e-12, atol=1e-12, err_msg="Jacobian at x = (2, 3)"
    )
    assert len(calls) == 2, f"two inputs take two products, you made {len(calls)}"

@test_case(points=1, hidden=False, 
    failure_message="The Jacobian by rows is wrong for the chapter's map: product i is row i.")
def test_q7_rows_of_the_map(jacobian_by_rows):
    import numpy as np

    calls = []

    def vjp(x, w):
        assert np.shape(w) == (3,), (
            f"vjp takes a w with one entry for each output, shape (3,), not {np.shape(w)}"
        )
        calls.append(w)
        return np.array([2 * x[0] * w[0] + x[1] * w[1], x[0] * w[1] + 2 * x[1] * w[2]])

    got = jacobian_by_rows(vjp, np.array([2.0, 3.0]), 3)
    assert got is not None, "jacobian_by_rows returned None: is a return missing?"
    assert np.shape(got) != (2, 3), "the products are rows, you made them columns"
    assert np.shape(got) == (3, 2), f"shape (3, 2) is wanted, not {np.shape(got)}"
    np.testing.assert_allclose(
        got, [[4, 0], [3, 2], [0, 6]], rtol=1e-12, atol=1e-12, err_msg="Jacobian at x = (2, 3)"
    )
    assert len(calls) == 3, f"three outputs take three products, you made {len(calls)}"
