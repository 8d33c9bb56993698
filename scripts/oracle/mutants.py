"""The planted faults of packages/autograd/test/gradcheck/mutants/faults, by formula, and some of its awkward right functions,
for PyTorch: each `(group, name, make, forward)`, where `make` gives a function and its inputs and `forward` says whether
forward mode has a rule of its own. Not here: a gradient of the shape of the batch, which PyTorch itself reduces."""

import math

import torch
import torch.nn.functional as F

f64 = torch.float64
faults = []
right = []


def n(*shape):
    return torch.randn(*shape, dtype=f64)


def positive(*shape):
    return torch.rand(*shape, dtype=f64) * 1.5 + 0.5


def at(*numbers):
    return torch.tensor(numbers, dtype=f64)


def altered(f, change, jvp=None):
    """f, with what is made of its right cotangents for a backward."""

    class Op(torch.autograd.Function):
        @staticmethod
        def forward(*inputs):
            return f(*inputs).clone()

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(*inputs)
            ctx.save_for_forward(*inputs)

        @staticmethod
        def backward(ctx, g):
            inputs = ctx.saved_tensors
            if not torch.is_grad_enabled():
                inputs = [x.detach().requires_grad_() for x in inputs]
            with torch.enable_grad():
                y = f(*inputs)
                pulled = torch.autograd.grad(y, inputs, g, create_graph=True, allow_unused=True)
                pulled = [x * 0 if d is None else d for d, x in zip(pulled, inputs)]
                found = change(list(pulled), list(inputs), g, y)
            return found[0] if len(found) == 1 else tuple(found)

    if jvp is not None:
        Op.jvp = staticmethod(lambda ctx, *tangents: jvp(ctx.saved_tensors, tangents))
    return Op.apply


def replaced(position, change):
    return lambda r, *_: [change(d) if i == position else d for i, d in enumerate(r)]


def scaled(f, factor, position=0, mask=None):
    if mask is None:
        return altered(f, replaced(position, lambda d: d * factor))
    return altered(f, replaced(position, lambda d: d * (1 + (factor - 1) * mask(d))))


def fault(group, name, f, *inputs, forward=False):
    """`f` and inputs are given as functions where they must be made anew."""
    faults.append((group, name, lambda: (f(), [x() for x in inputs]), forward))


def simple(group, name, f, make, *shapes):
    """Inputs of N(0, 1), or what a function makes."""
    inputs = [shape if callable(shape) else (lambda shape=shape: n(*shape)) for shape in shapes]
    faults.append((group, name, lambda: (make(f), [x() for x in inputs]), False))


def sign(f, position=0):
    return scaled(f, -1, position)


def where(*indices):
    """A mask that is 1 at these indices of the first axes."""

    def mask(x):
        m = torch.zeros_like(x)
        m[indices] = 1
        return m

    return mask


def edge(x):
    m = torch.ones_like(x)
    m[..., 1:-1, 1:-1] = 0
    return m


matmul = torch.matmul
mul = torch.mul
labels3 = torch.tensor([2, 0, 1])

# signs
for name, f, position, shapes in [
    ('exp: sign', torch.exp, 0, [(3,)]),
    ('cos: its derivative is sin', torch.cos, 0, [(4,)]),
    ('sub: b gets what a gets', torch.sub, 1, [(3,), (3,)]),
    ('div: sign of the divisor', torch.div, 1, [(2, 3), lambda: positive(2, 3)]),
    ('squared error: sign for the target', lambda a, b: (a - b).square().mean(), 1, [(5,), (5,)]),
    ('matmul: sign of the right operand', matmul, 1, [(2, 3), (3, 4)]),
    ('negative log likelihood: sign', lambda x: F.nll_loss(x.log_softmax(1), labels3), 0, [(3, 3)]),
    ('conv2d: sign of the kernel', F.conv2d, 1, [(1, 1, 4, 4), (1, 1, 2, 2)]),
    ('cross product: order of factors for a', torch.linalg.cross, 0, [(3,), (3,)]),
    ('einsum: sign of the second of three', lambda a, b, c: torch.einsum('i,ij,j->', a, b, c), 1, [(2,), (2, 3), (3,)]),
]:
    simple('signs', name, f, lambda f, position=position: sign(f, position), *shapes)

