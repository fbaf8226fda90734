from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = 6

@test_case(points=1, hidden=False, 
    failure_message="transient_example must be one square matrix of at most 20 rows with spectral radius at most 0.5 and norm at most 2.")
def test_q8_transient_looks_harmless(transient_example):
    import numpy as np

    W = transient_example()
    assert W is not None, "transient_example returned None: is a return missing?"
    W = np.asarray(W, dtype=float)
    assert W.ndim == 2 and W.shape[0] == W.shape[1] <= 20, (
        f"a square matrix of at most 20 rows is wanted, not the shape {W.shape}"
    )
    radius, norm = np.abs(np.linalg.eigvals(W)).max(), np.linalg.norm(W, 2)
    assert radius <= 0.5 + 1e-9, f"the spectral radius is {radius:.4f}, above 0.5"
    assert norm <= 2 + 1e-9, (
        f"the norm is {norm:.4f}, above 2: the growth must come from many steps, not from one"
    )

@test_case(points=1, hidden=False, 
    failure_message="The pairs must be square matrices whose spectral radii are as the table asks.")
def test_q8_pairs_look_as_claimed(vanishing_example, exploding_example):
    import numpy as np

    for name, pair in (
        ("vanishing_example", vanishing_example()),
        ("exploding_example", exploding_example()),
    ):
        assert pair is not None and len(pair) == 2, f"{name} must return a pair of matrices"
        for number, W in enumerate(pair, start=1):
            W = np.asarray(W, dtype=float)
            assert W.ndim == 2 and W.shape[0] == W.shape[1] <= 20, (
                f"{name}: W{number} must be square, not of the shape {W.shape}"
            )
            radius = np.abs(np.linalg.eigvals(W)).max()
            fits = radius >= 2 - 1e-9 if name == "vanishing_example" else radius <= 0.1 + 1e-9
            assert fits, f"{name}: the spectral radius of W{number} is {radius:.4f}"
