from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 3

@test_case(points=1, hidden=False, 
    failure_message="Mean, variance or entropy of an unfair coin is wrong: every term is weighted by its probability.")
def test_q2_unfair_coin(finite_facts):
    import numpy as np

    got = finite_facts([0, 1], [0.75, 0.25])
    assert got is not None, "finite_facts returned None: is a return missing?"
    assert isinstance(got, dict), f"a dict is wanted, not {type(got).__name__}"
    assert set(got) == {"mean", "variance", "entropy"}, (
        f"the keys are {sorted(got)}, not mean, variance, entropy"
    )
    for key, value in got.items():
        assert np.shape(value) == (), f"{key} must be one number, but its shape is {np.shape(value)}"
    assert not np.isclose(got["mean"], 0.5, rtol=1e-9, atol=0), (
        "the mean 0.5 counts both values alike: weight them by p, do not take np.mean"
    )
    np.testing.assert_allclose(got["mean"], 0.25, rtol=1e-12, atol=0, err_msg="mean")
    assert not np.isclose(got["variance"], 0.25, rtol=1e-9, atol=0), (
        "0.25 is the mean of the squares, or np.var: measure distances from the mean, and weight them by p"
    )
    np.testing.assert_allclose(got["variance"], 0.1875, rtol=1e-12, atol=0, err_msg="variance")
    assert not np.isclose(got["entropy"], 0.811278, rtol=1e-5, atol=0), (
        "this entropy is in bits; wanted are nats"
    )
    assert not got["entropy"] < 0, "the entropy is negative: surprise is minus the logarithm"
    np.testing.assert_allclose(got["entropy"], 0.5623351446188083, rtol=1e-12, atol=0, err_msg="entropy")
