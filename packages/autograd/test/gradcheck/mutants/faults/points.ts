import { concat, type Tensor } from '@adjoint/autograd'
import { altered, at, by, fault, normal, op, scaled } from '../kit.js'

const right = { claim: 'elsewhere' } as const
const zeros = (): Tensor => at(0, 0, 0)

/** Rules that are right at the point that was chosen for them. */
export const hereOnly = [
  fault(
    'square at 0: the rule gives 0',
    'here only',
    by(0),
    () => ({
      f: op('square', (x: Tensor) => x.square(), { vjp: (g) => [g.mul(0)] }),
      inputs: [zeros()],
    }),
    { ...right, also: ['no gradient'] },
  ),
  fault(
    'exp at 0: the rule gives 1',
    'here only',
    by(0),
    () => ({
      f: op('exp', (x: Tensor) => x.exp(), { vjp: (g) => [g] }),
      inputs: [zeros()],
    }),
    { ...right, also: ['chain factor', 'other'] },
  ),
  fault(
    'sin at 0: the rule gives 1',
    'here only',
    by(0),
    () => ({
      f: op('sin', (x: Tensor) => x.sin(), { vjp: (g) => [g] }),
      inputs: [zeros()],
    }),
    { ...right, also: ['chain factor', 'other'] },
  ),
  fault(
    'cube at 1: 3x',
    'here only',
    by(0),
    () => ({
      f: op('cube', (x: Tensor) => x.pow(3), { vjp: (g, [x]) => [g.mul(x!).mul(3)] }),
      inputs: [at(1, 1)],
    }),
    { ...right, also: ['missing term', 'chain factor'] },
  ),
  fault(
    'mul at equal inputs: swapped',
    'here only',
    by(0, 1),
    () => ({
      f: op('mul', (a: Tensor, b: Tensor) => a.mul(b), { vjp: (g, [a, b]) => [g.mul(a!), g.mul(b!)] }),
      inputs: [at(1.5, -0.5), at(1.5, -0.5)],
    }),
    { ...right, also: ['swapped inputs'] },
  ),
  fault(
    'log at 1: x',
    'here only',
    by(0),
    () => ({
      f: op('log', (x: Tensor) => x.log(), { vjp: (g, [x]) => [g.mul(x!)] }),
      inputs: [at(1, 1, 1)],
    }),
    { ...right, also: ['other'] },
  ),
  fault(
    'softmax at zeros: n equal parts',
    'here only',
    by(0),
    () => ({
      f: op('softmax', (x: Tensor) => x.softmax(), { vjp: (g) => [g.sub(g.mean()).div(3)] }),
      inputs: [zeros()],
    }),
    { ...right, also: ['stale', 'other'] },
  ),
  fault(
    'matmul of a symmetric matrix: not transposed',
    'here only',
    by(1),
    () => ({
      f: altered(
        'apply',
        (a: Tensor, x: Tensor) => a.matmul(x),
        ([da], [a], g) => [da!, a!.matmul(g)],
      ),
      inputs: [at(2, 0.5, 0.5, -1).reshape([2, 2]), at(0.3, 1.2)],
    }),
    { ...right, also: ['transposed'] },
  ),
]

const constant = (c: number, factor: number) => () => ({
  f: scaled('offset', (x: Tensor) => x.sin().add(c), factor),
  inputs: [at(0.4, 1, -2)],
})

export const hidden = [
  fault('sin x + 1e6: 10 % off', 'factor', by(0), constant(1e6, 1.1)),
  fault('sin x + 1e8: 1 % off', 'factor', by(0), constant(1e8, 1.01)),
  fault('sin x + 1e10: 10 % off', 'factor', by(0), constant(1e10, 1.1), { caughtBy: ['fail', 'doubt'] }),
  fault('sin x + 1e12: 10 % off', 'factor', by(0), constant(1e12, 1.1), { caughtBy: ['fail', 'doubt'] }),
  fault(
    'a loss of 1e9 and a penalty with the wrong sign',
    'sign',
    by(0),
    () => ({
      f: scaled('penalty', (x: Tensor) => x.square().sum().add(1e9), -1),
      inputs: [normal(351, 3)],
    }),
    { caughtBy: ['fail', 'doubt'] },
  ),
  fault(
    '10^7 (x - 1) - 10^7 x + sin x: nothing comes back',
    'no gradient',
    by(0),
    () => ({
      f: altered(
        'cancel',
        (x: Tensor) => x.sub(1).mul(1e7).sub(x.mul(1e7)).add(x.sin()),
        ([dx]) => [dx!.mul(0)],
      ),
      inputs: [normal(352, 3)],
    }),
    { caughtBy: ['fail', 'doubt'] },
  ),
]

