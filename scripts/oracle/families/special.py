import jax.scipy.special as special
import torch
import torch.nn.functional as F

from cases import Family, floats, normal, uniform
from libraries import by_jax, by_torch

family = Family('special')
add = family.add
infinity, nan = float('inf'), float('nan')
anywhere = [floats([-2.7, -1.3, -0.2, 0.4, 0.9, 2.1, 7.5]), normal(2, 3)]
far = floats([-1000, -30, -1e-8, 1e-8, 30, 1000])
edges = [floats([-infinity, infinity]), floats([nan])]

# of these PyTorch has trigamma to 9 digits only
add(by_jax, 'lgamma', special.gammaln, *anywhere, floats([1e-8, 30, 1000, 1e30]), floats([1, 2]), floats([infinity]), floats([nan]))
add(by_jax, 'digamma', special.digamma, *anywhere, floats([1e-8, 30, 1000, 1e30]))
for n in range(4):
    add(by_jax, 'polygamma', special.polygamma, (n, uniform(0.2, 5, 5)), (n, floats([30, 1000])))
add(by_torch, 'erfinv', torch.erfinv, uniform(-0.95, 0.95, 6), floats([-1e-8, 1e-8]), floats([-1, 0, 1]))
add(by_torch, 'logit', torch.logit, uniform(0.05, 0.95, 6), floats([1e-30, 1e-8]), floats([0, 1]))
add(by_jax, 'i0', special.i0, *anywhere, floats([1e-8, 30, -30]))
add(by_jax, 'i1', special.i1, *anywhere, floats([0.5, 30, -30]))
add(by_torch, 'frac', torch.frac, *anywhere, *edges)
add(by_torch, 'softshrink', F.softshrink, *anywhere, far, (normal(5), 0.3), floats([-0.5, 0.5]), floats([nan]))
add(by_torch, 'hardshrink', F.hardshrink, *anywhere, far, (normal(5), 0.3), floats([-0.5, 0.5]), floats([nan]))
add(by_torch, 'threshold', F.threshold, (normal(2, 3), 0.2, 5.0), (floats([0, 1]), 0, 2.0))
add(by_torch, 'glu', lambda x, axis=-1: F.glu(x, axis), normal(4), (normal(4, 3), 0), floats([1, -2, 1000, -1000]))
add(by_torch, 'prelu', lambda x, weight: F.prelu(x, weight), (normal(2, 3, 2), normal(3)), (normal(2, 3), normal(1)))
add(by_torch, 'prelu', lambda x, weight: F.prelu(x, weight), (floats([[0, -1, 2]]), normal(3)))


def nan_to_num(x, options={}):
    return torch.nan_to_num(x, options.get('nan'), options.get('posInf'), options.get('negInf'))


odd = floats([1, nan, infinity, -infinity])
add(by_torch, 'nanToNum', nan_to_num, odd, (odd, {'nan': 7, 'posInf': 8, 'negInf': -8}))


def pair(function):
    """Numbers stand beside tensors, as in our ops."""
    return lambda a, b: function(*[x if torch.is_tensor(x) else torch.tensor(float(x)) for x in (a, b)])


pairs = [(normal(2, 3), normal(2, 3)), (normal(2, 1), normal(3)), (normal(3), 0.7)]
equal = (floats([1, 2, 0]), floats([1, 3, 0]))
for name, function in {
    'fmax': torch.fmax,
    'fmin': torch.fmin,
    'copysign': torch.copysign,
    'fmod': torch.fmod,
    'floorDivide': lambda a, b: torch.floor(a / b),
    'logAddExp2': torch.logaddexp2,
}.items():
    add(by_torch, name, pair(function), *pairs)
for name, function in {'fmax': torch.fmax, 'fmin': torch.fmin}.items():
    add(by_torch, name, pair(function), equal, (floats([nan, 1, nan]), floats([1, nan, nan])))
add(by_torch, 'copysign', pair(torch.copysign), (floats([0, 1, -2]), floats([-3, 0, 0])))
add(by_torch, 'fmod', pair(torch.fmod), (floats([5.5, -5.5, 5.5]), floats([2, 2, infinity])))
add(by_torch, 'logAddExp2', pair(torch.logaddexp2), (floats([1000, -1000]), floats([999, 1000])))
