import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def program(data, variant):
    """Backpropagation by hand."""
    x, y, rate = data.x, data.y, data.learning_rate
    w1, b1, w2, b2 = data.parameters

    def run():
        hidden = sigmoid(x @ w1 + b1)
        output = sigmoid(hidden @ w2 + b2)
        error = output - y
        loss = np.mean(np.square(error))
        d2 = error * (2 / error.size) * output * (1 - output)
        d1 = d2 @ w2.T * hidden * (1 - hidden)
        for parameter, gradient in ((w1, x.T @ d1), (b1, d1.sum(0)), (w2, hidden.T @ d2), (b2, d2.sum(0))):
            parameter -= rate * gradient
        return [float(loss)]

    return run
