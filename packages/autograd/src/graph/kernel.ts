import type { Expression } from '../rules/expression.js'
import { literal } from '../rules/straight-line.js'
import type { Spec, Value } from './value.js'

/**
 * How an op runs, as data. There are many ops and few kinds; backends implement kinds and never ask for an op's name.
 * Shapes and dtypes are those of the inputs and of the results, which a backend gets beside the kernel; most kinds have one.
 */
export type Kernel =
  | MapKernel
  | Reduce
  | ArgReduce
  | Cumulate
  | Sort
  | Search
  | Contract
  | Layout
  | Fold
  | Reshape
  | Assemble
  | Gather
  | Scatter
  | Random
  | Loop
  | Call

/** Each element is `expression` of the elements at the same place in the inputs, all of the result's shape. */
export interface MapKernel {
  readonly kind: 'map'
  readonly expression: Expression
  readonly arity: number
  /** What the backend that ran it last has made of it: a WeakMap takes as long as a small kernel. */
  prepared?: Prepared | undefined
}
export interface Prepared {
  /** Whose it is. */
  readonly owner: object
}

/**
 * A monoid folded over axes. The result keeps the axes with size 1. Before they are rounded, sums are off by at most 2^-36
 * of the sum of the sizes in float32, 2^-44 in float64; those of float32 may be given as float64.
 */
export interface Reduce {
  readonly kind: 'reduce'
  readonly by: Monoid
  readonly axes: readonly number[]
  /** What a sum is divided by before it is rounded: it may overflow where the quotient does not. Default 1. */
  readonly divisor?: number
}
export type Monoid = 'add' | 'mul' | 'max' | 'min'

/**
 * The first position of the extreme along one axis, as int32; NaN counts as the extreme. The axis stays with size 1. With
 * `values`, a second result is what stands there.
 */
export interface ArgReduce {
  readonly kind: 'argReduce'
  readonly by: 'max' | 'min'
  readonly axis: number
  readonly values?: true
}

/**
 * What elements come to along an axis, at each place up to it; with `reverse` from the end on.
 * - a monoid: what is folded so far. Sums are accurate: float64, or compensated; products of float32 are float64 on the way
 * - `argmax`, `argmin`: the place of the first extreme so far, as int32; NaN counts as the extreme
 * - `affine`, of inputs a and b: r_i = a_i r_(i-1) + b_i, and with `reverse` its transpose, r_i = a_(i+1) r_(i+1) + b_i: a_i
 *   stands between places i - 1 and i. Products are as by `scale`, so that a 0 of r stays 0; those of float32 are float64
 *   on the way
 */
export interface Cumulate {
  readonly kind: 'cumulate'
  readonly by: Monoid | 'argmax' | 'argmin' | 'affine'
  readonly axis: number
  readonly reverse: boolean
}

/**
 * Each line along an axis in order, and where its elements stood (int32): these first, and then, unless it is the only result,
 * the elements. Equal ones keep their order; -0 equals 0, and NaN is greater than any number and equals NaN. The axis of the
 * results may be shorter: then they are the first in order.
 */
export interface Sort {
  readonly kind: 'sort'
  readonly axis: number
  readonly descending: boolean
}

/**
 * `[...batch, n], [...batch, m] -> [...batch, m]`, int32: of lines in ascending order and elements, how many elements of the
 * line are less than each; with `orEqual` less or equal. NaN and -0 are as in a sort. Of lines in another order it is any
 * number up to n.
 */
export interface Search {
  readonly kind: 'search'
  readonly orEqual: boolean
}

/**
 * Batched matrix product: `[...batch, m, k] x [...batch, k, n] -> [...batch, m, n]`, equal batch dimensions. Sums of
 * float32 are made in float64, or of blocks of at most some hundred products, which are added up in float64 if they are
 * many.
 */
export interface Contract {
  readonly kind: 'contract'
  /** What multiplies two elements: `scale` where one is a cotangent or tangent, so that a 0 of it gives 0 (see there). */
  readonly by: 'mul' | 'scale'
}

/**
 * The same elements seen along other axes: permute, broadcast, slice, flip, insert or drop an axis, overlapping windows.
 * Each axis of the result walks one axis of the input from `start` by `step`, or none (then all its places show the same
 * element); where several walk one axis, their places add up. An input axis that nothing walks is read at `fixed[axis]`
 * (0 unless given).
 */
export interface Layout {
  readonly kind: 'layout'
  readonly axes: readonly { readonly source: number | null; readonly start: number; readonly step: number }[]
  readonly fixed?: readonly number[]
}

/**
 * The adjoint of Layout: zeros to which each element of the input is added at the place that a layout by the same axes
 * would read it from. Several axes may walk one, as those of overlapping windows do. Sums may be kept in the dtype of the
 * result; one of truth values is whether any is true.
 */
export interface Fold {
  readonly kind: 'fold'
  readonly axes: Layout['axes']
}

/** The same elements in row-major order under another shape. */
export interface Reshape {
  readonly kind: 'reshape'
}

/**
 * Inputs laid into a result that is `fill` elsewhere; input i goes to `starts[i]`, its neighbours `steps[i]` apart. Where
 * some overlap, the last of them is seen.
 */
