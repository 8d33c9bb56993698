import { asProgram } from '../execution/compile/loops.js'
import { checked } from '../graph/arguments.js'
import type { Node } from '../graph/node.js'
import type { Shape } from '../graph/shape.js'
import * as kinds from '../ops/kinds.js'
import * as untyped from '../transforms/loops/scan.js'
import { arange, zeros } from './creation.js'
import type { AnyTensor, Tensor } from './tensor.js'
import type { AlikeTree } from './tree-types.js'
import type { WithAxis } from './vmap-types.js'

/** What one round has of sequences. */
type Row<X> = X extends AnyTensor
  ? X extends Tensor<infer S extends Shape>
    ? S extends [number, ...infer Rest extends number[]]
      ? Tensor<Rest>
      : Tensor
    : never
  : { [K in keyof X]: Row<X[K]> }
type LengthOf<X> =
  X extends Tensor<infer S extends Shape> ? (S extends [infer N extends number, ...number[]] ? N : number) : number

const saved = /* @__PURE__ */ kinds.kind(
  "'all', 'carries', or after how many rounds carries are saved: an integer of at least 1",
  (thing) => thing === 'all' || thing === 'carries' || (Number.isInteger(thing) && (thing as number) >= 1),
)

/** The type of `scan`: what a round returns as carry, and what it showed, row by row. */
export type Scan = <C, X, After, Y>(
  f: (carry: C, row: Row<X>) => readonly [carry: After, y: Y],
  carry: C,
  xs: X,
  options?: untyped.ScanOptions,
) => [carry: After, ys: WithAxis<Y, 0, LengthOf<X>>]

/**
 * A loop as one op: `f(carry, row)` gives the carry of the next round and what this one has to show, `[carry, y]`. Carries,
 * sequences and what is shown are trees. `f` runs once, to see what it does; the graph, and a compiled program, are as large for a
 * thousand rounds as for one. Derivatives of any order are loops too; tensors that `f` refers to have theirs as well.
 *
 * What the backward loop needs is kept: the carries of each round, and its products, unless `save` says otherwise; the rest is computed again. Products with
 * tensors that all rounds have in common are made for all rounds at once where no carry is waited for.
 *
 * @param carry what the first round starts from; each round must return a tree of the same form, shapes and dtypes
 * @param xs sequences, of which each round has a row: tensors with a first axis; null for none
 * @param options
 * - `length`: how many rounds there are, where no sequence says it
 * - `reverse`: from the last row to the first (default false)
 * - `save`: what is kept for the derivative, `'all'`, `'carries'` or the carries of every so many rounds
 * @returns the carry after all rounds; and what they showed, each tensor with a first axis of rows
 * @throws ShapeError for a carry that changes its shape or dtype, or sequences of different lengths; GradientError where the
 * function changes tensors from outside, or where it does something else when it is differentiated than when it ran
 * @example
 * // compound interest
 * const step = (balance: Tensor<[]>, rate: Tensor<[]>) => {
 *   const next = balance.mul(rate.add(1))
 *   return [next, next] as const
 * }
 * const [last, all] = scan(step, tensor(100), tensor([0.5, 0.25, 0.5]))
 * all   // [150, 187.5, 281.25]
 */
export const scan = /* @__PURE__ */ checked(
  'scan',
  {
    f: kinds.function,
    carry: kinds.anything,
    xs: kinds.anything,
    options: { length: kinds.count, reverse: kinds.boolean, save: saved },
  },
  ((f: never, carry: unknown, xs: unknown, options?: untyped.ScanOptions) =>
    untyped.scan(zeros([]) as AnyTensor as Node, asProgram, f, carry, xs, options)) as unknown as Scan,
)

/** The type of `fori`. */
export type Fori = <C extends [] | object>(
  from: number,
  to: number,
  body: (i: Tensor<[]>, carry: NoInfer<C>) => AlikeTree<C>,
  carry: C,
) => C

const bound = /* @__PURE__ */ kinds.kind(
  'a JavaScript integer of 32 bits (for a bound that is a tensor: whileLoop)',
  (thing) => Number.isInteger(thing) && Math.abs(thing as number) < 2 ** 31,
)

/**
 * A loop over the integers from `from` up to but not including `to`, as one op: `body(i, carry)` gives the carry of the next
 * round, and i is an int32 tensor. A `scan` over `arange(from, to)` that shows nothing: the same holds of it.
 *
 * @param carry what the first round starts from: a tree of tensors; each round must return one of the same form, shapes and
 * dtypes
 * @returns the carry after all rounds; the first one where there is none
 * @throws ShapeError for a carry that changes its shape or dtype; GradientError as `scan`
 * @example
 * // x to the power of 10
 * const power = (x: Tensor<[]>) => fori(0, 10, (_, y: Tensor<[]>) => y.mul(x), tensor(1))
 * power(tensor(2))   // 1024
 * grad(power)(tensor(2))   // 5120
 */
export const fori = /* @__PURE__ */ checked(
  'fori',
  { from: bound, to: bound, body: kinds.function, carry: kinds.anything },
  ((from: number, to: number, body: never, carry: unknown) =>
    untyped.fori(
      asProgram,
      arange(from, Math.max(from, to), 1, { dtype: 'int32' }) as AnyTensor as Node,
      body,
      carry,
    )) as unknown as Fori,
)