# factors and means
for group, name, f, factor, position, shapes in [
    ('factors', 'square: 2 is missing', torch.square, 1 / 2, 0, [(4,)]),
    ('factors', 'sqrt: 1 / x^(1/2)', torch.sqrt, 2, 0, [lambda: positive(4)]),
    ('factors', 'cube: the exponent is missing', lambda x: x**3, 1 / 3, 0, [(5,)]),
    ('factors', 'power sum: 1/6', lambda x: (x**4).sum(), 1 / 6, 0, [(5,)]),
    ('factors', 'tanh: 1/7, which is no count', torch.tanh, 1 / 7, 0, [(5,)]),
    ('factors', 'log base 2: natural', torch.log2, math.log(2), 0, [lambda: positive(4)]),
    ('factors', 'degrees: pi / 180 is missing', lambda x: (x * math.pi / 180).sin(), 180 / math.pi, 0, [lambda: at(10, 75, -140)]),
    ('factors', 'exp: 1 + 1e-3', torch.exp, 1 + 1e-3, 0, [(4,)]),
    ('factors', 'sin: 1 + 1e-5', torch.sin, 1 + 1e-5, 0, [(4,)]),
    ('factors', 'softplus: 1 - 1e-7', F.softplus, 1 - 1e-7, 0, [(4,)]),
    ('factors', 'matmul: 1 + 1e-5 for the right operand', matmul, 1 + 1e-5, 1, [(3, 4), (4, 2)]),
    ('factors', 'conv1d: twice for the kernel', F.conv1d, 2, 1, [(1, 2, 5), (2, 2, 3)]),
    ('factors', 'dropout: the scale 1 / (1 - p) is missing', lambda x: x / 0.75, 0.75, 0, [(6,)]),
    ('factors', 'scaled dot product: the root of the width is missing', lambda q, k: q @ k.T / 5**0.5, 5**0.5, 0, [(2, 5), (3, 5)]),
    ('means', 'sum: mean over all', torch.sum, 1 / 12, 0, [(3, 4)]),
    ('means', 'sum over axis 0: mean over it', lambda x: x.sum(0), 1 / 3, 0, [(3, 4)]),
    ('means', 'sum over axis 1: mean over it', lambda x: x.sum(1), 1 / 4, 0, [(3, 4)]),
    ('means', 'sum of squares over axes 1 and 2: mean over them', lambda x: x.square().sum((1, 2)), 1 / 6, 0, [(4, 2, 3)]),
    ('means', 'bias: mean over the batch', torch.add, 1 / 5, 1, [(5, 2), (2,)]),
    ('means', 'matmul: mean over the batch for the weights', matmul, 1 / 7, 1, [(7, 2), (2, 2)]),
    ('means', 'mean: sum over all', torch.mean, 12, 0, [(3, 4)]),
    ('means', 'mean over axis 0: sum over it', lambda x: x.mean(0), 3, 0, [(3, 4)]),
    ('means', 'mean squared error: sum', F.mse_loss, 6, 0, [(2, 3), (2, 3)]),
    ('means', 'mean absolute value over axis 1: sum over axis 0', lambda x: x.abs().mean(1), 3, 0, [(3, 4)]),
    ('means', 'average pooling: the window is not divided by', lambda x: F.avg_pool2d(x, 2), 4, 0, [(1, 1, 4, 4)]),
    ('means', 'variance: the count is not divided by', lambda x: x.var(correction=0), 8, 0, [(8,)]),
    ('hidden', 'sin x + 1e6: 10 % off', lambda x: x.sin() + 1e6, 1.1, 0, [lambda: at(0.4, 1, -2)]),
    ('hidden', 'sin x + 1e8: 1 % off', lambda x: x.sin() + 1e8, 1.01, 0, [lambda: at(0.4, 1, -2)]),
    ('hidden', 'sin x + 1e10: 10 % off', lambda x: x.sin() + 1e10, 1.1, 0, [lambda: at(0.4, 1, -2)]),
    ('hidden', 'sin x + 1e12: 10 % off', lambda x: x.sin() + 1e12, 1.1, 0, [lambda: at(0.4, 1, -2)]),
    ('hidden', 'a loss of 1e9 and a penalty with the wrong sign', lambda x: x.square().sum() + 1e9, -1, 0, [(3,)]),
    ('extremes', 'sqrt at 1e200: twice', torch.sqrt, 2, 0, [lambda: at(1e200, 3e200)]),
    ('extremes', 'log at 1e200: sign', torch.log, -1, 0, [lambda: at(1e200, 2e199)]),
    ('extremes', 'log at 1e-200: sign', torch.log, -1, 0, [lambda: at(1e-200, 3e-199)]),
    ('extremes', 'sqrt at 1e-200: 10 % off', torch.sqrt, 1.1, 0, [lambda: at(1e-200, 5e-200)]),
    ('extremes', 'reciprocal at 1e-100: sign', torch.reciprocal, -1, 0, [lambda: at(1e-100, 2e-100)]),
    ('extremes', 'identity at 1e300: 1 + 1e-3', lambda x: x * 1, 1.001, 0, [lambda: at(1e300, -1e300)]),
    ('scales', 'inputs of 1e-6 and 1e6: sign of the first', lambda a, b: (a * 1e6).sin() + (b * 1e-6).cos(), -1, 0, [lambda: at(4e-7, 1e-6), lambda: at(4e5, 1e6)]),
    ('scales', 'a slope of 1e-6 beside one of 1: nothing for it', lambda a, b: a + b.sin() * 1e-6, 0, 1, [(3,), (3,)]),
    ('dropped', 'pow: nothing for the exponent', torch.pow, 0, 1, [lambda: positive(4), (4,)]),
    ('dropped', 'linear layer: nothing for the bias', lambda x, w, b: x @ w + b, 0, 2, [(4, 2), (2, 3), (3,)]),
    ('dropped', 'squared distance: nothing for the second', lambda a, b: (a - b).square().sum(), 0, 1, [(4,), (4,)]),
    ('dropped', 'lerp: nothing for the weight', torch.lerp, 0, 2, [(3,), (3,), (3,)]),
]:
    simple(group, name, f, lambda f, factor=factor, position=position: scaled(f, factor, position), *shapes)

