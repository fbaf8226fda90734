from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = 6

@test_case(points=1, hidden=False, 
    failure_message="The estimates for five numbers are wrong: which divisor belongs to maximum likelihood?")
def test_q8_mle_of_five_numbers(gaussian_mle):
    import numpy as np

    got = gaussian_mle([1, 2, 3, 4, 10])
    assert got is not None and len(got) == 2, f"a pair (mean, sigma) is wanted, got {got!r}"
    mean, sigma = got
    assert not np.isclose(mean, 3, rtol=1e-9, atol=0), (
        "this is the median, which belongs to another distribution"
    )
    np.testing.assert_allclose(mean, 4.0, rtol=1e-12, atol=0, err_msg="mean of 1, 2, 3, 4, 10")
    assert not np.isclose(sigma, 10.0, rtol=1e-9, atol=0), "this is the variance: take its root"
    assert not np.isclose(sigma, np.sqrt(12.5), rtol=1e-9, atol=0), (
        "this divides by n - 1, which removes a bias; the likelihood is largest with n"
    )
    np.testing.assert_allclose(sigma, np.sqrt(10), rtol=1e-12, atol=0, err_msg="sigma of 1, 2, 3, 4, 10")

@test_case(points=1, hidden=False, 
    failure_message="KL between two Gaussians in one dimension is wrong: check the order, and that covariances are variances here.")
def test_q8_kl_in_one_dimension(kl_gaussians):
    import numpy as np

    got = kl_gaussians([1.0], [[4.0]], [3.0], [[9.0]])
    assert got is not None, "kl_gaussians returned None: is a return missing?"
    assert np.ndim(got) == 0, f"one number is wanted, but the shape is {np.shape(got)}"
    assert not np.isclose(got, 0.719535, rtol=1e-5, atol=0), "this is KL(N1 || N0): the order is swapped"
    assert not np.isclose(got, -0.055556, rtol=1e-4, atol=0), "the logarithm of the determinants is missing"
    np.testing.assert_allclose(
        got, np.log(1.5) - 1 / 18, rtol=1e-10, atol=0, err_msg="KL of N(1, variance 4) and N(3, variance 9)"
    )
