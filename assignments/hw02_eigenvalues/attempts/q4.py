# %% right: scipy's Kolmogorov-Smirnov test; tolerance 1e-11
from scipy import stats


def circular_law_distance(eigs, radius):
    return stats.kstest(np.abs(eigs), lambda r: np.clip(r / radius, 0, 1) ** 2).statistic


def num_real_eigs(W):
    values = np.linalg.eigvals(np.array(W, dtype=float))
    return int(sum(abs(value.imag) <= 1e-11 * abs(values).max() for value in values))


# %% right: squares against the uniform law; tolerance 1e-8
def circular_law_distance(eigs, radius):
    u = np.sort(np.minimum(np.abs(np.asarray(eigs)) ** 2 / radius**2, 1.0))
    n = len(u)
    return max(max((k + 1) / n - u[k], u[k] - k / n) for k in range(n))


def num_real_eigs(W):
    values = np.linalg.eigvals(W)
    return np.sum(np.abs(values.imag) <= 1e-8 * np.max(np.abs(values)))


# %% right: counts of the staircase at every jump; tolerance 1e-12 after dividing by the norm
def circular_law_distance(eigs, radius):
    r = np.abs(np.asarray(eigs))
    gaps = []
    for t in r:
        law = min((t / radius) ** 2, 1)
        gaps += [abs(np.mean(r <= t) - law), abs(np.mean(r < t) - law)]
    return float(max(gaps))


def num_real_eigs(W):
    W = np.asarray(W, dtype=float)
    size = np.linalg.norm(W) or 1.0
    return int(np.count_nonzero(np.abs(np.linalg.eigvals(W / size).imag) < 1e-12))


# %% wrong: compares with r instead of r squared
def circular_law_distance(eigs, radius):
    r = np.sort(np.minimum(np.abs(eigs) / radius, 1))
    k = np.arange(len(r))
    return float(max(np.max((k + 1) / len(r) - r), np.max(r - k / len(r))))


def num_real_eigs(W):
    values = np.linalg.eigvals(W)
    return int(np.sum(np.abs(values.imag) <= 1e-9 * np.abs(values).max()))


# %% wrong: only the gaps after the jumps
def circular_law_distance(eigs, radius):
    law = np.sort(np.minimum(np.abs(eigs) / radius, 1) ** 2)
    return float(np.max(np.abs(np.arange(1, len(law) + 1) / len(law) - law)))


def num_real_eigs(W):
    values = np.linalg.eigvals(W)
    return int(np.sum(np.abs(values.imag) <= 1e-9 * np.abs(values).max()))


# %% wrong: only the gaps before the jumps
def circular_law_distance(eigs, radius):
    law = np.sort(np.minimum(np.abs(eigs) / radius, 1) ** 2)
    return float(np.max(np.abs(np.arange(len(law)) / len(law) - law)))


def num_real_eigs(W):
    values = np.linalg.eigvals(W)
    return int(np.sum(np.abs(values.imag) <= 1e-9 * np.abs(values).max()))


# %% wrong: semicircle law of the real parts
def circular_law_distance(eigs, radius):
    x = np.sort(np.clip(np.real(eigs) / radius, -1, 1))
    law = 0.5 + (x * np.sqrt(1 - x**2) + np.arcsin(x)) / np.pi
    k = np.arange(len(x))
    return float(max(np.max((k + 1) / len(x) - law), np.max(law - k / len(x))))


def num_real_eigs(W):
    values = np.linalg.eigvals(W)
    return int(np.sum(np.abs(values.imag) <= 1e-9 * np.abs(values).max()))


# %% wrong: no limit at 1 for what lies outside the disc
def circular_law_distance(eigs, radius):
    law = np.sort((np.abs(eigs) / radius) ** 2)
    k = np.arange(len(law))
    return float(max(np.max((k + 1) / len(law) - law), np.max(law - k / len(law))))


def num_real_eigs(W):
    values = np.linalg.eigvals(W)
    return int(np.sum(np.abs(values.imag) <= 1e-9 * np.abs(values).max()))


# %% wrong: forgets the radius
def circular_law_distance(eigs, radius):
    law = np.sort(np.minimum(np.abs(eigs), 1) ** 2)
    k = np.arange(len(law))
    return float(max(np.max((k + 1) / len(law) - law), np.max(law - k / len(law))))


def num_real_eigs(W):
    values = np.linalg.eigvals(W)
    return int(np.sum(np.abs(values.imag) <= 1e-9 * np.abs(values).max()))


# %% wrong: takes part only in the signed gap
def circular_law_distance(eigs, radius):
    law = np.sort(np.minimum(np.abs(eigs) / radius, 1) ** 2)
    return float(np.max(np.arange(1, len(law) + 1) / len(law) - law))


def num_real_eigs(W):
    values = np.linalg.eigvals(W)
    return int(np.sum(np.abs(values.imag) <= 1e-9 * np.abs(values).max()))


# %% wrong: imaginary part exactly zero
def circular_law_distance(eigs, radius):
    law = np.sort(np.minimum(np.abs(eigs) / radius, 1) ** 2)
    k = np.arange(len(law))
    return float(max(np.max((k + 1) / len(law) - law), np.max(law - k / len(law))))


def num_real_eigs(W):
    return int(np.sum(np.linalg.eigvals(W).imag == 0))


# %% wrong: an absolute tolerance
def circular_law_distance(eigs, radius):
    law = np.sort(np.minimum(np.abs(eigs) / radius, 1) ** 2)
    k = np.arange(len(law))
    return float(max(np.max((k + 1) / len(law) - law), np.max(law - k / len(law))))


def num_real_eigs(W):
    return int(np.sum(np.abs(np.linalg.eigvals(W).imag) < 1e-9))


# %% wrong: a tolerance so wide that close pairs count as real
def circular_law_distance(eigs, radius):
    law = np.sort(np.minimum(np.abs(eigs) / radius, 1) ** 2)
    k = np.arange(len(law))
    return float(max(np.max((k + 1) / len(law) - law), np.max(law - k / len(law))))


def num_real_eigs(W):
    values = np.linalg.eigvals(W)
    return int(np.sum(np.abs(values.imag) < 1e-4 * np.abs(values).max()))


# %% wrong: counts the complex ones
def circular_law_distance(eigs, radius):
    law = np.sort(np.minimum(np.abs(eigs) / radius, 1) ** 2)
    k = np.arange(len(law))
    return float(max(np.max((k + 1) / len(law) - law), np.max(law - k / len(law))))


def num_real_eigs(W):
    return int(np.sum(np.iscomplex(np.linalg.eigvals(W))))
