from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = 6

@test_case(points=1, hidden=False, 
    failure_message="The exponents are wrong for two diagonal layers.")
def test_q10_diagonal_layers(lyapunov_exponents):
    import numpy as np

    got = lyapunov_exponents(np.array([np.diag([0.5, 2.0]), np.diag([0.125, 8.0])]))
    assert got is not None, "lyapunov_exponents returned None: is a return missing?"
    got = np.asarray(got, dtype=float)
    assert got.shape == (2,), f"two directions have two exponents, but the result has shape {got.shape}"
    want = np.array([np.log(4), -np.log(4)])
    assert not np.allclose(got, want[::-1], rtol=1e-9, atol=0), "the order must be descending"
    assert not np.allclose(got, 2 * want, rtol=1e-9, atol=0), (
        "this is the sum over the layers: divide by their number"
    )
    assert not np.allclose(got, want / np.log(10), rtol=1e-9, atol=0), (
        "this is the decimal logarithm: the natural one is wanted"
    )
    np.testing.assert_allclose(
        got, want, rtol=1e-9, atol=1e-12, err_msg="layers diag(0.5, 2) and diag(0.125, 8)"
    )

@test_case(points=1, hidden=False, 
    failure_message="The exponents are wrong where a direction is stretched by one layer and shrunk by the next.")
def test_q10_alternating_layer(lyapunov_exponents):
    import numpy as np

    W = np.array([[0.0, 2.0], [0.5, 0.0]])
    got = np.asarray(lyapunov_exponents(np.array([W] * 6)), dtype=float)
    assert not np.allclose(got, [np.log(2), -np.log(2)], rtol=1e-9, atol=0), (
        "you average the logarithms of each layer's own singular values; but the direction that one layer stretches, the next one shrinks"
    )
    np.testing.assert_allclose(
        got, [0, 0], rtol=0, atol=1e-12, err_msg="six times W = [[0, 2], [0.5, 0]], where W W = I"
    )
