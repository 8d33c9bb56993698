import { everyday } from '../../rules/everyday.js'
import type { Expression } from '../../rules/expression.js'
import type { Rule } from '../../rules/rule.js'
import { constant } from '../../rules/symbols.js'

/** A number as a book writes it: a fraction, times a power of something. */
export interface Written {
  readonly over: number
  readonly under: number
  readonly factor: Expression | null
  readonly power: 1 | -1
}

/** Applied as it stands: not worked out though it is of constants. */
type Apply = (rule: Rule, ...args: Expression[]) => Expression

/** Numbers that a book writes by a symbol, to a power. */
const symbolic = (apply: Apply, pi: Expression | null): (readonly [number, Expression, 1 | -1])[] => {
  const two = constant(2)
  const both = (number: number, factor: Expression) =>
    [
      [number, factor, 1],
      [1 / number, factor, -1],
    ] as (readonly [number, Expression, 1 | -1])[]
  const root = (x: Expression) => apply(everyday.sqrt, x)
  const known = [
    ...both(Math.SQRT2, root(two)),
    [Math.SQRT1_2, root(two), -1] as const,
    ...both(Math.LN2, apply(everyday.log, two)),
    [Math.LOG2E, apply(everyday.log, two), -1] as const,
    ...both(Math.LN10, apply(everyday.log, constant(10))),
    [Math.LOG10E, apply(everyday.log, constant(10)), -1] as const,
  ]
  if (pi === null) return known
  return [
    ...known,
    ...both(Math.PI, pi),
    ...both(Math.sqrt(Math.PI), root(pi)),
    ...both(Math.sqrt(2 * Math.PI), root(apply(everyday.mul, two, pi))),
    ...both(Math.sqrt(2 / Math.PI), root(apply(everyday.div, two, pi))),
  ]
}

const denominators = [3, 6, 7, 9, 11, 12]

/** How to write numbers, those only that are exactly what is written. */
export const writer = (apply: Apply, pi: Expression | null): ((value: number) => Written) => {
  const known = symbolic(apply, pi)
  return (value) => {
    for (const [number, factor, power] of known) if (number === value) return { over: 1, under: 1, factor, power }
    for (const [number, factor, power] of known) {
      // times a whole number of sixteenths
      const times = (value / number) * 16
      if (Number.isInteger(times) && times !== 0 && Math.abs(times) <= 1024 && (times / 16) * number === value) {
        return { over: times, under: 16, factor, power }
      }
    }
    // one that was given in a few digits stays as it was given
    if (String(value).length > 12) {
      for (const under of denominators) {
        const over = Math.round(value * under)
        if (over !== 0 && Math.abs(over) <= 100 && over / under === value)
          return { over, under, factor: null, power: 1 }
      }
    }
    return { over: value, under: 1, factor: null, power: 1 }
  }
}
