import { checked } from '../../graph/arguments.js'
import { ArgumentError } from '../../graph/errors.js'
import { fromRule } from '../../ops/elementwise.js'
import * as kinds from '../../ops/kinds.js'
import { ruleOf } from '../../rules/rule.js'
import type { ElementwiseOp } from '../../tensor/custom.js'
import type { Operand, Tensor } from '../../tensor/tensor.js'
import type { Num } from '../num.js'
import { requireOne } from '../reverse.js'
import { traced } from './element.js'

type Op = (...operands: readonly Operand[]) => Tensor

/**
 * The tensor op that applies a scalar function to each element. Like a built-in op it broadcasts, promotes dtypes, takes numbers among
 * its operands, runs as one kernel, and has derivatives of every order, which are made of the function by the rules of its parts.
 * The function is run once, when the op is first used: it may not branch on elements (`select` chooses) or read their values.
 *
 * @param f a function of one or more Nums that gives a Num; its name is that of the op
 * @throws GradientError if it branches on an element, reads its value, uses other Nums, or gives no Num
 * @example
 * const huber = scalar.elementwise((x: scalar.Num) => x.abs().less(1).select(x.square().mul(0.5), x.abs().sub(0.5)))
 * huber(tensor([0.5, -3]))   // [0.125, 2.5]
 */
export const elementwise = /* @__PURE__ */ checked(
  'scalar.elementwise',
  { f: kinds.function },
  <F extends (...elements: Num[]) => Num>(f: F): ElementwiseOp<[unknown, ...Parameters<F>]['length']> => {
    const ops = new Map<number, Op>()
    const op: Op = (...operands) => {
      const known = ops.get(operands.length)
      if (known !== undefined) return known(...operands)
      const made = opOf(f, operands.length)
      ops.set(operands.length, made)
      return made(...operands)
    }
    return op as unknown as ElementwiseOp<[unknown, ...Parameters<F>]['length']>
  },
)

const miscounted = (name: string, wanted: number, given: number): ArgumentError =>
  new ArgumentError(`${name}: takes ${wanted} operand${wanted === 1 ? '' : 's'}, and was given ${given}.`)

const opOf = (f: (...elements: Num[]) => Num, count: number): Op => {
  const name = f.name || 'elementwise'
  if (count < f.length) throw miscounted(name, f.length, count)
  const { resultsIn, uses } = traced('scalar.elementwise', count, (elements) => [
    requireOne('scalar.elementwise', f(...elements)),
  ])
  // Array.map passes more than the function takes
  if (count > f.length && !uses(count - 1)) throw miscounted(name, f.length, count)
  const rule = ruleOf(name, count, (m, ...operands) => resultsIn(m, (index) => operands[index]!)[0]!)
  return fromRule(rule) as unknown as Op
}
