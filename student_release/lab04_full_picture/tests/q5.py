from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="One step is wrong: first the velocity, then the parameters move with the new velocity.")
def test_q5_one_step(momentum_step):
    import numpy as np

    got = momentum_step(
        {"w": np.array([1.0, 5.0])}, {"w": np.array([1.0, -2.0])}, {"w": np.array([2.0, 4.0])}, 0.1, 0.5
    )
    assert got is not None, "momentum_step returned None: is a return missing?"
    assert len(got) == 2, f"return the pair (new_params, new_velocity), not {len(got)} things"
    w, v = got[0]["w"], got[1]["w"]
    assert np.shape(w) == np.shape(v) == (2,), f"shapes {np.shape(w)} and {np.shape(v)}, wanted is (2,)"
    assert not np.allclose(v, [1.5, 1.0], rtol=1e-9, atol=0), (
        "this is the average of the claim above; the velocity is a sum: the gradient has no factor"
    )
    np.testing.assert_allclose(
        v, [2.0, 0.0], rtol=1e-12, atol=1e-12, err_msg="new velocity: 0.5 * (2, 4) + (1, -2)"
    )
    assert not np.allclose(w, [0.8, 4.6], rtol=1e-9, atol=0), (
        "the parameters moved with the old velocity; use the new one"
    )
    assert not np.allclose(w, [1.2, 5.0], rtol=1e-9, atol=0), (
        "the parameters moved uphill: minus the learning rate times the velocity"
    )
    np.testing.assert_allclose(w, [0.8, 5.0], rtol=1e-12, atol=1e-12, err_msg="new parameters")

@test_case(points=1, hidden=False, 
    failure_message="Under a constant gradient of 1 and with beta = 0.9 the velocity must grow to 10.")
def test_q5_constant_gradient(momentum_step):
    import numpy as np

    params, velocity = {"w": np.zeros(1)}, {"w": np.zeros(1)}
    for _ in range(120):
        moved = momentum_step(params, {"w": np.ones(1)}, velocity, 0.01, 0.9)
        assert moved is not None, "momentum_step returned None: is a return missing?"
        params, velocity = moved
    got = velocity["w"]
    assert np.shape(got) == (1,), f"the velocity has the shape {np.shape(got)}, wanted is (1,)"
    assert not np.allclose(got, 1, rtol=1e-3, atol=0), (
        "the velocity settles at 1: that is an average. Momentum adds up"
    )
    np.testing.assert_allclose(got, [10.0], rtol=1e-3, atol=0, err_msg="velocity after 120 equal gradients")
