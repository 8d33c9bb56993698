import torch
import torch.nn.functional as F

from cases import Family, floats, normal
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
add(by_torch, 'normalize', normalize, normal(3, 4), (normal(3, 2), 0), (normal(2, 3), 1, {'order': 3}))
