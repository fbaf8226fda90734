from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="In the first step every parameter moves by the learning rate, however large its gradient is (0 and gradients as small as eps excepted).")
def test_q6_first_step(adam_step):
    import numpy as np

    zero = {"w": np.zeros(4)}
    grads = np.array([100.0, -0.01, 3.0, -1.0])
    got = adam_step(zero, {"w": grads}, zero, zero, 1, 0.1)
    assert got is not None, "adam_step returned None: is a return missing?"
    assert len(got) == 3, f"return the triple (new_params, new_m, new_v), not {len(got)} things"
    w = got[0]["w"]
    assert np.shape(w) == (4,), f"the shape is {np.shape(w)}, wanted is (4,)"
    assert not np.allclose(w, -0.1 * np.sign(grads) * 0.1 / np.sqrt(0.001), rtol=1e-3, atol=0), (
        "the correction of the start is missing: divide m and v by 1 - beta ** t"
    )
    assert not np.allclose(w, -0.1 * np.sign(grads) / np.abs(grads), rtol=1e-3, atol=0), (
        "divide by the square root of v, not by v"
    )
    assert not np.allclose(w, 0.1 * np.sign(grads), rtol=1e-3, atol=0), (
        "this goes uphill: minus the learning rate"
    )
    np.testing.assert_allclose(
        w, -0.1 * np.sign(grads), rtol=1e-5, atol=0, err_msg="parameters after the first step"
    )
    m, v = np.asarray(got[1]["w"]), np.asarray(got[2]["w"])
    assert m.shape == v.shape == (4,), f"m and v have the shapes {m.shape} and {v.shape}, wanted is (4,)"
    assert not np.allclose(m, grads, rtol=1e-3, atol=0), (
        "new_m is the corrected average; return it without the correction"
    )
    np.testing.assert_allclose(m, 0.1 * grads, rtol=1e-12, atol=0, err_msg="new_m")
    np.testing.assert_allclose(v, 0.001 * grads**2, rtol=1e-12, atol=0, err_msg="new_v")

@test_case(points=1, hidden=False, 
    failure_message="The second step is wrong: both averages go on from the first step, and t is 2.")
def test_q6_second_step(adam_step):
    import numpy as np

    got = adam_step(
        {"w": np.array([1.0])},
        {"w": np.array([-2.0])},
        {"w": np.array([0.4])},
        {"w": np.array([0.016])},
        2,
        0.1,
    )
    assert got is not None, "adam_step returned None: is a return missing?"
    w, m, v = (np.asarray(part["w"]) for part in got)
    assert w.shape == m.shape == v.shape == (1,), f"shapes {w.shape}, {m.shape}, {v.shape}, wanted is (1,)"
    np.testing.assert_allclose(m, [0.16], rtol=1e-12, atol=0, err_msg="new_m: 0.9 * 0.4 + 0.1 * (-2)")
    np.testing.assert_allclose(v, [0.019984], rtol=1e-12, atol=0, err_msg="new_v: 0.999 * 0.016 + 0.001 * 4")
    want = 1 - 0.1 * (0.16 / 0.19) / (np.sqrt(0.019984 / 0.001999) + 1e-8)
    np.testing.assert_allclose(w, [want], rtol=1e-9, atol=0, err_msg="parameter after the second step")
