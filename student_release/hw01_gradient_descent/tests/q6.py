from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The best rate of the valley, H = diag(2, 20), is wrong: read it off the picture first.")
def test_q6_best_rate_of_the_valley(optimal_lr):
    import numpy as np

    got = optimal_lr(np.diag([2.0, 20.0]))
    assert got is not None and len(got) == 2, f"a pair (lr, rate) is wanted, got {got!r}"
    lr, rate = got
    assert not np.isclose(lr, 0.05, rtol=1e-6, atol=0), (
        "lr = 0.05 finishes the steep direction in one step, but go a little farther right in the picture: the roof still falls."
    )
    np.testing.assert_allclose(
        lr, 1 / 11, rtol=1e-9, atol=0, err_msg="lr: where do the two lines of the picture cross?"
    )
    assert not np.isclose(rate, (9 / 11) ** 2, rtol=1e-6, atol=0), (
        "this is the rate of the loss; the rate of distances is wanted."
    )
    np.testing.assert_allclose(rate, 9 / 11, rtol=1e-9, atol=0, err_msg="rate: the height of the crossing")
