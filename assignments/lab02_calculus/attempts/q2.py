# %% right: looks at the dtype
def complex_step(f, x, h=1e-20):
    x = np.array(x, dtype=complex)
    x.imag = h
    y = np.asarray(f(x))
    if y.dtype.kind != "c":
        raise TypeError("f is not made for complex numbers")
    return y.imag / h


# %% right: one number at a time
def complex_step(f, x, h=1e-20):
    def at(number):
        y = f(complex(number, h))
        if not np.iscomplexobj(y):
            raise TypeError("not complex")
        return y.imag / h

    return np.vectorize(at, otypes=[float])(x)


# %% wrong: silent for functions that return real numbers
# expects: a TypeError is wanted
def complex_step(f, x, h=1e-20):
    return np.imag(f(np.asarray(x) + 1j * h)) / h


# %% wrong: refuses a derivative that is 0
def complex_step(f, x, h=1e-20):
    y = np.imag(f(np.asarray(x) + 1j * h))
    if np.all(y == 0):
        raise TypeError("no imaginary part")
    return y / h


# %% wrong: not divided by the step
# expects: was it divided by h
def complex_step(f, x, h=1e-20):
    y = f(np.asarray(x) + 1j * h)
    if not np.iscomplexobj(y):
        raise TypeError("f returned real numbers")
    return np.imag(y)
