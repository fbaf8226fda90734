"""One table of calls, run in every array library and precision: the same code, the same numbers, nothing converted.

The oracle is the NumPy float64 result, which the other tests of this folder check against independent ones.
"""

import dataclasses

import array_api_compat
import numpy as np
import pytest
import torch
from array_api_compat import array_namespace, is_array_api_obj

from reference import (
    adam,
    arrays,
    attention_scaling,
    closed_forms,
    convergence_rates,
    cosine_gradient,
    dense_network,
    differentiation,
    directional_checks,
    eigen_analysis,
    entropy,
    extreme_eigenpairs,
    finite_differences,
    gaussians,
    gradient_checking,
    gradient_descent,
    gradient_diagnosis,
    hessian_conditioning,
    lanczos,
    layer_geometry,
    likelihood,
    logits,
    low_rank,
    marchenko_pastur,
    matrix_products,
    quadratics,
    random_matrices,
    residual_flow,
    softmax,
    spectral_density,
    step_errors,
    temperature,
    vectors,
)

DEVICES = [("numpy", "cpu"), ("torch", "cpu"), *[("torch", "cuda")] * torch.cuda.is_available()]
BACKENDS = [(*place, dtype) for place in DEVICES for dtype in ("float64", "float32")]

#: Relative to the largest entry of the result. "smooth": some hundred operations; "difference": eps**(2/3) and
#: some slack; "second difference": eps**(1/2); "spectrum": a dense or Krylov factorisation.
TOLERANCES = {
    "smooth": {"float64": 1e-12, "float32": 1e-5},
    "difference": {"float64": 1e-8, "float32": 5e-3},
    "second difference": {"float64": 1e-5, "float32": 5e-2},
    "spectrum": {"float64": 1e-10, "float32": 1e-4},
}


@dataclasses.dataclass(frozen=True)
class Place:
    """An array library, a device and a precision."""

    namespace: str
    device: str
    dtype: str

    def array(self, values):
        if self.namespace == "torch":
            return torch.tensor(np.asarray(values), dtype=getattr(torch, self.dtype), device=self.device)
        return np.asarray(values, dtype=self.dtype)

    def owns(self, array):
        """Whether it is an array of this library and device; real floating ones must have the dtype too."""
        if self.namespace == "numpy":
            here = isinstance(array, (np.ndarray, np.generic))
        else:
            here = isinstance(array, torch.Tensor) and array.device.type == self.device
        real = here and array_namespace(array).isdtype(array.dtype, "real floating")
        return here and (not real or str(array.dtype).removeprefix("torch.") == self.dtype)


@pytest.fixture(params=BACKENDS, ids="-".join)
def place(request):
    return Place(*request.param)


def rng():
    return np.random.default_rng(11)


X = np.array([0.4, -1.3, 2.2, 0.9])
V = np.array([0.7, -0.4, 1.0, 0.5])
P = np.array([[0.5, 0.25, 0.25, 0.0], [0.1, 0.2, 0.3, 0.4]])
Q = np.array([[0.25, 0.25, 0.25, 0.25], [0.7, 0.1, 0.1, 0.1]])
Z = np.array([[2.0, -1.0, 0.5], [0.1, 3.0, -30.0]])
LABELS = [0, 2]
W = np.random.default_rng(2).normal(size=(3, 5, 5))
S = W[0] @ W[0].T + np.eye(5)
T = W[1] @ W[1].T + 2 * np.eye(5)
POINT = np.linspace(-1, 1, 5)
SPREAD = np.append(np.linspace(0, 1, 37), [2.0, -3.0, 5.0])


def wave(x):
    xp = array_namespace(x)
    return xp.sum(xp.sin(x) * xp.exp(0.3 * x))


def wave_gradient(x):
    xp = array_namespace(x)
    return xp.exp(0.3 * x) * (xp.cos(x) + 0.3 * xp.sin(x))


def elementwise(x):
    xp = array_namespace(x)
    return xp.sin(x) * xp.exp(0.3 * x)


def backward(x, w):
    return wave_gradient(x) * w


def half_square(a):
    matrix = a(S)
    return lambda x: x @ (matrix @ x) / 2


