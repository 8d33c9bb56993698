import torch

from cases import Family, normal
from layers import add, float64

family = Family('layers_norms')


def affine(own):
    names = {'scale': 'weight', 'shift': 'bias'}
    return {names[name]: tensor for name, tensor in own.items()}


def channel_norm(make):
    def build(channels, epsilon=1e-5, momentum=0.1, affine=None, trackRunningStatistics=None):
        given = {'affine': affine, 'track_running_stats': trackRunningStatistics}
        words = {name: value for name, value in given.items() if value is not None}
        return make(channels, eps=epsilon, momentum=momentum, **words)

    return build


def both(size):
    return {'scale': normal(size), 'shift': normal(size)}


names = {'runningMean': 'running_mean', 'runningVariance': 'running_var', 'batches': 'num_batches_tracked'}
of_two = {'runningMean': [0.3, -1.2], 'runningVariance': [1.7, 0.4]}
counted = of_two | {'batches': 3}
untracked = {'trackRunningStatistics': False}

add(
    family,
    'BatchNorm1d',
    channel_norm(torch.nn.BatchNorm1d),
    affine,
    ([2, float64], both(2), {'train': True, 'buffers': counted}, normal(3, 2)),
    ([2, float64], both(2), {'buffers': counted}, normal(3, 2)),
    ([2, {'momentum': 0.25, 'epsilon': 0.1, **float64}], both(2), {'train': True, 'buffers': counted}, normal(3, 2, 3)),
    ([2, {'momentum': None, **float64}], both(2), {'train': True, 'buffers': counted}, normal(1, 2, 3)),
    ([2, {'momentum': 0, **float64}], both(2), {'train': True, 'buffers': counted}, normal(3, 2)),
    ([2, {'affine': False, **float64}], {}, {'train': True, 'buffers': counted}, normal(2, 2)),
    ([2, {'affine': False, **float64}], {}, {'buffers': counted}, normal(1, 2)),
    ([2, {**untracked, **float64}], both(2), {'train': True}, normal(3, 2)),
    ([2, {**untracked, **float64}], both(2), {}, normal(3, 2)),
    names=names,
)
add(
    family,
    'BatchNorm2d',
    channel_norm(torch.nn.BatchNorm2d),
    affine,
    ([2, float64], both(2), {'train': True, 'buffers': counted}, normal(2, 2, 3, 1)),
    ([2, {'epsilon': 0.1, **float64}], both(2), {'buffers': counted}, normal(2, 2, 1, 2)),
    names=names,
)
add(
    family,
    'BatchNorm3d',
    channel_norm(torch.nn.BatchNorm3d),
    affine,
    ([2, float64], both(2), {'train': True, 'buffers': counted}, normal(1, 2, 2, 1, 3)),
    ([2, float64], both(2), {'buffers': counted}, normal(1, 2, 2, 1, 2)),
    names=names,
)

# PyTorch counts no batches here
tracked = {'trackRunningStatistics': True}
add(
    family,
    'InstanceNorm1d',
    channel_norm(torch.nn.InstanceNorm1d),
    affine,
    ([2, float64], {}, {'train': True}, normal(2, 2, 3)),
    ([2, float64], {}, {}, normal(2, 2, 3)),
    ([2, {'affine': True, 'epsilon': 0.1, **float64}], both(2), {'train': True}, normal(1, 2, 3)),
    ([2, {**tracked, **float64}], {}, {'train': True, 'buffers': of_two}, normal(3, 2, 3)),
    ([2, {**tracked, **float64}], {}, {'buffers': of_two}, normal(2, 2, 3)),
    (
        [2, {**tracked, 'affine': True, 'momentum': 0.25, **float64}],
        both(2),
        {'train': True, 'buffers': of_two},
        normal(2, 2, 2),
    ),
    ([2, {**tracked, 'affine': True, **float64}], both(2), {'buffers': of_two}, normal(2, 2, 1)),
    names=names,
)
add(
    family,
    'InstanceNorm2d',
    channel_norm(torch.nn.InstanceNorm2d),
    affine,
    ([2, {'affine': True, **float64}], both(2), {'train': True}, normal(2, 2, 2, 3)),
    ([2, {**tracked, **float64}], {}, {'train': True, 'buffers': of_two}, normal(2, 2, 1, 3)),
    names=names,
)
add(
    family,
    'InstanceNorm3d',
    channel_norm(torch.nn.InstanceNorm3d),
    affine,
    ([2, {'affine': True, **float64}], both(2), {'train': True}, normal(1, 2, 2, 1, 2)),
    ([2, {**tracked, **float64}], {}, {'train': True, 'buffers': of_two}, normal(2, 2, 1, 2, 2)),
    names=names,
)
add(
    family,
    'GroupNorm',
    lambda groups, channels, epsilon=1e-5, affine=True: torch.nn.GroupNorm(groups, channels, epsilon, affine),
    affine,
    ([2, 4, float64], both(4), {}, normal(2, 4, 3)),
    ([1, 3, {'epsilon': 0.1, **float64}], both(3), {'train': True}, normal(2, 3)),
    ([3, 3, {'affine': False, **float64}], {}, {}, normal(1, 3, 2, 2)),
)
add(
    family,
    'LayerNorm',
    lambda features, epsilon=1e-5, affine=True, bias=True: torch.nn.LayerNorm(
        features, eps=epsilon, elementwise_affine=affine, bias=bias
    ),
    affine,
    ([[2, 3], float64], {'scale': normal(2, 3), 'shift': normal(2, 3)}, {}, normal(2, 2, 3)),
    ([[3], {'epsilon': 0.1, **float64}], both(3), {}, normal(2, 3)),
    ([4, {'bias': False, **float64}], {'scale': normal(4)}, {'train': True}, normal(2, 1, 4)),
    ([[2, 1, 2], {'affine': False, **float64}], {}, {}, normal(3, 2, 1, 2)),
)
add(
    family,
    'RMSNorm',
    lambda features, epsilon=1e-5, affine=True: torch.nn.RMSNorm(features, eps=epsilon, elementwise_affine=affine),
    affine,
    ([4, float64], {'scale': normal(4)}, {}, normal(2, 3, 4)),
    ([[2, 3], {'epsilon': 0.1, **float64}], {'scale': normal(2, 3)}, {}, normal(2, 2, 3)),
    ([3, {'affine': False, **float64}], {}, {}, normal(2, 3)),
)
add(
    family,
    'LocalResponseNorm',
    torch.nn.LocalResponseNorm,
    lambda own: own,
    ([3], {}, {}, normal(2, 4, 2)),
    ([2, {'alpha': 0.5, 'beta': 1.5, 'k': 2}], {}, {}, normal(1, 5, 2)),
    ([5, {'alpha': 0.5}], {}, {}, normal(2, 3, 1)),
)
