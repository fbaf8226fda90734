# %% right: masked arrays, logarithmic epoch axis
def plot_information(ax, epochs, curves, *, unit="nats"):
    for name, values in curves.items():
        values = np.ma.masked_invalid(values)
        missing = np.ma.count_masked(values)
        ax.plot(epochs, values, "s--", label=name + (f": {missing} infinite" if missing else ""))
    ax.set_xscale("symlog")
    ax.set_xlabel("epoch")
    ax.set_ylabel(f"[{unit}]")
    ax.legend()
    return ax


# %% right: scatter
def plot_information(ax, epochs, curves, *, unit="nats"):
    epochs = np.array(epochs)
    for name in curves:
        values = np.array(curves[name], dtype=float)
        keep = values < np.inf
        note = "" if keep.all() else " (has infinite values)"
        ax.scatter(epochs[keep], values[keep], label=name + note)
    ax.set(xlabel="epochs", ylabel=unit)
    ax.legend(loc="upper right")
    return ax


# %% right: leaves it to matplotlib to skip infinite points, but says so
def plot_information(ax, epochs, curves, *, unit="nats"):
    for name, values in curves.items():
        if np.isinf(values).any():
            name = f"{name} (infinite in places)"
        ax.errorbar(epochs, values, label=name, marker="o")
    ax.set_xlabel("training epoch")
    ax.set_ylabel("information in " + unit)
    ax.legend()
    return ax


# %% wrong: infinite values vanish silently
def plot_information(ax, epochs, curves, *, unit="nats"):
    for name, values in curves.items():
        ax.plot(epochs, values, "o-", label=name)
    ax.set(xlabel="epoch", ylabel=unit)
    ax.legend()
    return ax


# %% wrong: infinite values drawn as a large number
def plot_information(ax, epochs, curves, *, unit="nats"):
    for name, values in curves.items():
        values = np.asarray(values, dtype=float)
        label = name if np.isfinite(values).all() else name + " (some infinite)"
        ax.plot(epochs, np.where(np.isinf(values), 23.0, values), "o-", label=label)
    ax.set(xlabel="epoch", ylabel=unit)
    ax.legend()
    return ax


# %% wrong: plotted against 0, 1, 2, 3
# expects: pass the epochs too
def plot_information(ax, epochs, curves, *, unit="nats"):
    for name, values in curves.items():
        values = np.asarray(values, dtype=float)
        bad = np.isinf(values).sum()
        values[np.isinf(values)] = np.nan
        ax.plot(values, "o-", label=f"{name} ({bad} infinite)" if bad else name)
    ax.set(xlabel="epoch", ylabel=unit)
    ax.legend()
    return ax


# %% wrong: says bits whatever the unit
def plot_information(ax, epochs, curves, *, unit="nats"):
    for name, values in curves.items():
        bad = np.isinf(values).sum()
        ax.plot(epochs, values, "o-", label=f"{name} ({bad} infinite)" if bad else name)
    ax.set(xlabel="epoch", ylabel="bits")
    ax.legend()
    return ax


# %% wrong: no unit
# expects: it must contain the unit
def plot_information(ax, epochs, curves, *, unit="nats"):
    for name, values in curves.items():
        bad = np.isinf(values).sum()
        ax.plot(epochs, values, "o-", label=f"{name} ({bad} infinite)" if bad else name)
    ax.set(xlabel="epoch", ylabel="information")
    ax.legend()
    return ax


# %% wrong: three names written into the code
def plot_information(ax, epochs, curves, *, unit="nats"):
    names = ["prediction entropy", "cross-entropy", "KL divergence"]
    for name, values in zip(names, curves.values()):
        bad = np.isinf(values).sum()
        ax.plot(epochs, values, "o-", label=f"{name} ({bad} infinite)" if bad else name)
    ax.set(xlabel="epoch", ylabel=unit)
    ax.legend()
    return ax


# %% wrong: labels without a legend
def plot_information(ax, epochs, curves, *, unit="nats"):
    for name, values in curves.items():
        bad = np.isinf(values).sum()
        ax.plot(epochs, values, "o-", label=f"{name} ({bad} infinite)" if bad else name)
    ax.set(xlabel="epoch", ylabel=unit)
    return ax


# %% wrong: the whole epoch dropped for all curves when one is infinite
def plot_information(ax, epochs, curves, *, unit="nats"):
    keep = np.isfinite(np.array(list(curves.values()))).all(axis=0)
    for name, values in curves.items():
        bad = np.isinf(values).sum()
        label = f"{name} ({bad} infinite)" if bad else name
        ax.plot(np.asarray(epochs)[keep], np.asarray(values)[keep], "o-", label=label)
    ax.set(xlabel="epoch", ylabel=unit)
    ax.legend()
    return ax


# %% wrong: cuts off at the first infinite value
def plot_information(ax, epochs, curves, *, unit="nats"):
    for name, values in curves.items():
        values = np.asarray(values, dtype=float)
        bad = np.isinf(values)
        end = np.argmax(bad) if bad.any() else len(values)
        ax.plot(epochs[:end], values[:end], "o-", label=f"{name} ({bad.sum()} infinite)" if bad.any() else name)
    ax.set(xlabel="epoch", ylabel=unit)
    ax.legend()
    return ax


# %% wrong: draws on a figure of its own
def plot_information(ax, epochs, curves, *, unit="nats"):
    fig, ax = plt.subplots()
    for name, values in curves.items():
        bad = np.isinf(values).sum()
        ax.plot(epochs, values, "o-", label=f"{name} ({bad} infinite)" if bad else name)
    ax.set(xlabel="epoch", ylabel=unit)
    ax.legend()
    plt.close(fig)
    return ax


# %% wrong: curves scaled to their largest value
def plot_information(ax, epochs, curves, *, unit="nats"):
    for name, values in curves.items():
        values = np.asarray(values, dtype=float)
        bad = np.isinf(values).sum()
        largest = values[np.isfinite(values)].max()
        ax.plot(epochs, values / largest, "o-", label=f"{name} ({bad} infinite)" if bad else name)
    ax.set(xlabel="epoch", ylabel=unit)
    ax.legend()
    return ax
