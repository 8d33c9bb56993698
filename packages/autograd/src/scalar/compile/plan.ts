import { rules } from '../../rules/table.js'
import { codeOf, constantCode, none } from '../recording/codes.js'
import type { Guard, Recording } from '../recording/recording.js'

/** What is to be computed of a recording. */
export interface Plan {
  readonly recording: Recording
  readonly inputs: number
  /** The nodes of the results. */
  readonly outputs: Int32Array
  /** The nodes that results and guards need, in the order in which they are computed; without inputs and constants. */
  readonly order: Int32Array
  readonly guards: readonly Guard[]
  /**
   * Whether `scale` may be a product unless a result is NaN: what is only then different is 0 times what is not finite, and nothing
   * that is computed hides a NaN.
   */
  readonly mayMultiply: boolean
}

const scale = codeOf(rules.scale)
const select = codeOf(rules.select)

/** Whether a NaN among the operands always gives a NaN. */
const passNaN = new Set(
  [
    ...[rules.add, rules.sub, rules.mul, rules.div, rules.scale, rules.neg, rules.abs, rules.sqrt, rules.exp],
    ...[rules.expm1, rules.log, rules.log1p, rules.sin, rules.cos, rules.tan, rules.tanh, rules.sinh, rules.cosh],
    ...[rules.maximum, rules.minimum, rules.asin, rules.acos, rules.atan, rules.erf, rules.erfc, rules.atan2],
  ].map(codeOf),
)

export const planOf = (recording: Recording, inputs: number, outputs: Int32Array): Plan => {
  const { code, guards } = recording
  const needed = recording.needed([...outputs, ...guards.map(({ node }) => node)])
  const order = needed.filter((node) => code[node]! > constantCode)
  return { recording, inputs, outputs, order, guards, mayMultiply: mayMultiply(recording, order) }
}

const mayMultiply = ({ size, code, a, b, c, guards }: Recording, order: Int32Array): boolean => {
  /** What may be NaN where by `scale` it is not. */
  const mayDiffer = new Uint8Array(size)
  for (const node of order) {
    const first = mayDiffer[a[node]!] === 1
    const others = (b[node] !== none && mayDiffer[b[node]!] === 1) || (c[node] !== none && mayDiffer[c[node]!] === 1)
    const isHidden = code[node] === select ? first : (first || others) && !passNaN.has(code[node]!)
    if (isHidden) return false
    if (first || others || code[node] === scale) mayDiffer[node] = 1
  }
  return guards.every(({ node }) => mayDiffer[node] === 0)
}
