import math

import torch

from cases import Family, normal, truths
from layers import add, float64

family = Family('layers_attention')
torch.backends.mha.set_fastpath_enabled(False)


def packed(own, prefix='', ours=''):
    """The parameters of torch's MultiheadAttention, of ours."""
    part = lambda name: own[f'{ours}{name}']
    names = ['query', 'key', 'value']
    weights = [part(f'{name}.weight').T for name in names]
    if len({weight.shape for weight in weights}) == 1:
        state = {f'{prefix}in_proj_weight': torch.cat(weights)}
    else:
        state = {f'{prefix}{name[0]}_proj_weight': weight for name, weight in zip(names, weights)}
    state[f'{prefix}out_proj.weight'] = part('output.weight').T
    if f'{ours}query.bias' in own:
        state[f'{prefix}in_proj_bias'] = torch.cat([part(f'{name}.bias') for name in names])
        state[f'{prefix}out_proj.bias'] = part('output.bias')
    return state


def transposed(own):
    return {name: tensor.T if name.endswith('weight') else tensor for name, tensor in own.items()}


def multihead(features, heads, keyFeatures=None, valueFeatures=None, bias=True, dropout=0):
    return torch.nn.MultiheadAttention(
        features, heads, dropout, bias, kdim=keyFeatures, vdim=valueFeatures or keyFeatures, batch_first=True
    )


def inputs_of(query, *rest):
    """Query, key, value and options."""
    given = [query, *[x for x in rest if not isinstance(x, dict)]]
    key = given[1] if len(given) > 1 else query
    value = given[2] if len(given) > 2 else key
    return query, key, value, rest[-1] if rest and isinstance(rest[-1], dict) else {}


def added(options, time, places):
    """One mask of floats [..., heads, time, places], of ours."""
    total = torch.zeros(time, places)
    hidden = lambda seen: torch.zeros(seen.shape).masked_fill(~seen, -math.inf)
    if options.get('causal'):
        total = total + hidden(torch.ones(time, places, dtype=torch.bool).tril())
    if 'mask' in options:
        mask = options['mask']
        total = total + (hidden(mask) if mask.dtype == torch.bool else mask)
    return total


def attention(run, *inputs):
    query, key, value, options = inputs_of(*inputs)
    mask = added(options, query.shape[-2], key.shape[-2])
    if mask.ndim == 4:
        mask = mask.reshape(-1, *mask.shape[2:])
    padding = {'key_padding_mask': torch.zeros(options['keyMask'].shape).masked_fill(~options['keyMask'], -math.inf)} if 'keyMask' in options else {}
    return run(query, key, value, attn_mask=mask, **padding)[0]


def linear(name, inputs, outputs, bias=True):
    return {f'{name}.weight': normal(inputs, outputs)} | ({f'{name}.bias': normal(outputs)} if bias else {})


def projections(features, key=None, value=None, bias=True, prefix='', keys=None):
    keys = keys or features
    return (
        linear(f'{prefix}query', features, features, bias)
        | linear(f'{prefix}key', key or features, keys, bias)
        | linear(f'{prefix}value', value or key or features, keys, bias)
        | linear(f'{prefix}output', features, features, bias)
    )


add(
    family,
    'MultiheadAttention',
    multihead,
    packed,
    ([4, 2, float64], projections(4), {}, normal(2, 3, 4)),
    ([4, 2, float64], projections(4), {'train': True}, normal(1, 3, 4), {'causal': True}),
    ([4, 2, {'bias': False, **float64}], projections(4, bias=False), {}, normal(3, 4), {'mask': normal(3, 3)}),
    (
        [4, 2, {'keyFeatures': 3, 'valueFeatures': 5, **float64}],
        projections(4, 3, 5),
        {},
        normal(2, 2, 4),
        normal(2, 3, 3),
        normal(2, 3, 5),
        {'mask': truths([[1, 0, 1], [0, 1, 1]])},
    ),
    (
        [6, 3, {'keyFeatures': 2, **float64}],
        projections(6, 2),
        {},
        normal(2, 2, 6),
        normal(2, 3, 2),
        {'mask': normal(2, 3, 2, 3), 'keyMask': truths([[1, 1, 0], [0, 1, 1]])},
    ),
    (
        [4, 1, float64],
        projections(4),
        {},
        normal(2, 3, 4),
        {'keyMask': truths([[1, 1, 0], [1, 0, 0]]), 'causal': True},
    ),
    (
        [2, 2, {'dropout': 0.5, **float64}],
        projections(2),
        {},
        normal(1, 2, 2),
        normal(1, 4, 2),
        {'mask': truths([[[[1, 0, 1, 1], [1, 1, 0, 0]], [[0, 0, 1, 1], [1, 1, 1, 1]]]])},
    ),
    call=attention,
)


