# %% right: a loop over the bins, scatter
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    probabilities, labels = np.array(probabilities), np.array(labels)
    confidence, predicted = probabilities.max(1), probabilities.argmax(1)
    edges = np.linspace(0, 1, num_bins + 1)
    xs, ys, ece = [], [], 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            xs.append(confidence[inside].mean())
            ys.append((predicted[inside] == labels[inside]).mean())
            ece += inside.mean() * abs(xs[-1] - ys[-1])
    ax.plot([0, 1], [0, 1], "k:")
    ax.scatter(xs, ys)
    ax.set_xlabel("mean confidence")
    ax.set_ylabel("fraction correct")
    ax.set_title(f"ECE = {ece:.3f}")
    return ax


# %% right: np.histogram with weights, nan in empty bins, axline
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    q = np.asarray(probabilities, dtype=float)
    c, ok = q.max(axis=-1), q.argmax(axis=-1) == labels
    count, edges = np.histogram(c, bins=num_bins, range=(0, 1))
    sure, _ = np.histogram(c, bins=edges, weights=c)
    right, _ = np.histogram(c, bins=edges, weights=ok.astype(float))
    with np.errstate(invalid="ignore"):
        ax.plot(sure / count, right / count, "o")
    ax.axline((0, 0), (1, 1), color="grey")
    ax.set(xlabel="confidence", ylabel="accuracy")
    ax.set_title("Reliability, ECE = %.3f" % (np.abs(sure - right).sum() / len(c)))
    return ax


# %% right: scipy's binned_statistic, one call per point
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    from scipy.stats import binned_statistic

    q = np.asarray(probabilities, dtype=float)
    c = q.max(axis=1)
    ok = (q.argmax(axis=1) == np.asarray(labels)).astype(float)
    (mean_c, mean_ok), _, number = binned_statistic(c, [c, ok], "mean", bins=num_bins, range=(0, 1))
    ece = 0
    for x, y, n in zip(mean_c, mean_ok, np.bincount(number, minlength=num_bins + 1)[1:]):
        if n:
            ax.plot(x, y, "s", color="C0")
            ece += n / len(c) * abs(x - y)
    ax.plot(np.linspace(0, 1, 50), np.linspace(0, 1, 50), "--", color="C1")
    ax.set(xlabel="confidence", ylabel="accuracy", title=f"10 bins: ECE = {ece:.3f}")
    return ax


# %% wrong: middles of the bins
# expects: not its middle
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    q = np.asarray(probabilities, dtype=float)
    c, ok = q.max(axis=1), q.argmax(axis=1) == np.asarray(labels)
    member = np.ceil(c * num_bins).astype(int) - 1
    filled = np.unique(member)
    middle = (filled + 0.5) / num_bins
    accuracy = np.array([ok[member == b].mean() for b in filled])
    ece = sum((member == b).mean() * abs(a - c[member == b].mean()) for a, b in zip(accuracy, filled))
    ax.plot([0, 1], [0, 1], "--")
    ax.plot(middle, accuracy, "o-")
    ax.set(xlabel="confidence", ylabel="accuracy", title=f"ECE = {ece:.3f}")
    return ax


# %% wrong: axes swapped
# expects: the axes are swapped
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    q = np.asarray(probabilities, dtype=float)
    c, ok = q.max(axis=1), q.argmax(axis=1) == np.asarray(labels)
    member = np.ceil(c * num_bins).astype(int) - 1
    points = np.array([[c[member == b].mean(), ok[member == b].mean()] for b in np.unique(member)])
    ece = sum((member == b).mean() * abs(x - y) for b, (x, y) in zip(np.unique(member), points))
    ax.plot([0, 1], [0, 1], "--")
    ax.plot(points[:, 1], points[:, 0], "o-")
    ax.set(xlabel="accuracy", ylabel="confidence", title=f"ECE = {ece:.3f}")
    return ax


