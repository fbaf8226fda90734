from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = 7

@test_case(points=1, hidden=False, 
    failure_message="A plain case with 50 entries is judged wrongly.")
def test_q7_right_and_wrong(directional_check):
    import numpy as np

    def f(x):
        return np.sum(np.sin(x) + 0.3 * x**3)

    def right(x):
        return np.cos(x) + 0.9 * x**2

    x = np.linspace(-2, 2, 50)
    for seed in range(3):
        got = directional_check(f, right, x, np.random.default_rng(seed))
        assert got is not None, "directional_check returned None: is a return missing?"
        assert got in (True, False), f"True or False is wanted, not {got!r}"
        assert got, f"the right gradient is rejected (seed {seed})"
        for factor, name in ((1.01, "1 % too large"), (-1.0, "of the wrong sign"), (2.0, "twice too large")):
            got = directional_check(f, lambda x, c=factor: c * right(x), x, np.random.default_rng(seed))
            assert not got, f"a gradient that is {name} is accepted (seed {seed})"

@test_case(points=1, hidden=False, 
    failure_message="Too many calls: along one direction two calls of f are enough, whatever the size of x.")
def test_q7_number_of_calls(directional_check):
    import numpy as np

    calls = []

    def f(x):
        calls.append("f")
        assert len(calls) < 20, (
            "f and grad have been called 20 times: the number of calls must not grow with x.size"
        )
        return np.sum(np.sin(x))

    def grad(x):
        calls.append("grad")
        return np.cos(x)

    assert directional_check(f, grad, np.linspace(-2, 2, 1500), np.random.default_rng(0)), (
        "the right gradient of a function of 1500 numbers is rejected"
    )
    assert calls.count("f") <= 4, f"f was called {calls.count('f')} times; four times are allowed"
    assert 1 <= calls.count("grad") <= 2, f"grad was called {calls.count('grad')} times"
