import torch.nn.functional as F

from cases import Family, normal
from libraries import by_torch

family = Family('windows')
add = family.add


def convolution(function):
    return lambda x, kernel, options={}: function(x, kernel, None, **options)


add(
    by_torch,
    'conv2d',
    convolution(F.conv2d),
    (normal(2, 2, 4, 4), normal(3, 2, 2, 2)),
    (normal(1, 2, 5, 4), normal(2, 2, 3, 2), {'stride': [2, 1], 'padding': [1, 0]}),
    (normal(1, 4, 4, 4), normal(2, 2, 2, 2), {'groups': 2, 'dilation': 2, 'padding': 1}),
)


def pooling(function):
    return lambda x, size, options={}: function(x, size, **options)


add(
    by_torch,
    'maxPool2d',
    pooling(F.max_pool2d),
    (normal(1, 2, 4, 4), 2),
    (normal(2, 1, 5, 4), [3, 2], {'stride': [2, 1], 'padding': 1}),
    (normal(1, 1, 5, 5), 2, {'stride': 1, 'dilation': 2}),
)
add(
    by_torch,
    'avgPool2d',
    pooling(F.avg_pool2d),
    (normal(1, 2, 4, 4), 2),
    (normal(2, 1, 5, 4), [3, 2], {'stride': [2, 1], 'padding': 1}),
)
