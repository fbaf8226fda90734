# %% right: closed form for gradient descent, velocity form for the heavy ball
def iterations_vs_kappa(kappas, tol):
    counts = []
    for kappa in kappas:
        gd = 0
        while np.sqrt(2) * ((kappa - 1) / (kappa + 1)) ** gd > tol:
            gd += 1
        h = np.array([2.0, 2.0 * kappa])
        s = np.sqrt(h)
        lr, beta = 4 / s.sum() ** 2, ((s[1] - s[0]) / s.sum()) ** 2
        x, v, k = np.ones(2), np.zeros(2), 0
        while np.hypot(*x) > tol:
            v = beta * v + h * x
            x = x - lr * v
            k += 1
        counts.append((gd, k))
    return np.array(counts, dtype=int)


# %% right: plain floats, gradient written out
def iterations_vs_kappa(kappas, tol):
    def run(kappa, lr, beta):
        x = y = 1.0
        vx = vy = 0.0
        steps = 0
        while (x * x + y * y) ** 0.5 > tol:
            vx, vy = beta * vx + 2 * x, beta * vy + 2 * kappa * y
            x, y = x - lr * vx, y - lr * vy
            steps += 1
        return steps

    result = np.zeros((len(kappas), 2), dtype=int)
    for row, kappa in zip(result, kappas):
        L, mu = 2 * kappa, 2
        row[0] = run(kappa, 2 / (L + mu), 0)
        row[1] = run(kappa, 4 / (L**0.5 + mu**0.5) ** 2, ((L**0.5 - mu**0.5) / (L**0.5 + mu**0.5)) ** 2)
    return result


# %% right: powers of the companion matrix
def iterations_vs_kappa(kappas, tol):
    out = []
    for kappa in kappas:
        row = []
        r = np.sqrt(kappa)
        for lr, beta in ((1 / (1 + kappa), 0.0), (2 / (1 + r) ** 2, ((r - 1) / (r + 1)) ** 2)):
            A = np.array([[[1 + beta - 2 * lr * c, -beta], [1, 0]] for c in (1, kappa)])
            state = np.ones((2, 2, 1))
            k = 0
            while np.linalg.norm(state[:, 0, 0]) > tol:
                state = A @ state
                k += 1
            row.append(k)
        out.append(row)
    return np.array(out)


# %% wrong: one learning rate for all functions, suited to the worst of them
# expects: with its own rate 2 / (2 + 2) is solved in 1 step
def iterations_vs_kappa(kappas, tol):
    worst = max(kappas)
    out = []
    for kappa in kappas:
        h, row = np.array([2.0, 2.0 * kappa]), []
        for beta in (0.0, 0.5):
            x, v, k = np.ones(2), np.zeros(2), 0
            while np.linalg.norm(x) > tol and k < 20000:
                v = beta * v + h * x
                x = x - v / (1 + worst)
                k += 1
            row.append(k)
        out.append(row)
    return np.array(out)


# %% wrong: learning rate 0.1 for both, which diverges in the ravine
def iterations_vs_kappa(kappas, tol):
    out = []
    for kappa in kappas:
        h, row = np.array([2.0, 2.0 * kappa]), []
        for beta in (0.0, 0.9):
            x, v, k = np.ones(2), np.zeros(2), 0
            while np.linalg.norm(x) > tol and k < 2000:
                v = beta * v + h * x
                x = x - 0.1 * v
                k += 1
            row.append(k)
        out.append(row)
    return np.array(out)


# %% wrong: the cautious rate 1/L
# expects: this is what 1 / L gives
def iterations_vs_kappa(kappas, tol):
    out = []
    for kappa in kappas:
        h, s = np.array([2.0, 2.0 * kappa]), np.sqrt([2.0, 2.0 * kappa])
        row = []
        for lr, beta in ((1 / h[1], 0.0), (4 / s.sum() ** 2, ((s[1] - s[0]) / s.sum()) ** 2)):
            x, v, k = np.ones(2), np.zeros(2), 0
            while np.linalg.norm(x) > tol:
                v = beta * v + h * x
                x = x - lr * v
                k += 1
            row.append(k)
        out.append(row)
    return np.array(out)


# %% wrong: momentum as an average, with the constants of the sum
def iterations_vs_kappa(kappas, tol):
    out = []
    for kappa in kappas:
        h, s = np.array([2.0, 2.0 * kappa]), np.sqrt([2.0, 2.0 * kappa])
        row = []
        for lr, beta in ((2 / h.sum(), 0.0), (4 / s.sum() ** 2, ((s[1] - s[0]) / s.sum()) ** 2)):
            x, v, k = np.ones(2), np.zeros(2), 0
            while np.linalg.norm(x) > tol and k < 20000:
                v = beta * v + (1 - beta) * h * x
                x = x - lr * v
                k += 1
            row.append(k)
        out.append(row)
    return np.array(out)


