# %% right: step by step
def slope_of_cube(x):
    x = np.asarray(x, dtype=float)
    z = x * x + 1
    dz, dy = 2 * x, 3 * z * z
    return dy * dz


def slope_of_wave(x):
    x = np.asarray(x, dtype=float)
    z = x * x
    u = np.exp(z)
    return np.cos(u) * u * 2 * x


# %% right: multiplied out, and a sine shifted to a cosine
def slope_of_cube(x):
    x = np.asarray(x, dtype=float)
    return 6 * x**5 + 12 * x**3 + 6 * x


def slope_of_wave(x):
    x = np.asarray(x, dtype=float)
    return 2 * x * np.exp(x**2) * np.sin(np.exp(x**2) + np.pi / 2)


# %% wrong: outer slopes taken at x
# expects: belongs at z
def slope_of_cube(x):
    x = np.asarray(x, dtype=float)
    return 3 * x**2 * 2 * x


def slope_of_wave(x):
    x = np.asarray(x, dtype=float)
    return np.cos(x) * np.exp(x) * 2 * x


# %% wrong: the innermost slope forgotten in the second only
# expects: right at 0.5 but not at 0.8
def slope_of_cube(x):
    x = np.asarray(x, dtype=float)
    return 6 * x * (x**2 + 1) ** 2


def slope_of_wave(x):
    x = np.asarray(x, dtype=float)
    return np.cos(np.exp(x**2)) * np.exp(x**2)


# %% wrong: the math module
def slope_of_cube(x):
    return 6 * x * (x**2 + 1) ** 2


def slope_of_wave(x):
    import math

    return math.cos(math.exp(x**2)) * math.exp(x**2) * 2 * x
