import { layerNorm, type Tensor, where } from '@adjoint/autograd'
import { altered, at, by, fault, normal, positive, replace } from '../kit.js'

const none = 'no gradient' as const
const keep = { keepDims: true } as const
const zero = (x: Tensor): Tensor => x.mul(0) as Tensor

export const terms = [
  fault('x sin x: without x cos x', 'missing term', by(0), () => ({
    f: altered(
      'xSin',
      (x: Tensor) => x.mul(x.sin()),
      (_r, [x], g) => [g.mul(x!.sin())],
    ),
    inputs: [normal(111, 4)],
  })),
  fault('x sin x: without sin x', 'missing term', by(0), () => ({
    f: altered(
      'xSin',
      (x: Tensor) => x.mul(x.sin()),
      (_r, [x], g) => [g.mul(x!.mul(x!.cos()))],
    ),
    inputs: [normal(112, 4)],
  })),
  fault('x / (1 + x^2): the denominator as a constant', 'missing term', by(0), () => ({
    f: altered(
      'quotient',
      (x: Tensor) => x.div(x.square().add(1)),
      (_r, [x], g) => [g.div(x!.square().add(1))],
    ),
    inputs: [normal(113, 4)],
  })),
  fault('x / (1 + x^2): the numerator as a constant', 'missing term', by(0), () => ({
    f: altered(
      'quotient',
      (x: Tensor) => x.div(x.square().add(1)),
      ([dx], [x], g) => [dx!.sub(g.div(x!.square().add(1)))],
    ),
    inputs: [normal(114, 4)],
  })),
  fault(
    'softmax: only the diagonal',
    'missing term',
    by(0),
    () => ({
      f: altered(
        'softmax',
        (x: Tensor) => x.softmax(1),
        (_r, _x, g, s) => [g.mul(s.mul(s.neg().add(1)))],
      ),
      inputs: [normal(115, 2, 3)],
    }),
    { also: ['only some'] },
  ),
  fault('softmax: without the sum', 'missing term', by(0), () => ({
    f: altered(
      'softmax',
      (x: Tensor) => x.softmax(1),
      (_r, _x, g, s) => [g.mul(s)],
    ),
    inputs: [normal(116, 2, 3)],
  })),
  fault(
    'logSoftmax: without the softmax',
    'missing term',
    by(0),
    () => ({
      f: altered(
        'logSoftmax',
        (x: Tensor) => x.logSoftmax(1),
        (_r, _x, g) => [g],
      ),
      inputs: [normal(117, 2, 3)],
    }),
    { also: ['other'] },
  ),
  fault('layer norm: mean and deviation as constants', 'missing term', by(0), () => ({
    f: altered(
      'norm',
      (x: Tensor) => layerNorm(x),
      (_r, [x], g) => [g.div(x!.variance(-1, keep).add(1e-5).sqrt())],
    ),
    inputs: [normal(118, 2, 4)],
  })),
  fault('layer norm: the deviation as a constant', 'missing term', by(0), () => ({
    f: altered(
      'norm',
      (x: Tensor) => layerNorm(x),
      (_r, [x], g) => {
        const slope = g.div(x!.variance(-1, keep).add(1e-5).sqrt())
        return [slope.sub(slope.mean(-1, keep))]
      },
    ),
    inputs: [normal(119, 2, 4)],
  })),
  fault('x / |x|: without the projection', 'missing term', by(0), () => ({
    f: altered(
      'unit',
      (x: Tensor) => x.div(x.norm()),
      (_r, [x], g) => [g.div(x!.norm())],
    ),
    inputs: [normal(120, 4)],
  })),
  fault(
    'x^T A x: only A x',
    'missing term',
    by(0),
    () => ({
      f: altered(
        'form',
        (x: Tensor, a: Tensor) => x.mul(a.matmul(x)).sum(),
        ([, da], [x, a], g) => [a!.matmul(x!).mul(g), da!],
      ),
      inputs: [normal(121, 3), normal(122, 3, 3)],
    }),
    { also: ['transposed'] },
  ),
  fault('silu: only the sigmoid', 'missing term', by(0), () => ({
    f: altered(
      'silu',
      (x: Tensor) => x.silu(),
      (_r, [x], g) => [g.mul(x!.sigmoid())],
    ),
    inputs: [normal(123, 4)],
  })),
  fault('gelu: without the density', 'missing term', by(0), () => ({
    f: altered(
      'gelu',
      (x: Tensor) => x.gelu(),
      (_r, [x], g) => [g.mul(x!.div(Math.SQRT2).erf().add(1).div(2))],
    ),
    inputs: [normal(124, 4)],
  })),
  fault('variance: of the elements only, without the mean', 'missing term', by(0), () => ({
    f: altered(
      'variance',
      (x: Tensor) => x.square().mean().sub(x.mean().square()),
      (_r, [x], g) => [x!.mul(g).mul(2 / 5)],
    ),
    inputs: [normal(125, 5)],
  })),
]

