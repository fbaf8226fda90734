from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 3

@test_case(points=1, hidden=False, 
    failure_message="The chain sin(exp(x^2)) is wrong at 0.8: each slope belongs where its machine works, and the first pair comes first.")
def test_q4_chain_of_three(chain):
    import numpy as np

    links = [
        (lambda x: x**2, lambda x: 2 * x),
        (lambda x: np.exp(x), lambda x: np.exp(x)),
        (lambda x: np.sin(x), lambda x: np.cos(x)),
    ]
    got = chain(links, 0.8)
    assert got is not None, "chain returned None: is a return missing?"
    assert isinstance(got, tuple) and len(got) == 2, f"a tuple (value, slope) is wanted, not {got!r}"
    value, slope = got
    assert np.shape(value) == np.shape(slope) == (), "one number x gives one value and one slope"
    e = np.exp(0.64)
    assert not np.isclose(value, np.exp(np.sin(0.8)) ** 2, rtol=1e-9, atol=0), (
        "the chain runs backwards: the first pair of the list is applied first"
    )
    np.testing.assert_allclose(value, np.sin(e), rtol=1e-12, atol=0, err_msg="value of sin(exp(x^2)) at 0.8")
    assert not np.isclose(slope, 1.6 * np.exp(0.8) * np.cos(0.8), rtol=1e-9, atol=0), (
        "all slopes are taken at x = 0.8: each belongs at the value that enters its own machine"
    )
    assert not np.isclose(slope, 1.28 * np.exp(e) * np.cos(np.sin(e)), rtol=1e-9, atol=0), (
        "each slope is taken at what comes out of its machine: it belongs at what goes in"
    )
    assert not np.isclose(slope, 1.6 + e + np.cos(e), rtol=1e-9, atol=0), "slopes are multiplied, not added"
    np.testing.assert_allclose(
        slope, np.cos(e) * e * 1.6, rtol=1e-12, atol=0, err_msg="slope of sin(exp(x^2)) at 0.8"
    )
