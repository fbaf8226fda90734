from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The facts about a Gaussian are wrong: its second parameter is the standard deviation.")
def test_q4_gaussian(continuous_facts):
    import numpy as np

    got = continuous_facts("gaussian", 1, 3)
    assert got is not None, "continuous_facts returned None: is a return missing?"
    assert isinstance(got, dict), f"a dict is wanted, not {type(got).__name__}"
    keys = ["entropy", "mean", "support", "variance"]
    assert sorted(got) == keys, f"the keys are {sorted(got)}, not {keys}"
    assert np.shape(got["support"]) == (2,), f"support must be a tuple of two numbers, not {got['support']}"
    assert tuple(got["support"]) == (-np.inf, np.inf), f"the support is all numbers, not {got['support']}"
    for key in ("mean", "variance", "entropy"):
        assert np.shape(got[key]) == (), f"{key} must be one number, but its shape is {np.shape(got[key])}"
    np.testing.assert_allclose(got["mean"], 1, rtol=1e-12, atol=0, err_msg="mean")
    assert not np.isclose(got["variance"], 3, rtol=1e-9, atol=0), (
        "sigma = 3 is the standard deviation: square it"
    )
    np.testing.assert_allclose(got["variance"], 9, rtol=1e-12, atol=0, err_msg="variance")
    assert not np.isclose(got["entropy"], 2.017551, rtol=1e-6, atol=0), (
        "the entropy lacks 1/2: the mean of (x - mu)^2 / (2 sigma^2) is not 0"
    )
    np.testing.assert_allclose(got["entropy"], 2.5175508218727822, rtol=1e-12, atol=0, err_msg="entropy")

@test_case(points=1, hidden=False, 
    failure_message="The facts about a uniform or an exponential distribution are wrong: which parameters are these?")
def test_q4_uniform_and_exponential(continuous_facts):
    import numpy as np

    got = continuous_facts("uniform", 1, 4)
    assert got is not None, "continuous_facts returned None: is a return missing?"
    assert np.shape(got["support"]) == (2,), f"support must be a tuple of two numbers, not {got['support']}"
    assert tuple(got["support"]) != (1, 5), (
        "stats.uniform(1, 4) goes from 1 to 5: its second parameter is the width"
    )
    assert tuple(got["support"]) == (1, 4), (
        f"support of the uniform distribution: got {got['support']}, expected (1, 4)"
    )
    numbers = [got[key] for key in ("mean", "variance", "entropy")]
    np.testing.assert_allclose(
        numbers, [2.5, 0.75, np.log(3)], rtol=1e-12, atol=0, err_msg="uniform from 1 to 4"
    )
    got = continuous_facts("exponential", 4)
    assert np.shape(got["support"]) == (2,), f"support must be a tuple of two numbers, not {got['support']}"
    assert tuple(got["support"]) == (0, np.inf), f"the support is (0, inf), not {got['support']}"
    assert not np.isclose(got["mean"], 4, rtol=1e-9, atol=0), (
        "the mean is not 4: an event that happens at a RATE of 4 makes you wait 1/4 on average. SciPy wants scale = 1 / rate"
    )
    numbers = [got[key] for key in ("mean", "variance", "entropy")]
    np.testing.assert_allclose(
        numbers, [0.25, 0.0625, 1 - np.log(4)], rtol=1e-12, atol=0, err_msg="exponential with rate 4"
    )
