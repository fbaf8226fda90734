# %% right: takes the logarithms itself
def plot_step_error(ax, f, df, x, hs):
    x, hs = np.array(x, dtype=float), np.array(hs, dtype=float)
    central = [np.median(np.abs((f(x + h) - f(x - h)) / 2 / h - df(x)) / np.abs(df(x))) for h in hs]
    forward = [np.median(np.abs((f(x + h) - f(x)) / h - df(x)) / np.abs(df(x))) for h in hs]
    ax.plot(np.log10(hs), np.log10(central), label="central")
    ax.plot(np.log10(hs), np.log10(forward), label="forward")
    ax.set_xlabel("log10 of the step")
    ax.set_ylabel("log10 of the error")
    ax.legend()
    return ax


# %% right: scatter on logarithmic axes, capital labels
def plot_step_error(ax, f, df, x, hs):
    x = np.asarray(x, dtype=float)
    errors = {"Forward": [], "Central": []}
    for h in hs:
        for name, slope in (("Forward", (f(x + h) - f(x)) / h), ("Central", (f(x + h) - f(x - h)) / (2 * h))):
            errors[name].append(np.median(np.abs(slope / df(x) - 1)))
    for name, values in errors.items():
        ax.scatter(hs, values, label=name, s=8)
    ax.set(xscale="log", yscale="log", xlabel="h", ylabel="relative error")
    ax.legend()
    return ax


# %% right: broadcasts over steps and points, sorts the steps
def plot_step_error(ax, f, df, x, hs):
    hs = np.sort(hs)
    x, h = np.asarray(x, dtype=float)[None, :], hs[:, None]
    plus, middle, minus, exact = f(x + h), f(x), f(x - h), df(x)
    for label, slope in {"forward": (plus - middle) / h, "central": (plus - minus) / (2 * h)}.items():
        ax.plot(hs, np.median(abs((slope - exact) / exact), axis=1), ".-", label=label)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    ax.legend(loc="best")
    return ax


# %% wrong: absolute error
# expects: this is the absolute error
def plot_step_error(ax, f, df, x, hs):
    x = np.asarray(x, dtype=float)
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x)) / h - df(x))) for h in hs], label="forward")
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x - h)) / (2 * h) - df(x))) for h in hs], label="central")
    ax.set(xlabel="h", ylabel="error")
    ax.legend()
    return ax


# %% wrong: labels swapped
def plot_step_error(ax, f, df, x, hs):
    x = np.asarray(x, dtype=float)
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x)) / h / df(x) - 1)) for h in hs], label="central")
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x - h)) / (2 * h) / df(x) - 1)) for h in hs], label="forward")
    ax.set(xlabel="h", ylabel="error")
    ax.legend()
    return ax


# %% wrong: linear axes
def plot_step_error(ax, f, df, x, hs):
    x = np.asarray(x, dtype=float)
    ax.plot(hs, [np.median(np.abs((f(x + h) - f(x)) / h / df(x) - 1)) for h in hs], label="forward")
    ax.plot(hs, [np.median(np.abs((f(x + h) - f(x - h)) / (2 * h) / df(x) - 1)) for h in hs], label="central")
    ax.set(xlabel="h", ylabel="error")
    ax.legend()
    return ax


# %% wrong: mean over the points
def plot_step_error(ax, f, df, x, hs):
    x = np.asarray(x, dtype=float)
    ax.loglog(hs, [np.mean(np.abs((f(x + h) - f(x)) / h / df(x) - 1)) for h in hs], label="forward")
    ax.loglog(hs, [np.mean(np.abs((f(x + h) - f(x - h)) / (2 * h) / df(x) - 1)) for h in hs], label="central")
    ax.set(xlabel="h", ylabel="error")
    ax.legend()
    return ax


