import {
  AdjointError,
  avgPool2d,
  CompileError,
  concat,
  conv2d,
  type DType,
  layerNorm,
  maxPool2d,
  Random,
  scaledDotProductAttention,
  stack,
  type Tensor,
  tensor,
  where,
} from '@adjoint/autograd'
import fc from 'fast-check'
import { isFloat } from '../../src/graph/dtype.js'
import { sizeOf } from '../../src/graph/shape.js'

/** A program as numbers: each instruction picks an operation, what it works on, and its options. */
export interface Program {
  readonly inputs: readonly { readonly shape: readonly number[]; readonly dtype: DType }[]
  readonly instructions: readonly Instruction[]
}
type Instruction = readonly number[]

/** A tensor of a program; `exact` where it holds numbers as they were given, so that comparing them is safe. */
interface Item {
  readonly x: Tensor
  readonly exact: boolean
}

/** What an operation may use. */
interface Choice {
  readonly x: Tensor
  readonly y: Tensor
  /** Only rearranged inputs. */
  readonly exact: Tensor
  readonly otherExact: Tensor
  readonly int: (bound: number) => number
  readonly flag: () => boolean
  readonly axis: (x: Tensor) => number
  readonly axes: (x: Tensor) => number | number[] | undefined
}

type Loose = Tensor & { [name: string]: (...args: unknown[]) => Tensor }
const loose = (x: unknown) => x as Loose

/** Smooth, and with values that stay small. */
const smooth: ((x: Loose) => unknown)[] = [
  ...['tanh', 'sigmoid', 'sin', 'cos', 'erf', 'atan', 'softsign', 'asinh', 'identity', 'neg'].map(
    (name) => (x: Loose) => x[name]!(),
  ),
  (x) => x.tanh().exp(),
  (x) => x.square().add(1).log(),
  (x) => x.square().add(0.5).sqrt(),
  (x) => x.square().add(1).reciprocal(),
  (x) => x.tanh().softplus(),
  (x) => x.sigmoid().add(0.5).pow(1.5),
  (x) => x.tanh().gelu().silu(),
  (x) => x.mul(0.5).sub(0.25),
  (x) => x.lerp(x.tanh(), 0.3),
]
/** With kinks or jumps: of exact numbers only. */
const kinked: ((x: Loose) => unknown)[] = [
  ...['relu', 'abs', 'sign', 'floor', 'round', 'hardTanh', 'elu', 'trunc', 'relu6'].map(
    (name) => (x: Loose) => x[name]!(),
  ),
  (x) => x.clamp(-0.5, 0.7),
  (x) => x.greater(0.1),
  (x) => x.logicalNot(),
  (x) => x.cast('int32'),
  (x) => x.cast('bool'),
  (x) => x.remainder(0.7),
]
const binary = ['add', 'sub', 'mul', 'logAddExp']
const binaryKinked = ['atan2', 'maximum', 'minimum', 'less', 'equal', 'greaterEqual', 'logicalXor']
const reductions = ['sum', 'mean', 'logSumExp', 'variance']
const reductionsKinked = ['max', 'min', 'prod', 'any', 'all', 'norm']

const pick = <T>(list: readonly T[], { int }: Choice): T => list[int(list.length)]!

/** The second operand, if it does not fit as it is: broadcast, or as what it is on the whole. */
const fitting = (x: Tensor, y: Tensor, { flag }: Choice): Tensor => {
  const fits = x.shape.every((dim, i) => {
    const other = y.shape[i - x.shape.length + y.shape.length]
    return other === undefined || other === 1 || dim === 1 || other === dim
  })
  if (fits) return y
  if (flag() && x.rank > 0) return tensor(Array.from({ length: x.shape.at(-1)! }, (_, i) => Math.sin(i + 1)))
  return y.sum().tanh() as Tensor
}

/** Places of an axis, some counted from the end. */
const places = (count: number, dim: number, seed: number): Tensor =>
  tensor(
    Array.from({ length: count }, (_, i) => ((i * 7 + seed * 3) % (2 * dim)) - dim),
    { dtype: 'int32' },
  )

/** The elements as so many images; null if they are too few. */
const asImages = (x: Tensor, channels: number): Tensor | null => {
  const side = Math.floor(Math.sqrt(x.size / channels))
  if (side < 3 || side > 8) return null
  return x
    .ravel()
    .slice(0, 0, channels * side * side)
    .reshape([1, channels, side, side]) as Tensor
}

const range = (length: number) => Array.from({ length }, (_, i) => i)

type Operation = (choice: Choice) => unknown

