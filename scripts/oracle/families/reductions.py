import jax.numpy as jnp
import torch

from cases import Family, floats, normal, truths
from libraries import by_jax, by_torch

family = Family('reductions')
add = family.add


def axes(x, axis):
    return tuple(range(x.ndim)) if axis is None else tuple(axis) if isinstance(axis, list) else axis


def keep(options):
    return options.get('keepDims', False)


def reduction(function):
    """Over axes and with kept dims as PyTorch names them, of arguments as ours are."""
    return lambda x, axis=None, options={}: function(x, axes(x, axis), keep(options))


rows = [
    normal(2, 3),
    (normal(2, 3), 0),
    (normal(2, 3, 2), [0, -1]),
    (normal(3, 4), 1, {'keepDims': True}),
    normal(),
    normal(1),
]
empty = (normal(2, 0), 1)
ties = [(floats([[1, 3, 3], [2, 2, 2]]), 1), floats([-1, -1, -2])]

add(by_torch, 'sum', reduction(lambda x, dim, keepdim: x.sum(dim, keepdim)), *rows, empty)
add(by_torch, 'mean', reduction(lambda x, dim, keepdim: x.mean(dim, keepdim)), *rows)
add(by_jax, 'prod', reduction(lambda x, dim, keepdim: jnp.prod(x, dim, keepdims=keepdim)), *rows, empty)
add(by_torch, 'prod', lambda x, axis: x.prod(axis), (floats([[0, 2, 3], [0, 0, 3], [0, 0, 0]]), 1))
add(by_torch, 'max', reduction(lambda x, dim, keepdim: x.amax(dim, keepdim)), *rows, *ties)
add(by_torch, 'min', reduction(lambda x, dim, keepdim: x.amin(dim, keepdim)), *rows, *ties)
add(by_torch, 'logSumExp', reduction(lambda x, dim, keepdim: torch.logsumexp(x, dim, keepdim)), *rows)
add(by_torch, 'logSumExp', lambda x: torch.logsumexp(x, 0), floats([1000, 999, -1000]), floats([-1e30, -1e30]))
add(by_torch, 'any', reduction(lambda x, dim, keepdim: x.any(dim, keepdim)), (truths([[0, 1], [0, 0]]), 1))
add(by_torch, 'all', reduction(lambda x, dim, keepdim: x.all(dim, keepdim)), (truths([[1, 1], [0, 1]]), 1))
add(by_torch, 'nanSum', reduction(lambda x, dim, keepdim: x.nansum(dim, keepdim)), *rows, (floats([[1, float('nan')], [2, 3]]), 1))
add(by_torch, 'nanMean', reduction(lambda x, dim, keepdim: x.nanmean(dim, keepdim)), *rows, (floats([[1, float('nan')], [2, 3]]), 1))
add(by_torch, 'countNonzero', lambda x, axis=None: torch.count_nonzero(x, axis), floats([[0, 1], [2, 3]]), (floats([[0, 1], [2, 3]]), 0))
add(by_jax, 'median', reduction(lambda x, dim, keepdim: jnp.median(x, dim, keepdims=keepdim)), *rows, (normal(3, 4), 1), (normal(5, 2), 0))


def spread(function):
    return lambda x, axis=None, options={}: function(
        x, axes(x, axis), correction=options.get('correction', 0), keepdim=keep(options)
    )


spreads = [normal(2, 3), (normal(2, 3), 0), (normal(2, 3, 2), [0, -1]), (normal(3, 4), 1, {'correction': 1, 'keepDims': True})]
add(by_torch, 'variance', spread(torch.var), *spreads)
add(by_torch, 'standardDeviation', spread(torch.std), *spreads)


def norm(x, axis=None, options={}):
    return torch.linalg.vector_norm(x, options.get('order', 2), axes(x, axis), keep(options))


infinity = float('inf')
orders = [0, 0.5, 1, 1.5, 2, 3, -1, -2, infinity, -infinity]
add(by_torch, 'norm', norm, *rows, *[(normal(2, 3), 1, {'order': order}) for order in orders])


def quantile(x, q, axis=None, options={}):
    method = options.get('interpolation', 'linear')
    return jnp.quantile(x, jnp.asarray(q), axes(x, axis), method=method, keepdims=keep(options))


ways = ['linear', 'lower', 'higher', 'nearest', 'midpoint']
add(
    by_jax,
    'quantile',
    quantile,
    (normal(2, 3), 0.3),
    (normal(4, 3), [0.1, 0.5, 1], 0),
    (normal(2, 5), 0.75, 1, {'keepDims': True}),
    *[(normal(6), 0.37, 0, {'interpolation': way}) for way in ways],
)


def extreme(function):
    return lambda x, axis=None, options={}: function(x, axis, keep(options))


ties = floats([[1, 3, 3], [2, 2, 2]])
add(by_torch, 'argmax', extreme(torch.argmax), normal(2, 3), (normal(2, 3), 1), (normal(2, 3), 0, {'keepDims': True}), (ties, 1))
add(by_torch, 'argmin', extreme(torch.argmin), normal(2, 3), (normal(2, 3), 1), (normal(2, 3), 0, {'keepDims': True}), (ties, 1))
add(by_torch, 'maxWithIndices', extreme(torch.max), (normal(2, 3), 1), (normal(2, 3), 0, {'keepDims': True}))
add(by_torch, 'minWithIndices', extreme(torch.min), (normal(2, 3), 1), (normal(2, 3), 0, {'keepDims': True}))