# %% wrong: central difference divided by h
def plot_step_error(ax, f, df, x, hs):
    x = np.asarray(x, dtype=float)
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x)) / h / df(x) - 1)) for h in hs], label="forward")
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x - h)) / h / df(x) - 1)) for h in hs], label="central")
    ax.set(xlabel="h", ylabel="error")
    ax.legend()
    return ax


# %% wrong: signed errors, the negative ones fall off the logarithmic axis
def plot_step_error(ax, f, df, x, hs):
    x = np.asarray(x, dtype=float)
    ax.loglog(hs, [np.median((f(x + h) - f(x)) / h / df(x) - 1) for h in hs], label="forward")
    ax.loglog(hs, [np.median((f(x + h) - f(x - h)) / (2 * h) / df(x) - 1) for h in hs], label="central")
    ax.set(xlabel="h", ylabel="error")
    ax.legend()
    return ax


# %% wrong: no legend
def plot_step_error(ax, f, df, x, hs):
    x = np.asarray(x, dtype=float)
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x)) / h / df(x) - 1)) for h in hs], label="forward")
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x - h)) / (2 * h) / df(x) - 1)) for h in hs], label="central")
    ax.set(xlabel="h", ylabel="error")
    return ax


# %% wrong: always draws the square, which has no truncation error
def plot_step_error(ax, f, df, x, hs):
    f, df, x = lambda t: t**2, lambda t: 2 * t, np.asarray(x, dtype=float)
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x)) / h / df(x) - 1)) for h in hs], label="forward")
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x - h)) / (2 * h) / df(x) - 1)) for h in hs], label="central")
    ax.set(xlabel="h", ylabel="error")
    ax.legend()
    return ax


# %% wrong: backward difference half a step away, called forward, is a central one
def plot_step_error(ax, f, df, x, hs):
    x = np.asarray(x, dtype=float)
    ax.loglog(hs, [np.median(np.abs((f(x + h / 2) - f(x - h / 2)) / h / df(x) - 1)) for h in hs], label="forward")
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x - h)) / (2 * h) / df(x) - 1)) for h in hs], label="central")
    ax.set(xlabel="h", ylabel="error")
    ax.legend()
    return ax


# %% wrong: never lets the step fall below 1e-7
def plot_step_error(ax, f, df, x, hs):
    x = np.asarray(x, dtype=float)
    safe = np.maximum(hs, 1e-7)
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x)) / h / df(x) - 1)) for h in safe], label="forward")
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x - h)) / (2 * h) / df(x) - 1)) for h in safe], label="central")
    ax.set(xlabel="h", ylabel="error")
    ax.legend()
    return ax


# %% wrong: errors relative to the function, not to the derivative
def plot_step_error(ax, f, df, x, hs):
    x = np.asarray(x, dtype=float)
    ax.loglog(hs, [np.median(np.abs(((f(x + h) - f(x)) / h - df(x)) / f(x))) for h in hs], label="forward")
    ax.loglog(hs, [np.median(np.abs(((f(x + h) - f(x - h)) / (2 * h) - df(x)) / f(x))) for h in hs], label="central")
    ax.set(xlabel="h", ylabel="error")
    ax.legend()
    return ax


# %% wrong: forgets to return the Axes and to label them
def plot_step_error(ax, f, df, x, hs):
    x = np.asarray(x, dtype=float)
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x)) / h / df(x) - 1)) for h in hs], label="forward")
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x - h)) / (2 * h) / df(x) - 1)) for h in hs], label="central")
    ax.legend()


# %% wrong: complex step under the name of central difference
def plot_step_error(ax, f, df, x, hs):
    x = np.asarray(x, dtype=float)
    ax.loglog(hs, [np.median(np.abs((f(x + h) - f(x)) / h / df(x) - 1)) for h in hs], label="forward")
    ax.loglog(hs, [1e-16 + np.median(np.abs(np.imag(f(x + 1j * h)) / h / df(x) - 1)) for h in hs], label="central")
    ax.set(xlabel="h", ylabel="error")
    ax.legend()
    return ax
