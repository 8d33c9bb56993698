"""The data of the workloads, number by number those of ../../src/workloads: see there what they mean."""

from functools import partial
from math import sqrt
from types import SimpleNamespace

import numpy as np

STEP = 0x6D2B79F5


class Numbers:
    """Mulberry32 of src/workloads/numbers.ts, many numbers at a time: the n-th state is n steps from the seed."""

    def __init__(self, seed=1):
        self.state = seed

    def draw(self, count):
        """Numbers from 0 up to but not including 1."""
        state = np.arange(1, count + 1, dtype=np.uint32) * np.uint32(STEP) + np.uint32(self.state)
        self.state = (self.state + count * STEP) % 2**32
        bits = (state ^ (state >> 15)) * (state | 1)
        bits ^= bits + (bits ^ (bits >> 7)) * (bits | 61)
        return (bits ^ (bits >> 14)) / 2.0**32

    def uniform(self, shape, bound=1.0):
        numbers = (2 * self.draw(int(np.prod(shape))) - 1) * bound
        return numbers.astype(np.float32).reshape(shape)

    def integers(self, shape, end):
        return np.floor(self.draw(int(np.prod(shape))) * end).astype(np.int32).reshape(shape)

    def linear(self, inputs, outputs):
        """The weight [inputs, outputs] and the bias of a layer."""
        bound = 1 / sqrt(inputs)
        return [self.uniform((inputs, outputs), bound), self.uniform(outputs, bound)]


def xor():
    numbers = Numbers()
    return SimpleNamespace(
        x=np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32),
        y=np.array([[0], [1], [1], [0]], np.float32),
        parameters=[*numbers.linear(2, 4), *numbers.linear(4, 1)],
        learning_rate=0.1,
    )


def mlp():
    numbers = Numbers()
    return SimpleNamespace(
        parameters=[*numbers.linear(784, 256), *numbers.linear(256, 128), *numbers.linear(128, 10)],
        images=numbers.uniform((128, 784)),
        labels=numbers.integers(128, 10),
        learning_rate=1e-3,
    )


def cnn():
    numbers = Numbers()

    def convolution(inputs, outputs):
        weight, bias = numbers.linear(inputs * 9, outputs)
        return [weight.reshape(outputs, inputs, 3, 3), bias]

    last = numbers.linear(16 * 7 * 7, 10)
    return SimpleNamespace(
        images=numbers.uniform((64, 1, 28, 28)),
        labels=numbers.integers(64, 10),
        parameters=[*convolution(1, 8), *convolution(8, 16), *last],
        learning_rate=1e-3,
    )


def gpt():
    batch, time, width, heads, vocabulary = 16, 64, 64, 4, 65
    numbers = Numbers()

    def norm():
        return {"scale": np.ones(width, np.float32), "shift": np.zeros(width, np.float32)}

    def linear(inputs, outputs):
        weight, bias = numbers.linear(inputs, outputs)
        return {"weight": weight, "bias": bias}

    def block():
        return {
            "norm1": norm(),
            "qkv": linear(width, 3 * width),
            "projection": linear(width, width),
            "norm2": norm(),
            "expand": linear(width, 4 * width),
            "contract": linear(4 * width, width),
        }

    return SimpleNamespace(
        batch=batch,
        time=time,
        width=width,
        heads=heads,
        tokens=numbers.integers((batch, time), vocabulary),
        targets=numbers.integers((batch, time), vocabulary),
        parameters={
            "token": numbers.uniform((vocabulary, width), 0.1),
            "position": numbers.uniform((time, width), 0.1),
            "blocks": [block(), block()],
            "norm": norm(),
            "head": linear(width, vocabulary),
        },
        learning_rate=1e-3,
        weight_decay=0.1,
    )


def lstm():
    steps, batch, hidden = 32, 32, 64
    numbers = Numbers()
    wx, _ = numbers.linear(hidden, 4 * hidden)
    wh, b = numbers.linear(hidden, 4 * hidden)
    head = numbers.linear(hidden, 10)
    return SimpleNamespace(
        batch=batch,
        hidden=hidden,
        inputs=numbers.uniform((steps, batch, hidden)),
        labels=numbers.integers(batch, 10),
        parameters=[wx, wh, b, *head],
        learning_rate=1e-3,
    )


def lstm_nn(steps):
    batch, width = 32, 64
    numbers = Numbers()
    wx, b = numbers.linear(width, 4 * width)
    wh, _ = numbers.linear(width, 4 * width)
    return SimpleNamespace(width=width, rows=numbers.uniform((steps, batch, width)), parameters=[wx, wh, b])


def elementwise():
    return SimpleNamespace(x=Numbers().uniform(1_000_000, 3))


def chain(parameters):
    return SimpleNamespace(length=1000, start=0.5, factor=0.999, summand=0.001, parameters=parameters)


def matmul(size, layout):
    numbers = Numbers()
    return SimpleNamespace(
        a=numbers.uniform((size, size)),
        b=numbers.uniform((size, size)),
        transpose_a=layout[0] == "T",
        transpose_b=layout[1] == "T",
    )


def optimizers(name):
    numbers = Numbers()
    size = (1000, 1000)
    return SimpleNamespace(name=name, values=numbers.uniform(size), gradient=numbers.uniform(size))


# in the order of the cases there
cases = {
    "xor": [xor],
    "mlp": [mlp],
    "cnn": [cnn],
    "cnn-nn": [cnn],
    "gpt": [gpt],
    "lstm": [lstm],
    "lstm-nn": [partial(lstm_nn, steps) for steps in (32, 32, 256, 256)],
    "elementwise": [elementwise],
    "chain": [partial(chain, False), partial(chain, True)],
    "matmul": [
        partial(matmul, size, layout) for size in (256, 64, 128, 512, 1024) for layout in ("NN", "NT", "TN", "TT")
    ],
    "optimizers": [
        partial(optimizers, name)
        for name in (
            "SGD",
            "SGD, momentum",
            "Adam",
            "AdamW",
            "Adam, AMSGrad",
            "Adamax",
            "NAdam",
            "RAdam",
            "Adagrad",
            "Adadelta",
            "RMSprop",
            "RMSprop, centered, momentum",
            "Rprop",
            "ASGD",
            "Lion",
            "Adafactor",
        )
    ],
}