# only some elements
for name, f, mask, factor, position, shapes in [
    ('exp: one element of 5', torch.exp, where(3), 2, 0, [(5,)]),
    ('exp: one element of 5 gets nothing', torch.exp, where(0), 0, 0, [(5,)]),
    ('tanh: the last element of 20', torch.tanh, where(19), -1, 0, [(20,)]),
    ('matmul: one element of the left operand', matmul, where(1, 2), 2, 0, [(3, 4), (4, 2)]),
    ('matmul: row 1 of the left operand', matmul, where(1), 2, 0, [(3, 4), (4, 2)]),
    ('matmul: the last column of the right operand', matmul, where(slice(None), 2), 2, 1, [(3, 4), (4, 3)]),
    ('matrix square: the diagonal', lambda x: (x @ x).sum(), lambda x: torch.eye(4, dtype=f64), 2, 0, [(4, 4)]),
    ('triangle: above the diagonal', torch.square, lambda x: torch.ones_like(x).triu(1), 0, 0, [(4, 4)]),
    ('conv2d: the border of the image', lambda x, k: F.conv2d(x, k, padding=1), edge, 2, 0, [(1, 1, 4, 4), (1, 1, 3, 3)]),
    ('conv2d: the border gets nothing', lambda x, k: F.conv2d(x, k, padding=1), edge, 0, 0, [(1, 1, 4, 4), (1, 1, 3, 3)]),
    ('conv2d: one corner', lambda x, k: F.conv2d(x, k, padding=1), where(0, 0, 0, 3), 4, 0, [(1, 1, 4, 4), (1, 1, 3, 3)]),
    ('conv2d: the middle of the kernel', lambda x, k: F.conv2d(x, k, padding=1), where(0, 0, 1, 1), 2, 1, [(1, 1, 4, 4), (1, 1, 3, 3)]),
    ('conv2d: the second of two channels', F.conv2d, where(0, 1), 2, 0, [(1, 2, 3, 3), (2, 2, 2, 2)]),
    ('conv1d: the last sample of the batch', F.conv1d, where(2), 0, 0, [(3, 1, 4), (1, 1, 2)]),
    ('linear layer: the first sample of the batch', lambda x, w: (x @ w).tanh(), where(0), 2, 0, [(4, 2), (2, 2)]),
    ('embedding: the padding entry gets a gradient twice', lambda t: t[:3].square().sum(), where(0), 2, 0, [(4, 2)]),
    ('loss over a batch: the last sample is left out', lambda x: x.square().mean(), where(2), 0, 0, [(3, 2)]),
    ('cumSum: the first element', lambda x: x.cumsum(0), where(0), 0, 0, [(5,)]),
    ('sigmoid: one of 400', torch.sigmoid, where(11, 7), 1.5, 0, [(20, 20)]),
    ('sum of cubes: one of 10,000', lambda x: (x**3).sum(), where(63, 17), 3, 0, [(100, 100)]),
    ('logSumExp: one of 10,000, 1 % off', lambda x: (x * 0.1).exp().sum().log(), where(7777), 1.01, 0, [(10_000,)]),
    ('linear: one weight of 2,500', matmul, where(31, 4), 0, 1, [(2, 50), (50, 50)]),
]:
    simple('parts', name, f, lambda f, a=(factor, position, mask): scaled(f, *a), *shapes)

