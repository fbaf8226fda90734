from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="The multiplications of the two passes are wrong for widths 3, 4, 2: count the products of each layer.")
def test_q7_two_passes(network_costs):
    got = network_costs([3, 4, 2], 10)
    assert got is not None, "network_costs returned None: is a return missing?"
    assert got["parameters"] == 20, f"3 * 4 + 4 * 2 weights, but you count {got['parameters']}"
    assert got["forward"] == 200, (
        f"each weight multiplies once for each example, but you count {got['forward']}"
    )
    assert got["backward"] != 200, "the backward pass needs two products in each layer but the first"
    assert got["backward"] != 400, (
        "the input of the network needs no gradient: layer 1 has one product, not two"
    )
    assert got["backward"] == 280, f"120 + 2 * 80 multiplications are wanted, but you count {got['backward']}"

@test_case(points=1, hidden=False, 
    failure_message="Central differences or memory are wrong for widths 3, 4, 2.")
def test_q7_differences_and_memory(network_costs):
    got = network_costs([3, 4, 2], 10)
    assert got is not None, "network_costs returned None: is a return missing?"
    assert got["differences"] != 4000, "central differences need two forward passes for each weight"
    assert got["differences"] == 8000, f"40 forward passes are wanted, but you count {got['differences']}"
    assert got["stored"] != 7, "the inputs of the layers are kept for every example of the batch"
    assert got["stored"] != 90, "the output of the network is no layer's input"
    assert got["stored"] == 70, f"10 * (3 + 4) numbers are kept, but you count {got['stored']}"
