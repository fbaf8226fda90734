# %% right: log-softmax by hand, loops, scatter
def attention_entropy(queries, keys, scaled):
    total = 0.0
    for q, k in zip(np.asarray(queries, dtype=float), np.asarray(keys, dtype=float)):
        s = k @ q
        if scaled:
            s = s / len(q) ** 0.5
        log_p = s - s.max() - np.log(np.sum(np.exp(s - s.max())))
        total -= np.sum(np.exp(log_p) * log_p)
    return total / len(queries)


def plot_attention(ax, dims, num_keys, num_queries, rng):
    for scaled in (True, False):
        means = []
        for d in dims:
            q = rng.normal(size=(num_queries, d))
            k = rng.normal(size=(num_queries, num_keys, d))
            means.append(attention_entropy(q, k, scaled))
        ax.scatter(dims, means, label="with scaling" if scaled else "without")
    ax.hlines(np.log(num_keys), min(dims), max(dims), color="k", label="largest")
    ax.set_xscale("log", base=2)
    ax.set_xlabel("entries of a key")
    ax.set_ylabel("entropy [nats]")
    ax.legend()
    return ax


# %% right: torch
def attention_entropy(queries, keys, scaled):
    q, k = (torch.tensor(np.asarray(v, dtype=float)) for v in (queries, keys))
    scores = (k @ q[:, :, None])[..., 0] / (q.shape[1] ** 0.5 if scaled else 1.0)
    return torch.distributions.Categorical(logits=scores).entropy().mean().item()


def plot_attention(ax, dims, num_keys, num_queries, rng):
    values = {"scaled": [], "plain": []}
    for d in dims:
        q, k = rng.standard_normal((num_queries, d)), rng.standard_normal((num_queries, num_keys, d))
        values["scaled"].append(attention_entropy(q, k, True))
        values["plain"].append(attention_entropy(q, k, False))
    for name, v in values.items():
        ax.semilogx(dims, v, "s--", label=name)
    ax.axhline(np.log(num_keys))
    ax.set(xlabel="dimension", ylabel="nats")
    ax.legend()
    return ax


# %% wrong: divides by d
# expects: divided by the root
def attention_entropy(queries, keys, scaled):
    q, k = np.asarray(queries, dtype=float), np.asarray(keys, dtype=float)
    s = np.einsum("nd,nkd->nk", q, k) / (q.shape[1] if scaled else 1)
    return special.entr(special.softmax(s, axis=1)).sum(axis=1).mean()


def plot_attention(ax, dims, num_keys, num_queries, rng):
    for scaled in (False, True):
        means = []
        for d in dims:
            q, k = rng.standard_normal((num_queries, d)), rng.standard_normal((num_queries, num_keys, d))
            means.append(attention_entropy(q, k, scaled))
        ax.semilogx(dims, means, "o-", label=f"scaled: {scaled}")
    ax.axhline(np.log(num_keys))
    ax.set(xlabel="d", ylabel="nats")
    ax.legend()
    return ax


# %% wrong: naive softmax overflows, entropies added up
# expects: average over the queries
def attention_entropy(queries, keys, scaled):
    q, k = np.asarray(queries, dtype=float), np.asarray(keys, dtype=float)
    s = np.einsum("nd,nkd->nk", q, k) / (np.sqrt(q.shape[1]) if scaled else 1)
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    return -(p * np.log(p)).sum()


def plot_attention(ax, dims, num_keys, num_queries, rng):
    for scaled in (False, True):
        means = []
        for d in dims:
            q, k = rng.standard_normal((num_queries, d)), rng.standard_normal((num_queries, num_keys, d))
            means.append(attention_entropy(q, k, scaled) / num_queries)
        ax.semilogx(dims, means, "o-", label=f"scaled: {scaled}")
    ax.axhline(np.log(num_keys))
    ax.set(xlabel="d", ylabel="nats")
    ax.legend()
    return ax


# %% wrong: uniform numbers instead of normal ones, no line for the largest value
# expects: a horizontal line
def attention_entropy(queries, keys, scaled):
    q, k = np.asarray(queries, dtype=float), np.asarray(keys, dtype=float)
    s = np.einsum("nd,nkd->nk", q, k) / (np.sqrt(q.shape[1]) if scaled else 1)
    return special.entr(special.softmax(s, axis=1)).sum(axis=1).mean()


def plot_attention(ax, dims, num_keys, num_queries, rng):
    for scaled in (False, True):
        means = []
        for d in dims:
            q, k = rng.uniform(-1, 1, (num_queries, d)), rng.uniform(-1, 1, (num_queries, num_keys, d))
            means.append(attention_entropy(q, k, scaled))
        ax.semilogx(dims, means, "o-", label=f"scaled: {scaled}")
    ax.set(xlabel="d", ylabel="nats")
    ax.legend()
    return ax


# %% wrong: softmax over the queries
def attention_entropy(queries, keys, scaled):
    q, k = np.asarray(queries, dtype=float), np.asarray(keys, dtype=float)
    s = np.einsum("nd,nkd->nk", q, k) / (np.sqrt(q.shape[1]) if scaled else 1)
    return special.entr(special.softmax(s, axis=0)).sum(axis=0).mean()


def plot_attention(ax, dims, num_keys, num_queries, rng):
    for scaled in (False, True):
        means = []
        for d in dims:
            q, k = rng.standard_normal((num_queries, d)), rng.standard_normal((num_queries, num_keys, d))
            means.append(attention_entropy(q, k, scaled))
        ax.semilogx(dims, means, "o-", label=f"scaled: {scaled}")
    ax.axhline(np.log(num_keys))
    ax.set(xlabel="d", ylabel="nats")
    ax.legend()
    return ax