export const chains = [
  fault(
    'sin 3x: the 3 is missing',
    'chain factor',
    by(0),
    () => ({
      f: altered(
        'sin3',
        (x: Tensor) => x.mul(3).sin(),
        (_r, [x], g) => [g.mul(x!.mul(3).cos())],
      ),
      inputs: [normal(131, 4)],
    }),
    { also: ['factor'] },
  ),
  fault('exp(x^2): 2x is missing', 'chain factor', by(0), () => ({
    f: altered(
      'expSquare',
      (x: Tensor) => x.square().exp(),
      (_r, _x, g, y) => [g.mul(y)],
    ),
    inputs: [at(0.3, -0.8, 1.1)],
  })),
  fault('log(1 + e^x): e^x is missing', 'chain factor', by(0), () => ({
    f: altered(
      'softplus',
      (x: Tensor) => x.exp().add(1).log(),
      (_r, [x], g) => [g.div(x!.exp().add(1))],
    ),
    inputs: [normal(132, 4)],
  })),
  fault(
    'sigmoid: the second factor is missing',
    'chain factor',
    by(0),
    () => ({
      f: altered(
        'sigmoid',
        (x: Tensor) => x.sigmoid(),
        (_r, _x, g, s) => [g.mul(s)],
      ),
      inputs: [normal(133, 4)],
    }),
    { also: ['missing term'] },
  ),
  fault(
    'norm: the root is missing',
    'chain factor',
    by(0),
    () => ({
      f: altered(
        'norm',
        (x: Tensor) => x.norm(),
        (_r, [x], g) => [g.mul(x!)],
      ),
      inputs: [normal(134, 4)],
    }),
    { also: ['factor'] },
  ),
  fault(
    'logSumExp: not divided by the sum',
    'chain factor',
    by(0),
    () => ({
      f: altered(
        'logSumExp',
        (x: Tensor) => x.logSumExp(1, keep),
        (_r, [x], g) => [g.mul(x!.exp())],
      ),
      inputs: [normal(135, 2, 3)],
    }),
    { also: ['factor'] },
  ),
  fault('dense layer: the slope of tanh is missing for the weights', 'chain factor', by(1), () => ({
    f: altered(
      'dense',
      (x: Tensor, w: Tensor) => x.matmul(w).tanh(),
      ([dx], [x], g) => [dx!, x!.transpose().matmul(g)],
    ),
    inputs: [normal(136, 3, 2), normal(137, 2, 2)],
  })),
  fault('tanh of a quotient: the inner quotient is missing', 'chain factor', by(0), () => ({
    f: altered(
      'ratio',
      (a: Tensor, b: Tensor) => a.div(b).tanh(),
      ([, db], _i, g, y) => [g.mul(y.square().neg().add(1)), db!],
    ),
    inputs: [normal(138, 4), positive(139, 4)],
  })),
]