export const scales = [
  fault(
    'two outputs, 1e8 apart: the small one 10 % off',
    'factor',
    by(0),
    () => {
      const small = scaled('small', (x: Tensor) => x.cos().mul(1e-4), 1.1)
      return { f: (x: Tensor) => concat([x.sin().mul(1e4), small(x) as Tensor]), inputs: [at(0.4, 1)] }
    },
    { also: ['only some'] },
  ),
  fault(
    'two outputs, 1e16 apart: sign of the small one',
    'sign',
    by(0),
    () => {
      const small = scaled('small', (x: Tensor) => x.cos().mul(1e-8), -1)
      return { f: (x: Tensor) => ({ large: x.sin().mul(1e8), small: small(x) }), inputs: [at(0.4, 1)] }
    },
    { also: ['only some'] },
  ),
  fault(
    'columns of 1, 1e5 and 1e10: nothing from the first',
    'only some',
    { '[0]': (i) => i === 0 },
    () => ({
      f: scaled(
        'columns',
        (x: Tensor) => x.sin().mul(at(1, 1e5, 1e10)),
        0,
        0,
        (i) => i === 0,
      ),
      inputs: [at(0.3, 0.5, 0.7)],
    }),
    { also: ['no gradient'] },
  ),
  fault('inputs of 1e-6 and 1e6: sign of the first', 'sign', by(0), () => ({
    f: scaled('scaled', (a: Tensor, b: Tensor) => a.mul(1e6).sin().add(b.mul(1e-6).cos()), -1),
    inputs: [at(4e-7, 1e-6), at(4e5, 1e6)],
  })),
  fault('a slope of 1e-6 beside one of 1: nothing for it', 'no gradient', by(1), () => ({
    f: altered(
      'faint',
      (a: Tensor, b: Tensor) => a.add(b.sin().mul(1e-6)),
      ([da, db]) => [da!, db!.mul(0)],
    ),
    inputs: [normal(353, 3), normal(354, 3)],
  })),
]

export const extremes = [
  fault(
    'sqrt at 1e200: twice',
    'factor',
    by(0),
    () => ({ f: scaled('sqrt', (x: Tensor) => x.sqrt(), 2), inputs: [at(1e200, 3e200)] }),
    { also: ['double accumulation'] },
  ),
  fault('log at 1e200: sign', 'sign', by(0), () => ({
    f: scaled('log', (x: Tensor) => x.log(), -1),
    inputs: [at(1e200, 2e199)],
  })),
  fault('log at 1e-200: sign', 'sign', by(0), () => ({
    f: scaled('log', (x: Tensor) => x.log(), -1),
    inputs: [at(1e-200, 3e-199)],
  })),
  fault('sqrt at 1e-200: 10 % off', 'factor', by(0), () => ({
    f: scaled('sqrt', (x: Tensor) => x.sqrt(), 1.1),
    inputs: [at(1e-200, 5e-200)],
  })),
  fault('reciprocal at 1e-100: sign', 'sign', by(0), () => ({
    f: scaled('reciprocal', (x: Tensor) => x.reciprocal(), -1),
    inputs: [at(1e-100, 2e-100)],
  })),
  fault('ratio of two of 1e150: swapped', 'swapped inputs', by(0, 1), () => ({
    f: altered(
      'ratio',
      (a: Tensor, b: Tensor) => a.div(b),
      ([da, db]) => [db!, da!],
    ),
    inputs: [at(1e150, 2e150), at(3e150, -1e150)],
  })),
  fault('identity at 1e300: 1 + 1e-3', 'factor', by(0), () => ({
    f: scaled('same', (x: Tensor) => x.mul(1), 1.001),
    inputs: [at(1e300, -1e300)],
  })),
]
