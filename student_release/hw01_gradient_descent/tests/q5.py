from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="Rates 0.01 and 0.05 on H = diag(2, 20) are misnamed: work out lr times the largest eigenvalue.")
def test_q5_small_rates_in_the_valley(classify_lr):
    import numpy as np

    H = np.diag([2.0, 20.0])
    for lr in (0.01, 0.05):
        got = classify_lr(H, lr)
        assert isinstance(got, str), f"a string is wanted, got {got!r}"
        assert got == "monotone", (
            f"lr = {lr}: you say {got}, but lr times L is {lr * 20:.1f}, so the factor 1 - lr L = {1 - lr * 20:.1f} is not negative"
        )
    got = classify_lr(H, 0.07)
    assert got == "oscillating", f"lr = 0.07: the steep factor is 1 - 0.07 * 20 = -0.4, but you say {got}"

@test_case(points=1, hidden=False, 
    failure_message="Rate 0.1 on H = diag(2, 20) is misnamed: multiply the steep coordinate by its factor a few times.")
def test_q5_point_one_in_the_valley(classify_lr):
    import numpy as np

    H = np.diag([2.0, 20.0])
    got = classify_lr(H, 0.1)
    assert got != "divergent", (
        "lr = 0.1: the steep factor is 1 - 0.1 * 20 = -1 exactly; its powers do not grow."
    )
    assert got not in ("monotone", "oscillating"), (
        f"lr = 0.1: you say {got}. The loss falls at first because x1 shrinks, but x2 is multiplied by -1 for ever."
    )
    assert got == "marginal", f"lr = 0.1 sits exactly on the limit, but you say {got!r}"
    got = classify_lr(H, 0.11)
    assert got == "divergent", f"lr = 0.11: the steep factor is -1.2, but you say {got}"
