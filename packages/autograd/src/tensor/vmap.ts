import { runAllEagerly } from '../execution/eager.js'
import { checked } from '../graph/arguments.js'
import { isPlainObject } from '../graph/words.js'
import * as kinds from '../ops/kinds.js'
import type { Fn } from '../transforms/grad.js'
import { type VmapOptions, vmap as vmapOn } from '../transforms/vmap.js'
import type { Vmap } from './vmap-types.js'

const isAxes = (thing: unknown): boolean =>
  thing === null ||
  Number.isInteger(thing) ||
  ((Array.isArray(thing) || isPlainObject(thing)) && Object.values(thing).every(isAxes))
const axes = /* @__PURE__ */ kinds.kind('an integer, null for no axis, or an array or object of these', isAxes)

/**
 * A function of one example, applied to many at once: `f` runs once, on tensors of the shape of one example, and every op
 * in it computes for all. Results are those of a loop over the examples, to rounding; so are derivatives, inside `f` and
 * outside. Tensors that `f` refers to are the same for all examples, and not copied.
 *
 * In `f`, elements cannot be looked at, nor tensors from outside be changed.
 *
 * @param options
 * - `in`: the axis of the examples in the arguments (default 0); null for an argument that all have in common; or an array
 *   with an entry for each argument, in which an array or object says it of the parts of a tree
 * - `out`: the axis of the examples in the results (default 0), likewise; null for a result that does not differ
 * - `size`: how many examples there are, where no argument has an axis of them
 * - `random`: whether each example draws its own random numbers, 'different' (default), or all draw the 'same'
 * @throws ShapeError if arguments have different numbers of examples; AxisError for an axis that is not there
 * @example
 * const norm = (x: Tensor<[2]>) => x.square().sum().sqrt()
 * vmap(norm)(tensor([[3, 4], [6, 8], [0, 1]]))   // [5, 10, 1]
 * const error = (w: Tensor, x: Tensor, y: Tensor) => x.mul(w).sum().sub(y).square()
 * // the gradient of each example
 * vmap(grad(error), { in: [null, 0, 0] })(tensor([1, 1]), tensor([[1, 2], [3, 4]]), tensor([2, 7]))   // [[2, 4], [0, 0]]
 */
export const vmap = /* @__PURE__ */ checked(
  'vmap',
  {
    f: kinds.function,
    options: { in: axes, out: axes, size: kinds.count, random: /* @__PURE__ */ kinds.oneOf('different', 'same') },
  },
  ((f: Fn, options?: VmapOptions) => vmapOn({ runAll: runAllEagerly }, f, options)) as unknown as Vmap,
  'pass the arguments to what it returns, vmap(f)(x)',
)