# %% wrong: curvatures 1 and kappa, without the 2 of the derivative, in the step only
def iterations_vs_kappa(kappas, tol):
    out = []
    for kappa in kappas:
        h, row = np.array([2.0, 2.0 * kappa]), []
        r = np.sqrt(kappa)
        for lr, beta in ((2 / (1 + kappa), 0.0), (4 / (1 + r) ** 2, ((r - 1) / (r + 1)) ** 2)):
            x, v, k = np.ones(2), np.zeros(2), 0
            while np.linalg.norm(x) > tol and k < 5000:
                v = beta * v + h * x
                x = x - lr * v
                k += 1
            row.append(k)
        out.append(row)
    return np.array(out)


# %% wrong: counts the start as a step
# expects: you got 2
def iterations_vs_kappa(kappas, tol):
    out = []
    for kappa in kappas:
        h, s = np.array([2.0, 2.0 * kappa]), np.sqrt([2.0, 2.0 * kappa])
        row = []
        for lr, beta in ((2 / h.sum(), 0.0), (4 / s.sum() ** 2, ((s[1] - s[0]) / s.sum()) ** 2)):
            x, v, k = np.ones(2), np.zeros(2), 1
            while np.linalg.norm(x) > tol:
                v = beta * v + h * x
                x = x - lr * v
                k += 1
            row.append(k)
        out.append(row)
    return np.array(out)


# %% wrong: stops when the loss is within tol
# expects: here the loss is within tol
def iterations_vs_kappa(kappas, tol):
    out = []
    for kappa in kappas:
        h, s = np.array([2.0, 2.0 * kappa]), np.sqrt([2.0, 2.0 * kappa])
        row = []
        for lr, beta in ((2 / h.sum(), 0.0), (4 / s.sum() ** 2, ((s[1] - s[0]) / s.sum()) ** 2)):
            x, v, k = np.ones(2), np.zeros(2), 0
            while x[0] ** 2 + kappa * x[1] ** 2 > tol:
                v = beta * v + h * x
                x = x - lr * v
                k += 1
            row.append(k)
        out.append(row)
    return np.array(out)


# %% wrong: beta without the square
def iterations_vs_kappa(kappas, tol):
    out = []
    for kappa in kappas:
        h, s = np.array([2.0, 2.0 * kappa]), np.sqrt([2.0, 2.0 * kappa])
        row = []
        for lr, beta in ((2 / h.sum(), 0.0), (4 / s.sum() ** 2, (s[1] - s[0]) / s.sum())):
            x, v, k = np.ones(2), np.zeros(2), 0
            while np.linalg.norm(x) > tol and k < 20000:
                v = beta * v + h * x
                x = x - lr * v
                k += 1
            row.append(k)
        out.append(row)
    return np.array(out)


# %% wrong: always takes a step before it looks
def iterations_vs_kappa(kappas, tol):
    out = []
    for kappa in kappas:
        h, s = np.array([2.0, 2.0 * kappa]), np.sqrt([2.0, 2.0 * kappa])
        row = []
        for lr, beta in ((2 / h.sum(), 0.0), (4 / s.sum() ** 2, ((s[1] - s[0]) / s.sum()) ** 2)):
            x, v, k = np.ones(2), np.zeros(2), 0
            while True:
                v = beta * v + h * x
                x = x - lr * v
                k += 1
                if np.linalg.norm(x) <= tol:
                    break
            row.append(k)
        out.append(row)
    return np.array(out)


# %% wrong: methods in rows, condition numbers in columns
def iterations_vs_kappa(kappas, tol):
    out = []
    for kappa in kappas:
        h, s = np.array([2.0, 2.0 * kappa]), np.sqrt([2.0, 2.0 * kappa])
        row = []
        for lr, beta in ((2 / h.sum(), 0.0), (4 / s.sum() ** 2, ((s[1] - s[0]) / s.sum()) ** 2)):
            x, v, k = np.ones(2), np.zeros(2), 0
            while np.linalg.norm(x) > tol:
                v = beta * v + h * x
                x = x - lr * v
                k += 1
            row.append(k)
        out.append(row)
    return np.array(out).T


# %% wrong: the rule of thumb kappa ln(1/tol) and its square root instead of a run
def iterations_vs_kappa(kappas, tol):
    kappas = np.asarray(kappas, dtype=float)
    return np.column_stack([kappas, np.sqrt(kappas)]).astype(int) * int(np.log(1 / tol))
