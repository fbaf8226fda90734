# %% right: scatter, semilogy axis
def plot_curvatures(ax, eigenvalues):
    lam = np.asarray(eigenvalues, dtype=float)
    lam = lam[np.argsort(-np.abs(lam), kind="stable")]
    s = np.abs(lam).max()
    ranks = np.arange(len(lam))
    for label, mask in (
        ("positive", lam > 1e-10 * s),
        ("negative", lam < -1e-10 * s),
        ("zero", np.abs(lam) <= 1e-10 * s),
    ):
        if mask.sum() > 0:
            ax.scatter(ranks[mask], np.clip(np.abs(lam[mask]), 1e-10 * s, None), label=label, s=12)
    ax.semilogy()
    ax.set_xlabel("rank")
    ax.set_ylabel("|eigenvalue|")
    ax.legend()
    return ax


# %% right: log10 on a linear axis
def plot_curvatures(ax, eigenvalues):
    lam = sorted(map(float, eigenvalues), key=lambda value: -abs(value))
    s = abs(lam[0])
    series = {"positive": [], "negative": [], "zero": []}
    for rank, value in enumerate(lam):
        if abs(value) <= 1e-10 * s:
            series["zero"].append((rank, np.log10(1e-10 * s)))
        else:
            series["positive" if value > 0 else "negative"].append((rank, np.log10(abs(value))))
    for label, points in series.items():
        if points:
            x, y = zip(*points)
            ax.plot(x, y, "s", label=label)
    ax.set(xlabel="rank", ylabel="log10 of |eigenvalue|")
    ax.legend()
    return ax


# %% right: one call for each point
def plot_curvatures(ax, eigenvalues):
    lam = np.array(eigenvalues, dtype=float)
    lam = lam[np.argsort(np.abs(lam))[::-1]]
    limit = 1e-10 * abs(lam[0])
    colours, seen = {"positive": "C0", "negative": "C1", "zero": "C2"}, set()
    for i, value in enumerate(lam):
        kind = "zero" if abs(value) <= limit else ("positive" if value > 0 else "negative")
        ax.semilogy(i, max(abs(value), limit), "o", color=colours[kind], label=None if kind in seen else kind)
        seen.add(kind)
    ax.set(xlabel="rank", ylabel="magnitude")
    ax.legend()
    return ax


# %% wrong: sorted by value, negative ones last
def plot_curvatures(ax, eigenvalues):
    lam = np.sort(np.asarray(eigenvalues, dtype=float))[::-1]
    s = np.abs(lam).max()
    ranks = np.arange(len(lam))
    for label, m in (("positive", lam > 1e-10 * s), ("negative", lam < -1e-10 * s), ("zero", abs(lam) <= 1e-10 * s)):
        if m.any():
            ax.semilogy(ranks[m], np.maximum(abs(lam[m]), 1e-10 * s), "o", label=label)
    ax.set(xlabel="rank", ylabel="size")
    ax.legend()
    return ax


# %% wrong: negative eigenvalues vanish from the logarithmic axis
# expects: there is no series labelled negative
def plot_curvatures(ax, eigenvalues):
    lam = np.asarray(eigenvalues, dtype=float)
    lam = lam[np.argsort(-abs(lam))]
    ax.semilogy(np.arange(len(lam)), lam, "o", label="positive")
    ax.set(xlabel="rank", ylabel="eigenvalue")
    ax.legend()
    return ax


# %% wrong: signs thrown away, all called positive
def plot_curvatures(ax, eigenvalues):
    lam = np.sort(np.abs(np.asarray(eigenvalues, dtype=float)))[::-1]
    s = lam[0]
    ranks = np.arange(len(lam))
    for label, m in (("positive", lam > 1e-10 * s), ("zero", lam <= 1e-10 * s)):
        if m.any():
            ax.semilogy(ranks[m], np.maximum(lam[m], 1e-10 * s), "o", label=label)
    ax.set(xlabel="rank", ylabel="size")
    ax.legend()
    return ax


# %% wrong: rank within each series
def plot_curvatures(ax, eigenvalues):
    lam = np.asarray(eigenvalues, dtype=float)
    lam = lam[np.argsort(-abs(lam))]
    s = abs(lam[0])
    for label, m in (("positive", lam > 1e-10 * s), ("negative", lam < -1e-10 * s), ("zero", abs(lam) <= 1e-10 * s)):
        if m.any():
            ax.semilogy(np.maximum(abs(lam[m]), 1e-10 * s), "o", label=label)
    ax.set(xlabel="rank", ylabel="size")
    ax.legend()
    return ax


# %% wrong: absolute tolerance for zero
def plot_curvatures(ax, eigenvalues):
    lam = np.asarray(eigenvalues, dtype=float)
    lam = lam[np.argsort(-abs(lam))]
    floor = 1e-10 * abs(lam[0])
    ranks = np.arange(len(lam))
    for label, m in (("positive", lam > 1e-10), ("negative", lam < -1e-10), ("zero", abs(lam) <= 1e-10)):
        if m.any():
            ax.semilogy(ranks[m], np.maximum(abs(lam[m]), floor), "o", label=label)
    ax.set(xlabel="rank", ylabel="size")
    ax.legend()
    return ax


