# %% right: bars by np.histogram
def plot_sample(ax, sample, density, low, high):
    heights, edges = np.histogram(sample, bins=15, range=(low, high), density=True)
    ax.bar(edges[:-1], heights, width=np.diff(edges), align="edge", color=GREY, label="sample")
    middles = low + (high - low) * (np.arange(500) + 0.5) / 500
    ax.plot(middles, density(middles), color=RED, label="density")
    ax.legend(loc="upper right")
    return ax


# %% right: weights that add up to the area 1
def plot_sample(ax, sample, density, low, high):
    edges = np.linspace(low, high, 31)
    weights = np.full(len(sample), 1 / (len(sample) * (edges[1] - edges[0])))
    ax.hist(sample, bins=edges, weights=weights, label="sample")
    grid = np.linspace(low, high, 1001)[1:-1]
    ax.plot(grid, density(grid), "k-", label="density")
    ax.legend()
    return ax


# %% wrong: counts
# expects: the bars are counts
def plot_sample(ax, sample, density, low, high):
    grid = np.linspace(low, high, 402)[1:-1]
    ax.hist(sample, bins=40, label="sample")
    ax.plot(grid, density(grid), label="density")
    ax.legend()
    return ax


# %% wrong: both ends included
# expects: infinite at 0 and 1
def plot_sample(ax, sample, density, low, high):
    grid = np.linspace(low, high, 400)
    ax.hist(sample, bins=40, density=True, label="sample")
    ax.plot(grid, density(grid), label="density")
    ax.legend()
    return ax


# %% wrong: labels without a legend
def plot_sample(ax, sample, density, low, high):
    grid = np.linspace(low, high, 402)[1:-1]
    ax.hist(sample, bins=40, density=True, label="sample")
    ax.plot(grid, density(grid), label="density")
    return ax
