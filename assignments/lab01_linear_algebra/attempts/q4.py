# %% right: lists do as well
predicted = {"a": [32, 256], "b": [256], "c": [32, 256], "d": [256], "e": "error"}
predicted |= {"f": [32, 784], "g": [784, 784], "h": [32, 32], "i": [32, 784], "j": "error"}


# %% right: found by running them
def shape_of(left, right, product):
    try:
        return product(np.zeros(left), np.zeros(right)).shape
    except ValueError:
        return "error"


predicted = {
    "a": shape_of((32, 784), (784, 256), np.matmul),
    "b": shape_of((256, 784), 784, np.matmul),
    "c": shape_of((32, 784), (784, 256), np.matmul),
    "d": shape_of(784, (784, 256), np.matmul),
    "e": shape_of((784, 256), 784, np.matmul),
    "f": shape_of((32, 784), (32, 784), np.multiply),
    "g": shape_of((784, 32), (32, 784), np.matmul),
    "h": shape_of((32, 1), 32, np.subtract),
    "i": shape_of((32, 784), 784, np.subtract),
    "j": shape_of((32, 784), 32, np.subtract),
}


# %% wrong: p - y has one difference for each example
predicted = {"a": (32, 256), "b": (256,), "c": (32, 256), "d": (256,), "e": "error"}
predicted |= {"f": (32, 784), "g": (784, 784), "h": (32,), "i": (32, 784), "j": "error"}


# %% wrong: only one of them is refused
predicted = {"a": (32, 256), "b": (256,), "c": (32, 256), "d": (256,), "e": "error"}
predicted |= {"f": (32, 784), "g": (784, 784), "h": (32, 32), "i": (32, 784), "j": (32, 784)}


# %% wrong: the inner numbers remain
predicted = {"a": (784, 784), "b": (784,), "c": (784, 784), "d": (784,), "e": "error"}
predicted |= {"f": (32, 784), "g": (32, 32), "h": (32, 32), "i": (32, 784), "j": "error"}