sin_row = lambda a, b: (a[:, None] + b[None, :]).sin()
centred = lambda s: s - s.mean(-1, keepdim=True)
slope_of_norm = lambda x, g: g / (x.var(-1, correction=0, keepdim=True) + 1e-5).sqrt()
norm = lambda x: F.layer_norm(x, x.shape[-1:])
unit = lambda x: x / x.norm()

# another rule
for group, name, f, change, shapes in [
    ('transposes', 'matmul: b is not transposed', matmul, lambda r, i, g, y: [g @ i[1], r[1]], [(3, 3), (3, 3)]),
    ('transposes', 'matmul: a is not transposed', matmul, lambda r, i, g, y: [r[0], i[0] @ g], [(3, 3), (3, 3)]),
    ('transposes', 'matrix square: its gradient transposed', lambda a: (a @ a).sin().sum(), lambda r, i, g, y: [r[0].T], [(3, 3)]),
    ('transposes', 'transpose: identity', lambda x: x.T, lambda r, i, g, y: [g], [(3, 3)]),
    ('transposes', 'transpose of 2 x 3: only reshaped', lambda x: x.T, lambda r, i, g, y: [g.reshape(2, 3)], [(2, 3)]),
    ('transposes', 'permute: the same permutation, not its inverse', lambda x: x.permute(1, 2, 0), lambda r, i, g, y: [g.permute(1, 2, 0)], [(2, 2, 2)]),
    ('transposes', 'conv2d: the kernel transposed', F.conv2d, lambda r, i, g, y: [r[0], r[1].mT], [(1, 1, 4, 4), (1, 1, 2, 2)]),
    ('transposes', 'attention scores: gradient of the keys as of their transpose', lambda q, k: q @ k.T, lambda r, i, g, y: [r[0], g @ i[0]], [(3, 3), (3, 3)]),
    ('broadcasts', 'scale: of the first row only', mul, lambda r, i, g, y: [r[0], (g * i[0])[0]], [(4, 3), (3,)]),
    ('broadcasts', 'column plus row: summed over the wrong axis', sin_row, lambda r, i, g, y: [r[1], r[0]], [(3,), (3,)]),
    ('broadcasts', 'channel bias of an image: one row of it', lambda x, b: x + b[:, None, None], lambda r, i, g, y: [r[0], g[:, :, :1].sum((0, 2, 3))], [(2, 2, 2, 3), (2,)]),
    ('broadcasts', 'repeat: only the first copy', lambda x: x.repeat_interleave(3), lambda r, i, g, y: [g[::3]], [(2,)]),
    ('broadcasts', 'broadcastTo: maximum instead of sum', lambda x: x.expand(4, 2), lambda r, i, g, y: [g.amax(0)], [(2,)]),
    ('accumulations', 'x is used twice, and only once counted', lambda x: x + (x / 2).sin(), lambda r, i, g, y: [r[0] - g], [(4,)]),
    ('accumulations', 'sigmoid: the gradient is added twice', torch.sigmoid, lambda r, i, g, y: [r[0] + r[0]], [(4,)]),
    ('accumulations', 'residual block: the skip is added twice', lambda x, w: x + (x @ w).tanh(), lambda r, i, g, y: [r[0] + g, r[1]], [(2, 3), (3, 3)]),
    ('accumulations', 'concat: x twice, counted three times', lambda x: torch.cat([x, x]), lambda r, i, g, y: [r[0] + g[:2]], [(2,)]),
    ('accumulations', 'stack: gradients of all go to all', lambda a, b: torch.stack([a, b]), lambda r, i, g, y: [r[0] + r[1], r[0] + r[1]], [(3,), (3,)]),
    ('terms', 'x sin x: without x cos x', lambda x: x * x.sin(), lambda r, i, g, y: [g * i[0].sin()], [(4,)]),
    ('terms', 'x sin x: without sin x', lambda x: x * x.sin(), lambda r, i, g, y: [g * i[0] * i[0].cos()], [(4,)]),
    ('terms', 'x / (1 + x^2): the denominator as a constant', lambda x: x / (1 + x * x), lambda r, i, g, y: [g / (1 + i[0] ** 2)], [(4,)]),
    ('terms', 'x / (1 + x^2): the numerator as a constant', lambda x: x / (1 + x * x), lambda r, i, g, y: [r[0] - g / (1 + i[0] ** 2)], [(4,)]),
    ('terms', 'softmax: only the diagonal', lambda x: x.softmax(1), lambda r, i, g, y: [g * y * (1 - y)], [(2, 3)]),
    ('terms', 'softmax: without the sum', lambda x: x.softmax(1), lambda r, i, g, y: [g * y], [(2, 3)]),
    ('terms', 'logSoftmax: without the softmax', lambda x: x.log_softmax(1), lambda r, i, g, y: [g], [(2, 3)]),
    ('terms', 'layer norm: mean and deviation as constants', norm, lambda r, i, g, y: [slope_of_norm(i[0], g)], [(2, 4)]),
    ('terms', 'layer norm: the deviation as a constant', norm, lambda r, i, g, y: [centred(slope_of_norm(i[0], g))], [(2, 4)]),
    ('terms', 'x / |x|: without the projection', unit, lambda r, i, g, y: [g / i[0].norm()], [(4,)]),
    ('terms', 'x^T A x: only A x', lambda x, a: x @ a @ x, lambda r, i, g, y: [i[1] @ i[0] * g, r[1]], [(3,), (3, 3)]),
    ('terms', 'silu: only the sigmoid', F.silu, lambda r, i, g, y: [g * i[0].sigmoid()], [(4,)]),
    ('chains', 'sin 3x: the 3 is missing', lambda x: (3 * x).sin(), lambda r, i, g, y: [r[0] / 3], [(4,)]),
    ('chains', 'exp(x^2): 2x is missing', lambda x: (x * x).exp(), lambda r, i, g, y: [g * y], [lambda: at(0.3, -0.8, 1.1)]),
    ('chains', 'log(1 + e^x): e^x is missing', lambda x: (1 + x.exp()).log(), lambda r, i, g, y: [g / (1 + i[0].exp())], [(4,)]),
    ('chains', 'sigmoid: the second factor is missing', torch.sigmoid, lambda r, i, g, y: [g * y], [(4,)]),
    ('chains', 'norm: the root is missing', torch.norm, lambda r, i, g, y: [g * i[0]], [(4,)]),
    ('chains', 'logSumExp: not divided by the sum', lambda x: x.logsumexp(1, True), lambda r, i, g, y: [g * i[0].exp()], [(2, 3)]),
    ('dropped', 'mul: null for b', mul, lambda r, i, g, y: [r[0], None], [(4,), (4,)]),
    ('swapped', 'mul: each gets its own cotangent', mul, lambda r, i, g, y: r[::-1], [(4,), (4,)]),
    ('swapped', 'div: the gradients are swapped', torch.div, lambda r, i, g, y: r[::-1], [(4,), lambda: positive(4)]),
    ('swapped', 'div: swapped, and of the wrong sign', torch.div, lambda r, i, g, y: [-r[1], -r[0]], [(4,), lambda: positive(4)]),
    ('swapped', 'matmul: the gradients are swapped', matmul, lambda r, i, g, y: r[::-1], [(3, 3), (3, 3)]),
    ('swapped', 'atan2: swapped and doubled', torch.atan2, lambda r, i, g, y: [2 * r[1], 2 * r[0]], [lambda: positive(4), lambda: positive(4)]),
    ('swapped', 'three inputs: rotated', lambda a, b, c: a * b + c.sin(), lambda r, i, g, y: [r[1], r[2], r[0]], [(3,), (3,), (3,)]),
    ('cotangents', 'sum of squares: as if the cotangent were 1', lambda x: x.square().sum(), lambda r, i, g, y: [2 * i[0]], [(3,)]),
    ('cotangents', 'square: as if the cotangent were 1', torch.square, lambda r, i, g, y: [2 * i[0]], [(3,)]),
    ('cotangents', 'matmul: the cotangent as ones for a', matmul, lambda r, i, g, y: [torch.ones_like(g) @ i[1].T, r[1]], [(2, 3), (3, 2)]),
    ('cotangents', 'tanh: the sign of the cotangent', torch.tanh, lambda r, i, g, y: [g.sign() * (1 - y * y)], [(3,)]),
    ('cotangents', 'mul: the square of the cotangent', mul, lambda r, i, g, y: [g**2 * i[1], g**2 * i[0]], [(3,), (3,)]),
    ('clipped', 'exp: the derivative is clipped at 5', torch.exp, lambda r, i, g, y: [g * y.clamp(max=5)], [lambda: at(0.2, -1, 2.5)]),
    ('clipped', 'cube: the gradient is clipped to +-1', lambda x: x**3, lambda r, i, g, y: [r[0].clamp(-1, 1)], [lambda: at(0.2, -1.1, 2.5)]),
    ('clipped', 'reciprocal: an epsilon in the denominator', torch.reciprocal, lambda r, i, g, y: [-g / (i[0] ** 2 + 1e-6)], [lambda: positive(3)]),
    ('clipped', 'matmul: the norm of the gradient is clipped to 1', matmul, lambda r, i, g, y: [r[0], r[1] / r[1].norm().clamp(min=1)], [lambda: 3 * n(3, 2), (2, 2)]),
    ('clipped', 'log: the denominator is at least 0.5', torch.log, lambda r, i, g, y: [g / i[0].clamp(min=0.5)], [lambda: at(0.1, 0.8, 2)]),
    ('absolutes', 'neg: absolute value of the cotangent', torch.neg, lambda r, i, g, y: [-g.abs()], [(4,)]),
    ('absolutes', 'sin: absolute value of the derivative', torch.sin, lambda r, i, g, y: [g * i[0].cos().abs()], [lambda: at(0.4, 2.2, -2.5)]),
    ('absolutes', 'norm: absolute values of x / |x|', torch.norm, lambda r, i, g, y: [r[0] * i[0].sign()], [lambda: at(0.7, -1.1, 0.2, -0.6)]),
    ('absolutes', 'log |x|: 1 / |x|', lambda x: x.abs().log(), lambda r, i, g, y: [g / i[0].abs()], [lambda: at(0.7, -1.1, 2.2)]),
    ('saved outputs', 'tanh: the saved output is a constant', torch.tanh, lambda r, i, g, y: [g * (1 - y.detach() ** 2)], [(3,)]),
    ('saved outputs', 'exp: the saved output is a constant', torch.exp, lambda r, i, g, y: [g * y.detach()], [(3,)]),
    ('saved outputs', 'sqrt: the saved output is a constant', torch.sqrt, lambda r, i, g, y: [g / (2 * y.detach())], [lambda: positive(3)]),
    ('saved outputs', 'norm: the saved norm is a constant', torch.norm, lambda r, i, g, y: [g * i[0] / y.detach()], [(3,)]),
    ('saved outputs', 'mul: b is a constant for the second derivative', mul, lambda r, i, g, y: [g * i[1].detach(), g * i[0]], [(3,), (3,)]),
    ('once differentiable', 'sigmoid: the slope is stopped', torch.sigmoid, lambda r, i, g, y: [g * (y * (1 - y)).detach()], [(3,)]),
    ('branches', 'leaky relu: the negative branch is that of relu', lambda x: F.leaky_relu(x, 0.1), lambda r, i, g, y: [g * (i[0] > 0)], [lambda: at(0.5, -1, 2, -0.3)]),
    ('branches', 'elu: the negative branch is that of exp - 1', F.elu, lambda r, i, g, y: [g * torch.where(i[0] > 0, 1, y)], [lambda: at(0.5, -1, 2)]),
    ('branches', 'huber: the linear branch has the slope of the quadratic one', lambda x: F.huber_loss(x, x.detach() * 0, reduction='none'), lambda r, i, g, y: [g * i[0]], [lambda: at(0.5, -0.4, 2, -3)]),
    ('branches', 'clamp: a gradient outside of the bounds', lambda x: x.clamp(-1, 1), lambda r, i, g, y: [g], [lambda: at(0.5, -1.5, 0.9, 3)]),
    ('branches', 'max: the gradient goes to all', lambda x: x.amax(1, True), lambda r, i, g, y: [g.expand(2, 3)], [(2, 3)]),
    ('shifts', 'roll: in the same direction', lambda x: x.roll(1), lambda r, i, g, y: [g.roll(1)], [(5,)]),
    ('shifts', 'slice: put back one too far', lambda x: x[1:4], lambda r, i, g, y: [r[0].roll(1)], [(6,)]),
    ('shifts', 'differences: of the next element', lambda x: x.square().diff(), lambda r, i, g, y: [r[0].roll(1)], [lambda: at(0.5, 0.9, 1.3, 1.4, 1.8)]),
    ('shifts', 'cumSum: exclusive', lambda x: x.cumsum(0), lambda r, i, g, y: [r[0] - g], [(4,)]),
    ('shifts', 'cumSum: from the front', lambda x: x.cumsum(0), lambda r, i, g, y: [g.cumsum(0)], [(4,)]),
    ('shifts', 'indexSelect: each index one too great', torch.square, lambda r, i, g, y: [r[0].roll(1)], [lambda: at(0.2, 0.6, 1, 1.1)]),
    ('shifts', 'sort: not put back in order', lambda x: x.sort().values, lambda r, i, g, y: [g], [lambda: at(2, 0.5, 1.1)]),
    ('here only', 'square at 0: the rule gives 0', torch.square, lambda r, i, g, y: [g * 0], [lambda: at(0, 0, 0)]),
    ('here only', 'exp at 0: the rule gives 1', torch.exp, lambda r, i, g, y: [g], [lambda: at(0, 0, 0)]),
    ('here only', 'sin at 0: the rule gives 1', torch.sin, lambda r, i, g, y: [g], [lambda: at(0, 0, 0)]),
    ('here only', 'cube at 1: 3x', lambda x: x**3, lambda r, i, g, y: [3 * g * i[0]], [lambda: at(1, 1)]),
    ('here only', 'mul at equal inputs: swapped', mul, lambda r, i, g, y: r[::-1], [lambda: at(1.5, -0.5), lambda: at(1.5, -0.5)]),
    ('here only', 'log at 1: x', torch.log, lambda r, i, g, y: [g * i[0]], [lambda: at(1, 1, 1)]),
    ('floats', 'exp: the slope in float32', torch.exp, lambda r, i, g, y: [g * y.float().double()], [(3,)]),
    ('floats', 'matmul: the gradient of b in float32', matmul, lambda r, i, g, y: [r[0], r[1].float().double()], [(2, 3), (3, 2)]),
    ('random', 'exp: noise of 1e-3 in the gradient', torch.exp, lambda r, i, g, y: [r[0] * (1 + 1e-3 * n(3))], [(3,)]),
    ('random', 'sigmoid: noise of 1e-8 in the gradient', torch.sigmoid, lambda r, i, g, y: [r[0] * (1 + 1e-8 * n(3))], [(3,)]),
    ('extremes', 'ratio of two of 1e150: swapped', torch.div, lambda r, i, g, y: r[::-1], [lambda: at(1e150, 2e150), lambda: at(3e150, -1e150)]),
]:
    simple(group, name, f, lambda f, change=change: altered(f, change), *shapes)

