"""Arguments of our ops as data, what other libraries make of them, and both as JSON.

A family is a list of calls of our ops. Each op is written once more over the arrays of another library, with our order of
arguments and our options, and is called with each row of arguments. Numbers are drawn from a seed that op and row give, so
that a new row changes no other.
"""

import math
import zlib

import numpy as np


class Draw:
    """A tensor among arguments, whose numbers are drawn when its case is made."""

    def __init__(self, shape, make):
        self.shape, self.make = shape, make

    def array(self, random):
        return np.asarray(self.make(random, self.shape), dtype=np.float64)


def normal(*shape):
    return Draw(shape, lambda random, size: random.normal(size=size).round(4))


def uniform(low, high, *shape):
    return Draw(shape, lambda random, size: random.uniform(low, high, size=size).round(4))


def floats(numbers):
    return np.asarray(numbers, dtype=np.float64)


def integers(numbers):
    return np.asarray(numbers, dtype=np.int32)


def truths(numbers):
    return np.asarray(numbers, dtype=np.bool_)


class Family:
    def __init__(self, name):
        self.name, self.cases = name, []

    def add(self, library, op, function, *rows):
        for row in rows:
            arguments = row if isinstance(row, tuple) else (row,)
            number = sum(case['op'] == op for case in self.cases)
            random = np.random.default_rng(zlib.crc32(f'{self.name} {op} {number}'.encode()))
            arguments = [drawn(argument, random) for argument in arguments]
            measured = library.measure(function, arguments, lambda shape: weights(random, shape))
            self.cases.append({'op': op, 'by': library.name, 'args': arguments, **measured})


def weights(random, shape):
    """Numbers for a linear functional or a direction: none of them near 0."""
    return np.asarray((random.uniform(0.5, 1.5, size=shape) * random.choice([-1, 1], size=shape)).round(3))


def drawn(thing, random):
    if isinstance(thing, Draw):
        return thing.array(random)
    if isinstance(thing, list):
        return [drawn(item, random) for item in thing]
    if isinstance(thing, dict):
        return {name: drawn(item, random) for name, item in thing.items()}
    return thing


def over_arrays(thing, change):
    """Arguments with each array changed, also those in lists and options, in their order."""
    if isinstance(thing, np.ndarray):
        return change(thing)
    if isinstance(thing, list):
        return [over_arrays(item, change) for item in thing]
    if isinstance(thing, dict):
        return {name: over_arrays(item, change) for name, item in thing.items()}
    return thing


def flat(results):
    return list(results) if isinstance(results, (tuple, list)) else [results]


def as_json(thing):
    """Tensors as shape, dtype and numbers; what JSON has no number for is named."""
    if isinstance(thing, np.ndarray):
        dtype = {'f': 'float64', 'i': 'int32', 'u': 'int32', 'b': 'bool'}[thing.dtype.kind]
        numbers = thing.astype(int) if dtype == 'bool' else thing
        return {'shape': list(thing.shape), 'dtype': dtype, 'data': [number(x) for x in numbers.ravel().tolist()]}
    if isinstance(thing, (list, tuple)):
        return [as_json(item) for item in thing]
    if isinstance(thing, dict):
        return {name: as_json(item) for name, item in thing.items()}
    return number(thing)


def number(x):
    if isinstance(x, float) and not math.isfinite(x):
        return 'NaN' if math.isnan(x) else 'Infinity' if x > 0 else '-Infinity'
    return x


class Recorded:
    """Cases that a family writes down by itself, and what it says before them."""

    def __init__(self):
        self.cases, self.head = [], {}