# %% wrong: probability of the true class as the confidence
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    q = np.asarray(probabilities, dtype=float)
    c, ok = q[np.arange(len(q)), labels], q.argmax(axis=1) == np.asarray(labels)
    member = np.minimum((c * num_bins).astype(int), num_bins - 1)
    points = np.array([[c[member == b].mean(), ok[member == b].mean()] for b in np.unique(member)])
    ece = sum((member == b).mean() * abs(x - y) for b, (x, y) in zip(np.unique(member), points))
    ax.plot([0, 1], [0, 1], "--")
    ax.plot(points[:, 0], points[:, 1], "o-")
    ax.set(xlabel="confidence", ylabel="accuracy", title=f"ECE = {ece:.3f}")
    return ax


# %% wrong: empty bins drawn as zeros
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    q = np.asarray(probabilities, dtype=float)
    c, ok = q.max(axis=1), q.argmax(axis=1) == np.asarray(labels)
    member = np.minimum((c * num_bins).astype(int), num_bins - 1)
    count = np.maximum(np.bincount(member, minlength=num_bins), 1)
    x, y = np.bincount(member, c, num_bins) / count, np.bincount(member, ok, num_bins) / count
    ece = (count * np.abs(x - y)).sum() / len(c)
    ax.plot([0, 1], [0, 1], "--")
    ax.plot(x, y, "o-")
    ax.set(xlabel="confidence", ylabel="accuracy", title=f"ECE = {ece:.3f}")
    return ax


# %% wrong: unweighted mean over the bins
# expects: this is a plain mean over the bins
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    q = np.asarray(probabilities, dtype=float)
    c, ok = q.max(axis=1), q.argmax(axis=1) == np.asarray(labels)
    member = np.ceil(c * num_bins).astype(int) - 1
    points = np.array([[c[member == b].mean(), ok[member == b].mean()] for b in np.unique(member)])
    ece = np.abs(points[:, 0] - points[:, 1]).mean()
    ax.plot([0, 1], [0, 1], "--")
    ax.plot(points[:, 0], points[:, 1], "o-")
    ax.set(xlabel="confidence", ylabel="accuracy", title=f"ECE = {ece:.3f}")
    return ax


# %% wrong: mean confidence minus accuracy, so that bins cancel
# expects: take the absolute value in each bin
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    q = np.asarray(probabilities, dtype=float)
    c, ok = q.max(axis=1), q.argmax(axis=1) == np.asarray(labels)
    member = np.ceil(c * num_bins).astype(int) - 1
    points = np.array([[c[member == b].mean(), ok[member == b].mean()] for b in np.unique(member)])
    ece = abs(c.mean() - ok.mean())
    ax.plot([0, 1], [0, 1], "--")
    ax.plot(points[:, 0], points[:, 1], "o-")
    ax.set(xlabel="confidence", ylabel="accuracy", title=f"ECE = {ece:.3f}")
    return ax


# %% wrong: always ten bins
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    q = np.asarray(probabilities, dtype=float)
    c, ok = q.max(axis=1), q.argmax(axis=1) == np.asarray(labels)
    member = np.ceil(c * 10).astype(int) - 1
    points = np.array([[c[member == b].mean(), ok[member == b].mean()] for b in np.unique(member)])
    ece = sum((member == b).mean() * abs(x - y) for b, (x, y) in zip(np.unique(member), points))
    ax.plot([0, 1], [0, 1], "--")
    ax.plot(points[:, 0], points[:, 1], "o-")
    ax.set(xlabel="confidence", ylabel="accuracy", title=f"ECE = {ece:.3f}")
    return ax


