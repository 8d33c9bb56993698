import { type Tensor, tensor } from '@adjoint/autograd'
import { altered, alteredForward, alteredReverse, at, by, fault, ints, normal, positive } from '../kit.js'

const f64 = { dtype: 'float64' } as const
const square = (x: Tensor): Tensor => x.square() as Tensor
const ignored = 'ignored cotangent' as const

export const cotangents = [
  fault('sum of squares: as if the cotangent were 1', ignored, by(0), () => ({
    f: altered(
      'squares',
      (x: Tensor) => x.square().sum(),
      (_r, [x]) => [x!.mul(2)],
    ),
    inputs: [normal(181, 3)],
  })),
  fault('square: as if the cotangent were 1', ignored, by(0), () => ({
    f: altered('square', square, (_r, [x]) => [x!.mul(2)]),
    inputs: [normal(182, 3)],
  })),
  fault('cross entropy of logits: the cotangent is left out', ignored, by(0), () => {
    const labels = ints(1, 0).expandDims(1) as Tensor
    return {
      f: altered(
        'entropy',
        (x: Tensor) => x.logSoftmax(1).gather(labels, 1).mean().neg(),
        (_r, [x]) => [
          x!.softmax(1).sub(tensor([[0, 1, 0], [1, 0, 0]], f64)).div(2), // biome-ignore format: a matrix
        ],
      ),
      inputs: [normal(183, 2, 3)],
    }
  }),
  fault('matmul: the cotangent as ones for a', ignored, by(0), () => ({
    f: altered(
      'matmul',
      (a: Tensor, b: Tensor) => a.matmul(b),
      ([, db], [, b], g) => [g.mul(0).add(1).matmul(b!.transpose()), db!],
    ),
    inputs: [normal(184, 2, 3), normal(185, 3, 2)],
  })),
  fault(
    'tanh: the sign of the cotangent',
    ignored,
    by(0),
    () => ({
      f: altered(
        'tanh',
        (x: Tensor) => x.tanh(),
        (_r, _x, g, y) => [g.sign().mul(y.square().neg().add(1))],
      ),
      inputs: [normal(186, 3)],
    }),
    { also: ['clipped', 'absolute value'] },
  ),
  fault('mul: the square of the cotangent', ignored, by(0, 1), () => ({
    f: altered(
      'mul',
      (a: Tensor, b: Tensor) => a.mul(b),
      (_r, [a, b], g) => [g.square().mul(b!), g.square().mul(a!)],
    ),
    inputs: [normal(187, 3), normal(188, 3)],
  })),
]

export const clipped = [
  fault(
    'exp: the derivative is clipped at 5',
    'clipped',
    { '[0]': (i) => i === 2 },
    () => ({
      f: altered(
        'exp',
        (x: Tensor) => x.exp(),
        (_r, _x, g, y) => [g.mul(y.minimum(5))],
      ),
      inputs: [at(0.2, -1, 2.5)],
    }),
    { also: ['only some'] },
  ),
  fault(
    'cube: the gradient is clipped to +-1',
    'clipped',
    { '[0]': (i) => i > 0 },
    () => ({
      f: altered(
        'cube',
        (x: Tensor) => x.pow(3),
        (_r, [x], g) => [g.mul(x!.square().mul(3)).clamp(-1, 1)],
      ),
      inputs: [at(0.2, -1.1, 2.5)],
    }),
    { also: ['only some', 'ignored cotangent'] },
  ),
  fault(
    'reciprocal: an epsilon in the denominator',
    'clipped',
    by(0),
    () => ({
      f: altered(
        'reciprocal',
        (x: Tensor) => x.reciprocal(),
        (_r, [x], g) => [g.neg().div(x!.square().add(1e-6))],
      ),
      inputs: [positive(191, 3)],
    }),
    { also: ['other', 'factor'] },
  ),
  fault(
    'matmul: the norm of the gradient is clipped to 1',
    'clipped',
    by(1),
    () => ({
      f: altered(
        'matmul',
        (a: Tensor, b: Tensor) => a.matmul(b),
        ([da, db]) => [da!, db!.div(db!.norm().maximum(1))],
      ),
      inputs: [normal(192, 3, 2).mul(3), normal(193, 2, 2)],
    }),
    { also: ['ignored cotangent', 'factor'] },
  ),
  fault(
    'log: the denominator is at least 0.5',
    'clipped',
    { '[0]': (i) => i === 0 },
    () => ({
      f: altered(
        'log',
        (x: Tensor) => x.log(),
        (_r, [x], g) => [g.div(x!.maximum(0.5))],
      ),
      inputs: [at(0.1, 0.8, 2)],
    }),
    { also: ['only some'] },
  ),
]

