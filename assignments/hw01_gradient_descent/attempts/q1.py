# %% right: symmetrises A once
def quadratic(A, b):
    A, b = np.asarray(A, dtype=float), np.asarray(b, dtype=float)
    S = 0.5 * (A + A.T)

    def f(x):
        x = np.asarray(x, dtype=float)
        return 0.5 * np.dot(x, S @ x) - np.dot(b, x)

    def grad(x):
        return S @ np.asarray(x, dtype=float) - b

    return f, grad


# %% right: einsum for the double sum, gradient from both places where x_i stands
def quadratic(A, b):
    A, b = np.array(A, float), np.array(b, float)
    f = lambda x: np.einsum("i,ij,j->", np.array(x, float), A, np.array(x, float)) / 2 - np.sum(b * np.array(x, float))
    grad = lambda x: (np.einsum("ij,j->i", A, np.array(x, float)) + np.einsum("ji,j->i", A, np.array(x, float))) / 2 - b
    return f, grad


# %% right: complex-step gradient, exact for a polynomial
def quadratic(A, b):
    A, b = np.asarray(A), np.asarray(b)

    def value(x):
        return 0.5 * x @ A @ x - b @ x

    def f(x):
        return float(value(np.asarray(x, dtype=float)))

    def grad(x):
        x = np.asarray(x, dtype=complex)
        return np.array([value(x + 1e-30j * e).imag / 1e-30 for e in np.eye(len(x))])

    return f, grad


# %% right: a small class whose bound methods are the pair, plain lists inside
class Quadratic:
    def __init__(self, A, b):
        self.A, self.b, self.n = A, b, len(b)

    def f(self, x):
        total = 0.0
        for i in range(self.n):
            for j in range(self.n):
                total += 0.5 * self.A[i][j] * x[i] * x[j]
            total -= self.b[i] * x[i]
        return total

    def grad(self, x):
        return [
            sum(0.5 * (self.A[i][j] + self.A[j][i]) * x[j] for j in range(self.n)) - self.b[i] for i in range(self.n)
        ]


def quadratic(A, b):
    q = Quadratic(A, b)
    return q.f, q.grad


# %% wrong: takes A for symmetric, so the gradient is A x - b
def quadratic(A, b):
    A, b = np.asarray(A, dtype=float), np.asarray(b, dtype=float)
    return (
        lambda x: float(0.5 * np.asarray(x) @ A @ np.asarray(x) - b @ np.asarray(x)),
        lambda x: A @ np.asarray(x) - b,
    )


# %% wrong: forgets the factor 1/2 in the value
def quadratic(A, b):
    A, b = np.asarray(A, dtype=float), np.asarray(b, dtype=float)

    def f(x):
        x = np.asarray(x, dtype=float)
        return x @ A @ x - b @ x

    def grad(x):
        return (A + A.T) @ np.asarray(x, dtype=float) / 2 - b

    return f, grad


# %% wrong: forgets that 1/2 cancels the 2 in the gradient
def quadratic(A, b):
    A, b = np.asarray(A, dtype=float), np.asarray(b, dtype=float)

    def f(x):
        x = np.asarray(x, dtype=float)
        return 0.5 * x @ A @ x - b @ x

    def grad(x):
        return (A + A.T) @ np.asarray(x, dtype=float) - b

    return f, grad


# %% wrong: adds b instead of subtracting it
def quadratic(A, b):
    A, b = np.asarray(A, dtype=float), np.asarray(b, dtype=float)

    def f(x):
        x = np.asarray(x, dtype=float)
        return 0.5 * x @ A @ x + b @ x

    def grad(x):
        return 0.5 * (A + A.T) @ np.asarray(x, dtype=float) + b

    return f, grad


# %% wrong: multiplies entry by entry, right only for a diagonal A
def quadratic(A, b):
    A, b = np.asarray(A, dtype=float), np.asarray(b, dtype=float)

    def f(x):
        x = np.asarray(x, dtype=float)
        return float(np.sum(0.5 * A * x**2) - np.sum(b * x))

    def grad(x):
        return 0.5 * (A + A.T) @ np.asarray(x, dtype=float) - b

    return f, grad


# %% wrong: needs arrays, fails on lists
def quadratic(A, b):
    return (lambda x: 0.5 * x.T @ A @ x - b.T @ x), (lambda x: 0.5 * (A + A.T) @ x - b)
