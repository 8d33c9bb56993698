import { checked, checker } from '../graph/arguments.js'
import * as kinds from '../ops/kinds.js'
import * as untyped from '../transforms/grad.js'
import * as blocks from '../transforms/jacobian.js'
import type { Grad, Hessian, Hvp, Jacobian, Jvp, Linearize, ValueAndGrad, Vjp } from './transform-types.js'

const listOf = (what: string) => kinds.kind(`an array of ${what}, such as [x]`, Array.isArray)
const ofFunction = { f: kinds.function }
const curried = (name: string): string => `pass the arguments to what it returns, ${name}(f)(x)`

// The transforms with the compiler's view of trees: nested arrays and plain objects of tensors keep their exact type.
// Null and undefined stand for nothing; anything else in a tree to differentiate by is refused by its path.

/**
 * The gradient of a scalar function by its first argument: a tensor or a tree of tensors; the same tree comes back.
 *
 * @throws GradientError if the function does not return a scalar, or the argument holds no float tensor or anything else
 * @example grad((x: Tensor) => x.square().sum())(tensor([1, 2]))   // [2, 4]
 */
export const grad = /* @__PURE__ */ checked(
  'grad',
  ofFunction,
  ((f: untyped.Fn) => {
    const both = untyped.valueAndGrad(f, 'grad')
    return (params: unknown, ...rest: unknown[]) => both(params, ...rest)[1]
  }) as Grad,
  curried('grad'),
)

/**
 * The value of a scalar function and its gradient by the first argument.
 *
 * @throws GradientError if the function does not return a scalar, or the argument holds no float tensor or anything else
 * @example
 * const [value, gradient] = valueAndGrad((x: Tensor) => x.square().sum())(tensor([1, 2]))
 * value      // 5
 * gradient   // [2, 4]
 */
export const valueAndGrad = /* @__PURE__ */ checked(
  'valueAndGrad',
  ofFunction,
  ((f: untyped.Fn) => untyped.valueAndGrad(f)) as unknown as ValueAndGrad,
  curried('valueAndGrad'),
)

/**
 * The value of a function, and its pullback: from a cotangent of the value (a tree like it) to the cotangents of the
 * arguments, one pass each.
 *
 * @throws GradientError for an argument that holds anything else than tensors (close over it), or for a cotangent that is
 * no tree like the value
 * @example
 * const [y, pullback] = vjp((x: Tensor) => x.square(), tensor([1, 2]))
 * pullback(ones([2]))[0]   // [2, 4]
 */
export const vjp = ((f: untyped.Fn, ...args: unknown[]) => {
  checkFunction([f])
  const [value, pullback] = untyped.vjp(f, ...args)
  return [value, checked('vjp: the pullback', { cotangent: kinds.anything }, pullback)]
}) as unknown as Vjp
const checkFunction = /* @__PURE__ */ checker('vjp', ofFunction)

/**
 * The value of a function, and its derivative in the direction of `tangents`, which have the form of `args`: in one pass
 * with the function, whose intermediate results are not kept. For many directions at one point there is `linearize`.
 *
 * @throws GradientError for an argument or result that holds anything else than tensors, or tangents that are no tree like
 * the arguments
 * @example
 * const [y, dy] = jvp((x: Tensor) => x.square(), [tensor([1, 2])], [tensor([1, 0])])
 * dy   // [2, 0]
 */
export const jvp = /* @__PURE__ */ checked(
  'jvp',
  { f: kinds.function, args: listOf('the arguments of f'), tangents: listOf('their tangents') },
  untyped.jvp as unknown as Jvp,
)

/**
 * The value of a function, and its derivative as a linear function of tangents, which have the form of the arguments. The
 * function runs once, and what it was made of is kept: each push costs one pass.
 *
 * @throws GradientError for an argument or result that holds anything else than tensors, or for tangents that are no tree
 * like the arguments
 * @example
 * const [y, push] = linearize((x: Tensor) => x.square(), tensor([1, 2]))
 * push(tensor([1, 0]))   // [2, 0]
 * push(tensor([0, 1]))   // [0, 4]
 */
export const linearize = ((f: untyped.Fn, ...args: unknown[]) => {
  checkLinearized([f])
  return untyped.linearize(f, ...args)
}) as unknown as Linearize
const checkLinearized = /* @__PURE__ */ checker('linearize', ofFunction)

/**
 * The Hessian of a scalar function at x times v, without forming the Hessian (Pearlmutter, Fast exact multiplication by
 * the Hessian, 1994): forward over reverse, at a few times the cost of a gradient.
 *
 * @throws GradientError if the function does not return a scalar, or v is no tree like x
 * @example hvp((x: Tensor) => x.square().sum(), tensor([1, 2]), tensor([1, 0]))   // [2, 0]
 */
export const hvp = /* @__PURE__ */ checked(
  'hvp',
  { f: kinds.function, x: kinds.anything, v: kinds.anything },
  untyped.hvp as unknown as Hvp,
)

/**
 * All first derivatives: for a result of shape Y and an argument of shape X, a tensor of shape [...Y, ...X]. The mode
 * 'reverse' (default) costs one pass for each element of the result, 'forward' one for each of the argument.
 *
 * @throws GradientError if the result or the argument is no float tensor or tree of them
 * @example jacobian((x: Tensor) => x.square())(tensor([1, 2]))   // [[2, 0], [0, 4]]
 */
export const jacobian = /* @__PURE__ */ checked(
  'jacobian',
  { f: kinds.function, options: { mode: kinds.oneOf('reverse', 'forward') } },
  blocks.jacobian as unknown as Jacobian,
  curried('jacobian'),
)

/**
 * All second derivatives of a scalar function: for an argument of shape X, a tensor of shape [...X, ...X]; for a tree,
 * a tree of trees.
 *
 * @throws GradientError if the function does not return a scalar, or the argument holds no float tensor or anything else
 * @example hessian((x: Tensor) => x.pow(3).sum())(tensor([1, 2]))   // [[6, 0], [0, 12]]
 */
export const hessian = /* @__PURE__ */ checked(
  'hessian',
  ofFunction,
  blocks.hessian as unknown as Hessian,
  curried('hessian'),
)
