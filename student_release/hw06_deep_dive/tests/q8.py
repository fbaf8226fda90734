from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="Three Jacobians of widths 10, 100, 5, 50: write down the two ways to put brackets.")
def test_q8_three_factors(chain_costs):
    got = chain_costs([10, 100, 5, 50])
    assert got is not None, "chain_costs returned None: is a return missing?"
    assert len(got) == 3, f"three numbers are wanted, but you return {got}"
    assert tuple(got) != (75000, 7500, 7500), "forward and reverse are exchanged: forward mode starts at n_0"
    assert tuple(got) == (7500, 75000, 7500), (
        f"forward is 10*100*5 + 10*5*50, reverse 50*5*100 + 50*100*10, best the smaller; you say {tuple(got)}"
    )
    assert tuple(chain_costs([4, 6])) == (0, 0, 0), "a single Jacobian needs no multiplication"

@test_case(points=1, hidden=False, 
    failure_message="With a narrow layer in the middle the best order is neither forward nor reverse.")
def test_q8_bottleneck(chain_costs):
    got = chain_costs([50, 20, 1, 10, 100])
    assert got is not None, "chain_costs returned None: is a return missing?"
    assert len(got) == 3, f"three numbers are wanted, but you return {got}"
    assert got[2] != min(got[0], got[1]), (
        "best is more than the smaller of the two: here it starts at both ends"
    )
    assert tuple(got) == (51500, 103000, 7000), f"(51500, 103000, 7000) is wanted, but you say {tuple(got)}"
