# %% right: opposite and adjacent side
def angle(x, y):
    u = np.asarray(x, dtype=float)
    u = u / np.linalg.norm(u)
    v = np.asarray(y, dtype=float)
    v = v / np.linalg.norm(v)
    along = u @ v
    return np.arctan2(np.linalg.norm(v - along * u), along)


# %% right: Kahan's formula without dividing
def angle(x, y):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    a, b = np.linalg.norm(y) * x, np.linalg.norm(x) * y
    return float(2 * np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b)))


# %% wrong: arccos, as the chapter does
def angle(x, y):
    x, y = np.asarray(x), np.asarray(y)
    return np.arccos(np.dot(x, y) / (np.linalg.norm(x) * np.linalg.norm(y)))


# %% wrong: arccos with clipping
def angle(x, y):
    return np.arccos(np.clip(unit(x) @ unit(y), -1, 1))


# %% wrong: arcsin of half the chord, which fails near pi
def angle(x, y):
    return 2 * np.arcsin(min(np.linalg.norm(unit(x) - unit(y)) / 2, 1.0))


# %% wrong: two dimensions only
def angle(x, y):
    return abs(np.arctan2(x[1], x[0]) - np.arctan2(y[1], y[0]))
