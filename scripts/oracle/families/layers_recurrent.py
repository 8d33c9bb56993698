import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from cases import Family, integers, normal
from layers import add, float64
from libraries import by_torch

family = Family('layers_recurrent')

theirs = {
    'inputWeight': 'weight_ih',
    'recurrentWeight': 'weight_hh',
    'bias': 'bias_ih',
    'projectionWeight': 'weight_hr',
    'candidateBias': 'bias_hh',
}
words = {
    'layers': 'num_layers',
    'bidirectional': 'bidirectional',
    'bias': 'bias',
    'dropout': 'dropout',
    'projection': 'proj_size',
    'activation': 'nonlinearity',
}


def builder(Module):
    def build(inputs, hidden, **options):
        theirs = {words[name]: value for name, value in options.items() if name != 'save'}
        return Module(inputs, hidden, batch_first=True, **theirs)

    return build


def as_theirs(name, tensor):
    """By PyTorch's name: matrices transposed, and the bias of the candidate's product as the last third of bias_hh."""
    if name == 'candidateBias':
        return torch.cat([torch.zeros(2 * tensor.shape[0]), tensor])
    return tensor.T if tensor.ndim == 2 else tensor


def rename(own):
    state = {}
    for path, tensor in own.items():
        _, layer, direction, name = path.split('.')
        suffix = f'_l{layer}' + ('_reverse' if direction == 'backward' else '')
        state[theirs[name] + suffix] = as_theirs(name, tensor)
        if name == 'bias':
            state.setdefault('bias_hh' + suffix, torch.zeros_like(tensor))
    return state


def rename_cell(own):
    state = {theirs[name]: as_theirs(name, tensor) for name, tensor in own.items()}
    return ({'bias_hh': torch.zeros_like(own['bias'])} if 'bias' in own else {}) | state


def given(state):
    return (state['hidden'], state['cell']) if isinstance(state, dict) else state


def call(run, x, state=None, options={}):
    lengths = options.get('lengths')
    if lengths is None:
        return run(x, given(state))
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    output, last = run(packed, given(state))
    return pad_packed_sequence(output, batch_first=True, total_length=x.shape[1])[0], last


def weights(gates, inputs, hidden, layers=1, both=False, bias=True, projection=None, candidate=False):
    own = {}
    shown = projection or hidden
    for layer in range(layers):
        for direction in ['forward', 'backward'] if both else ['forward']:
            path = f'layers.{layer}.{direction}.'
            taken = inputs if layer == 0 else shown * (2 if both else 1)
            own[path + 'inputWeight'] = normal(taken, gates * hidden)
            own[path + 'recurrentWeight'] = normal(shown, gates * hidden)
            if bias:
                own[path + 'bias'] = normal(gates * hidden)
            if projection:
                own[path + 'projectionWeight'] = normal(hidden, projection)
            if candidate:
                own[path + 'candidateBias'] = normal(hidden)
    return own


def cell_weights(*sizes, **options):
    return {path.split('.')[-1]: draw for path, draw in weights(*sizes, **options).items()}


lengths = lambda *numbers: {'lengths': integers(numbers)}

