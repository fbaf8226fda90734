from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The log-likelihood of three values is wrong: compare each of the three terms with the formula.")
def test_q7_three_values(log_likelihood):
    import numpy as np

    got = log_likelihood([1, 2, 3], 2, 1)
    assert got is not None, "log_likelihood returned None: is a return missing?"
    assert np.shape(got) == (), f"one number is wanted for one mu and sigma, but the shape is {np.shape(got)}"
    assert not np.isclose(got, 3.756816, rtol=1e-5, atol=0), (
        "the sign is wrong: this is the surprise, minus the log-likelihood"
    )
    assert not np.isclose(got, -1.252272, rtol=1e-5, atol=0), (
        "this is the mean; wanted is the sum over the data"
    )
    np.testing.assert_allclose(
        got, -3.756815599614018, rtol=1e-12, atol=0, err_msg="log_likelihood([1, 2, 3], 2, 1)"
    )
    got = log_likelihood([1, 2, 3], 2, 3)
    assert not np.isclose(got, -3.966539, rtol=1e-5, atol=0), (
        "-log(sigma) counts for each of the n values: n log(sigma)"
    )
    assert not np.isclose(got, -4.738068, rtol=1e-5, atol=0), (
        "sigma is the standard deviation, and you use it as the variance"
    )
    np.testing.assert_allclose(
        got, -6.163763576729458, rtol=1e-12, atol=0, err_msg="log_likelihood([1, 2, 3], 2, 3)"
    )

@test_case(points=1, hidden=False, 
    failure_message="A surface is wrong: one row for each sigma, one column for each mu, if they come so shaped.")
def test_q7_small_surface(log_likelihood):
    import numpy as np
    from scipy import stats

    x, mu, sigma = np.array([1.0, 2.0, 3.0, 7.0]), np.array([0.0, 2.0, 4.0]), np.array([[1.0], [2.0]])
    got = log_likelihood(x, mu, sigma)
    assert got is not None, "log_likelihood returned None: is a return missing?"
    assert np.shape(got) == (2, 3), f"mu (3,) and sigma (2, 1) broadcast to shape (2, 3), not {np.shape(got)}"
    want = stats.norm.logpdf(x, mu[:, None], sigma[:, :, None]).sum(axis=-1)
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=0, err_msg="surface of two sigmas and three mus")
