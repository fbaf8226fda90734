from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The function x^2 + 4xy + y^2 is misjudged: look at the gradient first, then at the eigenvalues.")
def test_q10_points_of_the_chapter(classify):
    import numpy as np

    H = np.array([[2.0, 4.0], [4.0, 2.0]])
    got = classify(np.array([6.0, 6.0]), H)
    assert isinstance(got, str), f"a string is wanted, got {got!r}"
    assert got == "not critical", (
        f"at (1, 1) the gradient of x^2 + 4xy + y^2 is (6, 6), so the point is not critical; you say {got}"
    )
    got = classify(np.array([0.0, 0.0]), H)
    assert got == "saddle", f"at the origin the eigenvalues are -2 and 6: a saddle; you say {got}"
    got = classify(np.array([1.0, -1.0]), 2 * np.eye(2))
    assert got == "not critical", f"the gradient (1, -1) is not zero, though its sum is; you say {got}"

@test_case(points=1, hidden=False, 
    failure_message="A diagonal Hessian is misjudged: its eigenvalues stand on the diagonal.")
def test_q10_diagonal_hessians(classify):
    import numpy as np

    for diagonal, want in {
        (2.0, 7.0): "minimum",
        (-2.0, -7.0): "maximum",
        (-1.0, 3.0): "saddle",
        (2.0, 0.0): "inconclusive",
        (0.0, -2.0): "inconclusive",
        (0.0, 0.0): "inconclusive",
    }.items():
        got = classify(np.zeros(2), np.diag(diagonal))
        assert got == want, f"gradient zero, eigenvalues {diagonal}: {want} is right, you say {got}"
