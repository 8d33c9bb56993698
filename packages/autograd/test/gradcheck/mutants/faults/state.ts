import { noGrad, Random, type Tensor } from '@adjoint/autograd'
import { altered, at, by, type F, fault, normal, op, positive } from '../kit.js'

const square = (x: Tensor): Tensor => x.square() as Tensor
const unsteady = { claim: 'random', caughtBy: ['fail', 'doubt'] } as const

/** A rule that keeps what it was first given, and what it then makes of that. */
const kept = (name: string, f: F, slope: (x: Tensor) => Tensor): F => {
  let first: Tensor | undefined
  return altered(name, f, ([, ...others], [x], g) => {
    first ??= x!.detach() as Tensor
    return [g.mul(slope(first)), ...others]
  })
}
const elsewhere = { claim: 'elsewhere' } as const

export const stale = [
  fault(
    'square: the rule keeps the first input',
    'stale',
    by(0),
    () => ({
      f: kept('square', square, (x) => x.mul(2) as Tensor),
      inputs: [normal(311, 3)],
    }),
    { ...elsewhere, also: ['here only', 'once differentiable'] },
  ),
  fault(
    'tanh: the slope is made once',
    'stale',
    by(0),
    () => ({
      f: kept(
        'tanh',
        (x: Tensor) => x.tanh(),
        (x) => x.tanh().square().neg().add(1) as Tensor,
      ),
      inputs: [normal(312, 3)],
    }),
    { ...elsewhere, also: ['here only', 'once differentiable'] },
  ),
  fault(
    'exp: forward keeps its first result',
    'stale',
    by(0),
    () => {
      let first: Tensor | undefined
      const forward = (x: Tensor): Tensor => {
        const y = x.exp() as Tensor
        first ??= y.detach() as Tensor
        return y
      }
      return { f: op('exp', forward, { vjp: (g) => [g.mul(first!)] }), inputs: [normal(313, 3)] }
    },
    { ...elsewhere, also: ['here only', 'saved output'] },
  ),
  fault(
    'mul: the rule for a keeps the first b',
    'stale',
    by(0),
    () => {
      let b: Tensor | undefined
      return {
        f: altered(
          'mul',
          (a: Tensor, b: Tensor) => a.mul(b),
          ([, db], [, second], g) => {
            b ??= second!.detach() as Tensor
            return [g.mul(b), db!]
          },
        ),
        inputs: [normal(314, 3), normal(315, 3)],
      }
    },
    { ...elsewhere, also: ['here only', 'saved output'] },
  ),
  fault(
    'relu: the mask of the first call',
    'stale',
    by(0),
    () => {
      let mask: Tensor | undefined
      return {
        f: altered(
          'relu',
          (x: Tensor) => x.relu(),
          (_r, [x], g) => {
            mask ??= x!.detach().greater(0) as Tensor
            return [g.mul(mask)]
          },
        ),
        inputs: [at(0.1, -0.2, 0.15)],
      }
    },
    { ...elsewhere, also: ['here only'] },
  ),
]

const mutates = { claim: 'mutates', caughtBy: ['fail', 'doubt'] } as const
const overwrite = (x: Tensor, next: Tensor): void => {
  noGrad(() => (x as unknown as { assign(next: Tensor): void }).assign(next.detach() as Tensor))
}

export const mutated = [
  fault(
    'a loss that updates its weights',
    'mutated input',
    null,
    () => ({
      f: (w: Tensor, x: Tensor) => {
        const loss = x.mul(w).sum().add(0)
        overwrite(w, w.mul(0.9) as Tensor)
        return loss
      },
      inputs: [normal(323, 3), normal(324, 3)],
    }),
    mutates,
  ),
  fault(
    'a mean that centres its input in place',
    'mutated input',
    null,
    () => ({
      f: (x: Tensor) => {
        const y = x.square().mean().add(0)
        overwrite(x, x.sub(x.mean()) as Tensor)
        return y
      },
      inputs: [normal(322, 3)],
    }),
    mutates,
  ),
  fault(
    'a state that is written to its argument',
    'mutated input',
    null,
    () => ({
      f: (h: Tensor, x: Tensor) => {
        const next = h.mul(0.5).add(x).tanh() as Tensor
        overwrite(h, next)
        return next
      },
      inputs: [normal(325, 3), normal(326, 3)],
    }),
    mutates,
  ),
]

const noise = (seed: number, size = 1e-3) => {
  const draws = new Random(seed)
  return (like: Tensor): Tensor => draws.normal(like.shape, { dtype: 'float64' }).mul(size) as Tensor
}

