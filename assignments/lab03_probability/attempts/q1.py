# %% right: SciPy's t statistic
def z_score(sample, claim):
    return stats.ttest_1samp(sample, claim).statistic


# %% right: by hand, plain Python
def z_score(sample, claim):
    n = len(sample)
    average = sum(sample) / n
    variance = sum((value - average) ** 2 for value in sample) / n
    return float((average - claim) / (variance / n) ** 0.5)


# %% wrong: forgets the root of n
# expects: the root of n is missing
def z_score(sample, claim):
    return (np.mean(sample) - claim) / np.std(sample)


# %% wrong: the variance in place of s
# expects: take its root
def z_score(sample, claim):
    return (np.mean(sample) - claim) / (np.var(sample) / np.sqrt(len(sample)))


# %% wrong: without a sign
def z_score(sample, claim):
    return abs(np.mean(sample) - claim) / (np.std(sample) / np.sqrt(len(sample)))
