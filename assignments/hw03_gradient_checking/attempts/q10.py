# %% right: slope from the two ends; loops over the points of the picture
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    g, start = np.asarray(grad(x.copy()), dtype=float), f(x)
    R = np.array([abs(f(x + h * v) - start - h * np.vdot(g, v)) for h in hs])
    small, large = np.argmin(hs), np.argmax(hs)
    return R, float(np.log(R[large] / R[small]) / np.log(hs[large] / hs[small]))


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.scatter(hs, r, label=label)
    ax.set(xscale="log", yscale="log", xlabel="h", ylabel="R")
    ax.legend()
    return ax


# %% right: least squares by lstsq; guide lines in the picture
def taylor_test(f, grad, x, v, hs):
    x, v, hs = np.array(x, dtype=float), np.array(v, dtype=float), np.array(hs, dtype=float)
    slope_along_v = float((np.array(grad(x)) * v).sum())
    values = np.array([f(x + h * v) for h in hs])
    R = np.abs(values - f(x) - hs * slope_along_v)
    A = np.column_stack([np.log2(hs), np.ones(len(hs))])
    return R, float(np.linalg.lstsq(A, np.log2(R), rcond=None)[0][0])


def plot_taylor(ax, hs, remainders, labels):
    hs = np.array(hs)
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, marker="s", label=label)
    top = max(np.max(r) for r in remainders)
    ax.loglog(hs, top * hs / hs.max(), ":", color="grey", label="slope 1")
    ax.loglog(hs, top * (hs / hs.max()) ** 2, "--", color="grey", label="slope 2")
    ax.set_xlabel("step")
    ax.set_ylabel("remainder")
    ax.legend()
    return ax


# %% right: logarithms taken by hand in the picture
def taylor_test(f, grad, x, v, hs):
    x, v = np.asarray(x, dtype=float), np.asarray(v, dtype=float)
    d, f0 = np.tensordot(grad(x), v, x.ndim), f(x)
    R = [float(abs(f(x + h * v) - (f0 + h * d))) for h in hs]
    return np.array(R), float(np.polyfit(np.log10(hs), np.log10(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.plot(np.log10(hs), np.log10(r), "o", label=label)
    ax.set_xlabel("log10 h")
    ax.set_ylabel("log10 R")
    ax.legend()
    return ax


# %% wrong: forgets the linear part
# expects: the linear part
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: divides the remainder by h
# expects: divided by h
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) / h for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: no absolute value
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([f(x + h * v) - start - h * along for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: direction scaled to length 1
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    v = v / np.linalg.norm(v)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: adds the linear part
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start + h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: central difference in the place of the remainder
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs((f(x + h * v) - f(x - h * v)) / 2 - h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: second-order remainder, the curvature taken off numerically
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along - (f(x + h * v) - 2 * start + f(x - h * v)) / 2) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: slope of h against the remainder
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.polyfit(np.log(R), np.log(hs), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: slope without logarithms
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.polyfit(hs, R, 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: intercept instead of the slope
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[1])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: slope of the last two steps only
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.log(R[-1] / R[-2]) / np.log(hs[-1] / hs[-2]))


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: sorts the steps
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    hs = sorted(hs)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: gradient taken at the moved point
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * np.sum(np.asarray(grad(x + h * v)) * v)) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: vectors only
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.asarray(grad(x)) @ v
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: calls f at x for every step
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - f(x) - h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: walks through the caller's x
def taylor_test(f, grad, x, v, hs):
    x, v = np.asarray(x, dtype=float), np.asarray(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R, at = [], 0.0
    for h in hs:
        x += (h - at) * v
        at = h
        R.append(abs(f(x) - start - h * along))
    R = np.array(R)
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: linear axes
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.plot(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: logarithm of the remainders only
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.semilogy(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: steps and remainders swapped
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(r, hs, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: no legend
# expects: the legend shows
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    return ax


# %% wrong: the first remainders under every label
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, remainders[0], "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: numbers the steps instead of showing them
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(np.arange(1, len(r) + 1), r, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: divides the remainders by h squared
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, np.asarray(r) / np.asarray(hs) ** 2, "o-", label=label)
    ax.set(xlabel="h", ylabel="remainder")
    ax.legend()
    return ax


# %% wrong: axes without labels and not returned
def taylor_test(f, grad, x, v, hs):
    x, v = np.array(x, dtype=float), np.array(v, dtype=float)
    start, along = f(x), np.sum(np.asarray(grad(x)) * v)
    R = np.array([abs(f(x + h * v) - start - h * along) for h in hs])
    return R, float(np.polyfit(np.log(hs), np.log(R), 1)[0])


def plot_taylor(ax, hs, remainders, labels):
    for r, label in zip(remainders, labels):
        ax.loglog(hs, r, "o-", label=label)
    ax.legend()
