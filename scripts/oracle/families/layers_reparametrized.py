import torch
from torch.nn.utils import parametrizations, parametrize

from cases import Family, normal
from layers import add, float64

family = Family('layers_reparametrized')

# The wrapped layer is data for our test, and made anew here. Matrices are the transposes of PyTorch's.
linear = {'layer': 'Linear', 'made': [3, 2, float64]}
plain = {'layer': 'Linear', 'made': [3, 2, {'bias': False, **float64}]}
conv = {'layer': 'Conv1d', 'made': [2, 3, 2, float64]}
transposed = {'layer': 'ConvTranspose1d', 'made': [2, 3, 2, float64]}


def inner(wrapped):
    *sizes, options = wrapped['made']
    words = {name: value for name, value in options.items() if name != 'dtype'}
    return getattr(torch.nn, wrapped['layer'])(*sizes, **words)


def dim(wrapped, axis):
    if wrapped['layer'] == 'Linear':
        return {0: 1, 1: 0, None: None}[axis]
    return axis


class Sized(torch.nn.Module):
    """PyTorch's weight norm written out: the second derivatives of its own fail its gradgradcheck (2.13)."""

    def __init__(self, place):
        super().__init__()
        self.place = place

    def forward(self, size, direction):
        axes = [i for i in range(direction.ndim) if i != self.place]
        weight = direction * (size / torch.linalg.vector_norm(direction, dim=axes, keepdim=True))
        theirs = torch._weight_norm(direction, size, -1 if self.place is None else self.place)
        assert torch.allclose(weight, theirs, rtol=1e-13, atol=1e-13)
        return weight

    def right_inverse(self, weight):
        axes = [i for i in range(weight.ndim) if i != self.place]
        return torch.linalg.vector_norm(weight, dim=axes, keepdim=self.place is not None), weight


def weight_norm(wrapped, options=None, axis=0):
    axis = {'Linear': 1, 'ConvTranspose1d': 1}.get(wrapped['layer'], 0) if options is not None else axis
    made = inner(wrapped)
    parametrize.register_parametrization(made, 'weight', Sized(dim(wrapped, axis)))
    return made


def spectral_norm(wrapped, options=None, axis=None, iterations=1, epsilon=1e-12):
    words = {} if axis is None else {'dim': dim(wrapped, axis)}
    return parametrizations.spectral_norm(inner(wrapped), n_power_iterations=iterations, eps=epsilon, **words)


def parts(axis, is_matrix):
    """PyTorch's parameters of ours by path."""

    def rename(own):
        direction = own['direction'].T if is_matrix else own['direction']
        place = None if axis is None else 1 - axis if is_matrix else axis
        shape = [-1 if i == place else 1 for i in range(direction.ndim)]
        size = own['size'] if axis is None else own['size'].reshape(shape)
        names = {'parametrizations.weight.original0': size, 'parametrizations.weight.original1': direction}
        return names | ({'bias': own['module.bias']} if 'module.bias' in own else {})

    return rename


def weights(*shape, size=None, bias=None):
    own = {} if bias is None else {'module.bias': normal(bias)}
    return own | {'direction': normal(*shape), 'size': normal() if size is None else normal(size)}


def case(axis, is_matrix, *row):
    add(family, 'WeightNorm', weight_norm, parts(axis, is_matrix), row)


case(1, True, [linear, {}], weights(3, 2, size=2, bias=2), {}, normal(4, 3))
case(1, True, [plain, {}], weights(3, 2, size=2), {'train': True}, normal(3))
case(0, True, [linear, {'axis': 0}], weights(3, 2, size=3, bias=2), {}, normal(2, 3))
case(None, True, [linear, {'axis': None}], weights(3, 2, bias=2), {}, normal(2, 3))
case(0, False, [conv, {}], weights(3, 2, 2, size=3, bias=3), {}, normal(2, 2, 4))
case(2, False, [conv, {'axis': 2}], weights(3, 2, 2, size=2, bias=3), {}, normal(1, 2, 3))
case(1, False, [transposed, {}], weights(2, 3, 2, size=3, bias=3), {}, normal(1, 2, 3))


def original(is_matrix):
    def rename(own):
        weight = own['original'].T if is_matrix else own['original']
        return {'parametrizations.weight.original': weight, 'bias': own['module.bias']}

    return rename


names = {'left': 'parametrizations.weight.0._u', 'right': 'parametrizations.weight.0._v'}
short = {'left': [0.6, -0.8], 'right': [0.5, 0.5, 0.7071]}
long = {'left': [0.36, 0.48, -0.8], 'right': [0.5, -0.5, 0.5, -0.5]}
matrix = {'original': normal(3, 2), 'module.bias': normal(2)}
add(
    family,
    'SpectralNorm',
    spectral_norm,
    original(True),
    ([linear, {}], matrix, {'buffers': short}, normal(2, 3)),
    ([linear, {}], matrix, {'train': True, 'buffers': short}, normal(2, 3)),
    ([linear, {'iterations': 3, 'epsilon': 1e-6}], matrix, {'train': True, 'buffers': short}, normal(2, 3)),
    (
        [linear, {'axis': 0}],
        matrix,
        {'train': True, 'buffers': {'left': short['right'], 'right': short['left']}},
        normal(2, 3),
    ),
    names=names,
)
kernel = {'original': normal(3, 2, 2), 'module.bias': normal(3)}
add(
    family,
    'SpectralNorm',
    spectral_norm,
    original(False),
    ([conv, {}], kernel, {'buffers': long}, normal(1, 2, 3)),
    ([conv, {}], kernel, {'train': True, 'buffers': long}, normal(1, 2, 3)),
    (
        [transposed, {}],
        {'original': normal(2, 3, 2), 'module.bias': normal(3)},
        {'train': True, 'buffers': long},
        normal(1, 2, 3),
    ),
    names=names,
)
