# %% right: empty array filled in
def jacobian_by_columns(jvp, x):
    x = np.array(x, dtype=float)
    columns = []
    for j in range(x.size):
        v = np.zeros(x.size)
        v[j] = 1
        columns.append(jvp(x, v))
    return np.array(columns, dtype=float).T


def jacobian_by_rows(vjp, x, m):
    x = np.array(x, dtype=float)
    J = np.empty((m, x.size))
    for i in range(m):
        w = np.zeros(m)
        w[i] = 1
        J[i] = vjp(x, w)
    return J


# %% right: column_stack and vstack
def jacobian_by_columns(jvp, x):
    return np.column_stack([jvp(np.asarray(x), e) for e in np.identity(np.size(x))])


def jacobian_by_rows(vjp, x, m):
    return np.vstack([vjp(np.asarray(x), e) for e in np.identity(m)])


# %% wrong: columns stacked as rows
# expects: you made them rows
def jacobian_by_columns(jvp, x):
    x = np.asarray(x, dtype=float)
    return np.array([jvp(x, e) for e in np.eye(len(x))])


def jacobian_by_rows(vjp, x, m):
    x = np.asarray(x, dtype=float)
    return np.array([vjp(x, e) for e in np.eye(m)])


# %% wrong: unit vectors of the inputs for the rows
# expects: one entry for each output
def jacobian_by_columns(jvp, x):
    x = np.asarray(x, dtype=float)
    return np.array([jvp(x, e) for e in np.eye(len(x))]).T


def jacobian_by_rows(vjp, x, m):
    x = np.asarray(x, dtype=float)
    return np.array([vjp(x, e) for e in np.eye(len(x))]).T


# %% wrong: one product with a vector of ones
def jacobian_by_columns(jvp, x):
    x = np.asarray(x, dtype=float)
    return np.repeat(np.asarray(jvp(x, np.ones(len(x))))[:, None], len(x), axis=1)


def jacobian_by_rows(vjp, x, m):
    x = np.asarray(x, dtype=float)
    return np.repeat(np.asarray(vjp(x, np.ones(m)))[None, :], m, axis=0)
