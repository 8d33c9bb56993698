import { eye, grad, hessian, jacobian, linearize, stack, type Tensor, vjp } from '@adjoint/autograd'
import { Numbers, type Weights } from './numbers.js'
import { weights } from './tensors.js'
import { type Wrap, workload } from './workload.js'

interface Derivative {
  readonly what: What
  readonly way: Way
  readonly values: readonly Weights[]
}
type What = keyof typeof derivatives
type Way = (typeof ways)[number]
type F = (...given: Tensor[]) => Tensor
type Wrapped = (wrap: Wrap) => F

const width = 128
const hidden = 256
const examples = 1000

const mlp: F = (x, w1, b1, w2, b2) => x.matmul(w1!).add(b1!).tanh().matmul(w2!).add(b2!)

/** The loss of a logistic regression, for labels -1 and 1. */
const logistic: F = (w, x, y) => x!.matmul(w!).mul(y!).neg().softplus().mean()

const units = Array.from({ length: width }, (_, i) => eye(width).at(i) as Tensor)
const rows = (f: (unit: Tensor) => Tensor): Tensor => stack(units.map((unit) => f(unit))) as Tensor

/** The ways to a matrix of which a linear function gives one row for each unit vector. */
const waysTo = (all: F, linear: (...given: Tensor[]) => (unit: Tensor) => Tensor): Record<Way, Wrapped> => ({
  vmap: (wrap) => wrap(all),
  'row by row': (wrap) => wrap((...given) => rows(linear(...given))),
  'a call for each row': (wrap) => {
    const row = wrap((unit: Tensor, ...given: Tensor[]) => linear(...given)(unit))
    return (...given) => rows((unit) => row(unit, ...given))
  },
})
const ways = ['vmap', 'row by row', 'a call for each row'] as const

const derivatives = {
  [`jacobian of an MLP ${width}-${hidden}-${width}`]: {
    values: (numbers: Numbers): Weights[] => {
      const x = { shape: [width], values: numbers.uniform(width) }
      const [first, second] = [numbers.linear(width, hidden), numbers.linear(hidden, width)]
      return [x, first.weight, first.bias, second.weight, second.bias]
    },
    ...waysTo(jacobian(mlp) as F, (x, ...others) => {
      const [, pullback] = vjp((at: Tensor) => mlp(at, ...others), x!)
      return (unit) => pullback(unit)[0]
    }),
  },
  [`hessian of a logistic regression, ${examples} x ${width}`]: {
    values: (numbers: Numbers): Weights[] => [
      { shape: [width], values: numbers.uniform(width, 0.1) },
      { shape: [examples, width], values: numbers.uniform(examples * width) },
      { shape: [examples], values: numbers.uniform(examples).map(Math.sign) },
    ],
    ...waysTo(
      hessian(logistic as never) as unknown as F,
      (w, ...others) => linearize((at: Tensor) => grad(logistic)(at, ...others), w!)[1],
    ),
  },
}

/** All first or second derivatives: all rows at once, one after the other, and each by a call of its own. */
export const jacobians = workload<Derivative>({
  name: 'jacobian',
  title: 'Jacobians and Hessians of 128 rows',
  unit: 'matrix',
  tolerance: 1e-4,
  cases: (Object.keys(derivatives) as What[]).flatMap((what) =>
    ways.map((way) => ({
      name: `${what}, ${way}`,
      data: (): Derivative => ({ what, way, values: derivatives[what]!.values(new Numbers()) }),
    })),
  ),
  adjoint: ({ what, way, values }, wrap) => {
    const derivative = derivatives[what]![way](wrap)
    const given = values.map(weights)
    return () => {
      const { data } = derivative(...given)
      return [data[0]!, data[width + 1]!, data[width * width - 2]!]
    }
  },
})
