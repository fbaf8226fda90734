from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The entropy of (0.7, 0.2, 0.1) is wrong: add up probability times surprise, then mind the unit.")
def test_q1_entropy_of_the_example(entropy):
    import numpy as np

    p = np.array([0.7, 0.2, 0.1])
    got = entropy(p)
    assert got is not None, "entropy returned None: is a return missing?"
    assert np.ndim(got) == 0, f"one number is wanted for one distribution, but the shape is {np.shape(got)}"
    assert not np.isclose(got, -0.801819, rtol=1e-5, atol=0), (
        "the sign is wrong: surprise is minus the logarithm"
    )
    assert not np.isclose(got, 1.156780, rtol=1e-5, atol=0), (
        "this is in bits; without a base the unit is the nat"
    )
    assert not np.isclose(got, 0.267273, rtol=1e-5, atol=0), (
        "this is a third of it: the probabilities are the weights already, so add up, do not take np.mean"
    )
    assert not np.isclose(got, 4.268698, rtol=1e-5, atol=0), "the surprises must be weighted by p"
    np.testing.assert_allclose(
        got, 0.8018185525433373, rtol=1e-12, atol=0, err_msg="entropy([0.7, 0.2, 0.1])"
    )
    np.testing.assert_allclose(
        entropy(p, base=2),
        1.1567796494470397,
        rtol=1e-12,
        atol=0,
        err_msg="in bits, base=2: divide by log(2)",
    )

@test_case(points=1, hidden=False, 
    failure_message="What happens with certainty must have the entropy 0, exactly, also as whole numbers in a list.")
def test_q1_certain_outcome(entropy):
    import numpy as np

    got = entropy([1, 0, 0, 0, 0])
    assert got is not None, "entropy returned None: is a return missing?"
    assert not np.isnan(got), (
        "the result is nan: 0 * log(0) is 0 times minus infinity. Which value should that term have?"
    )
    assert not -1.1e-10 < got < -0.9e-10, (
        f"the result is {got}: entropy is never negative. See the claim above about 1e-10 in the logarithm."
    )
    np.testing.assert_allclose(got, 0.0, rtol=0, atol=1e-14, err_msg="entropy([1, 0, 0, 0, 0])")
    np.testing.assert_allclose(
        entropy([0.5, 0, 0.5]), np.log(2), rtol=1e-14, atol=0, err_msg="entropy([0.5, 0, 0.5])"
    )