export const random = [
  fault(
    'dropout that draws anew',
    'random value',
    null,
    () => {
      const draws = new Random(1)
      return {
        f: (x: Tensor) => x.mul(draws.bernoulli(x.shape, { dtype: 'float64' } as never)),
        inputs: [normal(331, 8)],
      }
    },
    unsteady,
  ),
  fault(
    'noise of 1e-3 in the value',
    'random value',
    null,
    () => {
      const draw = noise(2)
      return { f: (x: Tensor) => x.sin().add(draw(x)), inputs: [normal(332, 3)] }
    },
    unsteady,
  ),
  fault(
    'noise of 1e-9 in the value',
    'random value',
    null,
    () => {
      const draw = noise(3, 1e-9)
      return { f: (x: Tensor) => x.sin().add(draw(x)), inputs: [normal(333, 3)] }
    },
    unsteady,
  ),
  fault(
    'running mean of all calls',
    'random value',
    null,
    () => {
      let mean = 0
      return {
        f: (x: Tensor) => {
          mean = 0.9 * mean + 0.1 * x.detach().mean().item()
          return x.sub(mean)
        },
        inputs: [normal(334, 3).add(2)],
      }
    },
    unsteady,
  ),
  fault(
    'exp: noise of 1e-3 in the gradient',
    'random gradient',
    by(0),
    () => {
      const draw = noise(4)
      return {
        f: altered(
          'exp',
          (x: Tensor) => x.exp(),
          ([dx], [x]) => [dx!.mul(draw(x!).add(1))],
        ),
        inputs: [normal(335, 3)],
      }
    },
    unsteady,
  ),
  fault(
    'matmul: a gradient that is sometimes doubled',
    'random gradient',
    by(1),
    () => {
      let calls = 0
      return {
        f: altered(
          'matmul',
          (a: Tensor, b: Tensor) => a.matmul(b),
          ([da, db]) => {
            calls += 1
            return [da!, db!.mul(calls % 3 === 0 ? 2 : 1)]
          },
        ),
        inputs: [normal(336, 2, 3), normal(337, 3, 2)],
      }
    },
    unsteady,
  ),
  fault(
    'tanh: a rule that keeps adding to its result',
    'random gradient',
    by(0),
    () => {
      let total: Tensor | undefined
      return {
        f: altered(
          'tanh',
          (x: Tensor) => x.tanh(),
          ([dx]) => {
            const next = total === undefined ? dx! : (dx!.add(total) as Tensor)
            total = next.detach() as Tensor
            return [next]
          },
        ),
        inputs: [normal(338, 3)],
      }
    },
    { ...unsteady, also: ['double accumulation', 'ignored cotangent', 'stale'] },
  ),
  fault(
    'sigmoid: noise of 1e-8 in the gradient',
    'random gradient',
    by(0),
    () => {
      const draw = noise(5, 1e-8)
      return {
        f: altered(
          'sigmoid',
          (x: Tensor) => x.sigmoid(),
          ([dx], [x]) => [dx!.mul(draw(x!).add(1))],
        ),
        inputs: [normal(339, 3)],
      }
    },
    unsteady,
  ),
]

const narrow = (x: Tensor): Tensor => x.cast('float32').cast('float64') as Tensor
const coarse = { claim: 'coarse', caughtBy: ['fail', 'doubt'] } as const
export const floats = [
  fault(
    'sin in float32',
    'float32',
    null,
    () => ({
      f: (x: Tensor) => x.cast('float32').sin().cast('float64'),
      inputs: [normal(341, 3)],
    }),
    coarse,
  ),
  fault(
    'exp: the slope in float32',
    'float32',
    by(0),
    () => ({
      f: altered(
        'exp',
        (x: Tensor) => x.exp(),
        (_r, _x, g, y) => [g.mul(narrow(y))],
      ),
      inputs: [normal(342, 3)],
    }),
    { ...coarse, caughtBy: ['fail'] },
  ),
  fault(
    'matmul: the gradient of b in float32',
    'float32',
    by(1),
    () => ({
      f: altered(
        'matmul',
        (a: Tensor, b: Tensor) => a.matmul(b),
        ([da, db]) => [da!, narrow(db!)],
      ),
      inputs: [normal(343, 2, 3), normal(344, 3, 2)],
    }),
    { ...coarse, caughtBy: ['fail'] },
  ),
  fault(
    'a table of float32 in the middle',
    'float32',
    null,
    () => ({
      f: (x: Tensor) => narrow(x.square().add(1) as Tensor).log(),
      inputs: [positive(345, 3)],
    }),
    coarse,
  ),
  fault(
    'sin(pi x): pi rounded to float32',
    'float32',
    by(0),
    () => ({
      f: altered(
        'wave',
        (x: Tensor) => x.mul(Math.PI).sin(),
        (_r, [x], g) => [g.mul(x!.mul(Math.PI).cos()).mul(Math.fround(Math.PI))],
      ),
      inputs: [positive(346, 3)],
    }),
    { also: ['factor'] },
  ),
]
