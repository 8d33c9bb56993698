import torch
import torch.nn.functional as F

from cases import Family, integers, normal
from libraries import by_torch

family = Family('layout')
add = family.add
x = normal(2, 3, 4)

add(by_torch, 'reshape', torch.reshape, (x, [4, 6]), (x, [-1]), (normal(1), []))
add(by_torch, 'flatten', lambda x: torch.flatten(x, 1), x, normal(3, 2))
add(by_torch, 'ravel', torch.ravel, x, normal())
add(by_torch, 'transpose', lambda x: x.mT, x)
add(by_torch, 'permute', torch.permute, (x, [2, 0, 1]), (x, [-1, 0, 1]))
add(by_torch, 'swapAxes', torch.swapaxes, (x, 0, -1))
add(by_torch, 'broadcastTo', torch.broadcast_to, (normal(2, 1), [3, 2, 2]), (normal(), [2]))
add(by_torch, 'expandDims', torch.unsqueeze, (x, 1), (x, -1))
add(by_torch, 'squeeze', torch.squeeze, normal(1, 2, 1), (normal(1, 2, 1), 0))
add(by_torch, 'flip', lambda x, axis: torch.flip(x, [axis]), (x, 1), (x, -1))


def pad(x, widths, options={}):
    return F.pad(x, [width for pair in reversed(widths) for width in pair], value=options.get('value', 0))


add(by_torch, 'pad', pad, (normal(2, 3), [[1, 0], [0, 2]]), (normal(2), [[1, 2]], {'value': 1.5}))
add(by_torch, 'concat', torch.cat, [normal(2, 3), normal(1, 3)], ([normal(2, 3), normal(2, 1)], -1))
add(by_torch, 'stack', torch.stack, [normal(3), normal(3)], ([normal(2, 3), normal(2, 3)], 1))


def along(axis, start, end=None, options={}):
    return axis, slice(start, end, options.get('step', 1))


def sliced(x, *given):
    axis, part = along(*given)
    return x[(slice(None),) * (axis % x.ndim) + (part,)]


add(by_torch, 'slice', sliced, (x, 1, 1), (x, -1, -3, -1), (x, 2, None, None, {'step': 2}), (x, 0, 5))
add(by_torch, 'at', lambda x, index: x[index], (x, 1), (x, -1), (normal(3), 0))
add(
    by_torch,
    'gather',
    lambda x, indices, axis: torch.gather(x, axis, indices),
    (normal(2, 3), integers([[0, 2, 2], [1, 1, 0]]), 1),
    (normal(3, 2), integers([[2, 0]]), 0),
)
add(
    by_torch,
    'indexSelect',
    lambda x, indices, axis=0: x[(slice(None),) * axis + (indices,)],
    (normal(4, 2), integers([3, 0, 3])),
    (normal(2, 4), integers([[1, 1], [0, 3]]), 1),
)
add(
    by_torch,
    'scatterAdd',
    lambda x, indices, source, axis: torch.scatter_add(x, axis, indices, source),
    (normal(3), integers([2, 2, 0]), normal(3), 0),
    (normal(2, 3), integers([[0, 2], [1, 1]]), normal(2, 2), 1),
)
add(by_torch, 'oneHot', F.one_hot, (integers([2, 0, 1]), 4), (integers([[0], [1]]), 2))