def grad_of(a):
    matrix = a(S)
    return lambda x: matrix @ x


def diagonal(a):
    values = a(SPREAD)
    return lambda v: values * v


def relu(x):
    xp = array_namespace(x)
    return xp.sum(xp.where(x > 0, x, 0 * x))


def verdict(report):
    return report.ok, report.analytic, report.numeric


def tridiagonal(result):
    """The part that is small and kept in NumPy as a list, and the basis, which rounding may turn round."""
    return result.diagonal.tolist(), result.off_diagonal.tolist(), abs(result.basis)


def eigenpairs(result):
    return result.values.tolist(), abs(result.vectors), result.converged


# Each: kind of tolerance, and the call as a function of `a`, which makes arrays. Each array that it returns
# must be of the library, device and dtype of `a`; what is meant to leave them is a number or a list.
CALLS = {
    "apply_matrix": ("smooth", lambda a: arrays.apply_matrix(a(W), a(W[:, 0]))),
    "closed_form_path": ("smooth", lambda a: closed_forms.closed_form_path(quadratics.Quadratic(a(S)), a(POINT), 0.01, [0, 3])),
    "iterations_to_tolerance": ("smooth", lambda a: float(closed_forms.iterations_to_tolerance(quadratics.Quadratic(a(S)), a(POINT), 0.02, 0.1))),
    "optimal_heavy_ball": ("smooth", lambda a: convergence_rates.optimal_heavy_ball(a([4.0, 9.0]), a([1.0, 2.0]))),
    "spectral_radius of a method": ("smooth", lambda a: convergence_rates.spectral_radius(a([1.0, 3.0]), 0.1, momentum=0.5)),
    "gradient_descent": ("smooth", lambda a: gradient_descent.gradient_descent(quadratics.Quadratic(a(S)).gradient, a(POINT), 0.05, 4)),
    "heavy_ball": ("smooth", lambda a: gradient_descent.heavy_ball(quadratics.Quadratic(a(S)).gradient, a(POINT), 0.05, 0.5, 4)),
    "nesterov": ("smooth", lambda a: gradient_descent.nesterov(quadratics.Quadratic(a(S)).gradient, a(POINT), 0.05, 0.5, 4)),
    "exact_line_search": ("smooth", lambda a: gradient_descent.exact_line_search(quadratics.Quadratic(a(S)), a(POINT), 3)),
    "minimize_gd": ("smooth", lambda a: gradient_descent.minimize_gd(quadratics.Quadratic(a(S)).gradient, a(POINT), lr=0.05, max_steps=5)),
    "representable_step": ("smooth", lambda a: finite_differences.representable_step(a(X), 0.125)),
    "central difference": ("difference", lambda a: finite_differences.finite_difference(wave, a(X))),
    "forward difference": ("second difference", lambda a: finite_differences.finite_difference(wave, a(X), method="forward")),
    "complex step": ("smooth", lambda a: finite_differences.finite_difference(wave, a(X), method="complex")),
    "jacobian": ("difference", lambda a: finite_differences.jacobian(elementwise, a(P))),
    "directional_derivative": ("difference", lambda a: finite_differences.directional_derivative(elementwise, a(X), V)),
    "check_gradient": ("difference", lambda a: verdict(gradient_checking.check_gradient(wave, lambda x: 2 * wave_gradient(x), a(X)))),
    "check_gradient of a kink": ("difference", lambda a: gradient_checking.check_gradient(relu, lambda x: 0 * x, a([0.0, -1.0])).likely_cause),
    "check_parameter_gradients": ("difference", lambda a: gradient_checking.check_parameter_gradients(lambda p: wave(p["w"]), lambda p: {"w": -wave_gradient(p["w"])}, {"w": a(P)})["w"].likely_cause),
    "relative_error": ("smooth", lambda a: gradient_checking.relative_error(a([1.0, 2.0]), a([1.0, 4.0]))),
    "kink_report": ("smooth", lambda a: gradient_diagnosis.kink_report(relu, a([1.0, 1e-7, -2.0]))),
    "directional_check": ("difference", lambda a: verdict(directional_checks.directional_check(wave, lambda x: 2 * wave_gradient(x), a(X), rng=rng()))),
    "vjp_check": ("difference", lambda a: verdict(directional_checks.vjp_check(elementwise, lambda x, w: 2 * backward(x, w), a(X), rng=rng()))),
    "step_errors": ("difference", lambda a: step_errors.step_errors(elementwise, wave_gradient, a([0.5, 0.9, 1.1]), [0.5, 0.25]).tolist()),
    "hessian from f": ("second difference", lambda a: hessian_conditioning.hessian(half_square(a), a(POINT))),
    "hessian from grad": ("difference", lambda a: hessian_conditioning.hessian(None, a(POINT), grad=grad_of(a))),
    "hvp_finite_difference": ("difference", lambda a: hessian_conditioning.hvp_finite_difference(grad_of(a), a(POINT), POINT)),
    "classify_critical": ("smooth", lambda a: hessian_conditioning.classify_critical(a(0 * POINT), a(S))),
    "condition_number of a Hessian": ("spectrum", lambda a: hessian_conditioning.condition_number(a(S))),
    "nullity": ("smooth", lambda a: hessian_conditioning.nullity(a(np.diag([0.0, 1, 2])))),
    "newton_step": ("spectrum", lambda a: hessian_conditioning.newton_step(POINT, a(S), damping=0.5)),
    "precondition": ("spectrum", lambda a: hessian_conditioning.precondition(a(S), T)),
    "lanczos": ("spectrum", lambda a: tridiagonal(lanczos.lanczos(diagonal(a), 40, num_steps=6, rng=rng(), like=a([])))),
    "top_eigs": ("spectrum", lambda a: eigenpairs(extreme_eigenpairs.top_eigs(diagonal(a), 40, 3, rng=rng(), like=a([]), tol=1e-4))),
    "spectral_density": ("spectrum", lambda a: spectral_density.spectral_density(diagonal(a), 40, num_vectors=2, num_steps=4, rng=rng(), like=a([])).nodes.tolist()),
    "hutchinson_trace": ("spectrum", lambda a: spectral_density.hutchinson_trace(a(S).__matmul__, 5, 7, rng=rng(), like=a([]))),
    "condition_estimate": ("spectrum", lambda a: spectral_density.condition_estimate(diagonal(a), 40, num_steps=40, rng=rng(), rtol=1e-4, like=a([])).lmax),
    "eigvals": ("spectrum", lambda a: abs(eigen_analysis.eigvals(a(W))).sum()),
    "spectral_radius": ("spectrum", lambda a: eigen_analysis.spectral_radius(a(W))),
    "singular_values": ("spectrum", lambda a: eigen_analysis.singular_values(a(W[..., :3]))),
    "condition_number": ("spectrum", lambda a: eigen_analysis.condition_number(a(W[..., :3]))),
    "kappa_under_scaling": ("spectrum", lambda a: eigen_analysis.kappa_under_scaling(a(S), [0.1, 7.0])),
    "num_real_eigs": ("smooth", lambda a: eigen_analysis.num_real_eigs(a(W))),
    "entropy": ("smooth", lambda a: entropy.entropy(a(P), base=2)),
    "binary_entropy": ("smooth", lambda a: entropy.binary_entropy(a(X[[0, 3]]))),
    "cross_entropy": ("smooth", lambda a: entropy.cross_entropy(a(P), a(Q))),
    "kl_divergence": ("smooth", lambda a: entropy.kl_divergence(a(P), a(Q))),
    "js_divergence": ("smooth", lambda a: entropy.js_divergence(a(P), a(Q))),
    "mutual_information": ("smooth", lambda a: entropy.mutual_information(a(P / 2))),
    "perplexity": ("smooth", lambda a: entropy.perplexity(a(P), a(Q))),
    "label_smooth": ("smooth", lambda a: entropy.label_smooth(a(P), 0.1)),
    "entropy_from_logits": ("smooth", lambda a: logits.entropy_from_logits(a(Z))),
    "kl_divergence_from_logits": ("smooth", lambda a: logits.kl_divergence_from_logits(a(Z), a(Z * Z))),
    "cross_entropy_from_logits": ("smooth", lambda a: logits.cross_entropy_from_logits(a(Z), LABELS)),
    "cross_entropy_gradient": ("smooth", lambda a: logits.cross_entropy_gradient(a(Z), LABELS)),
    "binary_cross_entropy_from_logits": ("smooth", lambda a: logits.binary_cross_entropy_from_logits(a(Z), a(0 * Z + 0.25))),
    "log_softmax": ("smooth", lambda a: softmax.log_softmax(a(Z))),
    "temperature_scale": ("smooth", lambda a: temperature.temperature_scale(a(10 * Z), LABELS)),
    "gaussian_mle": ("smooth", lambda a: gaussians.gaussian_mle(a(W))),
    "gaussian_entropy": ("smooth", lambda a: gaussians.gaussian_entropy(a(S))),
    "kl_gaussians": ("spectrum", lambda a: gaussians.kl_gaussians(a(POINT), S, a(0 * POINT), T)),
    "marchenko_pastur_cdf": ("smooth", lambda a: marchenko_pastur.marchenko_pastur_cdf(a([0.5, 1.0, 2.0]), 0.5)),
    "marchenko_pastur_pdf": ("smooth", lambda a: marchenko_pastur.marchenko_pastur_pdf(a([0.5, 1.0, 2.0]), 0.5)),
    "propagate_norms": ("smooth", lambda a: matrix_products.propagate_norms(a(W), a(POINT), "tanh")),
    "backpropagate_norms": ("smooth", lambda a: matrix_products.backpropagate_norms(a(W), a(POINT), POINT, "relu")),
    "lyapunov_exponents": ("spectrum", lambda a: matrix_products.lyapunov_exponents(a(W))),
    "semicircle_cdf": ("smooth", lambda a: random_matrices.semicircle_cdf(a(POINT))),
    "ks_distance": ("smooth", lambda a: random_matrices.ks_distance(a(POINT), random_matrices.semicircle_cdf)),
    "adam": ("smooth", lambda a: adam.adam(quadratics.Quadratic(a(S)).gradient, a(POINT), a(0.1), 4)),
    "attention_weights": ("smooth", lambda a: attention_scaling.attention_weights(a(P), a(W[:2, :3, :4]))),
    "attention_entropy": ("smooth", lambda a: attention_scaling.attention_entropy(a(P), a(W[:2, :3, :4]))),
    "softmax_slope": ("smooth", lambda a: attention_scaling.softmax_slope(a(P), a(W[:2, :3, :4]))),
    "cosine_gradient": ("smooth", lambda a: cosine_gradient.cosine_gradient(a(POINT), a(W[0]))),
    "forward_backward": ("smooth", lambda a: dense_network.forward_backward([a(W[0, :4, :3])], [a(Z[0])], a(P), np.array([2, 0]))),
    "chain": ("smooth", lambda a: differentiation.chain([(elementwise, wave_gradient)] * 2, a(X))),
    "jacobian_by_columns": ("smooth", lambda a: differentiation.jacobian_by_columns(lambda x, v: wave_gradient(x) * v, a(X))),
    "jacobian_by_rows": ("smooth", lambda a: differentiation.jacobian_by_rows(backward, a(X), (4,))),
    "curvature_along": ("smooth", lambda a: differentiation.curvature_along(a(S), a(W[2]))),
    "polar_factor": ("spectrum", lambda a: layer_geometry.polar_factor(a(W[..., :3]))),
    "departure_from_normality": ("smooth", lambda a: layer_geometry.departure_from_normality(a(W))),
    "numeric_rank": ("smooth", lambda a: layer_geometry.numeric_rank(a(np.diag([0.0, 1, 2])))),
    "gaussian_log_likelihood": ("smooth", lambda a: likelihood.gaussian_log_likelihood(a(X), a(V), 0.5)),
    "observed_information": ("smooth", lambda a: likelihood.observed_information(a(X))),
    "fisher_information": ("smooth", lambda a: likelihood.fisher_information(a([0.5, 2.0]), 7)),
    "standard_errors": ("smooth", lambda a: likelihood.standard_errors(a(X))),
    "expected_variance_mle": ("smooth", lambda a: likelihood.expected_variance_mle(a([0.5, 2.0]), 7)),
    "best_rank_k": ("spectrum", lambda a: low_rank.best_rank_k(a(W[..., :3]), 2)),
    "eckart_young_error": ("spectrum", lambda a: low_rank.eckart_young_error(a(W[..., :3]), 2)),
    "energy_fraction": ("spectrum", lambda a: low_rank.energy_fraction(a(W[..., :3]), 2)),
    "residual_jacobian": ("smooth", lambda a: residual_flow.residual_jacobian(a(W), a(POINT), scale=0.5)),
    "norm": ("smooth", lambda a: vectors.norm(a(W))),
    "unit_vector": ("smooth", lambda a: vectors.unit_vector(a(W))),
    "cosine_similarity": ("smooth", lambda a: vectors.cosine_similarity(a(W), a(POINT))),
    "angle": ("smooth", lambda a: vectors.angle(a(W), a(POINT))),
    "projection": ("smooth", lambda a: vectors.projection(a(W), a(POINT))),
    "hyperplane_distance": ("smooth", lambda a: vectors.hyperplane_distance(a(W), a(POINT), 0.3)),
    "edelman_condition_cdf": ("smooth", lambda a: random_matrices.edelman_condition_cdf(a(POINT))),
}  # fmt: skip


