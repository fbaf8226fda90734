# %% right: other numbers, and a rotation of the plane
def transient_example():
    return np.diag(np.full(19, 2.0), k=1)[:20, :20]


def vanishing_example():
    return np.array([[0.0, 0.0], [0.0, 5.0]]), np.array([[-2.0, 0.0], [0.0, 0.0]])


def exploding_example():
    return [[0.05, 10], [0, 0.05]], [[0.05, 0], [10, 0.05]]


# %% right: complex eigenvalues, and a chain that is not a Jordan block
def transient_example():
    W = np.zeros((16, 16))
    for i in range(8):
        W[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[0.2, -0.2], [0.2, 0.2]]
        if i:
            W[2 * i - 2 : 2 * i, 2 * i : 2 * i + 2] = 1.5 * np.eye(2)
    return W


def vanishing_example():
    a, b = np.diag([3.0, 0.0, 0.1]), np.diag([0.1, -2.5, 0.0])
    return a, b


def exploding_example():
    W = np.zeros((3, 3))
    W[0, 2] = 100.0
    return W, W.T / 10


# %% right: projections onto almost perpendicular directions, eigenvalue 2
def transient_example():
    return 1.9 * np.eye(20, k=-1) + 0.05 * np.eye(20)


def vanishing_example():
    return np.array([[2.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [0.2, 2.0]])


def exploding_example():
    return np.array([[0.0, 2.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [2.0, 0.0]])


# %% wrong: believes that small eigenvalues control the powers, so looks for them in a symmetric matrix
def transient_example():
    return 0.5 * np.ones((4, 4)) / 4


def vanishing_example():
    return np.diag([2.0, 0.1]), np.diag([0.1, 2.0])


def exploding_example():
    return np.array([[0.0, 2.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [2.0, 0.0]])


# %% wrong: all the growth in the first step
def transient_example():
    return np.array([[0.4, 50.0], [0.0, 0.4]])


def vanishing_example():
    return np.diag([2.0, 0.1]), np.diag([0.1, 2.0])


def exploding_example():
    return np.array([[0.0, 2.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [2.0, 0.0]])


# %% wrong: too short a chain
def transient_example():
    return 0.4 * np.eye(2) + 1.5 * np.eye(2, k=1)


def vanishing_example():
    return np.diag([2.0, 0.1]), np.diag([0.1, 2.0])


def exploding_example():
    return np.array([[0.0, 2.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [2.0, 0.0]])


# %% wrong: grows for ever, since the spectral radius is above 1
def transient_example():
    return 1.1 * np.eye(3)


def vanishing_example():
    return np.diag([2.0, 0.1]), np.diag([0.1, 2.0])


def exploding_example():
    return np.array([[0.0, 2.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [2.0, 0.0]])


# %% wrong: multiplies the eigenvalues in the head, the same diagonal matrix twice
def transient_example():
    return 0.4 * np.eye(12) + 1.5 * np.eye(12, k=1)


def vanishing_example():
    return np.diag([2.0, 0.1]), np.diag([2.0, 0.1])


def exploding_example():
    return np.array([[0.0, 2.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [2.0, 0.0]])


# %% wrong: the same nilpotent matrix twice, whose square is zero
def transient_example():
    return 0.4 * np.eye(12) + 1.5 * np.eye(12, k=1)


def vanishing_example():
    return np.diag([2.0, 0.1]), np.diag([0.1, 2.0])


def exploding_example():
    up = np.array([[0.0, 2.0], [0.0, 0.0]])
    return up, up


# %% wrong: small spectral radius of the vanishing layers
def transient_example():
    return 0.4 * np.eye(12) + 1.5 * np.eye(12, k=1)


def vanishing_example():
    return np.diag([0.5, 0.1]), np.diag([0.1, 0.5])


def exploding_example():
    return np.array([[0.0, 2.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [2.0, 0.0]])


# %% wrong: the product stretches, but its eigenvalues stay small
def transient_example():
    return 0.4 * np.eye(12) + 1.5 * np.eye(12, k=1)


def vanishing_example():
    return np.diag([2.0, 0.1]), np.diag([0.1, 2.0])


def exploding_example():
    return np.array([[0.1, 50.0], [0.0, 0.1]]), np.array([[0.1, 50.0], [0.0, 0.1]])