export interface Assemble {
  readonly kind: 'assemble'
  readonly fill: number
  readonly starts: readonly (readonly number[])[]
  readonly steps: readonly (readonly number[])[]
}

/**
 * Inputs x and indices (int32). `take`: the axis of x is replaced by all axes of indices (NumPy's take). `along`:
 * indices has the rank of x, and each index picks from its own line along the axis (NumPy's take_along_axis).
 * Negative indices count from the end, unless they are refused; one out of range throws IndexOutOfRangeError naming `op`.
 */
export interface Gather {
  readonly kind: 'gather'
  readonly op: string
  readonly mode: 'take' | 'along'
  readonly axis: number
  readonly negatives?: 'refused'
  /** How many axes in front are of examples, which who called the op does not see: errors leave them out. */
  readonly hidden?: number
}

/**
 * Inputs base, indices, source. `add`, the adjoint of Gather: base plus source added at the places that gather would read;
 * sums of many elements are made in float64. `set`: source stands at these places, and of several elements that go to one
 * the last, in row-major order.
 */
export interface Scatter {
  readonly kind: 'scatter'
  readonly by: 'add' | 'set'
  readonly op: string
  readonly mode: 'take' | 'along'
  readonly axis: number
  readonly negatives?: 'refused'
  /** How many axes in front are of examples, which who called the op does not see: errors leave them out. */
  readonly hidden?: number
}

/**
 * Draws. Inputs are a key (int32, [2]) and a counter (float64, []: an integer below 2^53). Number n of a key, in [0, 1) with
 * 53 random bits, is a function of both: the two words of Threefry at n (`execution/random.ts`). With the counter c:
 * - `uniform`: float64; element i is number c + i
 * - `normal`: float64; elements 2i and 2i + 1 are made of numbers c + 2i and c + 2i + 1 (Box and Muller, 1958)
 * - `permutation`: int32, [n]: the integers below n, shuffled by the n - 1 numbers from c on (Fisher and Yates)
 *
 * Of several counters, each gives so many elements: the result has their axes in front. The bits are the same on every
 * backend and machine.
 */
export interface Random {
  readonly kind: 'random'
  readonly distribution: 'uniform' | 'normal' | 'permutation'
}

/**
 * A body run again and again. Inputs, in this order: what all rounds have in common (`common` of them), the carries, of
 * which each round takes what the one before gave, and sequences, of which it takes its own row. The body takes these in the
 * same order, and gives the carries of the next round, like those that it took, and whatever else. Results: the carries after
 * the last round; and of the rest a sequence each, in which each round has its row.
 *
 * Rows are along a first axis; with `reverse` the last one is that of the first round.
 */
export interface Loop {
  readonly kind: 'loop'
  readonly body: Body
  readonly length: number
  readonly reverse: boolean
  readonly common: number
  readonly carries: number
  /**
   * Which input of the body, a carry or a row, says whether a round runs at all: a truth value. One that does not leaves the
   * carries as they are, and gives zeros.
   */
  readonly when?: number | undefined
  /** Equal for loops that do the same. */
  readonly key: string
  /** Runs it as one program; null where that does not pay, or cannot be. */
  readonly asProgram?: RunLoop | undefined
}
/** The length of a loop that ends by a carry, nobody knows when. */
export const anyLength = 2 ** 31 - 1
export type RunLoop = (loop: Loop, inputs: readonly Value[], outs: readonly Spec[]) => readonly Value[] | null

/** A function as a list of kernels. Each is of values that are there by then: the inputs, and then results in order. */
export interface Body {
  readonly inputs: readonly Spec[]
  readonly instructions: readonly Instruction[]
  /** Which values it gives. */
  readonly results: readonly number[]
}
export interface Instruction {
  readonly kernel: Kernel
  readonly args: readonly number[]
  readonly outs: readonly Spec[]
}

/** JavaScript of a user's, in a compiled program: it looks at elements, so it runs as it is at each call. */
export interface Call {
  readonly kind: 'call'
  readonly run: Look<Value>
}

/** JavaScript that looks at elements. */
export interface Look<R extends Value | null = Value | null> {
  (inputs: readonly Value[]): readonly R[]
  /**
   * The same for many examples at once, with all of their axes in front in the results; without it, it runs for one after the
   * other. It may refer to no tensors.
   *
   * @param sizes how many examples there are along each axis of examples
   */
  readonly forAll?: (sizes: readonly number[], inputs: readonly Examples[]) => readonly R[]
}

/** The examples of one input. */
export interface Examples {
  readonly value: Value
  /** Which of the axes of examples it has, in front: along the others it is the same. */
  readonly has: readonly boolean[]
}

/** Gives what a kernel makes of its inputs, or throws. */
export type Evaluate = (kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]) => readonly Value[]

/** Equal for kernels that do the same; not for elementwise ones. */
export const kernelKey = (kernel: Kernel): string =>
  'key' in kernel
    ? kernel.key
    : // JSON knows neither infinities nor -0
      JSON.stringify(kernel, (_, part: unknown) => (typeof part === 'number' ? literal(part) : part))