export const dropped = [
  fault('pow: nothing for the exponent', none, by(1), () => ({
    f: altered(
      'pow',
      (a: Tensor, b: Tensor) => a.pow(b),
      ([da, db]) => [da!, zero(db!)],
    ),
    inputs: [positive(141, 4), normal(142, 4)],
  })),
  fault('mul: null for b', none, by(1), () => ({
    f: altered(
      'mul',
      (a: Tensor, b: Tensor) => a.mul(b),
      ([da]) => [da!, null],
    ),
    inputs: [normal(143, 4), normal(144, 4)],
  })),
  fault('linear layer: nothing for the bias', none, by(2), () => ({
    f: altered(
      'linear',
      (x: Tensor, w: Tensor, b: Tensor) => x.matmul(w).add(b),
      (right) => replace(right, 2, zero),
    ),
    inputs: [normal(145, 4, 2), normal(146, 2, 3), normal(147, 3)],
  })),
  fault('squared distance: nothing for the second', none, by(1), () => ({
    f: altered(
      'distance',
      (a: Tensor, b: Tensor) => a.sub(b).square().sum(),
      ([da, db]) => [da!, zero(db!)],
    ),
    inputs: [normal(148, 4), normal(149, 4)],
  })),
  fault('lerp: nothing for the weight', none, by(2), () => ({
    f: altered(
      'lerp',
      (a: Tensor, b: Tensor, t: Tensor) => a.add(b.sub(a).mul(t)),
      (right) => replace(right, 2, zero),
    ),
    inputs: [normal(150, 3), normal(151, 3), normal(152, 3)],
  })),
  fault('stopGradient in a loss', none, by(1), () => ({
    f: (a: Tensor, b: Tensor) => a.sub(b.stopGradient()).square().mean(),
    inputs: [normal(153, 4), normal(154, 4)],
  })),
]

const wrongOrder = 'swapped inputs' as const
export const swapped = [
  fault('mul: each gets its own cotangent', wrongOrder, by(0, 1), () => ({
    f: altered(
      'mul',
      (a: Tensor, b: Tensor) => a.mul(b),
      ([da, db]) => [db!, da!],
    ),
    inputs: [normal(161, 4), normal(162, 4)],
  })),
  fault('div: the gradients are swapped', wrongOrder, by(0, 1), () => ({
    f: altered(
      'div',
      (a: Tensor, b: Tensor) => a.div(b),
      ([da, db]) => [db!, da!],
    ),
    inputs: [normal(163, 4), positive(164, 4)],
  })),
  fault('div: swapped, and of the wrong sign', wrongOrder, by(0, 1), () => ({
    f: altered(
      'div',
      (a: Tensor, b: Tensor) => a.div(b),
      ([da, db]) => [db!.neg(), da!.neg()],
    ),
    inputs: [normal(165, 4), positive(166, 4)],
  })),
  fault(
    'matmul: the gradients are swapped',
    wrongOrder,
    by(0, 1),
    () => ({
      f: altered(
        'matmul',
        (a: Tensor, b: Tensor) => a.matmul(b),
        ([da, db]) => [db!, da!],
      ),
      inputs: [normal(167, 3, 3), normal(168, 3, 3)],
    }),
    { also: ['transposed'] },
  ),
  fault('atan2: swapped and doubled', wrongOrder, by(0, 1), () => ({
    f: altered(
      'atan2',
      (a: Tensor, b: Tensor) => a.atan2(b),
      ([da, db]) => [db!.mul(2), da!.mul(2)],
    ),
    inputs: [positive(169, 4), positive(170, 4)],
  })),
  fault(
    'where: the branches are swapped',
    wrongOrder,
    by(0, 1),
    () => {
      const yes = at(1, 0, 1).greater(0.5)
      return {
        f: altered(
          'choose',
          (a: Tensor, b: Tensor) => where(yes, a, b),
          ([da, db]) => [db!, da!],
        ),
        inputs: [normal(171, 3), normal(172, 3)],
      }
    },
    { also: ['only some', 'other'] },
  ),
  fault(
    'three inputs: rotated',
    wrongOrder,
    by(0, 1, 2),
    () => ({
      f: altered(
        'fused',
        (a: Tensor, b: Tensor, c: Tensor) => a.mul(b).add(c.sin()),
        ([da, db, dc]) => [db!, dc!, da!],
      ),
      inputs: [normal(173, 3), normal(174, 3), normal(175, 3)],
    }),
    { also: ['shifted'] },
  ),
]
