import numpy as np
import torch

from cases import Family, floats, integers, normal
from libraries import by_numpy, by_torch

family = Family('ordering')
add = family.add
nan = float('nan')
rows = [normal(5), (normal(2, 4), 0), (normal(3, 4), -1, {'descending': True}), (normal(2, 3, 2), 1)]
ties = [floats([2, 1, 2, 1, 2]), (floats([2, 1, 2, 1, 2]), 0, {'descending': True}), floats([3, nan, 1])]


def sort(x, axis=-1, options={}):
    return torch.sort(x, dim=axis, descending=options.get('descending', False), stable=True)


add(by_torch, 'sort', lambda *given: sort(*given)[0], *rows, *ties)
add(by_torch, 'sortWithIndices', sort, *rows, *ties)
add(by_torch, 'argsort', lambda *given: sort(*given)[1], *rows, *ties)


def topk(x, k, axis=-1, options={}):
    return torch.topk(x, k, axis, options.get('largest', True))


add(by_torch, 'topk', topk, (normal(6), 3), (normal(4, 3), 2, 0), (normal(3, 5), 2, 1, {'largest': False}))
add(
    by_torch,
    'kthValue',
    lambda x, k, axis=-1, options={}: torch.kthvalue(x, k, axis, options.get('keepDims', False)),
    (normal(6), 3),
    (normal(4, 3), 2, 0, {'keepDims': True}),
)
line = floats([-1, 0, 0, 1.5, 3])
add(
    by_torch,
    'searchSorted',
    lambda line, x, options={}: torch.searchsorted(line, x, side=options.get('side', 'left')),
    (line, floats([-2, -1, 0, 1, 3, 4])),
    (line, floats([[-2, -1, 0], [1, 3, 4]]), {'side': 'right'}),
    (floats([[1, 2, 3], [0, 2, 2]]), floats([[2, 0], [2, 1]])),
)
add(by_numpy, 'nonzero', np.argwhere, floats([[0, 2, 0], [3, 0, nan]]), floats([0, 0]))


def unique(x, options={}):
    inverse, counts = options.get('inverse', False), options.get('counts', False)
    return np.unique(x, return_inverse=inverse, return_counts=counts)


add(by_numpy, 'unique', unique, floats([[3, 1], [3, 2]]), (floats([[3, 1], [3, 2]]), {'inverse': True, 'counts': True}))


def bincount(x, options={}):
    return torch.bincount(x, options.get('weights'), options.get('minLength', 0))


add(
    by_torch,
    'bincount',
    lambda *given: bincount(*given),
    integers([0, 2, 2, 5]),
    (integers([0, 2, 2]), {'minLength': 6}),
)
add(
    by_torch,
    'bincount',
    lambda x, options: torch.zeros(int(x.max()) + 1).scatter_add(0, x, options['weights']),
    (integers([0, 2, 2, 5]), {'weights': normal(4)}),
)


def histogram(x, options={}):
    bins, weights, density = options.get('bins', 10), options.get('weights'), options.get('density', False)
    limits = tuple(options['range']) if 'range' in options else None
    return np.histogram(x, bins, limits, density=density, weights=weights)


add(
    by_numpy,
    'histogram',
    histogram,
    normal(20),
    (normal(20), {'bins': 4, 'range': [-1, 1]}),
    (normal(9), {'bins': floats([-2, -0.5, 0, 2]), 'density': True}),
    (floats([1, 1, 1]), {'bins': 2}),
)
for name, function in {'cumSum': torch.cumsum, 'cumProd': torch.cumprod, 'logCumSumExp': torch.logcumsumexp}.items():
    add(by_torch, name, lambda x, axis=-1: function(x, axis), normal(5), (normal(2, 3), 0), (normal(2, 3, 2), 1))
add(by_torch, 'cumProd', lambda x, axis=-1: torch.cumprod(x, axis), floats([2, 0, 3]), floats([2, 0, 3, 0, 5]))
add(by_torch, 'logCumSumExp', lambda x: torch.logcumsumexp(x, 0), floats([1000, -1000, 1001]))
for name, function in {'cumMax': torch.cummax, 'cumMin': torch.cummin}.items():
    add(by_torch, name, lambda x, axis=-1: function(x, axis)[0], normal(5), (normal(2, 3), 0), (normal(2, 3, 2), 1))
    add(by_torch, f'{name}WithIndices', lambda x, axis=-1: function(x, axis), normal(5), (normal(2, 3), 0))
add(
    by_torch,
    'diff',
    lambda x, axis=-1, options={}: torch.diff(x, options.get('order', 1), axis),
    normal(5),
    (normal(3, 4), 0),
    (normal(2, 6), 1, {'order': 3}),
)