def turned(x, pairs='halves', base=10000, first=0):
    """Rotary positions by complex numbers."""
    features = x.shape[-1]
    order = torch.arange(features)
    if pairs == 'halves':
        order = order.reshape(2, -1).T.reshape(-1)
    angles = torch.outer(
        torch.arange(first, first + x.shape[-2]), base ** (-torch.arange(0, features, 2) / features)
    )
    numbers = torch.view_as_complex(x[..., order].reshape(*x.shape[:-1], -1, 2).contiguous())
    rotated = torch.view_as_real(numbers * torch.polar(torch.ones_like(angles), angles)).flatten(-2)
    return rotated[..., torch.argsort(order)]


def slopes(heads):
    """As in the code of the paper (Press et al. 2022)."""
    if math.log2(heads).is_integer():
        first = 2 ** (-(2 ** -(math.log2(heads) - 3)))
        return [first ** (i + 1) for i in range(heads)]
    closest = 2 ** math.floor(math.log2(heads))
    return slopes(closest) + slopes(2 * closest)[0::2][: heads - closest]


class Grouped(torch.nn.Module):
    """Attention by einsum, head after head."""

    def __init__(self, features, heads, keyHeads=None, headFeatures=None, rotary=False, alibi=False, dropout=0):
        super().__init__()
        self.heads, self.shared = heads, keyHeads or heads
        size = self.size = headFeatures or features // heads
        self.query = torch.nn.Linear(features, heads * size)
        self.key = torch.nn.Linear(features, self.shared * size)
        self.value = torch.nn.Linear(features, self.shared * size)
        self.output = torch.nn.Linear(heads * size, features)
        self.rotary = {} if rotary is True else rotary
        self.slopes = slopes(heads) if alibi else None

    def forward(self, query, key, options):
        queries, keys, values = self.query(query), self.key(key), self.value(key)
        found = []
        for head in range(self.heads):
            other = head // (self.heads // self.shared)
            part = lambda x, i: x[..., i * self.size : (i + 1) * self.size]
            q, k, v = part(queries, head), part(keys, other), part(values, other)
            if self.rotary is not False:
                q, k = turned(q, **self.rotary), turned(k, **self.rotary)
            scores = torch.einsum('...td,...sd->...ts', q, k) / math.sqrt(self.size)
            if self.slopes is not None:
                near = lambda t, s: -self.slopes[head] * abs(t - s)
                scores = scores + torch.tensor([[near(t, s) for s in range(k.shape[-2])] for t in range(q.shape[-2])])
            mask = added(options, q.shape[-2], k.shape[-2])
            mask = mask if mask.ndim == 2 else mask[:, head] if mask.shape[1] > 1 else mask[:, 0]
            found.append(torch.softmax(scores + mask, -1) @ v)
        return self.output(torch.cat(found, -1))


def grouped(run, *inputs):
    query, key, _, options = inputs_of(*inputs)
    return run(query, key, options)