add(
    family,
    'RNN',
    builder(torch.nn.RNN),
    rename,
    ([3, 2, float64], weights(1, 3, 2), {}, normal(2, 6, 3)),
    ([2, 3, {'activation': 'relu', 'bias': False, **float64}], weights(1, 2, 3, bias=False), {}, normal(2, 5, 2), normal(1, 2, 3)),
    (
        [2, 3, {'layers': 2, 'bidirectional': True, **float64}],
        weights(1, 2, 3, 2, True),
        {},
        *[normal(3, 5, 2), normal(4, 3, 3), lengths(2, 5, 1)],
    ),
    ([2, 2, float64], weights(1, 2, 2), {}, normal(7, 2), normal(1, 2)),
    call=call,
)
add(
    family,
    'GRU',
    builder(torch.nn.GRU),
    rename,
    ([3, 2, float64], weights(3, 3, 2, candidate=True), {}, normal(2, 6, 3)),
    ([2, 3, {'bias': False, **float64}], weights(3, 2, 3, bias=False), {}, normal(2, 5, 2), normal(1, 2, 3)),
    (
        [2, 2, {'layers': 2, 'bidirectional': True, **float64}],
        weights(3, 2, 2, 2, True, candidate=True),
        {},
        *[normal(3, 5, 2), normal(4, 3, 2), lengths(3, 1, 5)],
    ),
    (
        [2, 3, {'bidirectional': True, 'save': 'carries', **float64}],
        weights(3, 2, 3, both=True, candidate=True),
        {},
        *[normal(2, 3, 2), None, lengths(3, 2)],
    ),
    ([2, 2, float64], weights(3, 2, 2, candidate=True), {}, normal(5, 2), normal(1, 2)),
    call=call,
)
add(
    family,
    'LSTM',
    builder(torch.nn.LSTM),
    rename,
    ([3, 2, float64], weights(4, 3, 2), {}, normal(2, 6, 3)),
    ([3, 2, float64], weights(4, 3, 2), {}, normal(2, 1, 3), {'hidden': normal(1, 2, 2), 'cell': normal(1, 2, 2)}),
    (
        [2, 3, {'projection': 2, 'bias': False, 'save': 2, **float64}],
        weights(4, 2, 3, bias=False, projection=2),
        {},
        *[normal(1, 7, 2), {'hidden': normal(1, 1, 2), 'cell': normal(1, 1, 3)}],
    ),
    (
        [2, 2, {'layers': 2, 'bidirectional': True, 'dropout': 0.5, **float64}],
        weights(4, 2, 2, 2, True),
        {},
        *[normal(3, 5, 2), {'hidden': normal(4, 3, 2), 'cell': normal(4, 3, 2)}, lengths(4, 5, 1)],
    ),
    (
        [2, 3, {'bidirectional': True, 'projection': 1, **float64}],
        weights(4, 2, 3, both=True, projection=1),
        {},
        *[normal(2, 3, 2), None, lengths(1, 3)],
    ),
    ([2, 2, {'bidirectional': True, **float64}], weights(4, 2, 2, both=True), {}, normal(1, 6, 2)),
    ([2, 2, {'layers': 2, 'dropout': 1, **float64}], weights(4, 2, 2, 2), {'train': True}, normal(2, 5, 2)),
    ([2, 2, float64], weights(4, 2, 2), {}, normal(5, 2), {'hidden': normal(1, 2), 'cell': normal(1, 2)}),
    call=call,
)


def reset_before(made, own, _how, x, state):
    """The GRU of Cho et al. 2014, which PyTorch lacks, step by step."""
    w, u, b = [own[f'layers.0.forward.{name}'] for name in ('inputWeight', 'recurrentWeight', 'bias')]
    parts = [slice(k * made[1], (k + 1) * made[1]) for k in range(3)]
    h, rows = state[0], []
    for t in range(x.shape[1]):
        r, z = [torch.sigmoid(x[:, t] @ w[:, k] + h @ u[:, k] + b[k]) for k in parts[:2]]
        n = torch.tanh(x[:, t] @ w[:, parts[2]] + (r * h) @ u[:, parts[2]] + b[parts[2]])
        h = (1 - z) * n + z * h
        rows.append(h)
    return [torch.stack(rows, 1), h[None]]


family.add(
    by_torch,
    'GRU',
    reset_before,
    *[
        ([2, 3, {'resetAfter': False, **float64}], weights(3, 2, 3), {}, normal(2, steps, 2), normal(1, 2, 3))
        for steps in (2, 5)
    ],
)


def cell_builder(Module):
    def build(inputs, hidden, bias=True, activation=None):
        return Module(inputs, hidden, bias=bias, **({'nonlinearity': activation} if activation else {}))

    return build


call_cell = lambda run, x, state=None: run(x, given(state))
add(
    family,
    'RNNCell',
    cell_builder(torch.nn.RNNCell),
    rename_cell,
    ([3, 2, float64], cell_weights(1, 3, 2), {}, normal(4, 3), normal(4, 2)),
    ([3, 2, {'activation': 'relu', 'bias': False, **float64}], cell_weights(1, 3, 2, bias=False), {}, normal(3)),
    call=call_cell,
)
add(
    family,
    'GRUCell',
    cell_builder(torch.nn.GRUCell),
    rename_cell,
    ([3, 2, float64], cell_weights(3, 3, 2, candidate=True), {}, normal(4, 3), normal(4, 2)),
    ([3, 2, {'bias': False, **float64}], cell_weights(3, 3, 2, bias=False), {}, normal(3)),
    call=call_cell,
)
add(
    family,
    'LSTMCell',
    cell_builder(torch.nn.LSTMCell),
    rename_cell,
    ([3, 2, float64], cell_weights(4, 3, 2), {}, normal(4, 3), {'hidden': normal(4, 2), 'cell': normal(4, 2)}),
    ([3, 2, {'bias': False, **float64}], cell_weights(4, 3, 2, bias=False), {}, normal(3)),
    call=call_cell,
)
