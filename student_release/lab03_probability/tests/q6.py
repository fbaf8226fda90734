from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The three numbers are wrong for (0.7, 0.2, 0.1) and (0.5, 0.3, 0.2): whose probabilities are the weights?")
def test_q6_example(information):
    import numpy as np

    p, q = np.array([0.7, 0.2, 0.1]), np.array([0.5, 0.3, 0.2])
    got = information(p, q)
    assert got is not None, "information returned None: is a return missing?"
    assert isinstance(got, dict), f"a dict is wanted, not {type(got).__name__}"
    assert set(got) == {"entropy", "cross_entropy", "kl"}, f"the keys are {sorted(got)}"
    for key, value in got.items():
        assert np.shape(value) == (), f"{key} must be one number, but its shape is {np.shape(value)}"
    assert not np.isclose(got["cross_entropy"], 1.121686, rtol=1e-5, atol=0), (
        "p and q are swapped in the cross-entropy: events come from p, and q is what you believe"
    )
    assert not np.isclose(got["kl"], 0.092033, rtol=1e-4, atol=0), (
        "this is KL(q || p): the weights are those of p"
    )
    assert not np.isclose(got["kl"], 0.122805, rtol=1e-4, atol=0), (
        "this is in bits; without a base the unit is the nat"
    )
    for key, want in (("entropy", 0.8018185525433373), ("cross_entropy", 0.886941378500559)):
        np.testing.assert_allclose(got[key], want, rtol=1e-12, atol=0, err_msg=key)
    np.testing.assert_allclose(got["kl"], 0.0851228259572216, rtol=0, atol=1e-12, err_msg="kl")
    got = information(p, q, base=2)
    np.testing.assert_allclose(got["kl"], 0.12280627877, rtol=0, atol=1e-9, err_msg="kl in bits, base=2")

@test_case(points=1, hidden=False, 
    failure_message="Zeros: what cannot happen contributes 0, and what was ruled out but happens is infinitely surprising.")
def test_q6_zeros(information):
    import numpy as np

    got = information([1, 0, 0], [0.5, 0.5, 0])
    assert got is not None, "information returned None: is a return missing?"
    keys = ("entropy", "cross_entropy", "kl")
    numbers = [got[key] for key in keys]
    assert [np.shape(number) for number in numbers] == [(), (), ()], "each entry must be one number"
    assert not np.isnan(numbers).any(), f"{got}: 0 * log(0) became nan. Which value should such a term have?"
    assert got["entropy"] > -5e-11, f"the entropy is {got['entropy']}: negative. See the claim about 1e-10"
    np.testing.assert_allclose(
        numbers, [0, np.log(2), np.log(2)], rtol=1e-13, atol=1e-13, err_msg="p = (1, 0, 0), q = (0.5, 0.5, 0)"
    )
    got = information([0.5, 0.5, 0], [0, 0.5, 0.5])
    assert not np.isclose(got["cross_entropy"], 11.8595, rtol=1e-3, atol=0), (
        "a loss of 11.86 for what was ruled out: that is the 1e-10 in the logarithm. See the claim"
    )
    assert got["cross_entropy"] == np.inf, (
        f"q rules out what happens half of the time: inf, not {got['cross_entropy']}"
    )
    assert got["kl"] == np.inf, f"with it KL is inf, not {got['kl']}"
    np.testing.assert_allclose(
        got["entropy"], np.log(2), rtol=1e-12, atol=0, err_msg="the entropy of p stays finite"
    )
