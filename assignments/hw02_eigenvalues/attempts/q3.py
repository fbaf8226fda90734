# %% right: scatter and a Circle patch
def plot_spectrum(ax, W, radius):
    values = np.linalg.eigvals(W)
    ax.scatter(values.real, values.imag)
    ax.add_patch(plt.Circle((0, 0), radius, fill=False))
    ax.set_aspect("equal")
    r = 1.1 * max(radius, np.abs(values).max())
    ax.set(xlim=(-r, r), ylim=(-r, r), xlabel="Re", ylabel="Im")
    return ax


# %% right: real and complex eigenvalues in two colours, circle as a contour line
def plot_spectrum(ax, W, radius):
    values = np.linalg.eigvals(np.array(W, dtype=float))
    real = values.imag == 0
    ax.plot(values[real].real, values[real].imag, "o", color=RED, label="real")
    ax.plot(values[~real].real, values[~real].imag, "o", color=BLUE, label="complex")
    u = np.linspace(-1.2 * radius, 1.2 * radius, 201)
    X, Y = np.meshgrid(u, u)
    ax.contour(X, Y, X**2 + Y**2, levels=[radius**2], colors="black")
    ax.axhline(0, color="silver")
    ax.axvline(0, color="silver")
    ax.axis("equal")
    ax.set_xlabel("real")
    ax.set_ylabel("imaginary")
    ax.legend()
    return ax


# %% right: one call for each point, circle in two halves
def plot_spectrum(ax, W, radius):
    for value in np.linalg.eigvals(W):
        ax.plot(value.real, value.imag, "k.")
    x = radius * np.cos(np.linspace(0, np.pi, 100))
    y = np.sqrt(np.maximum(radius**2 - x**2, 0))
    ax.plot(x, y, color=GREY)
    ax.plot(x, -y, color=GREY)
    ax.set_aspect(1)
    ax.set(xlabel="real part", ylabel="imaginary part")
    return ax


# %% wrong: histogram of the real parts
def plot_spectrum(ax, W, radius):
    ax.hist(np.linalg.eigvals(W).real, bins=30)
    ax.add_patch(plt.Circle((0, 0), radius, fill=False))
    ax.set_aspect("equal")
    ax.set(xlabel="real part", ylabel="imaginary part")
    return ax


# %% wrong: the imaginary parts are dropped
def plot_spectrum(ax, W, radius):
    values = np.linalg.eigvals(W).real
    angle = np.linspace(0, 2 * np.pi, 200)
    ax.plot(radius * np.cos(angle), radius * np.sin(angle))
    ax.scatter(values, np.zeros(len(values)))
    ax.set_aspect("equal")
    ax.set(xlabel="real part", ylabel="imaginary part")
    return ax


# %% wrong: hexbin
def plot_spectrum(ax, W, radius):
    values = np.linalg.eigvals(W)
    ax.hexbin(values.real, values.imag, gridsize=20)
    ax.add_patch(plt.Circle((0, 0), radius, fill=False))
    ax.set_aspect("equal")
    ax.set(xlabel="real part", ylabel="imaginary part")
    return ax


# %% wrong: real and imaginary parts swapped
def plot_spectrum(ax, W, radius):
    values = np.linalg.eigvals(W)
    ax.scatter(values.imag, values.real)
    ax.add_patch(plt.Circle((0, 0), radius, fill=False))
    ax.set_aspect("equal")
    ax.set(xlabel="real part", ylabel="imaginary part")
    return ax


# %% wrong: the unit circle, whatever the radius
def plot_spectrum(ax, W, radius):
    values = np.linalg.eigvals(W)
    ax.scatter(values.real, values.imag)
    ax.add_patch(plt.Circle((0, 0), 1, fill=False))
    ax.set_aspect("equal")
    ax.set(xlabel="real part", ylabel="imaginary part")
    return ax


# %% wrong: circle through the outermost eigenvalue
def plot_spectrum(ax, W, radius):
    values = np.linalg.eigvals(W)
    ax.scatter(values.real, values.imag)
    ax.add_patch(plt.Circle((0, 0), np.abs(values).max(), fill=False))
    ax.set_aspect("equal")
    ax.set(xlabel="real part", ylabel="imaginary part")
    return ax


# %% wrong: the circle is drawn as an ellipse
def plot_spectrum(ax, W, radius):
    values = np.linalg.eigvals(W)
    angle = np.linspace(0, 2 * np.pi, 200)
    ax.plot(radius * np.cos(angle), radius * np.sin(angle))
    ax.scatter(values.real, values.imag)
    ax.set(xlabel="real part", ylabel="imaginary part")
    return ax


# %% wrong: view fitted to the eigenvalues, so a large circle is cut off
def plot_spectrum(ax, W, radius):
    values = np.linalg.eigvals(W)
    r = 1.2 * np.abs(values).max()
    ax.scatter(values.real, values.imag)
    ax.add_patch(plt.Circle((0, 0), radius, fill=False))
    ax.set(xlim=(-r, r), ylim=(-r, r), aspect="equal", xlabel="real part", ylabel="imaginary part")
    return ax


# %% wrong: only the upper half, since the lower one is its mirror image
def plot_spectrum(ax, W, radius):
    values = np.linalg.eigvals(W)
    values = values[values.imag >= 0]
    ax.scatter(values.real, values.imag)
    ax.add_patch(plt.Circle((0, 0), radius, fill=False))
    ax.set_aspect("equal")
    ax.set(xlabel="real part", ylabel="imaginary part")
    return ax


# %% wrong: no axis labels, no return
def plot_spectrum(ax, W, radius):
    values = np.linalg.eigvals(W)
    ax.scatter(values.real, values.imag)
    ax.add_patch(plt.Circle((0, 0), radius, fill=False))
    ax.set_aspect("equal")


# %% wrong: draws on a figure of its own
def plot_spectrum(ax, W, radius):
    fig, own = plt.subplots()
    values = np.linalg.eigvals(W)
    own.scatter(values.real, values.imag)
    own.add_patch(plt.Circle((0, 0), radius, fill=False))
    own.set_aspect("equal")
    own.set(xlabel="real part", ylabel="imaginary part")
    plt.close(fig)
    return own


# %% wrong: singular values on the real axis
def plot_spectrum(ax, W, radius):
    sigma = np.linalg.svd(W, compute_uv=False)
    ax.scatter(sigma, 0 * sigma)
    ax.add_patch(plt.Circle((0, 0), radius, fill=False))
    ax.set_aspect("equal")
    ax.set(xlabel="real part", ylabel="imaginary part")
    return ax
