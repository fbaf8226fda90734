# %% right: rotates with a complex number, scatter with a line, log axis set by hand
def plot_turning(ax, methods, curvature, start, angles, num_steps):
    a, b = (float(v) for v in curvature)
    s = np.asarray(start, dtype=float)
    for name in methods:
        method, lr = methods[name]
        points = []
        for t in angles:
            z = (s[0] + 1j * s[1]) * np.exp(1j * t)
            u, v = np.array([np.cos(t), np.sin(t)]), np.array([-np.sin(t), np.cos(t)])
            H = a * np.outer(u, u) + b * np.outer(v, v)
            path = method(lambda y: H @ y, lambda y: H, np.array([z.real, z.imag]), lr, num_steps)
            y = np.asarray(path)[-1]
            points.append((np.rad2deg(t), (a * (u @ y) ** 2 + b * (v @ y) ** 2) / 2))
        ax.plot(*zip(*points), label=f"{name}, lr = {lr}")
    ax.set_yscale("log")
    ax.set_xlabel("turned by [degrees]")
    ax.set_ylabel("loss after the last step")
    ax.legend(loc="best")
    return ax


# %% right: draws log10 of the losses on a linear axis
def plot_turning(ax, methods, curvature, start, angles, num_steps):
    D = np.diag(np.array(curvature, dtype=float))
    for name, (method, lr) in methods.items():
        values = []
        for t in np.array(angles):
            Q = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
            H = Q @ D @ Q.T
            y = np.array(method(lambda p: H @ p, lambda p: H, Q @ np.array(start), lr, num_steps))[-1]
            values.append(np.log10(y @ H @ y / 2))
        ax.scatter(np.array(angles) * 180 / np.pi, values, label=name)
    ax.set(xlabel="angle in °", ylabel="log10 of the final loss")
    ax.legend()
    return ax


# %% wrong: radians on the axis
# expects: drawn in radians
def plot_turning(ax, methods, curvature, start, angles, num_steps):
    for name, (method, lr) in methods.items():
        losses = []
        for t in angles:
            Q = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
            H = Q @ np.diag(curvature) @ Q.T
            y = np.asarray(method(lambda p: H @ p, lambda p: H, Q @ start, lr, num_steps))[-1]
            losses.append(0.5 * y @ H @ y)
        ax.semilogy(angles, losses, label=name)
    ax.set(xlabel="angle in degrees", ylabel="final loss")
    ax.legend()
    return ax


# %% wrong: the start does not turn
def plot_turning(ax, methods, curvature, start, angles, num_steps):
    for name, (method, lr) in methods.items():
        losses = []
        for t in angles:
            Q = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
            H = Q @ np.diag(curvature) @ Q.T
            y = np.asarray(method(lambda p: H @ p, lambda p: H, np.array(start), lr, num_steps))[-1]
            losses.append(0.5 * y @ H @ y)
        ax.semilogy(np.degrees(angles), losses, label=name)
    ax.set(xlabel="angle in degrees", ylabel="final loss")
    ax.legend()
    return ax


# %% wrong: linear axis, no legend
# expects: the legend must name
def plot_turning(ax, methods, curvature, start, angles, num_steps):
    for name, (method, lr) in methods.items():
        losses = []
        for t in angles:
            Q = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
            H = Q @ np.diag(curvature) @ Q.T
            y = np.asarray(method(lambda p: H @ p, lambda p: H, Q @ start, lr, num_steps))[-1]
            losses.append(0.5 * y @ H @ y)
        ax.plot(np.degrees(angles), losses, label=name)
    ax.set(xlabel="angle in degrees", ylabel="final loss")
    return ax


# %% wrong: one learning rate for all methods
def plot_turning(ax, methods, curvature, start, angles, num_steps):
    lr = next(iter(methods.values()))[1]
    for name, (method, _) in methods.items():
        losses = []
        for t in angles:
            Q = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
            H = Q @ np.diag(curvature) @ Q.T
            y = np.asarray(method(lambda p: H @ p, lambda p: H, Q @ start, lr, num_steps))[-1]
            losses.append(0.5 * y @ H @ y)
        ax.semilogy(np.degrees(angles), losses, label=name)
    ax.set(xlabel="angle in degrees", ylabel="final loss")
    ax.legend()
    return ax
