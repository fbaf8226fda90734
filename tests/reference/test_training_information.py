"""Oracles: the figures of the course's worked example, torch.nn.functional, the artists that were drawn."""

import math

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from scipy import special
from torch.nn import functional

from reference.training_information import InformationCurves, plot_information, training_curves

#: Predictions for one example of class 0 after epochs 1, 10, 50 and 100, from the chapter.
PREDICTIONS = np.array(
    [
        [0.3, 0.2, 0.2, 0.15, 0.15],
        [0.5, 0.15, 0.15, 0.1, 0.1],
        [0.8, 0.07, 0.07, 0.03, 0.03],
        [0.95, 0.02, 0.01, 0.01, 0.01],
    ]
)
EPOCHS = [1, 10, 50, 100]


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_worked_example_of_the_chapter():
    curves = training_curves(np.log(PREDICTIONS), 0)
    np.testing.assert_allclose(curves.entropy, special.entr(PREDICTIONS).sum(-1), rtol=1e-14, atol=0)
    np.testing.assert_allclose(curves.cross_entropy, -np.log(PREDICTIONS[:, 0]), rtol=1e-14, atol=0)


def test_base_two_gives_bits():
    curves = training_curves(np.log(PREDICTIONS), 0, base=2)
    bits = special.entr(PREDICTIONS).sum(-1) / math.log(2)
    np.testing.assert_allclose(curves.entropy, bits, rtol=1e-14, atol=0)
    np.testing.assert_allclose(curves.cross_entropy, -np.log2(PREDICTIONS[:, 0]), rtol=1e-14, atol=0)
    np.testing.assert_allclose(curves.kl_divergence, -np.log2(PREDICTIONS[:, 0]), rtol=1e-13, atol=0)


def test_with_one_hot_targets_the_loss_is_the_divergence(backend, rng):
    logits = [backend.array(rng.normal(size=(6, 4))) for _ in range(3)]
    curves = training_curves(logits, [0, 1, 2, 3, 0, 1], base=2)
    np.testing.assert_allclose(curves.kl_divergence, curves.cross_entropy, rtol=1e-5, atol=0)
    assert curves.base == 2


def test_soft_targets_leave_their_entropy_as_a_floor(rng):
    targets = rng.dirichlet(np.ones(4), 6)
    curves = training_curves([rng.normal(size=(6, 4)), np.log(targets)], targets)
    floor = special.entr(targets).sum(-1).mean()
    np.testing.assert_allclose(
        np.subtract(curves.cross_entropy, curves.kl_divergence), floor, rtol=1e-13, atol=0
    )
    assert curves.kl_divergence[1] < 1e-28
    assert curves.cross_entropy[0] > curves.cross_entropy[1]


def test_means_over_examples_agree_with_torch(rng):
    logits, labels = rng.normal(size=(6, 4)), rng.integers(0, 4, 6)
    curves = training_curves([logits], labels)
    z = torch.tensor(logits)
    expected_entropy = torch.distributions.Categorical(logits=z).entropy().mean()
    np.testing.assert_allclose(curves.entropy, [expected_entropy], rtol=1e-13, atol=0)
    np.testing.assert_allclose(
        curves.cross_entropy, [functional.cross_entropy(z, torch.tensor(labels))], rtol=1e-13, atol=0
    )


def test_getting_confident_and_wrong_lowers_entropy_and_raises_the_loss():
    curves = training_curves([[0.0, 0.0], [0.0, 2.0], [0.0, 8.0]], 0)
    assert np.all(np.diff(curves.entropy) < 0) and np.all(np.diff(curves.cross_entropy) > 0)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"^logits_by_epoch "):
        training_curves([[math.nan, 0.0]], 0)
    with pytest.raises(ValueError, match=r"^labels "):
        training_curves([[0.0, 0.0]], 2)


@pytest.mark.parametrize(("base", "unit"), [(math.e, "nats"), (2, "bits"), (10, "units of log 10")])
def test_plot_shows_three_labelled_curves_with_their_unit(ax, base, unit):
    curves = training_curves(np.log(PREDICTIONS), 0, base=base)
    assert plot_information(ax, EPOCHS, curves) is ax
    assert f"({unit})" in ax.get_ylabel()
    labels = ["prediction entropy", "cross-entropy", "KL divergence"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == labels
    for line, values in zip(
        ax.lines, (curves.entropy, curves.cross_entropy, curves.kl_divergence), strict=True
    ):
        np.testing.assert_array_equal(line.get_xydata(), np.stack([EPOCHS, values], -1))


def test_plot_says_how_many_infinite_values_it_leaves_out(ax):
    curves = InformationCurves((0.1, 0.2), (1.0, math.inf), (1.0, math.inf))
    plot_information(ax, [1, 2], curves)
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    for line in ax.lines[1:]:
        np.testing.assert_array_equal(line.get_ydata(), [1.0, math.nan])
    assert texts == ["prediction entropy", "cross-entropy (1 infinite)", "KL divergence (1 infinite)"]


def test_plot_needs_an_epoch_for_each_value(ax):
    with pytest.raises(ValueError, match=r"^epochs "):
        plot_information(ax, [1, 2], training_curves(np.log(PREDICTIONS), 0))
