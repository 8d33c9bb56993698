import numpy as np
import torch

from cases import Family, integers, normal, truths
from libraries import by_torch
from places import add_at, index_of, set_at, taken, written

family = Family('indexing')
add = family.add
nothing = integers(np.zeros((0,)))
mask = truths([[1, 0, 0], [1, 1, 0]])


def items_of(index):
    return index if isinstance(index, list) else [index]


add(
    by_torch,
    'at',
    lambda x, *index: taken(x, lambda array: array[index_of(index)]),
    (normal(5, 4), '::-1', '-1:0:-2'),
    (normal(5), '-2:-9:-1'),
    (normal(5), '3:1'),
    (normal(2, 3), '...', None),
    (normal(2, 3), None, 1, None, '::2'),
    (normal(2, 3, 2), 0, '...', None, -1),
    (normal(5), [3, 1, 3, -1]),
    (normal(4, 3), integers([[0, -1], [2, 2]]), '::-1'),
    (normal(3, 4, 2), integers([[1], [-1]]), integers([0, 3, 3])),
    # an integer beside arrays is one of them, and what stands apart comes in front
    (normal(2, 3, 4), 1, ':', [0, 2, 2]),
    (normal(2, 3, 4), [1, 0], '::2', integers([-1, 2])),
    (normal(2, 3, 2, 4), ':', [2, 0], 1, '1:'),
    (normal(2, 3, 4), ':', [0, 1], None, [1, 2]),
    (normal(2, 3, 4), 0, None, integers(2), '::-1'),
    (normal(3, 2), nothing),
    (normal(2, 3), mask),
    (normal(2, 3, 2), mask, 1),
    (normal(3, 2), truths([1, 0, 1]), [1, 0]),
    (normal(2, 3, 2), '...', truths([0, 1])),
    (normal(2, 3), truths([[0, 0, 0], [0, 0, 0]])),
    (normal(3, 4), [0, 2], '...', [1, -1]),
    (normal(2, 3, 4), ':', [0, 2], '...', [1, -1]),
    (normal(2, 3), integers(1), truths([1, 0, 1])),
)

writes = [
    (normal(4), -1, 2.5),
    (normal(3, 2), [':', 0], normal(3)),
    (normal(5), '::-2', normal(3)),
    (normal(4, 5), ['::-2', '1:-1'], normal(2, 1)),
    (normal(2, 3), ['...', None, 0], normal(2, 1)),
    (normal(3), ['2:2'], normal(1)),
    (normal(5, 2), [[3, 1, 3, -2]], normal(4, 2)),
    (normal(5), [integers([[0, 4], [-1, 0]])], normal(2, 2)),
    (normal(2, 3, 4), [1, '::2', integers([0, 2, 0])], normal(3, 1)),
    (normal(3, 4, 2), [[0, 2, 0], ':', [1, -1, 1]], normal(3, 4)),
    (normal(3, 2), [[0, 0, 0]], normal(2)),
    (normal(2, 3), [mask], normal(3)),
    (normal(2, 3), mask, 7),
    (normal(3, 2), [truths([1, 0, 1]), 1], normal(2)),
]
add(by_torch, 'set', lambda x, index, value: set_at(x, items_of(index), value), *writes)
add(by_torch, 'addAt', lambda x, index, value: add_at(x, items_of(index), value), *writes)


def index_put(x, indices, values, options={}):
    if not options.get('accumulate', False):
        return set_at(x, indices, values)
    return torch.index_put(x, indices, torch.as_tensor(values, dtype=x.dtype), accumulate=True)


add(
    by_torch,
    'indexPut',
    index_put,
    (normal(4, 3), [integers([2, 0])], normal(2, 3)),
    (normal(4, 3), [integers([2, 0, 2])], normal(3, 3)),
    (normal(4, 3), [integers([[0], [-1]]), integers([1, 1])], normal(2)),
    (normal(4, 3), [integers([0, 2, 0]), integers(1)], normal(3), {'accumulate': True}),
    (normal(3, 2, 2), [integers([0, 2, 0])], 1.5, {'accumulate': True}),
    (normal(2, 3), [mask], normal(3), {'accumulate': True}),
)


def along(axis, indices):
    """The indices of each axis that gather reads at."""
    places = np.indices(indices.shape)
    places[axis] = indices
    return tuple(places)


def scatter(x, indices, source, axis):
    if not isinstance(source, torch.Tensor):
        return torch.scatter(x, axis, indices, source)

    def write(array, numbers):
        array[along(axis, indices.numpy())] = numbers

    y = written(x, source, write)
    if all(len(set(line)) == len(line) for line in indices.movedim(axis, -1).reshape(-1, indices.shape[axis]).tolist()):
        torch.testing.assert_close(y, torch.scatter(x, axis, indices, source))
    return y


add(
    by_torch,
    'scatter',
    scatter,
    (normal(4), integers([2, 0]), normal(2), 0),
    (normal(4), integers([2, 0, 2, 2]), normal(4), 0),
    (normal(3, 4), integers([[0, 2], [1, 1], [3, 0]]), normal(3, 2), 1),
    (normal(3, 4), integers([[2, 0, 1, 1], [2, 1, 1, 0]]), normal(2, 4), 0),
    (normal(3, 2), integers([[2, 0]]), -1.5, 0),
)
add(
    by_torch,
    'indexAdd',
    lambda x, indices, source, axis=0: add_at(x, [':'] * axis + [indices], source),
    (normal(4), integers([2, 0, 2]), normal(3)),
    (normal(2, 4), integers([3, 3, 0]), normal(2, 3), 1),
    (normal(3, 2), integers([[0, 2], [2, 1]]), normal(2, 2, 2)),
    (normal(3, 2), integers(1), normal(2)),
)
add(
    by_torch,
    'maskedFill',
    lambda x, mask, value: torch.where(mask, value, x),
    (normal(2, 3), mask, 0.5),
    (normal(2, 3), mask, normal()),
    (normal(2, 3), truths([1, 0, 1]), normal(2, 1)),
    (normal(2, 3), mask, float('-inf')),
)


def masked_select(x, mask, options={}):
    found = torch.masked_select(x, mask)
    if 'size' not in options:
        return found
    rest = torch.full([max(0, options['size'] - len(found))], options['fill'])
    return torch.cat([found[: options['size']], rest])


add(
    by_torch,
    'maskedSelect',
    masked_select,
    (normal(2, 3), mask),
    (normal(2, 3), truths([0, 1, 1])),
    (normal(3), mask),
    (normal(3), truths([0, 0, 0])),
    (normal(2, 3), mask, {'size': 2, 'fill': 9}),
    (normal(2, 3), mask, {'size': 5, 'fill': 9}),
)