# state
def stale(f, slope):
    first = []

    def change(r, i, g, y):
        first[:] = first or [i[0].detach()]
        return [g * slope(first[0])]

    return altered(f, change)


simple('stale', 'square: the rule keeps the first input', torch.square, lambda f: stale(f, lambda x: 2 * x), (3,))
simple('stale', 'tanh: the slope is made once', torch.tanh, lambda f: stale(f, lambda x: 1 - x.tanh() ** 2), (3,))
simple('random', 'dropout that draws anew', lambda x: F.dropout(x, 0.5, True), lambda f: f, (8,))
simple('random', 'noise of 1e-3 in the value', lambda x: x.sin() + 1e-3 * n(3), lambda f: f, (3,))
simple('random', 'noise of 1e-9 in the value', lambda x: x.sin() + 1e-9 * n(3), lambda f: f, (3,))
simple('floats', 'sin in float32', lambda x: x.float().sin().double(), lambda f: f, (3,))
simple('dropped', 'stopGradient in a loss', lambda a, b: (a - b.detach()).square().mean(), lambda f: f, (4,), (4,))

# forward mode alone
for name, f, change, shapes in [
    ('exp: wrong sign forward only', torch.exp, lambda i, t: -t[0] * i[0].exp(), [(3,)]),
    ('mul: the tangent of b is forgotten', mul, lambda i, t: t[0] * i[1], [(3,), (3,)]),
    ('matmul: a term is missing forward', matmul, lambda i, t: i[0] @ t[1], [(2, 3), (3, 2)]),
    ('sin: only the tangent is halved', torch.sin, lambda i, t: t[0] * i[0].cos() / 2, [(3,)]),
]:
    inputs = [lambda shape=shape: n(*shape) for shape in shapes]
    fault('one mode', name, lambda f=f, change=change: altered(f, lambda r, *_: r, change), *inputs, forward=True)

