from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="A linear layer is judged wrongly: the right backward pass, a transposed one, and one that is 1 % off.")
def test_q8_linear_layer(vjp_check):
    import numpy as np

    A = np.array([[1.0, 2.0, 0.5, -1.0], [0.3, 1.0, -1.0, 2.0], [1.5, 0.0, 0.7, 0.2]])
    square, x = A[:, :3], np.array([[0.5, -1.0, 2.0], [1.0, 0.3, -0.7]])
    for seed in range(3):
        got = vjp_check(lambda x: x @ A, lambda x, w: w @ A.T, x, np.random.default_rng(seed))
        assert got is not None, "vjp_check returned None: is a return missing?"
        assert got in (True, False), f"True or False is wanted, not {got!r}"
        assert got, f"the right backward pass w @ A.T of x @ A is rejected (seed {seed})"
        got = vjp_check(lambda x: x @ A, lambda x, w: 1.01 * (w @ A.T), x, np.random.default_rng(seed))
        assert not got, f"a backward pass that is 1 % too large is accepted (seed {seed})"
        got = vjp_check(lambda x: x @ square, lambda x, w: w @ square, x, np.random.default_rng(seed))
        assert not got, f"a backward pass with a missing transpose is accepted (seed {seed})"

@test_case(points=1, hidden=False, 
    failure_message="A backward pass that ignores its cotangent is accepted: for a random cotangent it is wrong.")
def test_q8_cotangent_matters(vjp_check):
    import numpy as np

    x = np.array([0.5, -1.0, 2.0, 0.3])
    for seed in range(3):
        got = vjp_check(np.sin, lambda x, w: np.cos(x) * w, x, np.random.default_rng(seed))
        assert got, f"the right backward pass cos(x) * w of sin(x) is rejected (seed {seed})"
        got = vjp_check(np.sin, lambda x, w: np.cos(x), x, np.random.default_rng(seed))
        assert not got, (
            f"cos(x) without w is accepted as the backward pass of sin(x): is your w all ones? (seed {seed})"
        )
