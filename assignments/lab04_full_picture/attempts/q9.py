# %% right: scatter on a logarithmic axis
def plot_depth(ax, norms):
    for name in norms:
        ax.scatter(range(1, len(norms[name]) + 1), norms[name], label=name)
    ax.set_yscale("log")
    ax.set_xlabel("layer")
    ax.set_ylabel("gradient norm")
    ax.legend()
    return ax


# %% right: the logarithm taken by hand
def plot_depth(ax, norms):
    for name, values in norms.items():
        ax.plot([k + 1 for k in range(len(values))], np.log10(values), label=name)
    ax.set(xlabel="layer", ylabel="log10 of the norm")
    ax.legend()
    return ax


# %% wrong: a linear axis
# expects: the vertical axis is not logarithmic
def plot_depth(ax, norms):
    for name, values in norms.items():
        ax.plot(range(1, len(values) + 1), values, label=name)
    ax.set(xlabel="layer", ylabel="norm")
    ax.legend()
    return ax


# %% wrong: layers from 0
# expects: layers are counted from 1
def plot_depth(ax, norms):
    for name, values in norms.items():
        ax.semilogy(values, label=name)
    ax.set(xlabel="layer", ylabel="norm")
    ax.legend()
    return ax


# %% wrong: drawn from the last layer to the first
def plot_depth(ax, norms):
    for name, values in norms.items():
        ax.semilogy(range(1, len(values) + 1), values[::-1], label=name)
    ax.set(xlabel="layer", ylabel="norm")
    ax.legend()
    return ax


# %% wrong: all networks cut to the shortest, names in alphabetical order
def plot_depth(ax, norms):
    depth = min(len(values) for values in norms.values())
    for name, values in zip(sorted(norms), norms.values()):
        ax.semilogy(range(1, depth + 1), values[:depth], label=name)
    ax.set(xlabel="layer", ylabel="norm")
    ax.legend()
    return ax
