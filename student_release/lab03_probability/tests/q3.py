from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 3

@test_case(points=1, hidden=False, 
    failure_message="Two draws: the number of orders, n! / (c1! ... cK!), times the probability of each.")
def test_q3_two_draws(count_probability):
    import numpy as np

    got = count_probability([1, 1, 0], [0.5, 0.3, 0.2])
    assert got is not None, "count_probability returned None: is a return missing?"
    assert np.shape(got) == (), f"one number is wanted, but the shape is {np.shape(got)}"
    assert not np.isclose(got, 0.15, rtol=1e-9, atol=0), (
        "0.15 is the probability of AB in this order; BA gives the same counts: see the claim above"
    )
    np.testing.assert_allclose(got, 0.3, rtol=1e-12, atol=0, err_msg="one A and one B")
    got = count_probability([2, 0, 0], [0.5, 0.3, 0.2])
    assert not np.isclose(got, 0.5, rtol=1e-9, atol=0), (
        "two times A came out as 0.5: there is only one order, n! divided by c! of EACH label"
    )
    np.testing.assert_allclose(got, 0.25, rtol=1e-12, atol=0, err_msg="two times A: 0.5 squared, one order")
