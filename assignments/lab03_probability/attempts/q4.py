# %% right: scipy.stats with its own parameters
def continuous_facts(family, *parameters):
    if family == "gaussian":
        law = stats.norm(*parameters)
    elif family == "uniform":
        law = stats.uniform(parameters[0], parameters[1] - parameters[0])
    elif family == "exponential":
        law = stats.expon(scale=1 / parameters[0])
    else:
        law = stats.beta(*parameters)
    return {"support": law.support(), "mean": law.mean(), "variance": law.var(), "entropy": law.entropy()}


# %% right: torch.distributions
def continuous_facts(family, *parameters):
    classes = {
        "gaussian": torch.distributions.Normal,
        "uniform": torch.distributions.Uniform,
        "exponential": torch.distributions.Exponential,
        "beta": torch.distributions.Beta,
    }
    law = classes[family](*torch.tensor(parameters, dtype=torch.float64))
    ends = {"gaussian": [-math.inf, math.inf], "uniform": list(parameters), "exponential": [0, math.inf], "beta": [0, 1]}
    return {
        "support": tuple(ends[family]),
        "mean": law.mean.item(),
        "variance": law.variance.item(),
        "entropy": law.entropy().item(),
    }


# %% wrong: hands the parameters to scipy as they come
# expects: its second parameter is the width
def continuous_facts(family, *parameters):
    name = {"gaussian": "norm", "uniform": "uniform", "exponential": "expon", "beta": "beta"}[family]
    law = getattr(stats, name)(*parameters)
    return {"support": law.support(), "mean": law.mean(), "variance": law.var(), "entropy": law.entropy()}


# %% wrong: takes the rate for the mean
# expects: SciPy wants scale = 1 / rate
def continuous_facts(family, *parameters):
    first, last = parameters[0], parameters[-1]
    laws = {
        "gaussian": lambda: stats.norm(first, last),
        "uniform": lambda: stats.uniform(first, last - first),
        "exponential": lambda: stats.expon(scale=first),
        "beta": lambda: stats.beta(first, last),
    }
    law = laws[family]()
    return {"support": law.support(), "mean": law.mean(), "variance": law.var(), "entropy": law.entropy()}


# %% wrong: takes sigma for the variance
# expects: square it
def continuous_facts(family, *parameters):
    first, last = parameters[0], parameters[-1]
    laws = {
        "gaussian": lambda: stats.norm(first, last**0.5),
        "uniform": lambda: stats.uniform(first, last - first),
        "exponential": lambda: stats.expon(scale=1 / first),
        "beta": lambda: stats.beta(first, last),
    }
    law = laws[family]()
    return {"support": law.support(), "mean": law.mean(), "variance": law.var(), "entropy": law.entropy()}


# %% wrong: entropy is never negative
def continuous_facts(family, *parameters):
    first, last = parameters[0], parameters[-1]
    laws = {
        "gaussian": lambda: stats.norm(first, last),
        "uniform": lambda: stats.uniform(first, last - first),
        "exponential": lambda: stats.expon(scale=1 / first),
        "beta": lambda: stats.beta(first, last),
    }
    law = laws[family]()
    return {"support": law.support(), "mean": law.mean(), "variance": law.var(), "entropy": abs(law.entropy())}
