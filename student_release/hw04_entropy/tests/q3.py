from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="KL(p || q) of the chapter's p and q is wrong: check the order of the arguments and the unit.")
def test_q3_divergence_of_the_example(kl_divergence):
    import numpy as np

    p, q = np.array([0.7, 0.2, 0.1]), np.array([0.5, 0.3, 0.2])
    got = kl_divergence(p, q)
    assert got is not None, "kl_divergence returned None: is a return missing?"
    assert np.ndim(got) == 0, f"one number is wanted for one pair, but the shape is {np.shape(got)}"
    assert not np.isclose(got, 0.0920328, rtol=1e-5, atol=0), (
        "this is KL(q || p): the weights come from the first argument"
    )
    assert not np.isclose(got, 0.0885778, rtol=1e-5, atol=0), (
        "this is the mean of both orders; KL is not symmetric"
    )
    assert not np.isclose(got, 0.1228063, rtol=1e-5, atol=0), (
        "this is in bits; without a base the unit is the nat"
    )
    assert not np.isclose(got, -0.0851228, rtol=1e-5, atol=0), "the sign is wrong: KL is never negative"
    np.testing.assert_allclose(got, 0.0851228259572216, rtol=0, atol=1e-12, err_msg="KL(p || q) in nats")
    np.testing.assert_allclose(
        kl_divergence(p, q, base=2),
        0.12280627887493,
        rtol=0,
        atol=1e-12,
        err_msg="KL(p || q) in bits, base=2",
    )

@test_case(points=1, hidden=False, 
    failure_message="A zero in p contributes nothing to KL(p || q); a zero in q only where p is not zero makes it infinite.")
def test_q3_zeros_on_either_side(kl_divergence):
    import numpy as np

    got = kl_divergence([1, 0, 0], [0.25, 0.5, 0.25])
    assert got is not None, "kl_divergence returned None: is a return missing?"
    assert not np.isnan(got), "KL of a one-hot p is nan: the terms with p = 0 are 0"
    np.testing.assert_allclose(
        got, np.log(4), rtol=0, atol=1e-12, err_msg="KL([1, 0, 0] || [0.25, 0.5, 0.25])"
    )
    got = kl_divergence([0.25, 0.5, 0.25], [1, 0, 0])
    assert got == np.inf, f"q = 0 where p = 0.5: you say {got}, right is inf"
    got = kl_divergence([0.5, 0.5, 0], [0.5, 0.5, 0])
    assert not np.isnan(got), "p = q = 0 in one outcome gives nan; that term is 0"
    np.testing.assert_allclose(
        got, 0, rtol=0, atol=1e-12, err_msg="KL of two equal distributions with a zero"
    )
