from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The cross-entropy of the chapter's p and q is wrong: whose probabilities are the weights, and whose surprise is it?")
def test_q2_cross_entropy_of_the_example(cross_entropy):
    import numpy as np

    p, q = np.array([0.7, 0.2, 0.1]), np.array([0.5, 0.3, 0.2])
    got = cross_entropy(p, q)
    assert got is not None, "cross_entropy returned None: is a return missing?"
    assert np.ndim(got) == 0, f"one number is wanted for one pair, but the shape is {np.shape(got)}"
    assert not np.isclose(got, 1.121686, rtol=1e-5, atol=0), (
        "p and q are swapped: events come from p, and q is what you believe"
    )
    assert not np.isclose(got, 0.295647, rtol=1e-5, atol=0), (
        "this is a third of it: add up, do not take np.mean"
    )
    np.testing.assert_allclose(
        got, 0.886941378500559, rtol=1e-12, atol=0, err_msg="cross_entropy([0.7, 0.2, 0.1], [0.5, 0.3, 0.2])"
    )

@test_case(points=1, hidden=False, 
    failure_message="When the model ruled out what happens, the cross-entropy is infinite; when neither expects it, the term is 0.")
def test_q2_ruled_out(cross_entropy):
    import numpy as np

    got = cross_entropy([0.5, 0.5, 0], [0, 0.5, 0.5])
    assert got is not None, "cross_entropy returned None: is a return missing?"
    assert not np.isnan(got), "the result is nan where infinity is right"
    assert got == np.inf, (
        f"q = 0 where p = 0.5: you say {got}, right is inf. A patched logarithm or a dropped term hides exactly what a loss must show."
    )
    got = cross_entropy([0.5, 0.5, 0], [0.5, 0.5, 0])
    assert not np.isnan(got), "p = q = 0 in one outcome gives nan; that term is 0"
    np.testing.assert_allclose(
        got, np.log(2), rtol=1e-12, atol=0, err_msg="cross_entropy([0.5, 0.5, 0], [0.5, 0.5, 0])"
    )