# %% wrong: bins of equal size instead of equal width
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    q = np.asarray(probabilities, dtype=float)
    c, ok = q.max(axis=1), q.argmax(axis=1) == np.asarray(labels)
    groups = [g for g in np.array_split(np.argsort(c), num_bins) if len(g)]
    points = np.array([[c[g].mean(), ok[g].mean()] for g in groups])
    ece = sum(len(g) / len(c) * abs(x - y) for g, (x, y) in zip(groups, points))
    ax.plot([0, 1], [0, 1], "--")
    ax.plot(points[:, 0], points[:, 1], "o-")
    ax.set(xlabel="confidence", ylabel="accuracy", title=f"ECE = {ece:.3f}")
    return ax


# %% wrong: no diagonal
# expects: the diagonal from (0, 0) to (1, 1) is missing
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    q = np.asarray(probabilities, dtype=float)
    c, ok = q.max(axis=1), q.argmax(axis=1) == np.asarray(labels)
    member = np.ceil(c * num_bins).astype(int) - 1
    points = np.array([[c[member == b].mean(), ok[member == b].mean()] for b in np.unique(member)])
    ece = sum((member == b).mean() * abs(x - y) for b, (x, y) in zip(np.unique(member), points))
    ax.plot(points[:, 0], points[:, 1], "o-")
    ax.set(xlabel="confidence", ylabel="accuracy", title=f"ECE = {ece:.3f}")
    return ax


# %% wrong: no calibration error
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    q = np.asarray(probabilities, dtype=float)
    c, ok = q.max(axis=1), q.argmax(axis=1) == np.asarray(labels)
    member = np.ceil(c * num_bins).astype(int) - 1
    points = np.array([[c[member == b].mean(), ok[member == b].mean()] for b in np.unique(member)])
    ax.plot([0, 1], [0, 1], "--")
    ax.plot(points[:, 0], points[:, 1], "o-")
    ax.set(xlabel="confidence", ylabel="accuracy", title="Reliability diagram")
    return ax


# %% wrong: bars
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    q = np.asarray(probabilities, dtype=float)
    c, ok = q.max(axis=1), q.argmax(axis=1) == np.asarray(labels)
    member = np.ceil(c * num_bins).astype(int) - 1
    points = np.array([[c[member == b].mean(), ok[member == b].mean()] for b in np.unique(member)])
    ece = sum((member == b).mean() * abs(x - y) for b, (x, y) in zip(np.unique(member), points))
    ax.plot([0, 1], [0, 1], "--")
    ax.bar(points[:, 0], points[:, 1], width=1 / num_bins)
    ax.set(xlabel="confidence", ylabel="accuracy", title=f"ECE = {ece:.3f}")
    return ax


# %% wrong: a confidence of exactly 1 falls out of the last bin
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    q = np.asarray(probabilities, dtype=float)
    c, ok = q.max(axis=1), q.argmax(axis=1) == np.asarray(labels)
    member = (c * num_bins).astype(int)
    points = np.array([[c[member == b].mean(), ok[member == b].mean()] for b in np.unique(member)])
    ece = sum((member == b).mean() * abs(x - y) for b, (x, y) in zip(np.unique(member), points))
    ax.plot([0, 1], [0, 1], "--")
    ax.plot(points[:, 0], points[:, 1], "o-")
    ax.set(xlabel="confidence", ylabel="accuracy", title=f"ECE = {ece:.3f}")
    return ax


# %% wrong: a wrong class counts as right if its probability is high
def plot_reliability(ax, probabilities, labels, *, num_bins=10):
    q = np.asarray(probabilities, dtype=float)
    c, ok = q.max(axis=1), q.max(axis=1) > 0.5
    member = np.ceil(c * num_bins).astype(int) - 1
    points = np.array([[c[member == b].mean(), ok[member == b].mean()] for b in np.unique(member)])
    ece = sum((member == b).mean() * abs(x - y) for b, (x, y) in zip(np.unique(member), points))
    ax.plot([0, 1], [0, 1], "--")
    ax.plot(points[:, 0], points[:, 1], "o-")
    ax.set(xlabel="confidence", ylabel="accuracy", title=f"ECE = {ece:.3f}")
    return ax
