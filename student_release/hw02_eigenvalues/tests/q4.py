from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The distance is wrong for three numbers and radius 1: draw the staircase and the curve.")
def test_q4_distance_by_hand(circular_law_distance):
    import numpy as np

    got = circular_law_distance(np.array([0.8j, -0.2, 0.6]), 1.0)
    assert got is not None, "circular_law_distance returned None: is a return missing?"
    assert np.ndim(got) == 0, f"one number is wanted, but the result has shape {np.shape(got)}"
    assert not np.isclose(got, 0.8 / 3, rtol=1e-6, atol=0), (
        "you compare with r, but the share of a disc's area within radius r is (r / radius) squared"
    )
    assert not np.isclose(got, 0.08 / 3, rtol=1e-6, atol=0), (
        "only the gaps just before the jumps are in this number; look just after them too"
    )
    np.testing.assert_allclose(
        got,
        0.36,
        rtol=1e-9,
        atol=0,
        err_msg="absolute values 0.2, 0.6, 0.8: the largest gap is 1 - 0.64, after the last jump",
    )

@test_case(points=1, hidden=False, 
    failure_message="The number of real eigenvalues is wrong for a small matrix.")
def test_q4_count_by_hand(num_real_eigs):
    import numpy as np

    turn_and_stretch = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 5.0]])
    for M, want in (
        (np.diag([1.0, 2.0, -3.0]), 3),
        (turn_and_stretch, 1),
        (np.array([[0.0, -1.0], [1.0, 0.0]]), 0),
    ):
        got = num_real_eigs(M)
        assert got == want, f"{M.tolist()} has {want} real eigenvalues, but you count {got}"
