from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="A count in the valley from (10, 1) to a distance of 1e-6 is wrong: check what is measured, and when the counter starts.")
def test_q8_counts_in_the_valley(iterations_to_tol):
    import numpy as np

    H, x0 = np.diag([2.0, 20.0]), np.array([10.0, 1.0])
    in_loss = {0.01: 456, 0.05: 88, 1 / 11: 47}
    for lr, want in {0.01: 798, 0.05: 153, 1 / 11: 81}.items():
        got = iterations_to_tol(H, x0, lr, 1e-6)
        assert got is not None, "iterations_to_tol returned None: is a return missing?"
        assert got not in (want - 1, want + 1), (
            f"lr = {lr:.4f}: off by one, {got} instead of {want}. x0 is step 0."
        )
        assert got != in_loss[lr], (
            f"lr = {lr:.4f}: after {got} steps the loss is within tol, the distance is not yet"
        )
        assert got == want, f"lr = {lr:.4f}: {want} steps are needed, you got {got}"

@test_case(points=1, hidden=False, 
    failure_message="Rates 0.1 and 0.11 never bring the valley to a distance of 1e-6, so the answer is np.inf.")
def test_q8_never(iterations_to_tol):
    import numpy as np

    H, x0 = np.diag([2.0, 20.0]), np.array([10.0, 1.0])
    for lr, regime in ((0.1, "marginal"), (0.11, "divergent")):
        got = iterations_to_tol(H, x0, lr, 1e-6)
        assert got == np.inf, f"lr = {lr} is {regime} for diag(2, 20), so np.inf is wanted, not {got}"
