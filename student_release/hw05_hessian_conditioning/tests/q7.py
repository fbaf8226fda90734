from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The product with the Hessian of the Rosenbrock function is wrong: compare with the example in the prompt.")
def test_q7_rosenbrock(hvp, rosenbrock):
    import numpy as np
    import torch

    x = torch.tensor([1.0, 2.0, -1.0], dtype=torch.float64)
    v = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64)
    got = hvp(rosenbrock, x, v)
    assert got is not None, "hvp returned None: is a return missing?"
    got = torch.as_tensor(got).detach().numpy()
    H = np.array([[402.0, -400.0, 0.0], [-400.0, 5402.0, -800.0], [0.0, -800.0, 200.0]])
    g = np.array([-400.0, 4202.0, -1000.0])
    assert got.shape != (), (
        f"you return the single number {got:.6g}: differentiate the product of gradient and v once more"
    )
    assert got.shape == (3,), f"the product has the shape of x, (3,), not {got.shape}"
    assert not np.allclose(got, g * v.numpy(), rtol=1e-6, atol=1e-6), (
        "this is the gradient times v, entry by entry"
    )
    assert not np.allclose(got, np.diag(H) * v.numpy(), rtol=1e-6, atol=1e-6), (
        "this is only the diagonal of the Hessian times v: the coordinates are coupled"
    )
    assert not np.allclose(got, H.sum(axis=1), rtol=1e-6, atol=1e-6), "v has been replaced by ones"
    np.testing.assert_allclose(
        got, H @ v.numpy(), rtol=1e-5, atol=1e-2, err_msg="H v at x = (1, 2, -1), v = (1, -2, 3)"
    )

@test_case(points=1, hidden=False, 
    failure_message="The result must be proportional to v, also when v is very short or very long.")
def test_q7_linear_in_v(hvp, rosenbrock):
    import numpy as np
    import torch

    x = torch.tensor([0.5, -1.0, 1.5, 2.0], dtype=torch.float64)
    v = torch.tensor([1.0, -2.0, 0.5, -1.0], dtype=torch.float64)
    H = np.array(
        [
            [702.0, -200.0, 0.0, 0.0],
            [-200.0, 802.0, 400.0, 0.0],
            [0.0, 400.0, 2102.0, -600.0],
            [0.0, 0.0, -600.0, 200.0],
        ]
    )
    want = H @ v.numpy()
    for length in (1e-7, 1.0, 1e6):
        got = torch.as_tensor(hvp(rosenbrock, x, length * v)).detach().numpy() / length
        assert got.shape == (4,), f"H v must have the shape of v, (4,), but has {got.shape}"
        error = np.linalg.norm(got - want) / np.linalg.norm(want)
        assert error <= 1e-5, f"v multiplied by {length:g}: the relative error of the product is {error:.1e}"