# models
def attention(softmax, scores):
    return lambda x, q, k, v: (softmax(scores(x @ q, x @ k)) @ (x @ v)).tanh().sum(0)


def mlp(activation):
    return lambda w1, b1, w2, x: F.nll_loss((activation(x @ w1 + b1) @ w2).log_softmax(1), labels3)


soft = lambda x: x.softmax(1)
dots = lambda q, k: q @ k.T / 2**0.5
perceptron = [(2, 4), (4,), (4, 3), (3, 2)]
heads = [(3, 2), (2, 2), (2, 2), (2, 2)]
for name, f, shapes in [
    ('MLP: the activation has the wrong sign', lambda: mlp(sign(torch.tanh)), perceptron),
    ('MLP: the activation lacks a factor', lambda: mlp(altered(torch.sigmoid, lambda r, i, g, y: [g * y])), perceptron),
    ('MLP: the activation is 1e-4 off', lambda: mlp(scaled(F.softplus, 1.0001)), perceptron),
    ('attention: softmax without its sum', lambda: attention(altered(soft, lambda r, i, g, y: [g * y]), dots), heads),
    ('attention: scores without the scale', lambda: attention(soft, scaled(dots, 2**0.5, 1)), heads),
    ('attention: gradients of queries and keys are swapped', lambda: attention(soft, altered(dots, lambda r, *_: r[::-1])), heads),
]:
    fault('models', name, f, *[lambda shape=shape: n(*shape) for shape in shapes])


