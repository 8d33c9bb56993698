import { checked, checker, type OptionKinds } from '../graph/arguments.js'
import * as kinds from '../ops/kinds.js'
import * as untyped from '../transforms/grad.js'
import * as blocks from '../transforms/jacobian.js'
import { refuseApplied, refuseCurried, refuseJvp, single, spread } from './other-forms.js'
import type { Grad, Hessian, Hvp, Jacobian, Jvp, Linearize, ValueAndGrad, Vjp } from './transform-types.js'

// The transforms with the compiler's view of trees: nested arrays and plain objects of tensors keep their exact type.
// Null and undefined stand for nothing; anything else in a tree to differentiate by is refused by its path.

const ofFunction = { f: kinds.function }
const argument = /* @__PURE__ */ kinds.kind(
  'the position of an argument, such as 0, or an array of several',
  (thing) => Number.isInteger(thing) || (Array.isArray(thing) && thing.length > 0 && thing.every(Number.isInteger)),
)
const options = { argument, auxiliary: kinds.boolean }

/** A transform that takes a function and options, and returns a function of the arguments. */
const curried = <F>(
  name: string,
  takes: OptionKinds,
  transform: (f: untyped.Fn, options?: object) => untyped.Fn,
): F => {
  const check = checker(name, { ...ofFunction, options: takes }, `pass the arguments to what it returns, ${name}(f)(x)`)
  const right = `${name}(f, { argument: [0, 1] })(x, y)`
  return ((...given: [untyped.Fn, object?]) => {
    refuseCurried(name, given)
    check(given)
    const of = transform(...given)
    return (...args: never[]) => spread(name, given[0], args, right, () => of(...args))
  }) as F
}

/**
 * The gradient of a scalar function by its first argument: a tensor or a tree of tensors; the same tree comes back, and of
 * an instance of a class its children.
 *
 * @param f a function that returns a scalar tensor; with `auxiliary: true` it returns `[scalar, auxiliary]`
 * @param options by `argument` another argument, or several; with `auxiliary: true` `[gradient, auxiliary]` comes back
 * @throws GradientError if the function does not return a scalar, or the argument holds no float tensor or anything else
 * @example grad((x: Tensor) => x.square().sum())(tensor([1, 2]))   // [2, 4]
 * @example
 * const f = (x: Tensor, y: Tensor) => x.mul(y).sum()
 * grad(f, { argument: 1 })(tensor([1, 2]), tensor([3, 4]))        // [1, 2]
 * grad(f, { argument: [0, 1] })(tensor([1, 2]), tensor([3, 4]))   // [[3, 4], [1, 2]]
 */
export const grad = /* @__PURE__ */ curried<Grad>('grad', options, untyped.grad)

/**
 * The value of a scalar function and its gradient by the first argument.
 *
 * @param options by `argument` another argument, or several; with `auxiliary: true` the function returns
 * `[scalar, auxiliary]`, which comes back in place of the value
 * @throws GradientError if the function does not return a scalar, or the argument holds no float tensor or anything else
 * @example
 * const [value, gradient] = valueAndGrad((x: Tensor) => x.square().sum())(tensor([1, 2]))
 * value      // 5
 * gradient   // [2, 4]
 */
export const valueAndGrad = /* @__PURE__ */ curried<ValueAndGrad>('valueAndGrad', options, untyped.valueAndGrad)

const vjpOf =
  (name: string, transform: (f: untyped.Fn, ...args: unknown[]) => unknown[]) =>
  (...given: unknown[]): unknown[] => {
    refuseApplied(name, given)
    checkFunction([given[0]])
    const [f, ...args] = given as [untyped.Fn, ...unknown[]]
    const right = `${name}(f, x, y)`
    const [value, pullback, ...more] = spread(name, f, args, right, () => transform(f, ...args)) as unknown[]
    return [value, checked(`${name}: the pullback`, { cotangent: kinds.anything }, pullback as untyped.Fn), ...more]
  }
const checkFunction = /* @__PURE__ */ checker('vjp', ofFunction)

/**
 * The value of a function, and its pullback: from a cotangent of the value (a tree like it) to the cotangents of the
 * arguments, one pass each. It may be called many times. Null is the cotangent of what has no derivative, such as integers.
 *
 * What is not to be differentiated is closed over. `vjp.auxiliary(f, ...args)` is for a function that returns
 * `[value, auxiliary]`, and returns the auxiliary as well.
 *
 * @throws GradientError for an argument that holds anything else than tensors (close over it), or for a cotangent that is
 * no tree like the value
 * @example
 * const [y, pullback] = vjp((x: Tensor) => x.square(), tensor([1, 2]))
 * pullback(ones([2]))[0]   // [2, 4]
 */
export const vjp = /* @__PURE__ */ Object.assign(/* @__PURE__ */ vjpOf('vjp', untyped.vjp), {
  auxiliary: /* @__PURE__ */ vjpOf('vjp.auxiliary', untyped.vjpWithAuxiliary),
}) as unknown as Vjp