const inReverse = { mode: 'reverse' } as const
const forward = { mode: 'forward' } as const
export const modes = [
  fault(
    'exp: wrong sign in reverse only',
    'one mode',
    by(0),
    () => ({
      f: alteredReverse(
        'exp',
        (x: Tensor) => x.exp(),
        ([dx]) => [dx!.neg()],
      ),
      inputs: [normal(221, 3)],
    }),
    { ...inReverse, also: ['sign'] },
  ),
  fault(
    'exp: wrong sign forward only',
    'one mode',
    by(0),
    () => ({
      f: alteredForward(
        'exp',
        (x: Tensor) => x.exp(),
        (dy) => dy.neg() as Tensor,
      ),
      inputs: [normal(222, 3)],
    }),
    { ...forward, also: ['sign'] },
  ),
  fault(
    'mul: the tangent of b is forgotten',
    'one mode',
    by(1),
    () => ({
      f: alteredForward(
        'mul',
        (a: Tensor, b: Tensor) => a.mul(b),
        (_dy, [da], [, b]) => da!.mul(b!) as Tensor,
      ),
      inputs: [normal(223, 3), normal(224, 3)],
    }),
    { ...forward, also: ['no gradient', 'missing term'] },
  ),
  fault(
    'matmul: a term is missing forward',
    'one mode',
    by(0),
    () => ({
      f: alteredForward(
        'matmul',
        (a: Tensor, b: Tensor) => a.matmul(b),
        (_dy, [, db], [a]) => a!.matmul(db!) as Tensor,
      ),
      inputs: [normal(225, 2, 3), normal(226, 3, 2)],
    }),
    { ...forward, also: ['no gradient', 'missing term'] },
  ),
  fault(
    'weighted sum: matrices are transposed forward',
    'one mode',
    by(0),
    () => ({
      f: alteredForward(
        'weighted',
        (x: Tensor, w: Tensor) => w.matmul(x),
        (_dy, [dx, dw], [x, w]) => w!.transpose().matmul(dx!).add(dw!.matmul(x!)) as Tensor,
      ),
      inputs: [normal(227, 3, 2), normal(228, 3, 3)],
    }),
    { ...forward, also: ['transposed'] },
  ),
  fault(
    'logSumExp: ones in reverse',
    'one mode',
    by(0),
    () => ({
      f: alteredReverse(
        'logSumExp',
        (x: Tensor) => x.logSumExp(1, { keepDims: true }),
        (_r, [x], g) => [g.broadcastTo(x!.shape)],
      ),
      inputs: [normal(229, 2, 3)],
    }),
    { ...inReverse, also: ['chain factor', 'other', 'missing term'] },
  ),
  fault(
    'square: 1 + 1e-4 in reverse',
    'one mode',
    by(0),
    () => ({
      f: alteredReverse('square', square, ([dx]) => [dx!.mul(1.0001)]),
      inputs: [normal(230, 3)],
    }),
    { ...inReverse, also: ['factor'] },
  ),
  fault(
    'cumulative sum: the other direction in reverse',
    'one mode',
    by(0),
    () => ({
      f: alteredReverse(
        'cumSum',
        (x: Tensor) => x.cumSum(),
        (_r, _x, g) => [g.cumSum()],
      ),
      inputs: [normal(231, 4)],
    }),
    { ...inReverse, also: ['transposed'] },
  ),
  fault(
    'sin: only the tangent is halved',
    'one mode',
    by(0),
    () => ({
      f: alteredForward(
        'sin',
        (x: Tensor) => x.sin(),
        (dy) => dy.div(2) as Tensor,
      ),
      inputs: [normal(232, 3)],
    }),
    { ...forward, also: ['factor'] },
  ),
]