add(
    family,
    'MultiheadAttention',
    Grouped,
    transposed,
    ([4, 4, {'keyHeads': 2, **float64}], projections(4, keys=2), {}, normal(2, 3, 4), {'mask': normal(2, 4, 3, 3)}),
    ([4, 2, {'keyHeads': 1, **float64}], projections(4, keys=2), {}, normal(2, 4), normal(3, 4)),
    ([4, 2, {'rotary': True, **float64}], projections(4), {}, normal(2, 3, 4), {'causal': True}),
    (
        [4, 1, {'rotary': {'pairs': 'neighbours', 'base': 100}, **float64}],
        projections(4),
        {},
        normal(1, 5, 4),
        {'mask': truths([[[[1, 0, 1, 0, 1]]]])},
    ),
    ([4, 4, {'alibi': True, **float64}], projections(4), {}, normal(1, 3, 4), {'causal': True}),
    ([3, 3, {'alibi': True, **float64}], projections(3), {}, normal(2, 3), normal(4, 3), {'mask': truths([[1, 0, 1, 1], [1, 1, 1, 1]])}),
    (
        [5, 5, {'alibi': True, **float64}],
        projections(5),
        {},
        normal(1, 2, 5),
        {'mask': normal(2, 2)},
    ),
    (
        [3, 2, {'headFeatures': 2, **float64}],
        linear('query', 3, 4) | linear('key', 3, 4) | linear('value', 3, 4) | linear('output', 4, 3),
        {},
        normal(2, 2, 3),
    ),
    call=grouped,
)


class Formula(torch.nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs):
        return self.function(*inputs)


def rotary(features, pairs='halves', base=10000):
    return Formula(lambda x, options={}: turned(x, pairs, base, options.get('offset', 0)))


def sinusoidal(features, base=10000):
    def function(x, options={}):
        first = options.get('offset', 0)
        rows = [
            [
                (math.cos if i % 2 else math.sin)(place / base ** ((i - i % 2) / features))
                for i in range(features)
            ]
            for place in range(first, first + x.shape[-2])
        ]
        return x + torch.tensor(rows)

    return Formula(function)


def learned(length, features):
    layer = torch.nn.Embedding(length, features)
    layer.forward = lambda x, options={}: x + layer.weight[options.get('offset', 0) :][: x.shape[-2]]
    return layer


same = lambda own: own
add(
    family,
    'RotaryPositions',
    rotary,
    same,
    ([4], {}, {}, normal(2, 3, 4)),
    ([6, {'pairs': 'neighbours', 'base': 50}], {}, {}, normal(2, 2, 5, 6)),
    ([2], {}, {}, normal(2, 2), {'offset': 1000}),
)
add(
    family,
    'SinusoidalPositions',
    sinusoidal,
    same,
    ([4], {}, {}, normal(2, 3, 4)),
    ([5, {'base': 100}], {}, {}, normal(3, 5), {'offset': 7}),
)
add(
    family,
    'LearnedPositions',
    learned,
    same,
    ([4, 3, float64], {'weight': normal(4, 3)}, {}, normal(2, 4, 3)),
    ([4, 3, float64], {'weight': normal(4, 3)}, {}, normal(2, 3), {'offset': 2}),
)


def block(features, wide, bias=True, prefix='', cross=False):
    shift = lambda name: {f'{prefix}{name}.shift': normal(features)} if bias else {}
    norms = ['attentionNorm', *(['crossAttentionNorm'] if cross else []), 'feedForwardNorm']
    state = projections(features, bias=bias, prefix=f'{prefix}attention.')
    if cross:
        state |= projections(features, bias=bias, prefix=f'{prefix}crossAttention.')
    for name in norms:
        state |= {f'{prefix}{name}.scale': normal(features)} | shift(name)
    return (
        state
        | linear(f'{prefix}expand', features, wide, bias)
        | linear(f'{prefix}contract', wide, features, bias)
    )


