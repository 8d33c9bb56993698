import numpy as np
import torch
import torch.nn.functional as F

from cases import Family, integers, normal
from libraries import by_torch
from places import taken

family = Family('parts')
add = family.add
x = normal(2, 3, 4)


def each(given, axis):
    return given if isinstance(given, list) else [given] * len(axis)


def sliced(x, axis, start, end=None, options={}):
    parts = [slice(None)] * x.ndim
    for at, *bounds in zip(axis, each(start, axis), each(end, axis), each(options.get('step', 1), axis)):
        parts[at] = slice(*bounds)
    return taken(x, lambda array: array[tuple(parts)])


add(
    by_torch,
    'slice',
    sliced,
    (x, [1, 2], [0, 1], [2, 3]),
    (x, [0, -1], [None, -1], [None, 0], {'step': [1, -2]}),
    (x, [2, 1], None, None, {'step': -1}),
    (x, [1, 2], [-99, 2], [99, 2]),
)
add(by_torch, 'flip', lambda x, axis: torch.flip(x, axis), (x, [0, 2]), (x, [-1, 1, 0]), (x, []))
add(by_torch, 'flatten', torch.flatten, (x, 0, 1), (x, -2), (x, 1, 1), (x, 0, -1))
add(by_torch, 'moveAxis', torch.movedim, (x, 0, -1), (x, [0, 1], [-1, 0]), (x, [2, 0, 1], [0, 1, 2]))


def roll(x, shift, axis=None):
    axes = axis if isinstance(axis, list) else [axis]
    return torch.roll(x, shift) if axis is None else torch.roll(x, each(shift, axes), axes)


add(by_torch, 'roll', roll, (x, 5), (x, -1, 1), (x, 7, -1), (x, [1, -3], [0, 2]), (x, 2, [1, 2]))
add(
    by_torch,
    'rot90',
    lambda x, turns=1, axes=[0, 1]: torch.rot90(x, turns, axes),
    normal(2, 3),
    (normal(2, 3), 2),
    (x, -1, [1, 2]),
    (x, 7, [-1, 0]),
    (x, 0),
)
add(
    by_torch,
    'tile',
    lambda x, counts: torch.tile(x, counts if isinstance(counts, list) else [counts]),
    (normal(2, 3), 2),
    (normal(2), [2, 3]),
    (x, [2, 1]),
    (normal(2, 1), [1, 2, 2]),
    (normal(), [3]),
    (normal(2), [0]),
)
add(by_torch, 'repeat', lambda x, counts: x.repeat(counts), (normal(2), [3]), (normal(2, 3), [2, 2]), (normal(2, 2), [1, 3]))


def repeat_interleave(x, counts, axis=None, options={}):
    counts = torch.tensor(counts) if isinstance(counts, list) else counts
    y = torch.repeat_interleave(x, counts, axis)
    if 'size' not in options:
        return y
    rest = y.new_full([*y.shape[:axis], options['size'], *y.shape[axis + 1 :]], options['fill'])
    return torch.cat([y, rest], axis).narrow(axis, 0, options['size'])


add(
    by_torch,
    'repeatInterleave',
    repeat_interleave,
    (normal(2, 2), 2),
    (normal(2, 3), 3, 0),
    (normal(2, 3), [2, 0, 1], 1),
    (normal(3, 2), [1, 2, 3], -2),
    (normal(3), integers([2, 0, 3])),
    (normal(3, 2), integers([1, 0, 2]), 0),
    (normal(3, 2), integers([1, 0, 2]), 0, {'size': 2, 'fill': 7}),
    (normal(3, 2), integers([1, 0, 2]), 0, {'size': 5, 'fill': 7}),
)
add(by_torch, 'split', torch.split, (normal(5), 2), (normal(4, 2), [1, 0, 3]), (x, 3, -1), (x, [1, 2], 1), (normal(2), 5))
add(by_torch, 'chunk', torch.chunk, (normal(5), 2), (x, 2, -1), (x, 3, 1), (normal(4, 2), 1))
add(by_torch, 'unbind', torch.unbind, normal(3), (x, -1), (x, 1))
add(
    by_torch,
    'meshgrid',
    lambda tensors, options={}: torch.meshgrid(*tensors, indexing=options.get('indexing', 'xy')),
    [normal(2), normal(3)],
    ([normal(2), normal(3)], {'indexing': 'ij'}),
    [normal(2), normal(3), normal(2)],
    ([normal(2), normal(1), normal(3)], {'indexing': 'ij'}),
    [normal(3)],
)
add(
    by_torch,
    'unfold',
    lambda x, axis, size, options={}: x.unfold(axis, size, options.get('step', 1)),
    (normal(5), 0, 3),
    (normal(6), 0, 3, {'step': 2}),
    (x, 1, 2),
    (x, -1, 2, {'step': 3}),
    (normal(3), 0, 1),
)

# in NumPy's words, for widths that add places
modes = {'reflect': 'reflect', 'symmetric': 'symmetric', 'replicate': 'edge', 'circular': 'wrap'}


def pad(x, widths, options={}):
    mode = options.get('mode', 'constant')
    if mode == 'constant':
        return F.pad(x, [width for pair in reversed(widths) for width in pair], value=options.get('value', 0))
    return taken(x, lambda array: np.pad(array, widths, modes[mode]))


def pad_lines(x, widths, options):
    return F.pad(x, widths[-1], options['mode'])


add(
    by_torch,
    'pad',
    pad,
    (normal(4, 3), [[-1, 2], [1, -2]]),
    (normal(4), [[-1, -2]], {'value': 3}),
    (normal(2, 3), [[0, 0], [-3, 1]]),
    *[
        row
        for mode in modes
        for row in [
            (normal(3), [[2, 1]], {'mode': mode}),
            (normal(2, 3), [[1, 0], [2, 2]], {'mode': mode}),
            (normal(3), [[7, 8]], {'mode': mode}),
            (normal(1, 2), [[2, 3], [0, 3]], {'mode': mode}),
        ]
    ],
)
lines = normal(1, 1, 5)
add(
    by_torch,
    'pad',
    pad_lines,
    *[
        (lines, [[0, 0], [0, 0], widths], {'mode': mode})
        for mode in ('reflect', 'replicate', 'circular')
        for widths in ([-1, 2], [3, -2], [-2, -1])
    ],
)