def leaves(value, path="result"):
    """The arrays, numbers and words in a result, each with where it was found."""
    if dataclasses.is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, f"{path}.{name}")
    elif isinstance(value, (tuple, list)):
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]")
    else:
        yield path, value


@pytest.mark.parametrize("name", CALLS)
def test_same_numbers_in_the_library_and_precision_of_the_argument(name, place):
    kind, call = CALLS[name]
    expected = dict(leaves(call(Place("numpy", "cpu", "float64").array)))
    got = dict(leaves(call(place.array)))
    assert got.keys() == expected.keys()
    for path, want in expected.items():
        have = got[path]
        if isinstance(want, (str, bool)):
            assert have == want, path
            continue
        assert is_array_api_obj(have) == is_array_api_obj(want), path
        if is_array_api_obj(have):
            assert place.owns(have), f"{path} is a {type(have)} of {have.dtype}"
            have = np.asarray(array_api_compat.to_device(have, "cpu"))
        assert np.shape(have) == np.shape(want), path
        largest = np.max(np.abs(want), initial=0.0, where=np.isfinite(want)) or 1.0
        np.testing.assert_allclose(
            have, want, rtol=0, atol=TOLERANCES[kind][place.dtype] * largest, err_msg=path
        )


def test_autograd_graphs_of_the_arguments_are_left_alone():
    """Parameters that ask for gradients are what torch's users have; differences need none of it."""
    x = torch.tensor(X, requires_grad=True)
    assert gradient_checking.check_gradient(wave, wave_gradient, x).ok
    assert not finite_differences.finite_difference(wave, x).requires_grad
    assert directional_checks.directional_check(wave, wave_gradient, x, rng=rng()).ok
    assert x.grad is None


def test_functions_may_answer_in_another_library_or_with_plain_numbers():
    x = torch.tensor(X)
    in_numpy = finite_differences.finite_difference(lambda v: wave(v.numpy()), x)
    as_number = finite_differences.finite_difference(lambda v: float(wave(v)), x)
    in_torch = finite_differences.finite_difference(lambda v: wave(torch.tensor(v)), X)
    as_list = finite_differences.jacobian(lambda v: [float(v[0]), 2 * float(v[1])], x)
    assert isinstance(in_numpy, torch.Tensor) and isinstance(as_number, torch.Tensor)
    assert isinstance(in_torch, np.ndarray) and isinstance(as_list, torch.Tensor)
    for got in (in_numpy, as_number, in_torch):
        np.testing.assert_allclose(got, wave_gradient(X), rtol=0, atol=1e-9)
    np.testing.assert_allclose(as_list, [[1, 0, 0, 0], [0, 2, 0, 0]], rtol=0, atol=1e-10)
