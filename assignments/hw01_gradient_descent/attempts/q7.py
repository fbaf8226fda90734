# %% right: set_yscale
def plot_convergence(ax, errors, labels):
    for e, label in zip(errors, labels):
        ax.plot(range(len(e)), e, marker=".", label=label)
    ax.set_yscale("log")
    ax.set_xlabel("iteration")
    ax.set_ylabel("error")
    ax.legend()
    return ax


# %% right: log10 of the errors on linear axes
def plot_convergence(ax, errors, labels):
    for e, label in zip(errors, labels):
        ax.plot(np.log10(np.asarray(e)), label=label)
    ax.set(xlabel="iteration", ylabel="log10 of the error")
    ax.legend(loc="upper right")
    return ax


# %% right: scatter, legend made from the list of labels
def plot_convergence(ax, errors, labels):
    for e in errors:
        ax.scatter(np.arange(len(e)), e, s=8)
    ax.semilogy()
    ax.set(xlabel="k", ylabel="error")
    ax.legend(labels)
    return ax


# %% right: one call for each point
def plot_convergence(ax, errors, labels):
    for i, (e, label) in enumerate(zip(errors, labels)):
        for k in range(len(e)):
            ax.semilogy(k, e[k], "o", color=f"C{i}", label=label if k == 0 else "_nolegend_")
    ax.set(xlabel="k", ylabel="error")
    ax.legend()
    return ax


# %% right: errorbar without bars
def plot_convergence(ax, errors, labels):
    for e, label in zip(errors, labels):
        ax.errorbar(np.arange(len(e)), e, fmt="-", label=label)
    ax.set_yscale("log")
    ax.set(xlabel="k", ylabel="error")
    ax.legend()
    return ax


# %% wrong: linear axis
def plot_convergence(ax, errors, labels):
    for e, label in zip(errors, labels):
        ax.plot(e, label=label)
    ax.set(xlabel="k", ylabel="error")
    ax.legend()
    return ax


# %% wrong: both axes logarithmic, from step 1 to avoid log 0
def plot_convergence(ax, errors, labels):
    for e, label in zip(errors, labels):
        ax.loglog(np.arange(1, len(e) + 1), e, label=label)
    ax.set(xlabel="k", ylabel="error")
    ax.legend()
    return ax


# %% wrong: both axes logarithmic
def plot_convergence(ax, errors, labels):
    for e, label in zip(errors, labels):
        ax.loglog(np.arange(len(e)), e, label=label)
    ax.set(xlabel="k", ylabel="error")
    ax.legend()
    return ax


# %% wrong: the first error at step 1
def plot_convergence(ax, errors, labels):
    for e, label in zip(errors, labels):
        ax.semilogy(np.arange(1, len(e) + 1), e, label=label)
    ax.set(xlabel="k", ylabel="error")
    ax.legend()
    return ax


# %% wrong: natural logarithm on a linear axis
def plot_convergence(ax, errors, labels):
    for e, label in zip(errors, labels):
        ax.plot(np.log(e), label=label)
    ax.set(xlabel="k", ylabel="log error")
    ax.legend()
    return ax


# %% wrong: logarithm taken twice
def plot_convergence(ax, errors, labels):
    for e, label in zip(errors, labels):
        ax.semilogy(-np.log10(np.asarray(e) / 10), label=label)
    ax.set(xlabel="k", ylabel="error")
    ax.legend()
    return ax


# %% wrong: all series cut to the shortest
def plot_convergence(ax, errors, labels):
    n = min(len(e) for e in errors)
    for e, label in zip(errors, labels):
        ax.semilogy(np.arange(n), e[:n], label=label)
    ax.set(xlabel="k", ylabel="error")
    ax.legend()
    return ax


# %% wrong: adds a small number so that the logarithm exists
def plot_convergence(ax, errors, labels):
    for e, label in zip(errors, labels):
        ax.semilogy(np.asarray(e) + 1e-8, label=label)
    ax.set(xlabel="k", ylabel="error")
    ax.legend()
    return ax


# %% wrong: no axis labels
def plot_convergence(ax, errors, labels):
    for e, label in zip(errors, labels):
        ax.semilogy(e, label=label)
    ax.legend()
    return ax


# %% wrong: labels in the wrong order
def plot_convergence(ax, errors, labels):
    for e, label in zip(errors, reversed(labels)):
        ax.semilogy(e, label=label)
    ax.set(xlabel="k", ylabel="error")
    ax.legend()
    return ax


# %% wrong: squares the errors
def plot_convergence(ax, errors, labels):
    for e, label in zip(errors, labels):
        ax.semilogy(np.asarray(e) ** 2, label=label)
    ax.set(xlabel="k", ylabel="loss")
    ax.legend()
    return ax
