from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The step for a central difference at numbers of size 1 is wrong: set the derivative of h^2 + eps/h to zero.")
def test_q2_central_difference(optimal_step):
    import numpy as np

    got = optimal_step(np.array([0.5, 1.0, -0.2]))
    assert got is not None, "optimal_step returned None: is a return missing?"
    got = np.asarray(got, dtype=float)
    assert got.shape == (3,), f"one step for each entry: shape (3,) is wanted, not {got.shape}"
    assert (got > 0).all(), f"a step must be positive, but these are {got}"
    assert not np.allclose(got, 1.5e-8, rtol=0.5, atol=0), (
        "this is the square root of eps, the step for order 1; the order here is 2"
    )
    assert not np.allclose(got, 1e-7, rtol=0.5, atol=0), (
        "1e-7 is a popular number, but h^2 + eps/h is not smallest there: at 1e-7 rounding is 200000 times truncation"
    )
    assert ((got > 6e-7) & (got < 6e-5)).all(), (
        f"for order 2 in float64 the step is about 6e-6 (a factor of ten is allowed), not {got}"
    )

@test_case(points=1, hidden=False, 
    failure_message="The steps at large or negative x, or at 0, are wrong: they grow in proportion to the absolute value of that entry, and never vanish.")
def test_q2_grows_with_x(optimal_step):
    import numpy as np

    x = np.array([0.0, -0.001, 1e6, -1e6, 3.0])
    got = np.asarray(optimal_step(x), dtype=float)
    assert got.shape == x.shape, f"x has shape {x.shape}, but the result has {got.shape}"
    ratio = got / (6e-6 * np.array([1, 1, 1e6, 1e6, 3]))
    assert (got[:2] > 1e-7).all(), f"near x = 0 the step must not vanish: it is {got[:2]}"
    assert ((ratio > 0.1) & (ratio < 10)).all(), (
        f"steps at x = {x} are {got}; compared with those wanted they are {ratio.round(3)} times as large"
    )
