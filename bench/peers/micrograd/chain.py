import sys

from micrograd.engine import Value

# backward goes as deep as the chain is long
sys.setrecursionlimit(10_000)


def program(data, variant):
    def run():
        x = Value(data.start)
        w = Value(data.factor) if data.parameters else data.factor
        b = Value(data.summand) if data.parameters else data.summand
        y = x
        for _ in range(0, data.length, 2):
            y = y * w + b
        y.backward()
        return [y.data, *(leaf.grad for leaf in ([x, w, b] if data.parameters else [x]))]

    return run
