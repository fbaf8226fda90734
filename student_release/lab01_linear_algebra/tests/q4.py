from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="A shape of the first three is wrong: inner numbers must agree, outer ones remain.")
def test_q4_layers(predicted):
    import numpy as np

    X, W, V = np.zeros((32, 784)), np.zeros((784, 256)), np.zeros((256, 784))
    true = {"a": X @ W, "b": V @ X[0], "c": X @ V.T}
    for key, result in true.items():
        said = predicted[key]
        assert said is not None, f"{key} has no answer yet"
        assert not isinstance(said, str), f"{key} does have a shape: NumPy does not refuse"
        assert not isinstance(said, (int, float)), (
            f"{key}: a shape is a tuple; with one axis write (256,), with the comma"
        )
        assert tuple(said) == result.shape, (
            f"{key}: you say {tuple(said)}. Write the shapes of the factors side by side and cross out the inner numbers"
        )

@test_case(points=1, hidden=False, 
    failure_message="Something is refused that you gave a shape, or the other way round.")
def test_q4_refused(predicted):
    missing = [key for key in "abcdefghij" if predicted.get(key) is None]
    assert not missing, f"no answer yet for {missing}"
    words = {key for key, said in predicted.items() if isinstance(said, str)}
    assert all(predicted[key] == "error" for key in words), "the only word to use is error, in small letters"
    assert "e" in words, "e: W has 256 columns, so its rows are not as long as x"
    assert len(words) == 2, f"NumPy refuses exactly two of the ten expressions, but you say {len(words)}"
