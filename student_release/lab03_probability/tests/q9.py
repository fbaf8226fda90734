from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = 3

@test_case(points=1, hidden=False, 
    failure_message="The average of the estimates is not that of the MLE: is the mean estimated, and the sum divided by n?")
def test_q9_average(variance_mles):
    import numpy as np

    got = variance_mles(5, 2.0, 4000, np.random.default_rng(91))
    assert got is not None, "variance_mles returned None: is a return missing?"
    assert np.shape(got) == (4000,), (
        f"one estimate for each run is wanted, shape (4000,), not {np.shape(got)}"
    )
    average, error = np.mean(got), np.std(got) / np.sqrt(4000)
    assert error > 0, "all estimates are equal: each experiment needs new numbers"
    assert not abs(average - 4) < 4 * error, (
        f"the average is {average:.3f}, which is the true variance 4: either you divide by n - 1, or you measure from "
        "the true mean instead of the sample's. Neither is the MLE"
    )
    assert not abs(average - 1.6805) < 4 * np.sqrt(0.4 / 4000), (
        f"the average is {average:.3f}: these are standard deviations, not variances"
    )
    z = (average - 3.2) / error
    assert abs(z) < 5, (
        f"the average is {average:.3f}, which is {z:.1f} standard errors from where it should be"
    )
