# %% right: values first, then the slopes from the end, as backpropagation does
def chain(links, x):
    values = [np.asarray(x, dtype=float)]
    for g, _ in links:
        values.append(g(values[-1]))
    slope = np.ones(np.shape(x))
    for (_, dg), value in zip(reversed(links), reversed(values[:-1])):
        slope = slope * dg(value)
    return values[-1], slope


# %% right: recursion
def chain(links, x):
    x = np.asarray(x, dtype=float)
    if not links:
        return x, np.ones_like(x)
    (g, dg), *rest = links
    value, slope = chain(rest, g(x))
    return value, slope * dg(x)


# %% wrong: all slopes taken at x
# expects: all slopes are taken at x
def chain(links, x):
    x = np.asarray(x, dtype=float)
    value, slope = x, np.ones_like(x)
    for g, dg in links:
        value, slope = g(value), slope * dg(x)
    return value, slope


# %% wrong: the value moves on before its slope is taken
# expects: belongs at what goes in
def chain(links, x):
    value = np.asarray(x, dtype=float)
    slope = np.ones_like(value)
    for g, dg in links:
        value = g(value)
        slope = slope * dg(value)
    return value, slope


# %% wrong: last function first, as in f(g(x))
# expects: the chain runs backwards
def chain(links, x):
    value = np.asarray(x, dtype=float)
    slope = np.ones_like(value)
    for g, dg in reversed(links):
        slope = slope * dg(value)
        value = g(value)
    return value, slope
