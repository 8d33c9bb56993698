from math import exp

from micrograd.engine import Value


def sigmoid(x):
    """An op that micrograd lacks."""
    out = Value(1 / (1 + exp(-x.data)), (x,), "sigmoid")

    def backward():
        x.grad += out.data * (1 - out.data) * out.grad

    out._backward = backward
    return out


def layer(inputs, weight, bias):
    return [
        sigmoid(sum((row[i] * x for row, x in zip(weight, inputs)), bias[i])) for i in range(len(bias))
    ]


def values(array):
    return [values(part) for part in array] if isinstance(array, list) else Value(array)


def leaves(tree):
    return [leaf for part in tree for leaf in leaves(part)] if isinstance(tree, list) else [tree]


def program(data, variant):
    xs, ys = data.x.tolist(), data.y.tolist()
    parameters = [values(array.tolist()) for array in data.parameters]
    w1, b1, w2, b2 = parameters

    def run():
        errors = [layer(layer(x, w1, b1), w2, b2)[0] - y for x, (y,) in zip(xs, ys)]
        loss = sum(error**2 for error in errors) / len(errors)
        for leaf in leaves(parameters):
            leaf.grad = 0
        loss.backward()
        for leaf in leaves(parameters):
            leaf.data -= data.learning_rate * leaf.grad
        return [loss.data]

    return run
