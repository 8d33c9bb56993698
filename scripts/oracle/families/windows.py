import jax
import torch.nn.functional as F

from cases import Family, normal, uniform
from libraries import by_jax, by_torch

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

# options as ours are, in PyTorch's words
words = {
    'outputPadding': 'output_padding',
    'ceilMode': 'ceil_mode',
    'countIncludePad': 'count_include_pad',
    'divisorOverride': 'divisor_override',
    'alignCorners': 'align_corners',
    'scale': 'scale_factor',
}


def options_of(options):
    return {words.get(name, name): option for name, option in options.items()}


def named(function):
    return lambda x, size, options={}: function(x, size, **options_of(options))


def with_indices(function):
    return lambda x, size, options={}: function(x, size, return_indices=True, **options_of(options))


def transposed(function):
    return lambda x, kernel, options={}: function(x, kernel, **options_of(options))


sizes = {1: [5], 2: [5, 4], 3: [3, 4, 3]}
for rank, size in sizes.items():
    x, kernel = normal(1, 2, *size), normal(2, 2, *[2] * rank)
    if rank != 2:
        rows = [(x, kernel), (x, kernel, {'stride': 2, 'padding': 1}), (x, normal(2, 1, *[2] * rank), {'groups': 2})]
        add(by_torch, f'conv{rank}d', convolution(getattr(F, f'conv{rank}d')), *rows)
        rows = [(x, 2), (x, 2, {'stride': 1, 'padding': 1}), (x, 2, {'ceilMode': True})]
        add(by_torch, f'maxPool{rank}d', named(getattr(F, f'max_pool{rank}d')), *rows)
        add(by_torch, f'avgPool{rank}d', named(getattr(F, f'avg_pool{rank}d')), *rows[:2])
    rows = [(x, 2), (x, 2, {'stride': 1, 'padding': 1}), (x, 2, {'ceilMode': True}), (x, 2, {'dilation': 2, 'stride': 1})]
    add(by_torch, f'maxPool{rank}dWithIndices', with_indices(getattr(F, f'max_pool{rank}d')), *rows)
    add(
        by_torch,
        f'convTranspose{rank}d',
        transposed(getattr(F, f'conv_transpose{rank}d')),
        (normal(1, 2, *[2] * rank), kernel),
        (normal(1, 2, *[2] * rank), kernel, {'stride': 2, 'padding': 1, 'outputPadding': 1}),
        (normal(1, 2, *[2] * rank), normal(2, 1, *[2] * rank), {'groups': 2, 'dilation': 2}),
    )
    squares = lambda x, size, p: getattr(F, f'avg_pool{rank}d')(x.abs() ** p, size) * size**rank
    norm = lambda x, size, options={}: squares(x, size, options.get('p', 2)) ** (1 / options.get('p', 2))
    add(by_torch, f'lpPool{rank}d', norm, (x, 2), (x, 2, {'p': 3}))
    add(by_torch, f'adaptiveAvgPool{rank}d', getattr(F, f'adaptive_avg_pool{rank}d'), (x, 2), (x, 1), (x, 3))
    add(by_torch, f'adaptiveMaxPool{rank}d', getattr(F, f'adaptive_max_pool{rank}d'), (x, 2), (x, 1), (x, 3))


def columns(x, size, options={}):
    return F.unfold(x, size, **options)


def back(x, shape, size, options={}):
    return F.fold(x, shape, size, **options)


add(by_torch, 'im2col', columns, (normal(1, 2, 4, 3), 2), (normal(1, 1, 4, 4), 2, {'stride': 2, 'padding': 1}))
add(by_torch, 'col2im', back, (normal(1, 8, 6), [4, 3], 2), (normal(1, 4, 9), [4, 4], 2, {'stride': 2, 'padding': 1}))


def interpolate(x, options):
    return F.interpolate(x, **options_of(options))


image = normal(1, 2, 3, 4)
add(
    by_torch,
    'interpolate',
    interpolate,
    (normal(1, 2, 3), {'scale': 2}),
    (normal(1, 2, 3), {'size': [5], 'mode': 'linear'}),
    (image, {'size': [5, 3]}),
    (image, {'size': [5, 6], 'mode': 'bilinear'}),
    (image, {'size': [5, 6], 'mode': 'bilinear', 'alignCorners': True}),
    (image, {'size': [5, 6], 'mode': 'bicubic'}),
    (normal(1, 1, 2, 3, 2), {'size': [3, 4, 3], 'mode': 'trilinear'}),
)
add(by_torch, 'pixelShuffle', F.pixel_shuffle, (normal(1, 4, 2, 3), 2))
add(by_torch, 'pixelUnshuffle', F.pixel_unshuffle, (normal(1, 2, 4, 2), 2))


def sample(x, grid, options={}):
    aligned = options.get('alignCorners', False)
    return F.grid_sample(x, grid, options.get('mode', 'bilinear'), options.get('padding', 'zeros'), aligned)


places = uniform(-1.2, 1.2, 1, 2, 3, 2)
add(
    by_torch,
    'gridSample',
    sample,
    (image, places),
    (image, places, {'padding': 'border', 'alignCorners': True}),
    (image, places, {'padding': 'reflection'}),
    (image, places, {'mode': 'nearest'}),
)


def convolve_by_jax(x, kernel, options):
    """With as many zeros as keep the size: where their number is odd, one more at the end."""
    rank = x.ndim - 2
    each = lambda given: given if isinstance(given, list) else [given] * rank
    return jax.lax.conv_general_dilated(
        x,
        kernel,
        each(options.get('stride', 1)),
        options['padding'].upper(),
        rhs_dilation=each(options.get('dilation', 1)),
        feature_group_count=options.get('groups', 1),
    )


for rank, size in sizes.items():
    odd, even = [3, 1, 3][:rank], [2, 4, 2][:rank]
    wide = [dim + 2 for dim in size]
    rows = [
        (normal(1, 2, *size), normal(2, 2, *odd), {'padding': 'same'}),
        (normal(1, 1, *wide), normal(2, 1, *even), {'padding': 'same'}),
        (normal(1, 2, *wide), normal(2, 1, *[2] * rank), {'padding': 'same', 'dilation': [2, 1, 3][:rank], 'groups': 2}),
        (normal(1, 1, *wide), normal(1, 1, *odd), {'padding': 'valid', 'stride': 2}),
    ]
    add(by_torch, f'conv{rank}d', convolution(getattr(F, f'conv{rank}d')), *rows)
    add(by_jax, f'conv{rank}d', convolve_by_jax, *rows[:3])
    rows = [(normal(1, 1, *wide), normal(1, 2, *odd), {'stride': [2, 1, 2][:rank], 'padding': [1, 0, 1][:rank]})]
    add(by_torch, f'convTranspose{rank}d', transposed(getattr(F, f'conv_transpose{rank}d')), *rows)
