from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The examples with one variable do not come out: check the chain rule and what the gap is relative to.")
def test_q4_one_variable(symmetry_gap):
    import numpy as np

    def descend(grad, hess, x0, lr, num_steps):
        path = [np.asarray(x0, dtype=float)]
        for _ in range(num_steps):
            path.append(path[-1] - lr * np.asarray(grad(path[-1]), dtype=float))
        return np.array(path)

    got = symmetry_gap(descend, [[1]], [1], [[1]], 2, 0.25, 1)
    assert got is not None, "symmetry_gap returned None: is a return missing?"
    assert np.shape(got) == (), f"one number is wanted, but the shape is {np.shape(got)}"
    assert got > 1e-9, "the loss is twice as large and the gap is 0: does the gradient contain c?"
    np.testing.assert_allclose(got, 0.25, rtol=1e-10, atol=0, err_msg="first example, c = 2")
    got = symmetry_gap(descend, [[1]], [1], [[2]], 1, 0.25, 1)
    assert np.shape(got) == (), f"one number is wanted, but the shape is {np.shape(got)}"
    assert got > 1e-9, "in doubled coordinates the gradient is half as large: T enters f by its inverse"
    np.testing.assert_allclose(got, 0.1875, rtol=1e-10, atol=0, err_msg="second example, T = [[2]]")

@test_case(points=1, hidden=False, 
    failure_message="Gradient descent must not notice a rotation, and steps along the gradient's sign must notice it.")
def test_q4_a_rotation(symmetry_gap):
    import numpy as np

    def descend(grad, hess, x0, lr, num_steps):
        x = np.asarray(x0, dtype=float)
        return np.array([x, x - lr * np.asarray(grad(x), dtype=float)])

    def by_sign(grad, hess, x0, lr, num_steps):
        x = np.asarray(x0, dtype=float)
        return np.array([x, x - lr * np.sign(np.asarray(grad(x), dtype=float))])

    Q = np.array([[0.6, -0.8], [0.8, 0.6]])
    A = np.diag([1.0, 10.0])
    got = symmetry_gap(descend, A, [1, 1], Q, 1, 0.05, 1)
    assert got is not None, "symmetry_gap returned None: is a return missing?"
    assert np.shape(got) == (), f"one number is wanted, but the shape is {np.shape(got)}"
    np.testing.assert_allclose(got, 0, rtol=0, atol=1e-12, err_msg="gradient descent, turned by 53 degrees")
    # Turned start (-0.2, 1.4), turned gradient (-7.4, 6.8); the step along the signs is (1, -1) * 0.1.
    want = np.hypot(-0.1 - (-0.18), 1.3 - 1.26) / np.sqrt(2)
    got = symmetry_gap(by_sign, A, [1, 1], Q, 1, 0.1, 1)
    assert np.shape(got) == (), f"one number is wanted, but the shape is {np.shape(got)}"
    np.testing.assert_allclose(got, want, rtol=1e-9, atol=0, err_msg="steps along the sign of the gradient")
