"""What is and is not a distribution, for every function that takes one; oracle: 50-digit mpmath."""

import math

import mpmath
import numpy as np
import pytest
import torch

from reference.entropy import (
    binary_entropy,
    cross_entropy,
    entropy,
    js_divergence,
    kl_divergence,
    label_smooth,
    mutual_information,
    perplexity,
)

mpmath.mp.dps = 50


def exact_kl(p, q):
    pairs = zip(map(float, p), map(float, q), strict=True)
    return float(
        mpmath.fsum(mpmath.mpf(a) * mpmath.log(mpmath.mpf(a) / mpmath.mpf(b)) - a + b for a, b in pairs)
    )


HALF = np.array([0.5, 0.5])
ONE_DISTRIBUTION = (entropy, perplexity, lambda p, **options: label_smooth(p, 0.1, **options))
TWO_DISTRIBUTIONS = (cross_entropy, kl_divergence, js_divergence, perplexity)
BAD = {
    "negative": [1.5, -0.5],
    "tiny negative": [1.0, -1e-12],
    "not normalised": [0.5, 0.4],
    "off by 1e-6": [0.5, 0.500001],
    "nan": [math.nan, 1],
    "infinite": [math.inf, 0],
    "empty": [],
    "scalar": 1.0,
    "complex": [0.5 + 0j, 0.5],
    "text": ["a", "b"],
}


class TestInputs:
    @pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
    def test_what_is_no_distribution_is_named(self, bad):
        for function in ONE_DISTRIBUTION:
            with pytest.raises(ValueError, match=r"^p "):
                function(bad)
        for function in TWO_DISTRIBUTIONS:
            with pytest.raises(ValueError, match=r"^p "):
                function(bad, HALF)
            with pytest.raises(ValueError, match=r"^q "):
                function(HALF, bad)
        with pytest.raises(ValueError, match=r"^joint "):
            mutual_information([bad])

    @pytest.mark.parametrize("function", TWO_DISTRIBUTIONS)
    def test_numbers_of_outcomes_must_agree(self, function):
        with pytest.raises(ValueError, match=r"^q "):
            function(HALF, [1.0])  # would broadcast
        with pytest.raises(ValueError, match="q"):
            function(np.tile(HALF, (3, 1)), np.tile(HALF, (4, 1)))

    @pytest.mark.parametrize("axis", [1, -2])
    def test_axis_must_exist(self, axis):
        with pytest.raises(ValueError, match=r"^axis "):
            entropy(HALF, axis=axis)

    @pytest.mark.parametrize("base", [1, 0.5, 0, -2, math.nan, math.inf])
    def test_base_must_be_above_one(self, base):
        for call in (
            lambda: entropy(HALF, base=base),
            lambda: binary_entropy(0.5, base=base),
            lambda: kl_divergence(HALF, HALF, base=base),
            lambda: mutual_information([HALF / 2, HALF / 2], base=base),
        ):
            with pytest.raises(ValueError, match=r"^base "):
                call()

    def test_arrays_of_two_libraries_are_refused(self):
        with pytest.raises(TypeError):
            kl_divergence(HALF, torch.tensor(HALF))

    def test_the_wider_dtype_wins(self):
        wide, narrow = np.array([0.1, 0.9]), np.array([0.25, 0.75], dtype=np.float32)
        for p, q in ((wide, narrow), (narrow, wide)):
            np.testing.assert_allclose(kl_divergence(p, q), exact_kl(p, q), rtol=1e-14, atol=0)

    def test_a_list_beside_a_tensor_keeps_its_digits(self):
        p, q = [0.1, 0.9], torch.tensor([0.3, 0.7], dtype=torch.float64)
        for result, exact in ((kl_divergence(p, q), exact_kl(p, q)), (kl_divergence(q, p), exact_kl(q, p))):
            assert isinstance(result, torch.Tensor)
            np.testing.assert_allclose(result, exact, rtol=1e-14, atol=0)

    def test_integers_are_probabilities_too(self):
        assert kl_divergence([0, 1], np.array([0, 1])) == 0

    def test_sums_may_miss_one_by_the_root_of_rounding(self, backend):
        root = math.sqrt(np.finfo(backend.dtype).eps)
        entropy(backend.array([0.5, 0.5 + root / 2]))
        with pytest.raises(ValueError, match=r"^p must sum to 1"):
            entropy(backend.array([0.5, 0.5 + 2 * root]))

    def test_softmax_sums_are_close_enough_to_one(self, backend, rng):
        p = torch.softmax(torch.tensor(rng.normal(size=(3, 5000)), dtype=getattr(torch, backend.dtype)), -1)
        assert np.isfinite(np.asarray(entropy(backend.array(p)))).all()

    def test_nothing_is_written_and_nothing_warns(self):
        p, q = np.array([[0, 1e-320, 1.0], [0.2, 0.3, 0.5]]), np.array([[0, 0.5, 0.5], [1e-320, 0.5, 0.5]])
        p.flags.writeable = q.flags.writeable = False
        with np.errstate(divide="raise", invalid="raise", over="raise"):
            for function in TWO_DISTRIBUTIONS:
                assert np.isfinite(function(p, q)).all()
            assert kl_divergence(q, p)[0] > 100  # 0.5 log(0.5/1e-320)
            assert np.isfinite([entropy(p), binary_entropy(p).sum(axis=1)]).all()
            assert np.isfinite(mutual_information(p / 2))

    @pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
    def test_results_stay_on_the_gpu(self, rng):
        p, q = torch.tensor(rng.dirichlet(np.ones(4), size=(2, 5))).cuda()
        for function in TWO_DISTRIBUTIONS:
            assert function(p, q).is_cuda
            np.testing.assert_allclose(function(p, q).cpu(), function(p.cpu(), q.cpu()), rtol=1e-13, atol=0)
