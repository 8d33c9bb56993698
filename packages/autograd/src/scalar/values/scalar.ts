import { checked } from '../../graph/arguments.js'
import * as kinds from '../../graph/kinds.js'
import type { Num, NumMethods } from '../num.js'
import { valueMethods } from './methods.js'
import { leaf, ValueNode } from './value.js'

for (const [name, method] of Object.entries(valueMethods)) {
  Object.defineProperty(ValueNode.prototype, name, { value: method, writable: true, configurable: true })
}

type ValueMethods = {
  readonly [Name in keyof NumMethods]: NumMethods[Name] extends (...operands: infer Operands) => Num
    ? (...operands: Operands) => Value
    : never
}

/**
 * A number that remembers what it was made of: `backward()` gives all that it was made of their gradients. `scalar` makes one. The
 * transforms of this module take Values as arguments, and what they give are Values again.
 */
export interface Value extends Omit<ValueNode, keyof NumMethods>, ValueMethods {}

/**
 * A number to compute with, which remembers what is made of it: `backward()` of a result gives it its `grad`. Every elementwise function
 * is a method. Nothing is to be freed, and no function is to be written: derivatives of functions, of any order, are `grad` and its like,
 * several times as fast.
 *
 * @throws ArgumentError for anything but a number
 * @example
 * const [a, b] = [scalar(2), scalar(-3)]
 * const y = a.mul(b).add(10).tanh()
 * y.backward()
 * a.grad                     // -3 * (1 - Math.tanh(4) ** 2)
 * a.value -= 0.1 * a.grad
 * a.zeroGrad()
 */
export const scalar = /* @__PURE__ */ checked(
  'scalar',
  { value: kinds.number },
  (value: number): Value => leaf(value) as unknown as Value,
)
