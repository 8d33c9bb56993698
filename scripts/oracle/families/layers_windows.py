import torch
from torch import nn

from cases import Family, normal
from layers import add, float64

family = Family('layers_windows')

# options as ours are, in PyTorch's words
words = {
    'outputPadding': 'output_padding',
    'paddingMode': 'padding_mode',
    'ceilMode': 'ceil_mode',
    'countIncludePad': 'count_include_pad',
    'divisorOverride': 'divisor_override',
    'alignCorners': 'align_corners',
    'scale': 'scale_factor',
    'p': 'norm_type',
}


def made_by(module):
    def make(*made, **options):
        given = {words.get(name, name): tuple(x) if isinstance(x, list) else x for name, x in options.items()}
        return module(*(tuple(x) if isinstance(x, list) else x for x in made), **given)

    return make


own = lambda parameters: parameters


def convolution(rank, made, options, size, transposed=False):
    inputs, outputs, kernel = made
    groups = options.get('groups', 1)
    window = kernel if isinstance(kernel, list) else [kernel] * rank
    ends = (inputs, outputs // groups) if transposed else (outputs, inputs // groups)
    parameters = {'weight': normal(*ends, *window)}
    if options.get('bias', True):
        parameters['bias'] = normal(outputs)
    return ([*made, {**options, **float64}], parameters, {}, normal(2, inputs, *size))


def convolutions(rank, size, *rows):
    add(
        family,
        f'Conv{rank}d',
        made_by(getattr(nn, f'Conv{rank}d')),
        own,
        *(convolution(rank, made, options, size) for made, options in rows),
    )


def transposed(rank, size, *rows):
    add(
        family,
        f'ConvTranspose{rank}d',
        made_by(getattr(nn, f'ConvTranspose{rank}d')),
        own,
        *(convolution(rank, made, options, size, True) for made, options in rows),
    )


convolutions(
    1,
    [5],
    ([2, 3, 2], {}),
    ([2, 2, 3], {'padding': 'same', 'dilation': 2}),
    ([4, 2, 2], {'stride': 2, 'padding': 1, 'groups': 2, 'bias': False}),
    ([1, 2, 3], {'padding': 2, 'paddingMode': 'circular', 'stride': 2}),
)
convolutions(
    2,
    [4, 3],
    ([2, 3, 2], {}),
    ([1, 2, [3, 2]], {'stride': [2, 1], 'padding': [1, 0]}),
    ([2, 4, 2], {'groups': 2, 'dilation': [2, 1]}),
    ([1, 1, [3, 2]], {'padding': 'same'}),
    ([1, 1, 2], {'padding': 'valid'}),
    ([1, 2, 3], {'padding': [1, 2], 'paddingMode': 'reflect'}),
    ([1, 1, 2], {'padding': 1, 'paddingMode': 'replicate', 'bias': False}),
    ([1, 1, [2, 3]], {'padding': 'same', 'paddingMode': 'circular'}),
    ([1, 1, 2], {'padding': 'same', 'paddingMode': 'reflect', 'dilation': [1, 2]}),
)
convolutions(3, [3, 2, 3], ([1, 2, 2], {}), ([2, 2, [2, 1, 2]], {'padding': 1, 'stride': 2, 'groups': 2}))
transposed(
    1,
    [3],
    ([2, 3, 2], {}),
    ([4, 2, 3], {'stride': 2, 'padding': 1, 'outputPadding': 1, 'groups': 2}),
)
transposed(
    2,
    [2, 3],
    ([2, 1, [2, 3]], {'stride': [2, 1], 'padding': [0, 1]}),
    ([1, 2, 2], {'dilation': [2, 1], 'outputPadding': [1, 0], 'stride': [1, 2], 'bias': False}),
)
transposed(3, [2, 1, 2], ([1, 2, 2], {}), ([2, 2, [1, 2, 2]], {'stride': 2, 'groups': 2}))


def pooling(name, rank, *rows):
    add(family, f'{name}{rank}d', made_by(getattr(nn, f'{name}{rank}d')), own, *rows)


def rows_of(size, *rows):
    return [([*made], {}, {}, normal(1, 2, *size)) for made in rows]


class Norms(nn.Module):
    """Norms of windows of 2 side by side, of what is there."""

    def __init__(self, window, p, ceilMode=False):
        super().__init__()
        assert window == 2
        self.p, self.ceil = p, ceilMode

    def forward(self, x):
        powers = x.abs() ** self.p
        for axis in range(2, x.dim()):
            odd = powers.shape[axis] % 2 == 1
            if odd and self.ceil:
                powers = torch.cat([powers, torch.zeros_like(powers.narrow(axis, 0, 1))], axis)
            pairs = powers.shape[axis] // 2
            powers = powers.narrow(axis, 0, 2 * pairs).unflatten(axis, (pairs, 2)).sum(axis + 1)
        return powers ** (1 / self.p)


class Dilated(nn.Module):
    """Means of two places, one of which lies between them, along each axis, which PyTorch has not."""

    def __init__(self, window, stride, dilation):
        super().__init__()
        assert (window, stride, dilation) == (2, 1, 2)

    def forward(self, x):
        for axis in range(2, x.dim()):
            windows = x.shape[axis] - 2
            x = (x.narrow(axis, 0, windows) + x.narrow(axis, 2, windows)) / 2
        return x


sizes = {1: [5], 2: [5, 4], 3: [3, 4, 3]}
for rank, size in sizes.items():
    windows = [2, 3, 2][:rank] if rank > 1 else 3
    pooling(
        'MaxPool',
        rank,
        *rows_of(
            size,
            [2],
            [windows, {'stride': 1, 'padding': 1}],
            [2, {'ceilMode': True}],
            [2, {'dilation': 2, 'stride': 1}],
        ),
    )
    pooling(
        'AvgPool',
        rank,
        *rows_of(
            size,
            [2],
            [windows, {'stride': 1, 'padding': 1}],
            [2, {'padding': 1, 'countIncludePad': False, 'ceilMode': True}],
            *([[2, {'divisorOverride': 3}]] if rank > 1 else []),
        ),
    )
    add(family, f'AvgPool{rank}d', Dilated, own, *rows_of(size, [2, {'stride': 1, 'dilation': 2}]))
    # of an odd power PyTorch sums with signs, and in ceil mode it scales what reaches beyond the end: those are written anew
    plain = lambda window, p=2, stride=None, module=getattr(nn, f'LPPool{rank}d'): module(
        p, tuple(window) if isinstance(window, list) else window, stride
    )
    add(family, f'LPPool{rank}d', plain, own, *rows_of(size, [2], [windows, {'stride': 1}], [2, {'p': 4}]))
    add(family, f'LPPool{rank}d', Norms, own, *rows_of(size, [2, {'p': 3}], [2, {'p': 1.5, 'ceilMode': True}]))
    to = [3, None, 2][:rank] if rank > 1 else 3
    pooling('AdaptiveAvgPool', rank, *rows_of(size, [1], [to]))
    pooling('AdaptiveMaxPool', rank, *rows_of(size, [2], [to]))


class Symmetric(nn.Module):
    """Two places more on all sides, mirrored behind the last, which PyTorch has not."""

    def __init__(self, width, mode):
        super().__init__()
        assert (width, mode) == (2, 'symmetric')

    def forward(self, x):
        for axis in range(2, x.dim()):
            last = x.shape[axis] - 1
            x = x.index_select(axis, torch.tensor([1, 0, *range(last + 1), last, last - 1]))
        return x


def padded(rank, size, *rows):
    modules = {'constant': 'ConstantPad', 'reflect': 'ReflectionPad', 'replicate': 'ReplicationPad', 'circular': 'CircularPad'}

    def make(widths, mode='constant', value=0.0):
        pairs = [w if isinstance(w, list) else [w, w] for w in (widths if isinstance(widths, list) else [widths] * rank)]
        flat = tuple(width for pair in reversed(pairs) for width in pair)
        module = getattr(nn, f'{modules[mode]}{rank}d')
        return module(flat, value) if mode == 'constant' else module(flat)

    add(family, f'Pad{rank}d', make, own, *rows_of(size, *rows))
    add(family, f'Pad{rank}d', Symmetric, own, *rows_of(size, [2, {'mode': 'symmetric'}]))


for rank, size in {1: [4], 2: [3, 4], 3: [2, 3, 2]}.items():
    sides = [[1, 0], [0, 2], 1][:rank]
    padded(
        rank,
        size,
        [1],
        [sides, {'value': 2.5}],
        [[*sides[:-1], [-1, 2]]],
        [1, {'mode': 'reflect'}],
        [sides, {'mode': 'replicate'}],
        [sides, {'mode': 'circular'}],
    )

upsample = made_by(nn.Upsample)
add(
    family,
    'Upsample',
    upsample,
    own,
    *rows_of([3], [{'scale': 2}], [{'size': 5}], [{'size': 5, 'mode': 'linear'}]),
    *rows_of(
        [2, 3],
        [{'scale': [2, 3]}],
        [{'scale': 2, 'mode': 'bilinear'}],
        [{'size': [3, 5], 'mode': 'bilinear', 'alignCorners': True}],
        [{'scale': [1.5, 2], 'mode': 'bicubic'}],
        [{'size': [4, 2], 'mode': 'bicubic', 'alignCorners': True}],
    ),
    *rows_of([2, 1, 3], [{'size': [3, 2, 2], 'mode': 'trilinear'}], [{'scale': 2, 'mode': 'trilinear', 'alignCorners': True}]),
)
add(family, 'PixelShuffle', nn.PixelShuffle, own, ([2], {}, {}, normal(2, 8, 1, 2)), ([3], {}, {}, normal(9, 1, 2)))
add(family, 'PixelUnshuffle', nn.PixelUnshuffle, own, ([2], {}, {}, normal(2, 1, 4, 2)), ([3], {}, {}, normal(1, 3, 3)))
add(
    family,
    'Unfold',
    made_by(nn.Unfold),
    own,
    *rows_of([4, 3], [2], [[3, 2], {'stride': [1, 2], 'padding': [0, 1]}], [2, {'dilation': [2, 1]}]),
)
add(
    family,
    'Fold',
    made_by(nn.Fold),
    own,
    ([[3, 4], 2], {}, {}, normal(2, 4, 6)),
    ([[4, 3], [3, 2], {'stride': [1, 2], 'padding': [0, 1]}], {}, {}, normal(1, 6, 4)),
    ([[4, 3], 2, {'dilation': [2, 1]}], {}, {}, normal(1, 8, 4)),
)
