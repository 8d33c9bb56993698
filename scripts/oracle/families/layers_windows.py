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
