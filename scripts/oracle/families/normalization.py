import torch
import torch.nn.functional as F

from cases import Family, floats, normal, uniform
from libraries import by_torch

family = Family('normalization')
add = family.add
lines = [normal(4), (normal(2, 3), 0), (normal(2, 3, 2), -2), floats([1000, 999, -1000]), floats([-1e30, 0, 1e30])]

add(by_torch, 'softmax', lambda x, axis=-1: torch.softmax(x, axis), *lines)
add(by_torch, 'logSoftmax', lambda x, axis=-1: torch.log_softmax(x, axis), *lines)


def layer_norm(x, options={}):
    axes = options.get('axes', -1)
    count = 1 if isinstance(axes, int) else len(axes)
    return F.layer_norm(x, x.shape[-count:], eps=options.get('epsilon', 1e-5))


add(
    by_torch,
    'layerNorm',
    layer_norm,
    normal(3, 4),
    (normal(2, 3, 2), {'axes': [1, 2]}),
    (normal(2, 5), {'epsilon': 0.1}),
)


def rms_norm(x, options={}):
    axes = options.get('axes', -1)
    count = 1 if isinstance(axes, int) else len(axes)
    return F.rms_norm(x, x.shape[-count:], eps=options.get('epsilon', 1e-5))


def epsilon(options):
    return options.get('epsilon', 1e-5)


def normalize(x, axis=-1, options={}):
    return F.normalize(x, options.get('order', 2), axis, options.get('epsilon', 1e-12))


add(by_torch, 'rmsNorm', rms_norm, normal(3, 4), (normal(2, 3, 2), {'axes': [1, 2], 'epsilon': 0.1}))
add(
    by_torch,
    'groupNorm',
    lambda x, groups, options={}: F.group_norm(x, groups, eps=epsilon(options)),
    (normal(2, 4), 2),
    (normal(1, 4, 3), 2, {'epsilon': 0.1}),
    (normal(2, 3, 2, 2), 1),
)
add(
    by_torch,
    'instanceNorm',
    lambda x, options={}: F.instance_norm(x, eps=epsilon(options)),
    normal(2, 2, 3),
    (normal(1, 2, 2, 2), {'epsilon': 0.1}),
)


def batch_norm(x, mean, variance, options={}):
    axis, weight, bias = options.get('axis', 1), options.get('weight'), options.get('bias')
    moved = x.movedim(axis, -1)
    y = (moved - mean) / (variance + epsilon(options)).sqrt()
    y = y * (1 if weight is None else weight) + (0 if bias is None else bias)
    y = y.movedim(-1, axis)
    # which has no derivative by the statistics
    given = [None if each is None else each.detach() for each in (x.movedim(axis, 1), mean, variance, weight, bias)]
    torch.testing.assert_close(y.detach().movedim(axis, 1), F.batch_norm(*given, eps=epsilon(options)))
    return y


def batch_norm_with_statistics(x, options={}):
    axis = options.get('axis', 1)
    moved = x.movedim(axis, 1)
    # without a weight it has no second derivative
    weight = options.get('weight', torch.ones(moved.shape[1]))
    y = F.batch_norm(moved, None, None, weight, options.get('bias'), training=True, eps=epsilon(options))
    others = [i for i in range(x.ndim) if i != axis % x.ndim]
    return y.movedim(1, axis), x.mean(others), x.var(others, correction=0)


affine = {'weight': normal(3), 'bias': normal(3)}
add(
    by_torch,
    'batchNorm',
    batch_norm,
    (normal(2, 3), normal(3), uniform(0.1, 2, 3)),
    (normal(2, 3, 2), normal(3), uniform(0.1, 2, 3), {'epsilon': 0.1, **affine}),
    (normal(2, 2, 2, 3), normal(3), uniform(0.1, 2, 3), {'axis': -1, 'weight': normal(3)}),
    (normal(3, 2), normal(3), uniform(0.1, 2, 3), {'axis': 0, 'bias': normal(3)}),
)
add(
    by_torch,
    'batchNormWithStatistics',
    batch_norm_with_statistics,
    normal(4, 3),
    (normal(2, 3, 2), {'epsilon': 0.1, **affine}),
    (normal(2, 2, 2, 3), {'axis': -1, 'weight': normal(3)}),
    (normal(3, 4), {'axis': 0, 'bias': normal(3)}),
)
add(
    by_torch,
    'localResponseNorm',
    lambda x, size, options={}: F.local_response_norm(x, size, **options),
    (normal(2, 4, 3), 3),
    (normal(1, 4, 2, 3), 2, {'alpha': 0.5, 'beta': 0.6, 'k': 2}),
    (normal(1, 3, 2, 1, 2), 5, {'alpha': 2, 'beta': 1.5}),
    (normal(1, 3, 2), 1, {'alpha': 1}),
)
add(by_torch, 'normalize', normalize, normal(3, 4), (normal(3, 2), 0), (normal(2, 3), 1, {'order': 3}))
