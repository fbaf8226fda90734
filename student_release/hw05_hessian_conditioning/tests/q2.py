from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The function x^2 + 4xy + y^2 is misjudged: look at its gradient first, then at the signs of its curvatures.")
def test_q2_point_of_the_chapter(classify_critical):
    H = [[2.0, 4.0], [4.0, 2.0]]
    got = classify_critical([6.0, 6.0], H)
    assert isinstance(got, str), f"a string is wanted, got {got!r}"
    assert got == "not critical", (
        f"at (1, 1) the gradient of x^2 + 4xy + y^2 is (6, 6), so the point is not critical; you say {got}"
    )
    got = classify_critical([0.0, 0.0], H)
    assert got == "saddle", f"at the origin the eigenvalues are -2 and 6; you say {got}"

@test_case(points=1, hidden=False, 
    failure_message="A diagonal Hessian with gradient zero is misjudged: its eigenvalues are on the diagonal.")
def test_q2_diagonal_hessians(classify_critical):
    import numpy as np

    for diagonal, want in {
        (2.0, 200.0): "minimum",
        (-2.0, -200.0): "maximum",
        (-1.0, 3.0): "saddle",
        (2.0, 0.0): "inconclusive",
    }.items():
        got = classify_critical(np.zeros(2), np.diag(diagonal))
        assert got == want, f"eigenvalues {diagonal}, gradient zero: expected {want}, you say {got}"