# %% wrong: rounding errors drawn as curvatures, only exact zeros called zero
def plot_curvatures(ax, eigenvalues):
    lam = np.asarray(eigenvalues, dtype=float)
    lam = lam[np.argsort(-abs(lam))]
    ranks = np.arange(len(lam))
    for label, m in (("positive", lam > 0), ("negative", lam < 0), ("zero", lam == 0)):
        if m.any():
            ax.semilogy(ranks[m], np.maximum(abs(lam[m]), 1e-10 * abs(lam[0])), "o", label=label)
    ax.set(xlabel="rank", ylabel="size")
    ax.legend()
    return ax


# %% wrong: zeros left out
def plot_curvatures(ax, eigenvalues):
    lam = np.asarray(eigenvalues, dtype=float)
    lam = lam[np.argsort(-abs(lam))]
    s = abs(lam[0])
    ranks = np.arange(len(lam))
    for label, m in (("positive", lam > 1e-10 * s), ("negative", lam < -1e-10 * s)):
        if m.any():
            ax.semilogy(ranks[m], abs(lam[m]), "o", label=label)
    ax.set(xlabel="rank", ylabel="size")
    ax.legend()
    return ax


# %% wrong: linear axis
def plot_curvatures(ax, eigenvalues):
    lam = np.asarray(eigenvalues, dtype=float)
    lam = lam[np.argsort(-abs(lam))]
    s = abs(lam[0])
    ranks = np.arange(len(lam))
    for label, m in (("positive", lam > 1e-10 * s), ("negative", lam < -1e-10 * s), ("zero", abs(lam) <= 1e-10 * s)):
        if m.any():
            ax.plot(ranks[m], np.maximum(abs(lam[m]), 1e-10 * s), "o", label=label)
    ax.set(xlabel="rank", ylabel="size")
    ax.legend()
    return ax


# %% wrong: ranks from 1
# expects: the largest has rank 0, not 1
def plot_curvatures(ax, eigenvalues):
    lam = np.asarray(eigenvalues, dtype=float)
    lam = lam[np.argsort(-abs(lam))]
    s = abs(lam[0])
    ranks = np.arange(1, len(lam) + 1)
    for label, m in (("positive", lam > 1e-10 * s), ("negative", lam < -1e-10 * s), ("zero", abs(lam) <= 1e-10 * s)):
        if m.any():
            ax.semilogy(ranks[m], np.maximum(abs(lam[m]), 1e-10 * s), "o", label=label)
    ax.set(xlabel="rank", ylabel="size")
    ax.legend()
    return ax


# %% wrong: empty series stay in the legend
def plot_curvatures(ax, eigenvalues):
    lam = np.asarray(eigenvalues, dtype=float)
    lam = lam[np.argsort(-abs(lam))]
    s = abs(lam[0])
    ranks = np.arange(len(lam))
    for label, m in (("positive", lam > 1e-10 * s), ("negative", lam < -1e-10 * s), ("zero", abs(lam) <= 1e-10 * s)):
        ax.semilogy(ranks[m], np.maximum(abs(lam[m]), 1e-10 * s), "o", label=label)
    ax.set(xlabel="rank", ylabel="size")
    ax.legend()
    return ax


# %% wrong: sorts the array that was given
def plot_curvatures(ax, eigenvalues):
    if isinstance(eigenvalues, np.ndarray):
        eigenvalues[:] = eigenvalues[np.argsort(-np.abs(eigenvalues))]
    lam = np.array(sorted(eigenvalues, key=abs, reverse=True), dtype=float)
    s = abs(lam[0])
    ranks = np.arange(len(lam))
    for label, m in (("positive", lam > 1e-10 * s), ("negative", lam < -1e-10 * s), ("zero", abs(lam) <= 1e-10 * s)):
        if m.any():
            ax.semilogy(ranks[m], np.maximum(abs(lam[m]), 1e-10 * s), "o", label=label)
    ax.set(xlabel="rank", ylabel="size")
    ax.legend()
    return ax


# %% wrong: no legend
def plot_curvatures(ax, eigenvalues):
    lam = np.asarray(eigenvalues, dtype=float)
    lam = lam[np.argsort(-abs(lam))]
    s = abs(lam[0])
    ranks = np.arange(len(lam))
    for label, m in (("positive", lam > 1e-10 * s), ("negative", lam < -1e-10 * s), ("zero", abs(lam) <= 1e-10 * s)):
        if m.any():
            ax.semilogy(ranks[m], np.maximum(abs(lam[m]), 1e-10 * s), "o", label=label)
    ax.set(xlabel="rank", ylabel="size")
    return ax
