from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="Plain pairs are judged wrongly: both the line and the number must be right.")
def test_q6_plain_pairs(is_eigenpair):
    import numpy as np

    A = [[4, 2], [2, 3]]
    values = [(7 - 17**0.5) / 2, (7 + 17**0.5) / 2]
    vectors = np.array([[2, 2], [values[0] - 4, values[1] - 4]])
    for i in range(2):
        got = is_eigenpair(A, values[i], vectors[:, i])
        assert got is not None, "is_eigenpair returned None: is a return missing?"
        assert isinstance(got, (bool, np.bool_)), f"wanted is True or False, not {got}"
        assert got, "a computed eigenpair of [[4, 2], [2, 3]] is refused: allow for rounding errors"
        assert not is_eigenpair(A, values[1 - i], vectors[:, i]), (
            "right vector, but the other one's eigenvalue: False"
        )
        assert not is_eigenpair(A, values[i], vectors[:, 1 - i]), (
            "right eigenvalue, but the other one's vector: False"
        )
        assert not is_eigenpair(A, -values[i], vectors[:, i]), "the eigenvalue has the wrong sign: False"

@test_case(points=1, hidden=False, 
    failure_message="The zero vector is no eigenvector, and complex pairs count.")
def test_q6_zero_and_complex(is_eigenpair):
    import numpy as np

    got = is_eigenpair([[2, 0], [0, 3]], 3, [0, 0])
    assert isinstance(got, (bool, np.bool_)), f"wanted is True or False, not {got}"
    assert not got, "the zero vector fulfils the equation for every number, so it is not counted: False"
    turn = [[0, -1], [1, 0]]
    assert is_eigenpair(turn, 1j, [1, -1j]), "the quarter turn has the pair 1j, [1, -1j]: True"
    assert not is_eigenpair(turn, -1j, [1, -1j]), (
        "-1j belongs to another vector: False. Keep the imaginary parts"
    )