def fine(group, name, f, *inputs):
    right.append((group, name, lambda: (f, [x() for x in inputs]), False))


for group, name, f, inputs in [
    ('kinks', 'relu 1e-2 from 0', torch.relu, [lambda: at(0.01, -0.01, 1)]),
    ('kinks at the point', 'relu at 0', torch.relu, [lambda: at(-1, 0, 2)]),
    ('kinks at the point', 'abs at 0', torch.abs, [lambda: at(0, 3)]),
    ('kinks at the point', 'max with ties', torch.amax, [lambda: at(2, 1, 2)]),
    ('steps', 'round between its steps', torch.round, [lambda: at(0.3, -1.2, 7.4)]),
    ('edges', 'sqrt at 1e-12', torch.sqrt, [lambda: at(1e-12, 1)]),
    ('edges', 'log at 1e-8', torch.log, [lambda: at(1e-8, 0.1)]),
    ('edges', '1 / x near 0', torch.reciprocal, [lambda: at(1e-5, -1e-7)]),
    ('steep', 'sin 1000 x', lambda x: (1e3 * x).sin(), [lambda: at(0.3, 1, -2)]),
    ('steep', 'sin 10^5 x', lambda x: (1e5 * x).sin(), [lambda: n(3)]),
    ('steep', 'exp 40 x', lambda x: (40 * x).exp(), [lambda: at(0.5, -0.5)]),
    ('saturated', 'softmax of N(0, 10)', lambda x: x.softmax(0), [lambda: 10 * n(4)]),
    ('saturated', 'tanh of N(0, 10)', torch.tanh, [lambda: 10 * n(4)]),
    ('cancelling', '(x + 1e8) - 1e8', lambda x: (x + 1e8) - 1e8, [lambda: n(3)]),
    ('cancelling', 'sin x + 1e10', lambda x: x.sin() + 1e10, [lambda: n(3)]),
    ('scaling', 'sqrt at 1e200', torch.sqrt, [lambda: at(1e200, 4e200)]),
    ('scaling', 'square at 1e150', torch.square, [lambda: at(1e150)]),
    ('scaling', 'exp at 700', torch.exp, [lambda: at(700)]),
    ('narrow', 'float32 inputs', torch.tanh, [lambda: at(0.3, -1.2).float()]),
    ('structures', 'dropout with a seed inside', lambda x: x * at(1, 0, 1, 1, 0, 1), [lambda: n(6)]),
    ('structures', 'a scalar', torch.sin, [lambda: torch.tensor(0.7, dtype=f64)]),
]:
    fine(group, name, f, *inputs)
