import { asProgram } from '../execution/compile/loops.js'
import { checker } from '../graph/arguments.js'
import type { Node } from '../graph/node.js'
import { cast } from '../ops/cast.js'
import * as kinds from '../ops/kinds.js'
import { branch, requireChoice } from '../transforms/loops/branch.js'
import { zeros } from './creation.js'
import type { AnyTensor } from './tensor.js'

/** Of the class of all nodes. */
const like = () => zeros([]) as AnyTensor as Node

/** The type of `cond`. */
export type Cond = <A extends unknown[], R>(
  predicate: AnyTensor,
  a: (...args: A) => R,
  b: (...args: A) => R,
  ...args: NoInfer<A>
) => R

const checkCond = /* @__PURE__ */ checker('cond', {
  predicate: kinds.anything,
  a: kinds.function,
  b: kinds.function,
})

/**
 * `a(...args)` where the predicate holds, else `b(...args)`, as an op that traces. Only the chosen function runs. Where the
 * predicate is not known when they are called (in `compile` and in a `scan`), both are traced, so neither may do anything but
 * compute; and where both are quick, or each example of `vmap` has a predicate of its own, both run, and each element is that of the
 * chosen one. Derivatives of the other are 0, whatever it came to.
 *
 * @param predicate a truth value: bool, of shape []
 * @throws ShapeError for branches that return different trees, shapes or dtypes; GradientError for effects where both are traced
 * @example
 * const root = (x: Tensor<[]>) => cond(x.greater(0), (y: Tensor<[]>) => y.sqrt(), (y: Tensor<[]>) => y.mul(0), x)
 * root(tensor(4))   // 2
 * vmap(root)(tensor([4, -4, 9]))   // [2, 0, 3]
 */
export const cond = ((predicate: unknown, a: never, b: never, ...args: unknown[]) => {
  checkCond([predicate, a, b])
  const truth = requireChoice('cond', 'the predicate', 'bool', predicate)
  return branch('cond', like(), asProgram, cast(truth, 'int32'), [b, a], ['b', 'a'], args)
}) as unknown as Cond

/** The type of `switchCase`. */
export type SwitchCase = <A extends unknown[], R>(
  index: AnyTensor,
  branches: readonly ((...args: A) => R)[],
  ...args: NoInfer<A>
) => R

const functions = /* @__PURE__ */ kinds.kind(
  'an array of functions',
  (thing) => Array.isArray(thing) && thing.length > 0 && thing.every((each) => typeof each === 'function'),
)
const checkSwitch = /* @__PURE__ */ checker('switchCase', { index: kinds.anything, branches: functions })

/**
 * `branches[index](...args)`, as `cond` for several functions. An index out of range means the nearest branch.
 *
 * @param index int32, of shape []
 * @throws ShapeError for branches that return different trees, shapes or dtypes; GradientError for effects where all are traced
 * @example
 * const shapes = [(x: Tensor<[]>) => x.square(), (x: Tensor<[]>) => x.neg(), (x: Tensor<[]>) => x.exp()]
 * switchCase(tensor(1, { dtype: 'int32' }), shapes, tensor(3))   // -3
 */
export const switchCase = ((index: unknown, branches: readonly never[], ...args: unknown[]) => {
  checkSwitch([index, branches])
  const chosen = requireChoice('switchCase', 'the index', 'int32', index)
  return branch(
    'switchCase',
    like(),
    asProgram,
    chosen,
    branches,
    branches.map((_, i) => `branch ${i}`),
    args,
  )
}) as unknown as SwitchCase