const listOf = (what: string) => kinds.kind(`an array of ${what}, such as [x]`, Array.isArray)
const takesJvp = /* @__PURE__ */ checker(
  'jvp',
  {
    f: kinds.function,
    args: /* @__PURE__ */ listOf('the arguments of f'),
    tangents: /* @__PURE__ */ listOf('their tangents'),
  },
  'write jvp(f, [x], [v]), and close over what is not differentiated',
)

/**
 * The value of a function, and its derivative in the direction of `tangents`, which have the form of `args`: in one pass
 * with the function, whose intermediate results are not kept. For many directions at one point there is `linearize`. Null is
 * the tangent of what has no derivative, such as integers.
 *
 * @throws GradientError for an argument or result that holds anything else than tensors, or tangents that are no tree like
 * the arguments
 * @example
 * const [y, dy] = jvp((x: Tensor) => x.square(), [tensor([1, 2])], [tensor([1, 0])])
 * dy   // [2, 0]
 */
export const jvp = ((...given: [untyped.Fn, unknown[], unknown[]]) => {
  refuseJvp(given)
  takesJvp(given)
  return untyped.jvp(...given)
}) as unknown as Jvp

/**
 * The value of a function, and its derivative as a linear function of tangents, which have the form of the arguments (null
 * for what has no derivative, such as integers). The function runs once, and what it was made of is kept: each push costs one
 * pass.
 *
 * @throws GradientError for an argument or result that holds anything else than tensors, or for tangents that are no tree
 * like the arguments
 * @example
 * const [y, push] = linearize((x: Tensor) => x.square(), tensor([1, 2]))
 * push(tensor([1, 0]))   // [2, 0]
 * push(tensor([0, 1]))   // [0, 4]
 */
export const linearize = ((...given: [untyped.Fn, ...unknown[]]) => {
  refuseApplied('linearize', given)
  const [f, ...args] = given
  checkLinearized([f])
  return spread('linearize', f, args, 'linearize(f, x, y)', () => untyped.linearize(f, ...args))
}) as unknown as Linearize
const checkLinearized = /* @__PURE__ */ checker('linearize', ofFunction)

const takesHvp = /* @__PURE__ */ checker(
  'hvp',
  { f: kinds.function, x: kinds.anything, v: kinds.anything },
  'write hvp(f, x, v), and close over what else f takes, as in hvp((x) => f(x, y), x, v)',
)

/**
 * The Hessian of a scalar function at x times v, without forming the Hessian (Pearlmutter, Fast exact multiplication by
 * the Hessian, 1994): forward over reverse, at a few times the cost of a gradient.
 *
 * @throws GradientError if the function does not return a scalar, or v is no tree like x
 * @example hvp((x: Tensor) => x.square().sum(), tensor([1, 2]), tensor([1, 0]))   // [2, 0]
 */
export const hvp = ((...given: [untyped.Fn, unknown, unknown]) => {
  takesHvp(given)
  return single(given[0], given[1], () => untyped.hvp(...given))
}) as unknown as Hvp

/**
 * All first derivatives: for a result of shape Y and an argument of shape X, a tensor of shape [...Y, ...X] and the dtype of
 * the argument; for trees, a tree like the result of trees like the argument. `f` runs once. The derivative then goes back
 * from the result with a cotangent for each of its elements (mode 'reverse'), or on from the argument with a tangent for each
 * of its (mode 'forward'): with all of them at once, as `vmap` does it, or in several passes where that would take much
 * memory. Rules of custom ops run once for a pass, and one by one where they look at elements; what they draw at random
 * differs between the cotangents, or tangents.
 *
 * @param options by `argument` another argument, or several; with `auxiliary: true` the function returns
 * `[value, auxiliary]`, and `[jacobian, auxiliary]` comes back; `mode`: unless it is said, 'reverse' where the result has
 * fewer elements than the argument, or as many
 * @throws GradientError if the result or the argument is no float tensor or tree of them
 * @example jacobian((x: Tensor) => x.square())(tensor([1, 2]))   // [[2, 0], [0, 4]]
 */
export const jacobian = /* @__PURE__ */ curried<Jacobian>(
  'jacobian',
  { mode: /* @__PURE__ */ kinds.oneOf('reverse', 'forward'), argument, auxiliary: kinds.boolean },
  blocks.jacobian,
)

/**
 * All second derivatives of a scalar function: for an argument of shape X, a tensor of shape [...X, ...X]; for a tree,
 * a tree of trees. They are the forward `jacobian` of the gradient.
 *
 * @param options by `argument` another argument, or several; with `auxiliary: true` the function returns
 * `[scalar, auxiliary]`, and `[hessian, auxiliary]` comes back
 * @throws GradientError if the function does not return a scalar, or the argument holds no float tensor or anything else
 * @example hessian((x: Tensor) => x.pow(3).sum())(tensor([1, 2]))   // [[6, 0], [0, 12]]
 */
export const hessian = /* @__PURE__ */ curried<Hessian>('hessian', options, blocks.hessian)