def renamed_block(own, ours='', theirs=''):
    cross = f'{ours}crossAttention.query.weight' in own
    names = {'attentionNorm': 'norm1', 'crossAttentionNorm': 'norm2', 'feedForwardNorm': 'norm3' if cross else 'norm2'}
    state = packed(own, f'{theirs}self_attn.', f'{ours}attention.')
    if cross:
        state |= packed(own, f'{theirs}multihead_attn.', f'{ours}crossAttention.')
    for name, other in names.items():
        if f'{ours}{name}.scale' in own:
            state[f'{theirs}{other}.weight'] = own[f'{ours}{name}.scale']
            if f'{ours}{name}.shift' in own:
                state[f'{theirs}{other}.bias'] = own[f'{ours}{name}.shift']
    for name, other in {'expand': 'linear1', 'contract': 'linear2'}.items():
        state[f'{theirs}{other}.weight'] = own[f'{ours}{name}.weight'].T
        if f'{ours}{name}.bias' in own:
            state[f'{theirs}{other}.bias'] = own[f'{ours}{name}.bias']
    return state


def renamed_stack(own):
    numbers = sorted({name.split('.')[0] for name in own if name[0].isdigit()})
    state = {}
    for number in numbers:
        state |= renamed_block(own, f'{number}.', f'layers.{number}.')
    if 'norm.scale' in own:
        state |= {'norm.weight': own['norm.scale'], 'norm.bias': own['norm.shift']}
    return state


curves = {'geluTanh': lambda x: torch.nn.functional.gelu(x, approximate='tanh'), 'silu': torch.nn.functional.silu}


def layer(Class):
    def build(features, heads, feedForward=None, activation='relu', dropout=0.1, normFirst=False, epsilon=1e-5, bias=True):
        return Class(
            features,
            heads,
            feedForward or 4 * features,
            dropout,
            curves.get(activation, activation),
            epsilon,
            batch_first=True,
            norm_first=normFirst,
            bias=bias,
        )

    return build


def stack(Class, Layer, **more):
    def build(count, features, heads, finalNorm=None, **options):
        norm = options.get('normFirst', False) if finalNorm is None else finalNorm
        return Class(layer(Layer)(features, heads, **options), count, torch.nn.LayerNorm(features) if norm else None, **more)

    return build


def padding(mask):
    return torch.zeros(mask.shape).masked_fill(~mask, -math.inf)


def encoder(mask_name):
    def call(run, x, options={}):
        words = {mask_name: added(options, x.shape[-2], x.shape[-2])}
        if 'keyMask' in options:
            words['src_key_padding_mask'] = padding(options['keyMask'])
        return run(x, **words)

    return call


def decoder(run, x, memory, options={}):
    words = {'tgt_mask': added(options, x.shape[-2], x.shape[-2])}
    if 'memoryMask' in options:
        words['memory_mask'] = added({'mask': options['memoryMask']}, x.shape[-2], memory.shape[-2])
    if 'keyMask' in options:
        words['tgt_key_padding_mask'] = padding(options['keyMask'])
    if 'memoryKeyMask' in options:
        words['memory_key_padding_mask'] = padding(options['memoryKeyMask'])
    return run(x, memory, **words)


