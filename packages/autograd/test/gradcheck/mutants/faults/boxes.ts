import { boxed, by, type Elements, type Fault, fault, type PlainFunctions } from '../kit.js'

// Functions of plain arrays with a gradient that somebody else wrote.

type Numbers = Float64Array
const sum = (x: Numbers, term: (t: number, i: number) => number): number =>
  x.reduce((total, t, i) => total + term(t, i), 0)
const n = 4
const point = [0.4, -1.1, 1.7, 0.2]

const box = (
  name: string,
  cause: Fault['cause'],
  value: PlainFunctions['value'],
  grad: (x: Numbers) => ArrayLike<number>,
  { elements, at = point, ...more }: Partial<Fault> & { elements?: Elements; at?: readonly number[] } = {},
): Fault =>
  fault(
    `plain arrays: ${name}`,
    cause,
    elements === undefined ? by(0) : { '[0]': elements },
    () => boxed('box', { value, grad: (x) => Float64Array.from(grad(x)) }, at),
    more,
  )

const squares = (x: Numbers) => sum(x, (t) => t * t)
const waves = (x: Numbers) => sum(x, (t, i) => (i + 1) * Math.sin(t))
const wavesGrad = (x: Numbers) => x.map((t, i) => (i + 1) * Math.cos(t))
const logSumExp = (x: Numbers) => Math.log(sum(x, Math.exp))
const softmax = (x: Numbers) => x.map((t) => Math.exp(t - logSumExp(x)))
const rosenbrock = (x: Numbers) => sum(x.slice(1), (t, i) => 100 * (t - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2)
const product = (x: Numbers) => x.reduce((a, b) => a * b, 1)

const makeStale = (): Fault['make'] => () => {
  let first: Numbers | undefined
  const grad = (x: Numbers) => {
    first ??= x.slice()
    return first.map((t) => 2 * t)
  }
  return boxed('box', { value: squares, grad }, point)
}

export const boxes = [
  box('sum of sines: sign', 'sign', waves, (x) => wavesGrad(x).map((g) => -g)),
  box('sum of squares: 2 is missing', 'factor', squares, (x) => x),
  box(
    'mean of squares: not divided by',
    'sum for mean',
    (x) => squares(x) / n,
    (x) => x.map((t) => 2 * t),
    { also: ['factor'] },
  ),
  box('sum of squares: divided by the count', 'mean for sum', squares, (x) => x.map((t) => (2 * t) / n), {
    also: ['factor'],
  }),
  box('logSumExp: not normalized', 'chain factor', logSumExp, (x) => x.map(Math.exp), { also: ['factor'] }),
  box('logSumExp: 1e-5 off', 'factor', logSumExp, (x) => softmax(x).map((s) => s * (1 + 1e-5))),
  box(
    'Rosenbrock: a term is missing',
    'missing term',
    rosenbrock,
    (x) => x.map((t, i) => (i + 1 < n ? -400 * t * (x[i + 1]! - t * t) - 2 * (1 - t) : 200 * (t - x[i - 1]! ** 2))),
    { elements: (i) => i === 1 || i === 2, also: ['only some'] },
  ),
  box(
    'sum of sines: the first element gets nothing',
    'only some',
    waves,
    (x) => wavesGrad(x).map((g, i) => (i === 0 ? 0 : g)),
    { elements: (i) => i === 0, also: ['no gradient'] },
  ),
  box('sum of sines: off by one', 'shifted', waves, (x) => wavesGrad(x).map((_, i, g) => g[(i + 1) % n]!), {
    also: ['transposed'],
  }),
  box('product: absolute value', 'absolute value', product, (x) => x.map((t) => Math.abs(product(x) / t)), {
    elements: (i) => product(Float64Array.from(point)) / point[i]! < 0,
    also: ['sign', 'only some'],
  }),
  box(
    'sum of cubes: clipped',
    'clipped',
    (x) => sum(x, (t) => t ** 3),
    (x) => x.map((t) => Math.min(3 * t * t, 2)),
    { elements: (i) => i === 1 || i === 2, also: ['only some'] },
  ),
  box(
    'sum of sines and 1e10: 10 % off',
    'factor',
    (x) => waves(x) + 1e10,
    (x) => wavesGrad(x).map((g) => 1.1 * g),
    { caughtBy: ['fail', 'doubt'] },
  ),
  box('sum of sines: in float32', 'float32', waves, (x) => Float32Array.from(wavesGrad(x)), { claim: 'coarse' }),
  box('squares at 0: always 0', 'here only', squares, (x) => x.map(() => 0), {
    claim: 'elsewhere',
    at: [0, 0, 0, 0],
    also: ['no gradient'],
  }),
  fault('plain arrays: squares of the first call', 'stale', by(0), makeStale(), {
    claim: 'elsewhere',
    also: ['here only'],
  }),
  box(
    'sum of squares: the array is overwritten',
    'mutated input',
    (x) => {
      const total = squares(x)
      x.fill(0)
      return total
    },
    (x) => x.map((t) => 2 * t),
    { claim: 'mutates', caughtBy: ['fail', 'doubt'] },
  ),
  box(
    'sum of sines: the array is turned into the gradient',
    'mutated input',
    waves,
    (x) => {
      x.set(wavesGrad(x))
      return x
    },
    { claim: 'mutates', caughtBy: ['fail', 'doubt'] },
  ),
]
