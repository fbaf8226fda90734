from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The eigenvalues of [[0, -2], [2, 0]] are the complex pair 2i and -2i.")
def test_q2_complex_pair(eigenvalues):
    import numpy as np

    got = eigenvalues(np.array([[0.0, -2.0], [2.0, 0.0]]))
    assert got is not None, "eigenvalues returned None: is a return missing?"
    got = np.asarray(got)
    assert got.shape == (2,), f"a 2 by 2 matrix has two eigenvalues, but the result has shape {got.shape}"
    assert not (np.abs(got) < 1e-9).all(), (
        "both come out as 0: the real parts are 0, but the imaginary parts must be kept"
    )
    assert np.iscomplexobj(got), (
        f"you return {got}, which are real. This matrix turns by 90 degrees. (eigvalsh reads one triangle only.)"
    )
    np.testing.assert_allclose(
        got[np.argsort(got.imag)],
        [-2j, 2j],
        rtol=1e-12,
        atol=1e-12,
        err_msg="eigenvalues of [[0, -2], [2, 0]], sorted by imaginary part",
    )

@test_case(points=1, hidden=False, 
    failure_message="A spectral radius is wrong for a 2 by 2 matrix: it is the largest absolute value of an eigenvalue.")
def test_q2_radius_by_hand(spectral_radius):
    import numpy as np

    got = spectral_radius(np.diag([1.0, -3.0]))
    assert got is not None, "spectral_radius returned None: is a return missing?"
    assert np.ndim(got) == 0, f"one number is wanted, but the result has shape {np.shape(got)}"
    assert np.isrealobj(got), f"an absolute value is a real number, but you return {got}"
    assert not np.isclose(got, 1.0, rtol=1e-9, atol=0), (
        "diag(1, -3): 1 is the largest eigenvalue, but -3 has the larger absolute value"
    )
    np.testing.assert_allclose(got, 3.0, rtol=1e-12, atol=0, err_msg="spectral_radius(diag(1, -3))")
    got = spectral_radius(np.array([[0.5, 4.0], [0.0, -0.25]]))
    assert got < 2, (
        f"[[0.5, 4], [0, -0.25]] is triangular: its eigenvalues are 0.5 and -0.25, but you say {got:.3f}. "
        "A norm or a singular value is another thing, and so are the eigenvalues of the symmetric part."
    )
    np.testing.assert_allclose(
        got, 0.5, rtol=1e-12, atol=0, err_msg="spectral_radius([[0.5, 4], [0, -0.25]])"
    )