small = {'feedForward': 3, **float64}
add(
    family,
    'TransformerEncoderLayer',
    layer(torch.nn.TransformerEncoderLayer),
    renamed_block,
    ([4, 2, {'activation': 'gelu', **small}], block(4, 3), {}, normal(2, 3, 4)),
    (
        [4, 2, {'normFirst': True, 'dropout': 0, 'activation': 'geluTanh', 'epsilon': 0.1, **small}],
        block(4, 3),
        {'train': True},
        normal(2, 3, 4),
        {'causal': True, 'keyMask': truths([[1, 1, 0], [1, 0, 1]])},
    ),
    ([2, 1, float64], block(2, 8), {}, normal(1, 2, 2), {'mask': normal(2, 2)}),
    ([2, 2, {'activation': 'silu', 'normFirst': True, **small}], block(2, 3), {}, normal(3, 2), {'causal': True}),
    ([2, 1, {'bias': False, **small}], block(2, 3, bias=False), {}, normal(2, 2, 2)),
    call=encoder('src_mask'),
)
add(
    family,
    'TransformerDecoderLayer',
    layer(torch.nn.TransformerDecoderLayer),
    renamed_block,
    (
        [4, 2, {'activation': 'gelu', **small}],
        block(4, 3, cross=True),
        {},
        normal(2, 2, 4),
        normal(2, 3, 4),
        {'causal': True},
    ),
    (
        [2, 2, {'normFirst': True, 'dropout': 0, **small}],
        block(2, 3, cross=True),
        {'train': True},
        normal(1, 3, 2),
        normal(1, 2, 2),
        {
            'mask': truths([[1, 0, 0], [1, 1, 0], [0, 0, 1]]),
            'keyMask': truths([[1, 1, 1]]),
            'memoryMask': normal(3, 2),
            'memoryKeyMask': truths([[1, 0]]),
        },
    ),
    call=decoder,
)
add(
    family,
    'TransformerEncoder',
    stack(torch.nn.TransformerEncoder, torch.nn.TransformerEncoderLayer, enable_nested_tensor=False),
    renamed_stack,
    ([2, 2, 1, {'activation': 'gelu', **small}], block(2, 3, prefix='0.') | block(2, 3, prefix='1.'), {}, normal(1, 3, 2)),
    (
        [2, 2, 2, {'normFirst': True, 'dropout': 0, **small}],
        block(2, 3, prefix='0.') | block(2, 3, prefix='1.') | {'norm.scale': normal(2), 'norm.shift': normal(2)},
        {'train': True},
        normal(2, 2, 2),
        {'causal': True},
    ),
    call=encoder('mask'),
)
add(
    family,
    'TransformerDecoder',
    stack(torch.nn.TransformerDecoder, torch.nn.TransformerDecoderLayer),
    renamed_stack,
    (
        [2, 2, 1, {'finalNorm': True, 'activation': 'gelu', **small}],
        block(2, 3, prefix='0.', cross=True)
        | block(2, 3, prefix='1.', cross=True)
        | {'norm.scale': normal(2), 'norm.shift': normal(2)},
        {},
        normal(1, 3, 2),
        normal(1, 2, 2),
        {'causal': True},
    ),
    call=decoder,
)


def transformer(features, heads, encoderLayers=6, decoderLayers=6, **options):
    plain = {name: options[name] for name in ('feedForward', 'dropout') if name in options}
    return torch.nn.Transformer(
        features,
        heads,
        encoderLayers,
        decoderLayers,
        plain.get('feedForward', 4 * features),
        plain.get('dropout', 0.1),
        curves.get(options.get('activation'), options.get('activation', 'relu')),
        batch_first=True,
        norm_first=options.get('normFirst', False),
    )


def renamed_transformer(own):
    state = {}
    for part in ('encoder', 'decoder'):
        inner = {name[len(part) + 1 :]: tensor for name, tensor in own.items() if name.startswith(part)}
        state |= {f'{part}.{name}': tensor for name, tensor in renamed_stack(inner).items()}
    return state


def whole(run, source, target, options):
    words = {'tgt_mask': added(options, target.shape[-2], target.shape[-2])}
    if 'sourceMask' in options:
        words['src_mask'] = added({'mask': options['sourceMask']}, source.shape[-2], source.shape[-2])
    if 'sourceKeyMask' in options:
        words['src_key_padding_mask'] = words['memory_key_padding_mask'] = padding(options['sourceKeyMask'])
    return run(source, target, **words)


norms = {
    f'{part}.norm.{name}': normal(2) for part in ('encoder', 'decoder') for name in ('scale', 'shift')
}
pair = block(2, 3, prefix='encoder.0.') | block(2, 3, prefix='decoder.0.', cross=True) | norms
ones = {'encoderLayers': 1, 'decoderLayers': 1}
add(
    family,
    'Transformer',
    transformer,
    renamed_transformer,
    ([2, 1, {'activation': 'gelu', **ones, **small}], pair, {}, normal(1, 3, 2), normal(1, 2, 2), {'causal': True}),
    (
        [2, 2, {'normFirst': True, 'activation': 'gelu', **ones, **small}],
        pair,
        {},
        normal(1, 3, 2),
        normal(1, 2, 2),
        {'causal': True, 'sourceMask': normal(3, 3), 'sourceKeyMask': truths([[1, 0, 1]])},
    ),
    call=whole,
)
