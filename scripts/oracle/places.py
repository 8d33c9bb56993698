"""What NumPy reads and writes at an index, as PyTorch can differentiate it: by the places of the elements in row-major order."""

import numpy as np
import torch


def part_of(text):
    """'1:5:2' as a slice."""
    if text == '...':
        return Ellipsis
    return slice(*[int(bound) if bound else None for bound in text.split(':')])


def index_of(items):
    """An index of ours as NumPy takes it."""

    def item(given):
        if isinstance(given, str):
            return part_of(given)
        if isinstance(given, list):
            return np.asarray(given, dtype=np.int64)
        return given.numpy() if isinstance(given, torch.Tensor) else given

    return tuple(item(given) for given in items)


def numbered(shape):
    return np.arange(np.prod(shape, dtype=int)).reshape(shape)


def taken(x, read):
    """What `read` makes of an array, of x."""
    return x.reshape(-1)[torch.tensor(read(numbered(x.shape)).copy())]


def written(x, value, write, shape=None):
    """x with what `write` puts into an array: of several values for one element the last, as NumPy promises."""
    value = torch.as_tensor(value, dtype=x.dtype)
    shape = value.shape if shape is None else shape
    last = np.full(x.shape, -1)
    write(last, numbered(shape))
    last, values = torch.tensor(last), value.expand(shape).reshape(-1)
    return torch.where(last >= 0, values[last.clamp(min=0)], x) if len(values) > 0 else x + 0


def set_at(x, index, value):
    index = index_of(index)

    def write(array, numbers):
        array[index] = numbers

    return written(x, value, write, numbered(x.shape)[index].shape)


def add_at(x, index, value):
    places = torch.tensor(numbered(x.shape)[index_of(index)].copy())
    value = torch.as_tensor(value, dtype=x.dtype).expand(places.shape)
    return x.reshape(-1).index_add(0, places.reshape(-1), value.reshape(-1)).reshape(x.shape)
