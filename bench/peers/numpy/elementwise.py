import numpy as np


def program(data, variant):
    """The derivative by hand."""
    x = data.x

    def run():
        t = np.tanh(2 * x + 1)
        s = 1 / (1 + np.exp(-x))
        e = np.exp(-np.square(x))
        value = np.sum(t * s + e)
        gradient = 2 * (1 - np.square(t)) * s + t * s * (1 - s) - 2 * x * e
        return [float(value), float(gradient[0]), float(gradient[-1])]

    return run
