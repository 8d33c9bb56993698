import { avgPool2d, conv1d, type Tensor } from '@adjoint/autograd'
import { altered, at, by, fault, normal, positive, scaled } from '../kit.js'

const off = 'factor' as const
const tensors = { x: () => normal(41, 3, 4), y: () => normal(42, 4, 2) }

export const factors = [
  fault('square: 2 is missing', off, by(0), () => ({
    f: scaled('square', (x: Tensor) => x.square(), 1 / 2),
    inputs: [normal(43, 4)],
  })),
  fault(
    'half a squared error: 1/2 is missing',
    off,
    by(0, 1),
    () => ({
      f: altered(
        'halfError',
        (a: Tensor, b: Tensor) => a.sub(b).square().sum().div(2),
        ([da, db]) => [da!.mul(2), db!.mul(2)],
      ),
      inputs: [normal(44, 5), normal(45, 5)],
    }),
    { also: ['double accumulation'] },
  ),
  fault(
    'sqrt: 1 / x^(1/2)',
    off,
    by(0),
    () => ({
      f: altered(
        'sqrt',
        (x: Tensor) => x.sqrt(),
        (_right, _x, g, y) => [g.div(y)],
      ),
      inputs: [positive(46, 4)],
    }),
    { also: ['double accumulation'] },
  ),
  fault('cube: the exponent is missing', off, by(0), () => ({
    f: altered(
      'cube',
      (x: Tensor) => x.pow(3),
      (_right, [x], g) => [g.mul(x!.square())],
    ),
    inputs: [normal(47, 5)],
  })),
  fault('power sum: 1/6', off, by(0), () => ({
    f: scaled('powers', (x: Tensor) => x.pow(4).sum(), 1 / 6),
    inputs: [normal(48, 5)],
  })),
  fault('tanh: 1/7, which is no count', off, by(0), () => ({
    f: scaled('tanh', (x: Tensor) => x.tanh(), 1 / 7),
    inputs: [normal(49, 5)],
  })),
  fault('log base 2: natural', off, by(0), () => ({
    f: altered(
      'log2',
      (x: Tensor) => x.log2(),
      (_right, [x], g) => [g.div(x!)],
    ),
    inputs: [positive(50, 4)],
  })),
  fault(
    'degrees: pi / 180 is missing',
    off,
    by(0),
    () => ({
      f: scaled('sinOfDegrees', (x: Tensor) => x.mul(Math.PI / 180).sin(), 180 / Math.PI),
      inputs: [at(10, 75, -140)],
    }),
    { also: ['chain factor'] },
  ),
  fault('exp: 1 + 1e-3', off, by(0), () => ({
    f: scaled('exp', (x: Tensor) => x.exp(), 1 + 1e-3),
    inputs: [normal(51, 4)],
  })),
  fault('sin: 1 + 1e-5', off, by(0), () => ({
    f: scaled('sin', (x: Tensor) => x.sin(), 1 + 1e-5),
    inputs: [normal(52, 4)],
  })),
  fault('softplus: 1 - 1e-7', off, by(0), () => ({
    f: scaled('softplus', (x: Tensor) => x.softplus(), 1 - 1e-7),
    inputs: [normal(53, 4)],
  })),
  fault('matmul: 1 + 1e-5 for the right operand', off, by(1), () => ({
    f: scaled('matmul', (a: Tensor, b: Tensor) => a.matmul(b), 1 + 1e-5, 1),
    inputs: [tensors.x(), tensors.y()],
  })),
  fault('matmul: 1 + 1e-3 for both', off, by(0, 1), () => ({
    f: altered(
      'matmul',
      (a: Tensor, b: Tensor) => a.matmul(b),
      ([da, db]) => [da!.mul(1.001), db!.mul(1.001)],
    ),
    inputs: [tensors.x(), tensors.y()],
  })),
  fault(
    'conv1d: twice for the kernel',
    off,
    by(1),
    () => ({
      f: scaled('conv1d', (x: Tensor, k: Tensor) => conv1d(x, k), 2, 1),
      inputs: [normal(54, 1, 2, 5), normal(55, 2, 2, 3)],
    }),
    { also: ['double accumulation'] },
  ),
  fault('dropout: the scale 1 / (1 - p) is missing', off, by(0), () => ({
    f: scaled('dropout', (x: Tensor) => x.div(0.75), 0.75),
    inputs: [normal(56, 6)],
  })),
  fault(
    'scaled dot product: the root of the width is missing',
    off,
    by(0),
    () => ({
      f: scaled('scores', (q: Tensor, k: Tensor) => q.matmul(k.transpose()).div(Math.sqrt(5)), Math.sqrt(5)),
      inputs: [normal(57, 2, 5), normal(58, 3, 5)],
    }),
    { also: ['chain factor'] },
  ),
]

