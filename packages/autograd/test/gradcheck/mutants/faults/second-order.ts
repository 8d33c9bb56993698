import { noGrad, stopGradient, type Tensor } from '@adjoint/autograd'
import { altered, at, by, fault, normal, op, positive } from '../kit.js'

const _f64 = { dtype: 'float64' } as const
const square = (x: Tensor): Tensor => x.square() as Tensor

const second = { order: 2, also: ['no gradient', 'once differentiable', 'other'] } as const
export const savedOutputs = [
  fault(
    'tanh: the saved output is a constant',
    'saved output',
    by(0),
    () => ({
      f: altered(
        'tanh',
        (x: Tensor) => x.tanh(),
        (_r, _x, g, y) => [g.mul(stopGradient(y).square().neg().add(1))],
      ),
      inputs: [normal(201, 3)],
    }),
    second,
  ),
  fault(
    'exp: the saved output is a constant',
    'saved output',
    by(0),
    () => ({
      f: altered(
        'exp',
        (x: Tensor) => x.exp(),
        (_r, _x, g, y) => [g.mul(stopGradient(y))],
      ),
      inputs: [normal(202, 3)],
    }),
    second,
  ),
  fault(
    'sqrt: the saved output is a constant',
    'saved output',
    by(0),
    () => ({
      f: altered(
        'sqrt',
        (x: Tensor) => x.sqrt(),
        (_r, _x, g, y) => [g.div(stopGradient(y).mul(2))],
      ),
      inputs: [positive(203, 3)],
    }),
    second,
  ),
  fault(
    'softmax: the saved output is a constant',
    'saved output',
    by(0),
    () => ({
      f: altered(
        'softmax',
        (x: Tensor) => x.softmax(),
        (_r, _x, g, y) => {
          const s = stopGradient(y)
          return [g.sub(g.mul(s).sum(-1, { keepDims: true })).mul(s)]
        },
      ),
      inputs: [normal(204, 3)],
    }),
    second,
  ),
  fault(
    'norm: the saved norm is a constant',
    'saved output',
    by(0),
    () => ({
      f: altered(
        'norm',
        (x: Tensor) => x.norm(),
        (_r, [x], g, y) => [g.mul(x!.div(stopGradient(y)))],
      ),
      inputs: [normal(205, 3)],
    }),
    second,
  ),
  fault(
    'mul: b is a constant for the second derivative',
    'saved output',
    by(1),
    () => ({
      f: altered(
        'mul',
        (a: Tensor, b: Tensor) => a.mul(b),
        (_r, [a, b], g) => [g.mul(stopGradient(b!)), g.mul(a!)],
      ),
      inputs: [normal(206, 3), normal(207, 3)],
    }),
    second,
  ),
]

export const once = [
  fault(
    'square: the rule runs under noGrad',
    'once differentiable',
    by(0),
    () => ({
      f: op('square', square, { vjp: (g, [x]) => [g.mul(noGrad(() => x!.mul(2)))] }),
      inputs: [normal(211, 3)],
    }),
    { order: 2, also: ['no gradient', 'saved output'] },
  ),
  fault(
    'cube: the rule looks at elements',
    'once differentiable',
    null,
    () => ({
      f: op('cube', (x: Tensor) => x.pow(3), {
        vjp: (g, [x]) => [g.mul(at(...Array.from(x!.data, (t) => 3 * t * t)))],
      }),
      inputs: [normal(212, 3)],
    }),
    { order: 2, caughtBy: ['fail', 'doubt', 'note'], claim: 'once' },
  ),
  fault(
    'sigmoid: the slope is stopped',
    'once differentiable',
    by(0),
    () => ({
      f: altered(
        'sigmoid',
        (x: Tensor) => x.sigmoid(),
        (_r, [x], g) => {
          const s = x!.sigmoid()
          return [g.mul(stopGradient(s.mul(s.neg().add(1))))]
        },
      ),
      inputs: [normal(213, 3)],
    }),
    { order: 2, also: ['no gradient', 'saved output'] },
  ),
  fault(
    'quadratic form: the matrix product in the rule is stopped',
    'once differentiable',
    by(0),
    () => {
      const a = normal(214, 3, 3)
      return {
        f: altered(
          'form',
          (x: Tensor) => x.mul(a.matmul(x)).sum(),
          (_r, [x], g) => [g.mul(stopGradient(a.add(a.transpose()).matmul(x!)))],
        ),
        inputs: [normal(215, 3)],
      }
    },
    { order: 2, also: ['no gradient', 'saved output'] },
  ),
]
