from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="One of A, H, Z and P is wrong for the network on the page: compare with your calculation on paper, line by line.")
def test_q1_the_page(forward):
    import numpy as np

    params = {
        "W1": np.array([[1.0, -1.0, 2.0, 0.0], [0.0, 1.0, -1.0, 1.0]]),
        "b1": np.array([0.0, -2.0, 1.0, 0.0]),
        "W2": np.array([[1.0, 0.0, 0.0], [5.0, -5.0, 5.0], [0.0, 1.0, -1.0], [0.0, -1.0, 1.0]]),
        "b2": np.array([1.0, 1.0, 0.0]),
    }
    got = forward(params, np.array([[1.0, 2.0]]))
    assert got is not None, "forward returned None: is a return missing?"
    want = {
        "A": [[1, -1, 1, 2]],
        "H": [[1, 0, 1, 2]],
        "Z": [[2, 0, 1]],
        "P": [[0.6652409557748219, 0.09003057317038046, 0.24472847105479767]],
    }
    for name, value in want.items():
        assert name in got, f"the dict has no {name}"
        assert np.shape(got[name]) == np.shape(value), (
            f"{name} has the shape {np.shape(got[name])}, wanted is {np.shape(value)}"
        )
        if name == "A":
            assert not np.allclose(got[name], [[1, 1, 0, 2]], rtol=1e-9, atol=1e-9), "the bias b1 is missing"
        if name == "Z":
            assert not np.allclose(got[name], [[-3, 5, -4]], rtol=1e-9, atol=1e-9), (
                "Z was computed from A: the ReLU sets the negative entry to 0 first"
            )
        np.testing.assert_allclose(got[name], value, rtol=1e-12, atol=1e-12, err_msg=name)

@test_case(points=1, hidden=False, 
    failure_message="Each row of P is a distribution of its own, also when scores are as large as 1000.")
def test_q1_rows_on_their_own(forward):
    import numpy as np

    params = {
        "W1": np.eye(2),
        "b1": np.zeros(2),
        "W2": np.array([[1.0, 0.0, -1.0], [0.0, 0.0, 1.0]]),
        "b2": np.zeros(3),
    }
    got = forward(params, np.array([[0.0, 0.0], [1.0, 3.0], [1000.0, 0.0], [2.0, 1.0]]))
    assert got is not None, "forward returned None: is a return missing?"
    assert np.shape(got["P"]) == (4, 3), (
        f"four examples and three classes make shape (4, 3), not {np.shape(got['P'])}"
    )
    P = np.asarray(got["P"])
    assert not np.isnan(P).any(), (
        "there is a nan: for scores of 1000 the exponential overflows. Subtract the largest of each row first"
    )
    assert not np.isclose(P.sum(), 1, rtol=1e-9, atol=0), (
        "the whole table sums to 1, but each row should: see axis"
    )
    np.testing.assert_allclose(P.sum(axis=1), np.ones(4), rtol=1e-12, atol=0, err_msg="sums of the rows of P")
    np.testing.assert_allclose(P[0], np.full(3, 1 / 3), rtol=1e-12, atol=0, err_msg="P for three scores of 0")
    np.testing.assert_allclose(
        P[2], [1, 0, 0], rtol=0, atol=1e-12, err_msg="P for the scores (1000, 0, -1000)"
    )
