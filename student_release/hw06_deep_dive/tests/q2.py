from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 3

@test_case(points=1, hidden=False, 
    failure_message="The example for the height 10 breaks one of the conditions: the message says which.")
def test_q2_height_ten(hidden_growth):
    import numpy as np

    got = hidden_growth(10)
    assert got is not None, "hidden_growth returned None: is a return missing?"
    assert len(got) == 2, "return the pair (W, x)"
    W, x = np.asarray(got[0], dtype=float), np.asarray(got[1], dtype=float)
    assert W.ndim == 2 and W.shape[0] == W.shape[1], f"W must be square, but its shape is {W.shape}"
    assert 1 <= len(W) <= 40, f"W may have at most 40 rows, but has {len(W)}"
    assert x.shape == (len(W),), f"x must have shape ({len(W)},), but has {x.shape}"
    assert np.abs(W).max() <= 1, f"an entry of W is {np.abs(W).max():.3g} in size, and 1 is allowed"
    rho = np.abs(np.linalg.eigvals(W)).max()
    assert rho <= 0.9 + 1e-9, f"the spectral radius is {rho:.4f}, and 0.9 is allowed"
    assert abs(np.linalg.norm(x) - 1) < 1e-9, f"x must have length 1, but has {np.linalg.norm(x):.4f}"
    highest, signal = 0.0, x
    for _ in range(101):
        highest, signal = max(highest, np.linalg.norm(signal)), W @ signal
    assert highest >= 10, f"the longest of the vectors W^k x has length {highest:.3g}, and 10 is wanted"
