# %% right: lines instead of arrows
def plot_shadow(ax, x, y):
    x, y = np.array(x), np.array(y)
    direction = y / np.linalg.norm(y)
    shadow = np.sum(x * direction) * direction
    for tip, name in [(x, "x"), (y, "y"), (shadow, "shadow")]:
        ax.plot([0, tip[0]], [0, tip[1]], marker="o", label=name)
    ax.set_title(f"dot product {np.dot(x, y):.2f}")
    ax.axis("equal")
    ax.legend()
    return ax


# %% right: own quivers and the cosine
def plot_shadow(ax, x, y):
    x, y = np.asarray(x), np.asarray(y)
    cosine = x @ y / np.linalg.norm(x) / np.linalg.norm(y)
    shadow = np.linalg.norm(x) * cosine * y / np.linalg.norm(y)
    for tip, name, colour in [(x, "x", "b"), (y, "y", "r"), (shadow, "shadow", "g")]:
        ax.quiver(0, 0, tip[0], tip[1], angles="xy", scale_units="xy", scale=1, color=colour, label=name)
    ax.set_xlim(-5, 5)
    ax.set_ylim(-5, 5)
    ax.set_aspect("equal")
    ax.legend(loc="upper left")
    ax.set_title("x·y = {:.2f}".format(x @ y))
    return ax


# %% wrong: divided by the length of y once
def plot_shadow(ax, x, y):
    x, y = np.array(x), np.array(y)
    for tip, name in [(x, "x"), (y, "y"), ((x @ y) / np.linalg.norm(y) * y, "shadow")]:
        arrow(ax, tip, color=BLUE, label=name)
    ax.set(aspect="equal", title=f"{x @ y:.2f}")
    ax.legend()
    return ax


# %% wrong: the shadow of y on x
def plot_shadow(ax, x, y):
    x, y = np.array(x), np.array(y)
    for tip, name in [(x, "x"), (y, "y"), ((x @ y) / (x @ x) * x, "shadow")]:
        arrow(ax, tip, color=BLUE, label=name)
    ax.set(aspect="equal", title=f"{x @ y:.2f}")
    ax.legend()
    return ax


# %% wrong: the length of the shadow is never negative
def plot_shadow(ax, x, y):
    x, y = np.array(x), np.array(y)
    for tip, name in [(x, "x"), (y, "y"), (abs(x @ y) / (y @ y) * y, "shadow")]:
        arrow(ax, tip, color=BLUE, label=name)
    ax.set(aspect="equal", title=f"{x @ y:.2f}")
    ax.legend()
    return ax


# %% wrong: scales are not equal
def plot_shadow(ax, x, y):
    x, y = np.array(x), np.array(y)
    for tip, name in [(x, "x"), (y, "y"), ((x @ y) / (y @ y) * y, "shadow")]:
        arrow(ax, tip, color=BLUE, label=name)
    ax.set_title(f"{x @ y:.2f}")
    ax.legend()
    return ax
