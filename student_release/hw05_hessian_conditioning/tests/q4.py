from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 6

@test_case(points=2, hidden=False, 
    failure_message="The counts for the bowl and the ravine are wrong: does each of them get its own constants?")
def test_q4_bowl_and_ravine(iterations_vs_kappa):
    import numpy as np

    got = iterations_vs_kappa([1, 100], 1e-6)
    assert got is not None, "iterations_vs_kappa returned None: is a return missing?"
    got = np.asarray(got)
    assert got.shape == (2, 2), f"two condition numbers make a result of shape (2, 2), not {got.shape}"
    assert got[0, 0] == 1, (
        f"the bowl with its own rate 2 / (2 + 2) is solved in 1 step of gradient descent, you got {got[0, 0]}"
    )
    hints = {
        1375: "this is what 1 / L gives, not 2 / (L + mu)",
        708: "off by one",
        710: "off by one",
        461: "here the loss is within tol, the distance is not yet",
    }
    assert got[1, 0] == 709, (
        f"gradient descent on the ravine needs 709 steps, you got {got[1, 0]} {hints.get(int(got[1, 0]), '')}"
    )
    assert got[1, 1] == 95, f"the heavy ball on the ravine needs 95 steps, you got {got[1, 1]}"
    assert got[0, 1] == 1, f"for kappa = 1 beta is 0, so the heavy ball needs 1 step too, you got {got[0, 1]}"