const moves: Operation[] = [
  (c) => c.x.permute(range(c.x.rank).sort((a, b) => ((a * 5 + 1) % (c.int(5) + 2)) - ((b * 5 + 1) % 3))),
  (c) => loose(c.x).flip!(c.axis(c.x)),
  (c) => c.x.transpose(),
  (c) => c.x.swapAxes(0, c.axis(c.x) as 0),
  (c) => c.x.slice(c.axis(c.x) as 0, c.int(3), c.flag() ? null : 5, { step: 1 + c.int(2) }),
  (c) => c.x.slice(c.axis(c.x) as 0, null, c.flag() ? null : 0, { step: -1 - c.int(2) }),
  (c) => loose(c.x).at!(-1),
  (c) => c.x.pad(c.x.shape.map((_, i): [number, number] => [(c.int(3) + i) % 3, i % 2])),
  (c) => concat([c.x, c.x.flip(0 as never) as Tensor], c.axis(c.x) as 0),
  (c) => (`${c.x.shape}` === `${c.y.shape}` ? stack([c.x, c.y, c.x], c.int(c.x.rank + 1) as 0) : stack([c.x, c.x])),
  (c) => c.x.ravel(),
  (c) => c.x.reshape((c.x.size % 2 === 0 ? [2, c.x.size / 2] : [c.x.size, 1]) as number[]),
  (c) => c.x.reshape([...c.x.shape.slice(1), ...c.x.shape.slice(0, 1)]),
  (c) => c.x.expandDims(c.int(c.x.rank + 1) as 0),
  (c) => c.x.squeeze(),
  (c) => c.x.broadcastTo([1 + c.int(3), ...c.x.shape]),
  (c) => {
    const axis = c.axis(c.x)
    const indices = places(1 + c.int(5), c.x.shape[axis] ?? 1, c.int(9))
    return loose(c.x).indexSelect!(c.flag() ? indices : indices.expandDims(0), axis)
  },
  (c) => {
    const axis = c.axis(c.x)
    const shape = c.x.shape.map((dim, i) => (i === axis ? 1 + c.int(3) : dim))
    return loose(c.x).gather!(places(sizeOf(shape), c.x.shape[axis] ?? 1, c.int(9)).reshape(shape), axis)
  },
  (c) => loose(c.exact).gather!(loose(c.exact).argmax!(0, { keepDims: true }), 0),
]

const computations: Operation[] = [
  ...smooth.map(
    (f): Operation =>
      (c) =>
        f(loose(c.x)),
  ),
  ...kinked.map(
    (f): Operation =>
      (c) =>
        f(loose(c.exact)),
  ),
  ...binary.map(
    (name): Operation =>
      (c) =>
        loose(c.x)[name]!(fitting(c.x, c.y, c)),
  ),
  ...binary.map(
    (name): Operation =>
      (c) =>
        loose(c.x)[name]!(c.x.mul(0.9)),
  ),
  ...binaryKinked.map(
    (name): Operation =>
      (c) =>
        loose(c.exact)[name]!(fitting(c.exact, c.otherExact, c)),
  ),
  (c) => c.x.div(loose(fitting(c.x, c.y, c)).square!().add(1)),
  (c) => where(fitting(c.x, c.exact.greater(0), c).cast('bool'), c.x, loose(c.x).mul!(0.1)),
  (c) => where(c.exact.less(0.3), c.exact, 0.25),
  (c) => loose(c.x)[pick(reductions, c)]!(c.axes(c.x), { keepDims: c.flag() }),
  (c) => loose(c.x)[pick(reductions, c)]!(c.axis(c.x), { keepDims: c.flag() }),
  (c) => loose(c.x).sub!(loose(c.x).mean!(c.axis(c.x), { keepDims: true })),
  (c) => loose(c.x).variance!(c.axis(c.x), { correction: 0 }),
  (c) => loose(c.exact)[pick(reductionsKinked, c)]!(c.axes(c.exact), { keepDims: c.flag() }),
  (c) => loose(c.exact)[pick(['argmax', 'argmin'], c)]!(c.axis(c.exact)),
  (c) => loose(c.exact).argmax!(c.axis(c.exact)).oneHot(c.exact.size + 1),
  (c) => loose(c.x)[pick(['softmax', 'logSoftmax'], c)]!(c.axis(c.x)),
  (c) => layerNorm(c.x, { axes: c.axis(c.x) as 0, epsilon: 0.1 } as object),
  (c) => c.x.matmul(c.y as never),
  (c) => c.x.matmul(c.x.swapAxes(-1 as never, -2 as never) as never),
  (c) => c.x.swapAxes(-1 as never, -2 as never).matmul(c.x.tanh() as never),
  (c) => c.x.matmul(c.y.ravel().slice(0, 0, c.x.shape.at(-1)!) as never),
  (c) => c.x.expandDims(0).matmul(c.x.expandDims(-1).swapAxes(0, -1).tanh() as never),
  (c) => scaledDotProductAttention(c.x, c.x.sin() as never, c.x.cos(), { causal: c.flag() }),
  (c) => {
    const axis = c.axis(c.x)
    const indices = places(c.x.size, c.x.shape[axis] ?? 1, c.int(9)).reshape(c.x.shape)
    return loose(c.x).scatterAdd!(indices, loose(c.x).sin!(), axis)
  },
  (c) => {
    const [x, kernel] = [asImages(c.x, 2), asImages(c.y, 2)?.slice(2, 0, 3).slice(3, 0, 2)]
    return x === null || kernel == null
      ? null
      : conv2d(x, kernel as never, { padding: c.int(2), stride: 1 + c.int(2) } as object)
  },
  (c) => {
    const x = asImages(c.exact, 1)
    return x === null ? null : maxPool2d(x, 2, { stride: 1 + c.int(2), padding: c.int(2) } as object)
  },
  (c) => {
    const x = asImages(c.x, 1)
    return x === null ? null : avgPool2d(x, [2, 3], { padding: 1 })
  },
  (c) => c.x.cast('float64'),
  (c) => (c.x.dtype === 'float32' ? c.x.cast('float64').tanh().cast('float32') : null),
  (c) => c.x.detach(),
]

