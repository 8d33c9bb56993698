import type { Rule } from '../../rules/algebra.js'
import { parameter, tensor } from '../../tensor/creation.js'
import type { Tensor } from '../../tensor/tensor.js'
import { opOf } from '../bridges/columns.js'

/** What remembers what it was made of. */
export interface Past {
  readonly known: number
  readonly rule: Rule | null
  operands(): readonly (Past | number)[]
}

const asTensor = (value: number): Tensor => tensor(value, { dtype: 'float64' })

const gradientOf = (twin: Tensor | undefined): number => (twin?.hasGrad ? twin.grad.item() : 0)

const known = new WeakMap<Past, Tensor>()
let isUsed = false

/** The parameters that stand for Values in graphs of tensors: what arrives there has arrived at the Value. */
export const twins = {
  of: (value: Past): Tensor => {
    let twin = known.get(value)
    if (twin === undefined) {
      twin = parameter(asTensor(value.known))
      known.set(value, twin)
      isUsed = true
    }
    return twin
  },
  set: (value: Past, to: number): void => {
    if (isUsed) known.get(value)?.assign(asTensor(to))
  },
  gradOf: (value: Past): number => (isUsed ? gradientOf(known.get(value)) : 0),
  zeroGrad: (value: Past): void => {
    if (isUsed) known.get(value)?.zeroGrad()
  },
}

/** The past of a Value once more, as ops on tensors. Iterative: it may be long. */
export const tensorOf = (root: Past): Tensor => {
  const made = new Map<Past, Tensor>()
  const stack = [root]
  for (let at = stack.at(-1); at !== undefined; at = stack.at(-1)) {
    const operands = at.operands()
    const waiting = made.has(at)
      ? []
      : operands.filter((each): each is Past => typeof each !== 'number' && !made.has(each))
    if (waiting.length > 0) {
      stack.push(...waiting)
      continue
    }
    stack.pop()
    if (made.has(at)) continue
    const given = operands.map((each) => (typeof each === 'number' ? each : made.get(each)!))
    made.set(at, at.rule === null ? twins.of(at) : (opOf(at.rule)(...given) as Tensor))
  }
  return made.get(root)!
}
