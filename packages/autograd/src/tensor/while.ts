import { asProgram } from '../execution/compile/loops.js'
import { checked } from '../graph/arguments.js'
import type { Node } from '../graph/node.js'
import * as kinds from '../ops/kinds.js'
import * as untyped from '../transforms/loops/while.js'
import { zeros } from './creation.js'
import type { AnyTensor } from './tensor.js'
import type { AlikeTree } from './tree-types.js'

/** The type of `whileLoop`. */
export type WhileLoop = <C extends [] | object>(
  test: (carry: NoInfer<C>) => AnyTensor,
  body: (carry: NoInfer<C>) => AlikeTree<C>,
  carry: C,
  options?: untyped.WhileOptions,
) => C

const bound = /* @__PURE__ */ kinds.kind(
  'an integer of at least 1',
  (thing) => Number.isInteger(thing) && (thing as number) > 0 && (thing as number) < 2 ** 31,
)

/**
 * `carry = body(carry)` as long as `test(carry)` holds. Where elements can be looked at, this is a JavaScript loop: as many rounds
 * as it takes, with all their derivatives. Under `vmap` rounds are run until all examples are done, and those that are done keep
 * their carries.
 *
 * In `compile`, and in the body of another loop, the test is not known when the functions run, and the loop is one op: its rounds
 * end when the test does not hold. There it needs a `bound` where something is kept of each round: for derivatives in reverse mode,
 * random numbers and `verify`, and always in the body of another loop. What the functions would come to in rounds after the last, be
 * it NaN, is in no value and no derivative. Derivatives in both modes and of any order are those of the rounds that count.
 *
 * @param test a truth value for a carry: bool, of shape []
 * @param carry a tree of tensors; each round must return one of the same form, shapes and dtypes
 * @param options `bound`: how many rounds there may be at most
 * @throws ArgumentError where the test still holds after `bound` rounds; ShapeError for a carry that changes its shape or dtype;
 * CompileError where there is no bound, and it is needed
 * @example
 * // the square root by Newton's method
 * const root = (a: Tensor<[]>) =>
 *   whileLoop(
 *     (x) => x.square().sub(a).abs().greater(a.mul(1e-6)),
 *     (x) => x.add(a.div(x)).mul(0.5),
 *     a,
 *     { bound: 50 },
 *   )
 * root(tensor(9))   // 3
 * vmap(compile(root))(tensor([4, 9, 16]))   // [2, 3, 4]
 */
export const whileLoop = /* @__PURE__ */ checked(
  'whileLoop',
  { test: kinds.function, body: kinds.function, carry: kinds.anything, options: { bound } },
  ((test: never, body: never, carry: unknown, options?: untyped.WhileOptions) =>
    untyped.whileLoop(zeros([]) as AnyTensor as Node, asProgram, test, body, carry, options)) as unknown as WhileLoop,
)