const mostElements = 3000

/** The tensors that a program makes of its inputs. What an operation refuses is passed over. */
export const runProgram = ({ instructions }: Program, inputs: readonly Tensor[]): Tensor[] => {
  const items: Item[] = inputs.map((x) => ({ x, exact: true }))
  // what is computed of integers is float32: not too often
  const toFloat = (x: Tensor, chance: number) => (isFloat(x.dtype) || chance === 0 ? x : x.cast(inputs[0]!.dtype))
  for (const [what = 0, first = 0, second = 0, ...options] of instructions) {
    let next = 0
    const int = (bound: number) => (bound === 0 ? 0 : options[next++ % options.length]! % bound)
    // later ones more often
    const at = (list: readonly Item[], i: number) => list[Math.floor(list.length * Math.sqrt((i % 97) / 97))]!.x
    const exact = items.filter((item) => item.exact)
    const axis = (x: Tensor) => int(Math.max(1, x.rank))
    const choice: Choice = {
      ...{ x: at(items, first), y: at(items, second), exact: at(exact, first), otherExact: at(exact, second) },
      ...{ int, axis, flag: () => int(2) === 1 },
      axes: (x) => (int(3) === 0 ? undefined : range(x.rank).filter(() => int(2) === 0)),
    }
    try {
      if (what % 3 === 0) {
        const x = moves[Math.floor(what / 3) % moves.length]!(choice) as Tensor
        if (x.size <= mostElements) items.push({ x, exact: exact.some((item) => item.x === choice.x) })
        continue
      }
      const floating = { ...choice, x: toFloat(choice.x, int(4)), y: toFloat(choice.y, int(4)) }
      const x = computations[Math.floor(what / 3) % computations.length]!(floating) as Tensor | null
      if (x !== null && x.size <= mostElements) items.push({ x, exact: false })
    } catch (error) {
      if (!(error instanceof AdjointError) || error instanceof CompileError) throw error
    }
  }
  return items.slice(inputs.length).map(({ x }) => x)
}

/** Every float that a program computes, weighted, so that each element has a share of its own. */
export const lossOf = (results: readonly Tensor[], like: Tensor): Tensor =>
  results
    .filter(({ dtype, size }) => isFloat(dtype) && size > 0)
    .map((y) => {
      const weights = Array.from({ length: y.size }, (_, i) => Math.cos(i + 1))
      return y
        .ravel()
        .tanh()
        .mul(tensor(weights, { dtype: y.dtype }))
        .mean() as Tensor
    })
    .reduce((sum, part) => sum.add(part) as Tensor, like.sum().mul(0.1).cast('float64').mul(0.5) as Tensor)

const dims = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 6 }) },
  { weight: 1, arbitrary: fc.constant(0) },
)
const shapes = fc.oneof(
  { weight: 6, arbitrary: fc.array(dims, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 9, max: 40 })) },
  { weight: 2, arbitrary: fc.tuple(fc.integer({ min: 3, max: 9 }), fc.integer({ min: 5, max: 20 })) },
)

/** Programs whose float inputs are of this dtype. */
export const programs = (dtype: DType): fc.Arbitrary<Program> =>
  fc.record({
    inputs: fc
      .tuple(shapes, fc.array(shapes, { maxLength: 2 }), shapes)
      .map(([first, others, last]) => [
        ...[first, ...others].map((shape) => ({ shape, dtype })),
        ...[{ shape: last, dtype: 'int32' as const }],
      ]),
    instructions: fc.array(fc.array(fc.nat(9999), { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 14 }),
  })

/** Data for the inputs of a program. */
export const inputsOf = ({ inputs }: Program, seed: number): Tensor[] => {
  const random = new Random(seed)
  return inputs.map(({ shape, dtype }) =>
    dtype === 'int32'
      ? random.uniform([...shape], { low: -3, high: 4, dtype })
      : random.normal([...shape], { dtype: dtype as 'float32' }),
  )
}
