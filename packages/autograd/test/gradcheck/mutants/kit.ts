import { type AnyTensor, customOp, jvp, Random, type Tensor, tensor, vjp } from '@adjoint/autograd'
import type { Cause } from './causes.js'

export type F = (...inputs: any[]) => any

/** A function and what to check it at. */
export interface Case {
  readonly f: F
  readonly inputs: readonly unknown[]
  /** What `f` was made of, where that is two functions of plain arrays. */
  readonly blackBox?: PlainFunctions
  /** The same with what `f` closes over among the inputs. */
  readonly explicit?: Case
}

/** A value and its claimed gradient, over plain arrays: all that is known of code of somebody else's. */
export interface PlainFunctions {
  readonly value: (x: Float64Array) => number
  readonly grad: (x: Float64Array) => Float64Array
}

/** Which elements, by their indices, of an input. */
export type Elements = (...index: number[]) => boolean
/** What is wrong: elements of inputs by path, as reports name them without the word 'input'. */
export type Where = Readonly<Record<string, Elements>>

/**
 * What the suite's own test holds a fault to: `wrong` at the point itself; `elsewhere`, right at the point and wrong beside
 * it; `random`, two calls differ; `mutates`, the input is another afterwards; `coarse`, no more digits than float32 has;
 * `once`, the second derivative throws.
 */
type Claim = 'wrong' | 'elsewhere' | 'random' | 'mutates' | 'coarse' | 'once'

export interface Fault {
  readonly name: string
  readonly cause: Cause
  /** Other causes that would be as right an answer. */
  readonly also: readonly Cause[]
  /** The elements whose derivative is wrong; null where no place is to blame. */
  readonly where: Where | null
  /** The mode that is wrong; both, if the one follows from the other. */
  readonly mode: 'reverse' | 'forward' | 'both'
  /** The order at which it shows. */
  readonly order: 1 | 2
  /** The name of the op whose rule is wrong, where it is one of many. */
  readonly op: string | null
  /** What counts as caught: 'doubt' if an inconclusive verdict is the right one, 'note' if the words in a passing report are. */
  readonly caughtBy: readonly ('fail' | 'doubt' | 'note')[]
  readonly claim: Claim
  readonly make: () => Case
}

type More = Partial<Omit<Fault, 'name' | 'cause' | 'where' | 'make'>>

export const fault = (name: string, cause: Cause, where: Where | null, make: () => Case, more: More = {}): Fault => ({
  ...{ name, cause, where, make, also: [], mode: 'both', order: 1, op: null, caughtBy: ['fail'], claim: 'wrong' },
  ...more,
})

export const all: Elements = () => true
/** All elements of the inputs at these positions. */
export const by = (...positions: number[]): Where => Object.fromEntries(positions.map((i) => [`[${i}]`, all]))

const f64 = { dtype: 'float64' } as const
/** A vector. */
export const at = (...numbers: number[]): Tensor => tensor(numbers, f64) as Tensor
export const scalar = (x: number): Tensor => tensor(x, f64) as Tensor
export const rows = (...numbers: number[][]): Tensor => tensor(numbers, f64) as Tensor
export const ints = (...numbers: number[]): Tensor => tensor(numbers, { dtype: 'int32' }) as Tensor
export const normal = (seed: number, ...shape: number[]): Tensor => new Random(seed).normal(shape, f64) as Tensor
/** Between 0.5 and 2. */
export const positive = (seed: number, ...shape: number[]): Tensor =>
  new Random(seed).uniform(shape, { low: 0.5, high: 2, ...f64 }) as Tensor
/** A tensor by its indices. */
export const filled = (shape: readonly number[], element: (...index: number[]) => number): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1)
  return tensor(
    Float64Array.from({ length: size }, (_, i) => element(...unravel(i, shape))),
    f64,
  ).reshape(shape) as Tensor
}
export const unravel = (position: number, shape: readonly number[]): number[] =>
  shape.reduceRight<number[]>((index, side) => {
    index.unshift(position % side)
    position = Math.floor(position / side)
    return index
  }, [])

/** The right cotangents of the inputs. */
export const pull = (f: F, inputs: readonly Tensor[], cotangent: Tensor): Tensor[] => {
  const [, pullback] = vjp(f as (...x: Tensor[]) => Tensor, ...inputs)
  return pullback(cotangent) as Tensor[]
}
/** The right tangent of the output. */
export const push = (f: F, inputs: readonly Tensor[], tangents: readonly Tensor[]): Tensor =>
  jvp(f as (...x: Tensor[]) => Tensor, inputs as Tensor[], tangents as Tensor[])[1] as Tensor

type Vjp = (cotangent: Tensor, inputs: Tensor[], output: Tensor) => readonly (AnyTensor | null)[]
type Jvp = (tangents: Tensor[], inputs: Tensor[], output: Tensor) => AnyTensor

/** An op with rules that may be wrong. */
export const op = (name: string, forward: F, rules: { readonly vjp?: Vjp; readonly jvp?: Jvp }): F =>
  customOp({ name, forward, ...rules } as never) as F

type Change = (right: Tensor[], inputs: Tensor[], cotangent: Tensor, output: Tensor) => readonly (AnyTensor | null)[]

/** The function, with what is made of its right cotangents for a vjp; its jvp follows from that. */
export const altered = (name: string, f: F, change: Change): F =>
  op(name, f, { vjp: (g, inputs, y) => change(pull(f, inputs, g), inputs, g, y) })

/** The function, with a right vjp, and with what is made of its right tangent for a jvp. */
export const alteredForward = (
  name: string,
  f: F,
  change: (right: Tensor, tangents: Tensor[], inputs: Tensor[]) => Tensor,
): F =>
  op(name, f, {
    vjp: (g, inputs) => pull(f, inputs, g),
    jvp: (tangents, inputs) => change(push(f, inputs, tangents), tangents, inputs),
  })

/** The same with a right jvp: only the vjp is wrong. */
export const alteredReverse = (name: string, f: F, change: Change): F =>
  op(name, f, {
    vjp: (g, inputs, y) => change(pull(f, inputs, g), inputs, g, y),
    jvp: (tangents, inputs) => push(f, inputs, tangents),
  })

/** The cotangents with one replaced. */
export const replace = <T>(list: readonly T[], position: number, change: (old: T) => T): T[] =>
  list.map((each, i) => (i === position ? change(each) : each))

/** The function, whose derivative by the input at a position is multiplied by a factor where the elements say so. */
export const scaled = (name: string, f: F, factor: number, position = 0, elements: Elements = all): F =>
  altered(name, f, (right) =>
    replace(right, position, (g) =>
      elements === all
        ? (g.mul(factor) as Tensor)
        : (g.mul(filled(g.shape, (...i) => (elements(...i) ? factor : 1))) as Tensor),
    ),
  )

/** Value and gradient of plain arrays as an op whose rule looks at elements. */
export const boxed = (name: string, blackBox: PlainFunctions, x: readonly number[]): Case => ({
  blackBox,
  inputs: [at(...x)],
  f: customOp({
    name,
    forward: (at: Tensor) => scalar(blackBox.value(at.data as Float64Array)),
    vjp: (g: Tensor, [at]: [Tensor]) => [g.mul(tensor(blackBox.grad(at.data as Float64Array), f64))],
  }) as F,
})
