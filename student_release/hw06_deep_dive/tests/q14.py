from otter.test_files import test_case

OK_FORMAT = False

name = "q14"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="For the query (1, 2) the two documents do not flip: the message says which condition fails.")
def test_q14_flip_in_the_plane(flipping_documents):
    import numpy as np

    q = np.array([1.0, 2.0])
    got = flipping_documents([1, 2])
    assert got is not None, "flipping_documents returned None: is a return missing?"
    assert np.shape(got) == (2, 2), (
        f"two documents of two entries are wanted, but the shape is {np.shape(got)}"
    )
    d = np.asarray(got, dtype=float)
    dots = d @ q
    cosines = dots / np.linalg.norm(d, axis=1) / np.linalg.norm(q)
    assert dots[1] > 0, f"both documents must have positive dot products, but yours are {dots}"
    assert dots[0] >= 1.5 * dots[1], f"document 0 must win by dot product, but yours are {dots}"
    assert cosines[1] >= cosines[0] + 0.2, f"document 1 must win by cosine by 0.2, but yours are {cosines}"

@test_case(points=1, hidden=False, 
    failure_message="The gradient of the cosine is wrong at two points of the plane.")
def test_q14_gradient_in_the_plane(cosine_gradient):
    import numpy as np

    X = np.array([[0.0, 2.0], [3.0, 0.0], [1.0, 1.0]])
    got = cosine_gradient([2, 0], X)
    assert got is not None, "cosine_gradient returned None: is a return missing?"
    assert np.shape(got) == (3, 2), f"one gradient for each row is wanted, but the shape is {np.shape(got)}"
    along = (np.asarray(got) * X).sum(axis=1)
    assert np.abs(along).max() < 1e-9, (
        "the cosine does not change along x, so the gradient must be orthogonal to x"
    )
    assert not np.isclose(got[0][0], 1.0, rtol=1e-9, atol=0), (
        "at a point twice as far from 0 the same step turns x half as far: divide by the length of x"
    )
    want = [[0.5, 0], [0, 0], [0.5 / np.sqrt(2), -0.5 / np.sqrt(2)]]
    np.testing.assert_allclose(got, want, rtol=1e-10, atol=1e-12, err_msg="cosine_gradient([2, 0], ...)")
