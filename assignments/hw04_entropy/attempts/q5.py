# %% right: scipy, all at once
def training_curves(predictions, targets, *, base=np.e):
    q = np.asarray(predictions, dtype=float)
    p = np.broadcast_to(np.asarray(targets, dtype=float), q.shape)
    unit = np.log(base)
    return {
        "prediction entropy": special.entr(q).sum(-1).mean(-1) / unit,
        "cross-entropy": -special.xlogy(p, q).sum(-1).mean(-1) / unit,
        "KL divergence": special.rel_entr(p, q).sum(-1).mean(-1) / unit,
    }


# %% right: loops over epochs and examples
def training_curves(predictions, targets, *, base=np.e):
    curves = {"KL divergence": [], "cross-entropy": [], "prediction entropy": []}
    for epoch in predictions:
        sums = [0.0, 0.0, 0.0]
        for p, q in zip(targets, epoch):
            sums[0] += kl_divergence(p, q, base=base)
            sums[1] += cross_entropy(p, q, base=base)
            sums[2] += entropy(q, base=base)
        for key, total in zip(curves, sums):
            curves[key].append(total / len(targets))
    return {key: np.array(values) for key, values in curves.items()}


# %% right: KL as cross-entropy minus the entropy of the targets
def training_curves(predictions, targets, *, base=np.e):
    loss = cross_entropy(targets, predictions, base=base).mean(axis=1)
    return {
        "prediction entropy": entropy(predictions, base=base).mean(axis=1),
        "cross-entropy": loss,
        "KL divergence": loss - entropy(targets, base=base).mean(),
    }


# %% wrong: entropy of the targets
# expects: wanted is that of the predictions
def training_curves(predictions, targets, *, base=np.e):
    loss = cross_entropy(targets, predictions, base=base).mean(axis=-1)
    return {
        "prediction entropy": np.full(len(loss), entropy(targets, base=base).mean()),
        "cross-entropy": loss,
        "KL divergence": kl_divergence(targets, predictions, base=base).mean(axis=-1),
    }


# %% wrong: cross-entropy minus prediction entropy as KL
def training_curves(predictions, targets, *, base=np.e):
    loss = cross_entropy(targets, predictions, base=base).mean(axis=-1)
    spread = entropy(predictions, base=base).mean(axis=-1)
    return {"prediction entropy": spread, "cross-entropy": loss, "KL divergence": loss - spread}


# %% wrong: KL with the prediction first
def training_curves(predictions, targets, *, base=np.e):
    return {
        "prediction entropy": entropy(predictions, base=base).mean(axis=-1),
        "cross-entropy": cross_entropy(targets, predictions, base=base).mean(axis=-1),
        "KL divergence": kl_divergence(predictions, targets, base=base).mean(axis=-1),
    }


# %% wrong: takes every target for one-hot
def training_curves(predictions, targets, *, base=np.e):
    predictions, labels = np.asarray(predictions, dtype=float), np.argmax(targets, axis=1)
    with np.errstate(divide="ignore"):
        loss = -np.log(predictions[:, np.arange(len(labels)), labels]).mean(axis=1) / np.log(base)
    return {
        "prediction entropy": entropy(predictions, base=base).mean(axis=-1),
        "cross-entropy": loss,
        "KL divergence": loss.copy(),
    }


# %% wrong: equates KL and cross-entropy
def training_curves(predictions, targets, *, base=np.e):
    loss = cross_entropy(targets, predictions, base=base).mean(axis=-1)
    return {
        "prediction entropy": entropy(predictions, base=base).mean(axis=-1),
        "cross-entropy": loss,
        "KL divergence": loss.copy(),
    }


# %% wrong: sums over the examples
# expects: this is the sum over the examples
def training_curves(predictions, targets, *, base=np.e):
    return {
        "prediction entropy": entropy(predictions, base=base).sum(axis=-1),
        "cross-entropy": cross_entropy(targets, predictions, base=base).sum(axis=-1),
        "KL divergence": kl_divergence(targets, predictions, base=base).sum(axis=-1),
    }


# %% wrong: the first example only
def training_curves(predictions, targets, *, base=np.e):
    q, p = np.asarray(predictions, dtype=float)[:, 0], np.asarray(targets, dtype=float)[0]
    return {
        "prediction entropy": entropy(q, base=base),
        "cross-entropy": cross_entropy(p, q, base=base),
        "KL divergence": kl_divergence(p, q, base=base),
    }


# %% wrong: averages the predictions before it measures them
def training_curves(predictions, targets, *, base=np.e):
    q, p = np.mean(predictions, axis=1), np.mean(targets, axis=0)
    return {
        "prediction entropy": entropy(q, base=base),
        "cross-entropy": cross_entropy(p, q, base=base),
        "KL divergence": kl_divergence(p, q, base=base),
    }


# %% wrong: mean over the classes as well
def training_curves(predictions, targets, *, base=np.e):
    q = np.asarray(predictions, dtype=float)
    p = np.broadcast_to(np.asarray(targets, dtype=float), q.shape)
    return {
        "prediction entropy": special.entr(q).mean(axis=(1, 2)) / np.log(base),
        "cross-entropy": -special.xlogy(p, q).mean(axis=(1, 2)) / np.log(base),
        "KL divergence": special.rel_entr(p, q).mean(axis=(1, 2)) / np.log(base),
    }


# %% wrong: 1e-10 in the logarithms, as the chapter does
def training_curves(predictions, targets, *, base=np.e):
    q = np.asarray(predictions, dtype=float)
    p = np.asarray(targets, dtype=float)
    log_q, log_p = np.log(q + 1e-10) / np.log(base), np.log(p + 1e-10) / np.log(base)
    return {
        "prediction entropy": -(q * log_q).sum(-1).mean(-1),
        "cross-entropy": -(p * log_q).sum(-1).mean(-1),
        "KL divergence": (p * (log_p - log_q)).sum(-1).mean(-1),
    }


# %% wrong: ignores the base
def training_curves(predictions, targets, *, base=np.e):
    return {
        "prediction entropy": entropy(predictions).mean(axis=-1),
        "cross-entropy": cross_entropy(targets, predictions).mean(axis=-1),
        "KL divergence": kl_divergence(targets, predictions).mean(axis=-1),
    }


# %% wrong: leaves infinite losses out of the mean
def training_curves(predictions, targets, *, base=np.e):
    def mean(values):
        return np.nanmean(np.where(np.isinf(values), np.nan, values), axis=-1)

    return {
        "prediction entropy": mean(entropy(predictions, base=base)),
        "cross-entropy": mean(cross_entropy(targets, predictions, base=base)),
        "KL divergence": mean(kl_divergence(targets, predictions, base=base)),
    }


# %% wrong: takes the true class to be class 0, as in the chapter
def training_curves(predictions, targets, *, base=np.e):
    q = np.asarray(predictions, dtype=float)
    with np.errstate(divide="ignore"):
        loss = -np.log(q[..., 0]).mean(axis=-1) / np.log(base)
    return {
        "prediction entropy": entropy(q, base=base).mean(axis=-1),
        "cross-entropy": loss,
        "KL divergence": loss.copy(),
    }
