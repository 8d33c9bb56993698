import { checked } from '../graph/arguments.js'
import type { Shape } from '../graph/shape.js'
import * as kinds from '../ops/kinds.js'
import * as untyped from '../transforms/loops/associative.js'
import type { AnyTensor, Tensor } from './tensor.js'
import type { AlikeTree, Instance, Mapped } from './tree-types.js'

/** What f is given of sequences: fewer elements along the axis. */
type Slices<X> = X extends AnyTensor
  ? X extends Tensor<infer S extends Shape>
    ? S extends [number, ...infer Rest extends number[]]
      ? Tensor<[number, ...Rest]>
      : Tensor
    : never
  : X extends Instance<unknown>
    ? X
    : { [K in keyof X]: Slices<X[K]> }

/** The type of `associativeScan`. */
export interface AssociativeScan {
  <X extends [] | object>(
    f: (a: Slices<X>, b: Slices<X>) => AlikeTree<X>,
    xs: X,
    options?: untyped.AssociativeScanOptions & { readonly axis?: 0 | undefined },
  ): X
  <X extends [] | object>(
    f: (a: Mapped<X, Tensor>, b: Mapped<X, Tensor>) => AlikeTree<X>,
    xs: X,
    options: untyped.AssociativeScanOptions,
  ): X
}

/**
 * All prefixes under an associative function: x0, f(x0, x1), f(f(x0, x1), x2), ... where `scan` would take one round after the
 * other, it combines many at once, in about 2 log2(n) steps and with about as many combinations in all as `scan` needs. So `f` is
 * given slices of `xs`, which have several elements along the axis, and combines them place by place: elementwise functions do,
 * and so do products of matrices along other axes.
 *
 * @param xs a tree of tensors with a first axis (or one at `axis`) of the same length
 * @param options
 * - `reverse`: from the last element to the first (default false): f is given what came from behind first
 * - `axis`: the axis to go along (default 0)
 * @returns a tree like `xs`; f is not called where there is one element or none
 * @throws ShapeError where f returns another form, shape or dtype, or lengths differ; AxisError for an axis that is not there
 * @example
 * associativeScan((a: Tensor, b: Tensor) => a.mul(b), tensor([1, 2, 3, 4]))   // [1, 2, 6, 24]
 * // h = a h + b, a linear recurrence, from h = 0: steps (a, b) are functions, and following one another is associative
 * const follow = ([a, b]: Tensor[], [c, d]: Tensor[]) => [a!.mul(c!), c!.mul(b!).add(d!)]
 * associativeScan(follow, [tensor([0.5, 0.5, 2]), tensor([1, 1, 1])])[1]   // [1, 1.5, 4]
 */
export const associativeScan = /* @__PURE__ */ checked(
  'associativeScan',
  { f: kinds.function, xs: kinds.anything, options: { reverse: kinds.boolean, axis: kinds.axis } },
  untyped.associativeScan as unknown as AssociativeScan,
)
