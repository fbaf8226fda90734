from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 8

@test_case(points=1, hidden=False, 
    failure_message="A plain case is judged wrongly: the right gradient, one that is 1 % off, one of the wrong sign, one that is twice too large.")
def test_q5_first_suspects(check_gradient):
    import numpy as np

    def f(x):
        return np.sum(np.sin(x) + 0.3 * x**3)

    def right(x):
        return np.cos(x) + 0.9 * np.asarray(x) ** 2

    x = np.array([0.4, -1.3, 2.2, 0.9])
    got = check_gradient(f, right, x)
    assert isinstance(got, tuple) and len(got) == 3, f"a tuple (ok, max_rel, index) is wanted, not {got!r}"
    assert got[0], f"the right gradient is rejected, with max_rel = {got[1]:.1e}"
    for factor, name in ((1.01, "1 % too large"), (-1.0, "of the wrong sign"), (2.0, "twice too large")):
        ok, max_rel, _ = check_gradient(f, lambda x, c=factor: c * right(x), x)
        assert not ok, f"a gradient that is {name} is accepted, with max_rel = {max_rel:.1e}"

@test_case(points=1, hidden=False, 
    failure_message="A right gradient with zero entries is rejected, or one of the wrong shape is accepted.")
def test_q5_zeros_and_shapes(check_gradient):
    import numpy as np

    def f(x):
        return np.sum(np.sin(x[1:])) + 2.0

    x = np.array([0.4, -1.3, 2.2, 0.9])
    ok, max_rel, index = check_gradient(f, lambda x: np.r_[0.0, np.cos(x[1:])], x)
    assert ok, (
        f"f does not depend on x[0], and the gradient says so; rejected with max_rel = {max_rel:.1e} at {index}"
    )
    ok, max_rel, index = check_gradient(lambda x: 3.0, lambda x: np.zeros(4), x)
    assert ok, f"a constant function has gradient 0; rejected with max_rel = {max_rel}"
    ok, max_rel, index = check_gradient(f, lambda x: np.r_[0.0, np.cos(x[1:])][:, None], x)
    assert not ok and max_rel == np.inf and index is None, (
        f"a gradient of shape (4, 1) for x of shape (4,): (False, inf, None) is wanted, not {(ok, max_rel, index)}"
    )
