# %% right: recursion with memory
def chain_costs(widths):
    from functools import cache

    n = tuple(int(w) for w in widths)
    L = len(n) - 1

    @cache
    def cheapest(i, k):
        if k - i < 2:
            return 0
        return min(cheapest(i, j) + cheapest(j, k) + n[i] * n[j] * n[k] for j in range(i + 1, k))

    forward = sum(n[0] * a * b for a, b in zip(n[1:-1], n[2:]))
    reverse = sum(n[L] * a * b for a, b in zip(n[:-2], n[1:-1]))
    return forward, reverse, cheapest(0, L)


# %% right: table, factors multiplied step by step
def chain_costs(widths):
    n = [int(w) for w in widths]
    L = len(n) - 1
    forward = reverse = 0
    for l in range(2, L + 1):
        forward += n[l] * n[l - 1] * n[0]
    for l in range(L - 1, 0, -1):
        reverse += n[L] * n[l] * n[l - 1]
    m = [[0] * (L + 1) for _ in range(L + 1)]
    for i in range(L, -1, -1):
        for k in range(i + 2, L + 1):
            m[i][k] = min(m[i][j] + m[j][k] + n[i] * n[j] * n[k] for j in range(i + 1, k))
    return [forward, reverse, m[0][L]]


# %% wrong: forward and reverse exchanged
# expects: forward and reverse are exchanged
def chain_costs(widths):
    n = [int(w) for w in widths][::-1]
    L = len(n) - 1
    forward = sum(n[0] * n[i] * n[i + 1] for i in range(1, L))
    reverse = sum(n[L] * n[i] * n[i - 1] for i in range(1, L))
    m = {(i, i + 1): 0 for i in range(L)}
    for d in range(2, L + 1):
        for i in range(L - d + 1):
            m[i, i + d] = min(m[i, j] + m[j, i + d] + n[i] * n[j] * n[i + d] for j in range(i + 1, i + d))
    return forward, reverse, m[0, L]


# %% wrong: best is the better of the two
# expects: best is more than the smaller
def chain_costs(widths):
    n = [int(w) for w in widths]
    L = len(n) - 1
    forward = sum(n[0] * n[i] * n[i + 1] for i in range(1, L))
    reverse = sum(n[L] * n[i] * n[i - 1] for i in range(1, L))
    return forward, reverse, min(forward, reverse)


# %% wrong: greedy, the cheapest product first
def chain_costs(widths):
    n = [int(w) for w in widths]
    L = len(n) - 1
    forward = sum(n[0] * n[i] * n[i + 1] for i in range(1, L))
    reverse = sum(n[L] * n[i] * n[i - 1] for i in range(1, L))
    best = 0
    while len(n) > 2:
        costs = [n[i - 1] * n[i] * n[i + 1] for i in range(1, len(n) - 1)]
        i = int(np.argmin(costs))
        best += costs[i]
        del n[i + 1]
    return forward, reverse, best
