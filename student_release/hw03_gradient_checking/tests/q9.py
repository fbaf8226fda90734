from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="A kink of ReLU within reach of the step is not marked, or an entry far from it is.")
def test_q9_relu(kink_mask):
    import numpy as np

    x = np.array([-1e-6, 1.0, -2.0, 4e-6, 3e-5, 0.0])
    got = kink_mask(lambda x: np.sum(np.maximum(x, 0)), x)
    assert got is not None, "kink_mask returned None: is a return missing?"
    got = np.asarray(got)
    assert got.shape == (6,), f"x has shape (6,), but the mask has shape {got.shape}"
    assert got.dtype == bool, f"the mask must hold True and False, but its dtype is {got.dtype}"
    want = [True, False, False, True, False, True]
    assert got.tolist() == want, (
        f"for x = {x} and h = 1e-5 the mask should be {want}, but yours is {got.tolist()}"
    )
