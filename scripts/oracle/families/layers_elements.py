import torch

from cases import Family, normal
from layers import add, float64

family = Family('layers_elements')
functional = torch.nn.functional


class Of(torch.nn.Module):
    """A function as a module."""

    def __init__(self, function):
        super().__init__()
        self.forward = function


def plain(name, make, *rows):
    """Layers without parameters; a row is what ours is made with, and the shape of x."""
    add(family, name, make, lambda own: own, *[(made, {}, {}, normal(*shape)) for made, shape in rows])


nn = torch.nn
plain('Softshrink', nn.Softshrink, ([], (2, 5)), ([0.2], (2, 5)), ([0], (4,)))
plain('Hardshrink', nn.Hardshrink, ([], (2, 5)), ([0.2], (2, 5)))
plain('TanhShrink', nn.Tanhshrink, ([], (2, 5)))
plain('Threshold', nn.Threshold, ([0.1, -3], (2, 5)), ([-0.5, 0], (5,)))
plain('HardTanh', nn.Hardtanh, ([], (2, 5)), ([-0.3, 0.8], (2, 5)))
plain('Softplus', nn.Softplus, ([], (2, 5)), ([2.5], (2, 5)))
plain('Softmin', lambda axis=-1: nn.Softmin(axis), ([], (2, 3)), ([0], (2, 3)))
plain('Softmax2d', nn.Softmax2d, ([], (2, 3, 1, 2)), ([], (3, 2, 2)))
plain('GLU', nn.GLU, ([], (2, 4)), ([1], (2, 4, 3)))
plain('Flatten', nn.Flatten, ([], (2, 3, 2)), ([0, 1], (2, 3, 2)), ([-2, -1], (2, 1, 2, 2)), ([0], (2, 3)))
plain('Unflatten', nn.Unflatten, ([1, [2, 3]], (2, 6)), ([-2, [2, -1, 1]], (4, 3)))
plain('RReLU', nn.RReLU, ([], (2, 5)), ([0.1, 0.5], (5,)))
for name, shape in [('Dropout', (2, 3)), ('Dropout1d', (2, 2, 3)), ('Dropout2d', (1, 2, 1, 2)), ('Dropout3d', (1, 2, 1, 2, 1))]:
    plain(name, getattr(nn, name), ([0.4], shape))
plain('AlphaDropout', nn.AlphaDropout, ([0.4], (2, 3)))
plain('FeatureAlphaDropout', nn.FeatureAlphaDropout, ([0.4], (2, 3, 2)))

add(
    family,
    'PReLU',
    nn.PReLU,
    lambda own: {'weight': own['slope']},
    ([1, float64], {'slope': normal(1)}, {}, normal(2, 3)),
    ([3, float64], {'slope': normal(3)}, {}, normal(2, 3)),
    ([3, float64], {'slope': normal(3)}, {'train': True}, normal(2, 3, 2, 1)),
)