const both = (kind: 'mean for sum' | 'sum for mean') => ({ also: ['factor'] as const, kind })
const less = both('mean for sum')
const more = both('sum for mean')

export const means = [
  fault(
    'sum: mean over all',
    less.kind,
    by(0),
    () => ({ f: scaled('sum', (x: Tensor) => x.sum(), 1 / 12), inputs: [tensors.x()] }),
    { also: less.also },
  ),
  fault(
    'sum over axis 0: mean over it',
    less.kind,
    by(0),
    () => ({ f: scaled('sum', (x: Tensor) => x.sum(0), 1 / 3), inputs: [tensors.x()] }),
    { also: less.also },
  ),
  fault(
    'sum over axis 1: mean over it',
    less.kind,
    by(0),
    () => ({ f: scaled('sum', (x: Tensor) => x.sum(1), 1 / 4), inputs: [tensors.x()] }),
    { also: less.also },
  ),
  fault(
    'sum of squares over axes 1 and 2: mean over them',
    less.kind,
    by(0),
    () => ({
      f: scaled('squares', (x: Tensor) => x.square().sum([1, 2]), 1 / 6),
      inputs: [normal(59, 4, 2, 3)],
    }),
    { also: less.also },
  ),
  fault(
    'bias: mean over the batch',
    less.kind,
    by(1),
    () => ({
      f: scaled('bias', (x: Tensor, b: Tensor) => x.add(b), 1 / 5, 1),
      inputs: [normal(60, 5, 2), normal(61, 2)],
    }),
    { also: [...less.also, 'broadcast reduction'] },
  ),
  fault(
    'matmul: mean over the batch for the weights',
    less.kind,
    by(1),
    () => ({
      f: scaled('linear', (x: Tensor, w: Tensor) => x.matmul(w), 1 / 7, 1),
      inputs: [normal(62, 7, 2), normal(63, 2, 2)],
    }),
    { also: less.also },
  ),
  fault(
    'mean: sum over all',
    more.kind,
    by(0),
    () => ({ f: scaled('mean', (x: Tensor) => x.mean(), 12), inputs: [tensors.x()] }),
    { also: more.also },
  ),
  fault(
    'mean over axis 0: sum over it',
    more.kind,
    by(0),
    () => ({ f: scaled('mean', (x: Tensor) => x.mean(0), 3), inputs: [tensors.x()] }),
    { also: more.also },
  ),
  fault(
    'mean squared error: sum',
    more.kind,
    by(0),
    () => ({
      f: scaled('error', (a: Tensor, b: Tensor) => a.sub(b).square().mean(), 6),
      inputs: [normal(64, 2, 3), normal(65, 2, 3)],
    }),
    { also: more.also },
  ),
  fault(
    'mean absolute value over axis 1: sum over axis 0',
    more.kind,
    by(0),
    () => ({
      f: scaled('error', (x: Tensor) => x.abs().mean(1), 3),
      inputs: [tensors.x()],
    }),
    { also: more.also },
  ),
  fault(
    'average pooling: the window is not divided by',
    more.kind,
    by(0),
    () => ({
      f: scaled('pool', (x: Tensor) => avgPool2d(x, 2), 4),
      inputs: [normal(66, 1, 1, 4, 4)],
    }),
    { also: more.also },
  ),
  fault(
    'variance: the count is not divided by',
    more.kind,
    by(0),
    () => ({
      f: scaled('variance', (x: Tensor) => x.variance(), 8),
      inputs: [normal(67, 8)],
    }),
    { also: more.also },
  ),
]
