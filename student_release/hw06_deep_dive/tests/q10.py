from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="At the input 0 the tanh has slope 1, so the Jacobian is a product of simple matrices; it does not come out.")
def test_q10_at_the_origin(jacobian_extremes):
    import numpy as np

    W = [[2, 0], [0, 0.5]]
    got = jacobian_extremes([W], [0, 0], 1, 1)
    assert got is not None, "jacobian_extremes returned None: is a return missing?"
    assert np.shape(got) == (2,), f"a pair of numbers is wanted, but the shape is {np.shape(got)}"
    assert not np.allclose(got, [3.0, 1.5], rtol=1e-9, atol=0), "the smallest comes first"
    np.testing.assert_allclose(got, [1.5, 3.0], rtol=1e-10, atol=0, err_msg="one residual layer: I + W")
    got = jacobian_extremes([W, W], [0, 0], 0, 1)
    np.testing.assert_allclose(got, [0.25, 4.0], rtol=1e-10, atol=0, err_msg="two plain layers: W W")
    got = jacobian_extremes([W, W, W], [0, 0], 1, 0.1)
    np.testing.assert_allclose(
        got, [1.05**3, 1.2**3], rtol=1e-10, atol=0, err_msg="three residual layers with scale 0.1"
    )

@test_case(points=1, hidden=False, 
    failure_message="The block does not kill the gradient at all inputs for n = 2: one sign of each coordinate is not enough.")
def test_q10_dead_branch_in_the_plane(dead_branch):
    import numpy as np

    got = dead_branch(2)
    assert got is not None, "dead_branch returned None: is a return missing?"
    assert len(got) == 2, "return the pair (A, B)"
    A, B = np.asarray(got[0], dtype=float), np.asarray(got[1], dtype=float)
    assert A.ndim == 2 and A.shape[1] == 2, f"A must have shape (h, 2), but has {A.shape}"
    assert B.shape == (2, len(A)), f"B must have shape (2, {len(A)}), but has {B.shape}"
    for x in ([1.3, 0.4], [-0.7, 2.1], [-0.3, -1.9], [0.8, -0.6]):
        J = np.eye(2) + (B * (A @ x > 0)) @ A
        assert np.abs(J).max() < 1e-12, f"at x = {x} the block has the Jacobian {J.tolist()}, not 0"
