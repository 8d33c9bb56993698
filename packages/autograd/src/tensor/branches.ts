import { checker } from '../graph/arguments.js'
import { cast } from '../ops/cast.js'
import * as kinds from '../ops/kinds.js'
import { branch, requireChoice } from '../transforms/loops/branch.js'
import type { AnyTensor } from './tensor.js'

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
 * `a(...args)` where the predicate holds, else `b(...args)`, as an op that traces. Where the predicate is known, only the chosen
 * function runs. In `compile`, in a `scan` and under `vmap` it is not: there both run, and each element is that of the chosen one;
 * derivatives of the other are 0, whatever it came to. So neither may do anything but compute then.
 *
 * @param predicate a truth value: bool, of shape []
 * @throws ShapeError for branches that return different trees, shapes or dtypes; GradientError for effects where both run
 * @example
 * const root = (x: Tensor<[]>) => cond(x.greater(0), (y: Tensor<[]>) => y.sqrt(), (y: Tensor<[]>) => y.mul(0), x)
 * root(tensor(4))   // 2
 * vmap(root)(tensor([4, -4, 9]))   // [2, 0, 3]
 */
export const cond = ((predicate: unknown, a: never, b: never, ...args: unknown[]) => {
  checkCond([predicate, a, b])
  const truth = requireChoice('cond', 'the predicate', 'bool', predicate)
  return branch('cond', cast(truth, 'int32'), [b, a], args)
}) as unknown as Cond

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
 * @throws ShapeError for branches that return different trees, shapes or dtypes; GradientError for effects where all run
 * @example
 * const shapes = [(x: Tensor<[]>) => x.square(), (x: Tensor<[]>) => x.neg(), (x: Tensor<[]>) => x.exp()]
 * switchCase(tensor(1, { dtype: 'int32' }), shapes, tensor(3))   // -3
 */
export const switchCase = ((index: unknown, branches: readonly never[], ...args: unknown[]) => {
  checkSwitch([index, branches])
  return branch('switchCase', requireChoice('switchCase', 'the index', 'int32', index), branches, args)
}) as unknown as SwitchCase
