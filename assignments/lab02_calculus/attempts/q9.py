# %% right: unit vector first, einsum for the curve
def curvature(H, v):
    u = np.array(v, dtype=float)
    u = u / np.linalg.norm(u)
    return float(u @ np.array(H, dtype=float) @ u)


def plot_curvature(ax, H):
    H = np.array(H, dtype=float)
    degrees = np.arange(361)
    u = np.stack([np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))])
    ax.plot(degrees, np.einsum("ik,ij,jk->k", u, H, u))
    low, high = np.linalg.eigvalsh(H)
    ax.axhline(low)
    ax.axhline(high)
    ax.set_xlabel("angle (degrees)")
    ax.set_ylabel("curvature")
    return ax


# %% right: double sum, scatter, eigenvalues by plot
def curvature(H, v):
    n = len(v)
    return sum(H[i][j] * v[i] * v[j] for i in range(n) for j in range(n)) / sum(a * a for a in v)


def plot_curvature(ax, H):
    degrees = np.linspace(0, 360, 145)
    values = [curvature(H, (np.cos(d * np.pi / 180), np.sin(d * np.pi / 180))) for d in degrees]
    ax.scatter(degrees, values, s=3)
    for value in np.linalg.eigvals(np.array(H, dtype=float)):
        ax.plot([0, 360], [value, value])
    ax.set(xlabel="direction", ylabel="curvature")
    return ax


# %% right: the lines first, with as many points as the curve
def curvature(H, v):
    v = np.asarray(v, dtype=float)
    return v @ np.asarray(H) @ v / np.sum(v**2)


def plot_curvature(ax, H):
    degrees = np.linspace(0, 360, 361)
    for eigenvalue in np.linalg.eigvalsh(H):
        ax.plot(degrees, np.full(361, eigenvalue), ":")
    ax.plot(degrees, [curvature(H, [np.cos(t), np.sin(t)]) for t in np.radians(degrees)])
    ax.set(xlabel="angle", ylabel="curvature")
    return ax


# %% right: the lines by hlines
def curvature(H, v):
    v = np.asarray(v, dtype=float)
    return v @ np.asarray(H) @ v / np.sum(v**2)


def plot_curvature(ax, H):
    degrees = np.linspace(0, 360, 361)
    ax.hlines(np.linalg.eigvalsh(H), 0, 360, linestyles="dashed")
    ax.plot(degrees, [curvature(H, [np.cos(t), np.sin(t)]) for t in np.radians(degrees)])
    ax.set(xlabel="angle", ylabel="curvature")
    return ax


# %% wrong: not divided by the length
# expects: divide by v v
def curvature(H, v):
    v = np.asarray(v, dtype=float)
    return v @ np.asarray(H) @ v


def plot_curvature(ax, H):
    degrees = np.linspace(0, 360, 361)
    ax.plot(degrees, [curvature(H, [np.cos(t), np.sin(t)]) for t in np.radians(degrees)])
    for value in np.linalg.eigvalsh(H):
        ax.axhline(value)
    ax.set(xlabel="direction", ylabel="curvature")
    return ax


# %% wrong: degrees into the cosine
# expects: want radians
def curvature(H, v):
    v = np.asarray(v, dtype=float)
    return v @ np.asarray(H) @ v / (v @ v)


def plot_curvature(ax, H):
    degrees = np.linspace(0, 360, 361)
    ax.plot(degrees, [curvature(H, [np.cos(t), np.sin(t)]) for t in degrees])
    for value in np.linalg.eigvalsh(H):
        ax.axhline(value)
    ax.set(xlabel="direction", ylabel="curvature")
    return ax


# %% wrong: entries of the diagonal for eigenvalues
# expects: no horizontal line at the eigenvalue
def curvature(H, v):
    v = np.asarray(v, dtype=float)
    return v @ np.asarray(H) @ v / (v @ v)


def plot_curvature(ax, H):
    degrees = np.linspace(0, 360, 361)
    ax.plot(degrees, [curvature(H, [np.cos(t), np.sin(t)]) for t in np.radians(degrees)])
    for value in np.diag(H):
        ax.axhline(value)
    ax.set(xlabel="direction", ylabel="curvature")
    return ax
