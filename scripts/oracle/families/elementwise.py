import jax
import jax.numpy as jnp
import torch
import torch.nn.functional as F

from cases import Family, floats, normal, truths, uniform
from libraries import by_jax, by_torch

family = Family('elementwise')
add = family.add
infinity, nan = float('inf'), float('nan')

anywhere = [floats([-2.7, -1.3, -0.2, 0.4, 0.9, 2.1, 7.5]), normal(2, 3)]
far = [floats([-1000, -30, -1e-8, 1e-8, 30, 1000])]
edges = [floats([0]), floats([-infinity, infinity]), floats([nan])]
above_0 = [uniform(0.1, 4, 7), floats([1e-300, 1e-8, 30, 1e30])]
inside_1 = [uniform(-0.9, 0.9, 7), floats([-1e-8, 1e-8])]

for name, function in {
    'abs': torch.abs,
    'neg': torch.neg,
    'sign': torch.sign,
    'exp': torch.exp,
    'exp2': torch.exp2,
    'expm1': torch.expm1,
    'square': torch.square,
    'sin': torch.sin,
    'cos': torch.cos,
    'atan': torch.atan,
    'tanh': torch.tanh,
    'asinh': torch.asinh,
    'sigmoid': torch.sigmoid,
    'logSigmoid': F.logsigmoid,
    'relu': F.relu,
    'relu6': F.relu6,
    'selu': F.selu,
    'silu': F.silu,
    'mish': F.mish,
    'gelu': F.gelu,
    'geluTanh': lambda x: F.gelu(x, approximate='tanh'),
    'hardTanh': F.hardtanh,
    # PyTorch's own has 1/6 in float32
    'hardSigmoid': lambda x: F.relu6(x + 3) / 6,
    'hardSwish': F.hardswish,
    'softplus': F.softplus,
    'softsign': F.softsign,
    'tanhShrink': F.tanhshrink,
    'erf': torch.erf,
    'erfc': torch.erfc,
    'floor': torch.floor,
    'ceil': torch.ceil,
    'round': torch.round,
    'trunc': torch.trunc,
    'isNaN': torch.isnan,
    'isInf': torch.isinf,
    'isFinite': torch.isfinite,
    'logicalNot': torch.logical_not,
    'identity': lambda x: x * 1,
}.items():
    add(by_torch, name, function, *anywhere, *far, *edges)
for name, function in {'tan': torch.tan, 'sinh': torch.sinh, 'cosh': torch.cosh, 'reciprocal': torch.reciprocal}.items():
    add(by_torch, name, function, *anywhere, *far, *edges)
for name, function in {
    'log': torch.log,
    'log2': torch.log2,
    'log10': torch.log10,
    'sqrt': torch.sqrt,
    'rsqrt': torch.rsqrt,
}.items():
    add(by_torch, name, function, *above_0, *edges)
add(by_torch, 'log1p', torch.log1p, uniform(-0.9, 4, 7), floats([-1e-8, 1e-8, 1e30]), *edges)
for name, function in {'asin': torch.asin, 'acos': torch.acos, 'atanh': torch.atanh}.items():
    add(by_torch, name, function, *inside_1, floats([-1, 0, 1, 1.5]))
add(by_torch, 'acosh', torch.acosh, uniform(1.1, 5, 7), floats([1, 30, 1e30, 0.5]))
add(by_jax, 'sinc', jnp.sinc, *anywhere, floats([-3, 0, 1, 30, 1e-4]))
add(by_torch, 'leakyRelu', F.leaky_relu, *anywhere, (normal(5), 0.3), *far, *edges)
add(by_torch, 'elu', F.elu, *anywhere, (normal(5), 1.7), *far, *edges)
# PyTorch's own has 1/1.7 in float32
add(by_jax, 'celu', jax.nn.celu, *anywhere, (normal(5), 1.7), *far, *edges)

pairs = [(normal(2, 3), normal(2, 3)), (normal(2, 1), normal(3)), (normal(), normal(2, 2)), (normal(3), 2)]
apart = [(floats([1e-8, -30, 1000, 1e30]), floats([3, 1e-8, -1e30, 7]))]


def pair(function):
    """Numbers stand beside tensors, as in our ops."""
    return lambda a, b: function(*[x if torch.is_tensor(x) else torch.tensor(float(x)) for x in (a, b)])


for name, function in {
    'add': torch.add,
    'sub': torch.sub,
    'mul': torch.mul,
    'div': torch.div,
    'atan2': torch.atan2,
    'hypot': torch.hypot,
    'remainder': torch.remainder,
    'maximum': torch.maximum,
    'minimum': torch.minimum,
    'logAddExp': torch.logaddexp,
}.items():
    add(by_torch, name, pair(function), *pairs, *apart)
equal = (floats([1, 2, 3, 0]), floats([1, -2, 3, 0]))
for name, function in {
    'maximum': torch.maximum,
    'minimum': torch.minimum,
    'equal': torch.eq,
    'notEqual': torch.ne,
    'less': torch.lt,
    'lessEqual': torch.le,
    'greater': torch.gt,
    'greaterEqual': torch.ge,
}.items():
    add(by_torch, name, pair(function), equal, (normal(2, 1), normal(3)), (floats([nan, 1]), floats([nan, nan])))
for name, function in {
    'logicalAnd': torch.logical_and,
    'logicalOr': torch.logical_or,
    'logicalXor': torch.logical_xor,
}.items():
    add(by_torch, name, function, (truths([0, 0, 1, 1]), truths([0, 1, 0, 1])))
bases = uniform(0.2, 3, 2, 3)
add(
    by_torch,
    'pow',
    pair(torch.pow),
    (bases, normal(2, 3)),
    (bases, normal(3)),
    (normal(4), 3),
    (normal(4), -2),
    (2.5, normal(4)),
    (floats([0, 0, 0]), floats([0, 1, 2])),
    (floats([2]), floats([0])),
    (floats([0, -1.5]), 2),
    (floats([1e-8, 1e30]), floats([2, -3])),
)
add(by_torch, 'xlogy', pair(torch.xlogy), (normal(2, 3), bases), (normal(3), uniform(0.2, 3, 2, 1)), (floats([0, 2]), floats([3, 1e30])))
add(by_torch, 'lerp', torch.lerp, (normal(2, 3), normal(2, 3), uniform(0, 1, 2, 3)), (normal(3), normal(2, 1), normal(1)))
numbers = lambda *given: [x if torch.is_tensor(x) else torch.tensor(float(x)) for x in given]
add(
    by_torch,
    'clamp',
    lambda x, low, high: torch.clamp(*numbers(x, low, high)),
    (normal(7), -0.5, 0.8),
    (normal(2, 3), normal(3), 2),
    (floats([-1, 0, 1]), -1, 1),
)
add(
    by_torch,
    'where',
    lambda c, a, b: torch.where(c, *numbers(a, b)),
    (truths([[1, 0, 1], [0, 0, 1]]), normal(2, 3), normal(2, 3)),
    (truths([1, 0, 1]), normal(2, 1), 0.5),
)
