import type { Expression } from '../../src/rules/expression.js'
import { rules } from '../../src/rules/index.js'
import { numbers } from '../../src/rules/numbers.js'
import type { Rule } from '../../src/rules/rule.js'
import { straightLine } from '../../src/rules/straight-line.js'
import { type FloatType, leastOf, roundTo, unitAt } from './points.js'

// How far a function may be off if each of its steps is rounded: the error of each operand, times the partial derivative by
// it, and what the step itself rounds. To first order.

/** Units in the last place that a step may be off; half a unit is rounding. docs/conventions.md has them. */
const units: { readonly [name: string]: number } = {
  ...{ exp: 1, expm1: 1.5, log: 1, log1p: 1, tanh: 1.5, sin: 1.5, cos: 1.5, erf: 1.5, pow: 4 },
}
const moreInFloat64 = 2

const partialAt = (rule: Rule, index: number, args: readonly number[], y: number): number => {
  if (rule.partials === undefined || rule.partials === 'none') return 0
  return Number(rule.partials[index]!(numbers, ...args, y))
}

/** At one point: the value in float64, and how far that in `dtype` may be from it. */
export const boundOf = (expression: Expression, dtype: FloatType) => {
  const { steps, results } = straightLine([expression])
  const largest = dtype === 'float32' ? 3.4028234e38 : Number.MAX_VALUE
  return (operands: readonly number[]): { value: number; bound: number } => {
    const values: number[] = []
    const errors: number[] = []
    for (const step of steps) {
      if (step.kind === 'input') {
        values.push(operands[step.index]!)
        errors.push(0)
      } else if (step.kind === 'constant') {
        values.push(step.value)
        errors.push(Math.abs(roundTo(step.value, dtype) - step.value))
      } else {
        const rule = rules[step.name as keyof typeof rules] as Rule
        const args = step.args.map((arg) => values[arg]!)
        const y = rule.value(numbers, ...args)
        const error = step.args.reduce((sum, arg, i) => {
          const slope = errors[arg]! === 0 ? 0 : Math.abs(partialAt(rule, i, args, y))
          return sum + (slope === 0 ? 0 : slope * errors[arg]!)
        }, 0)
        const own = (units[step.name] ?? 0.5) * (dtype === 'float64' && step.name in units ? moreInFloat64 : 1)
        const isExact = ['neg', 'abs', 'select', 'maximum', 'minimum', 'floor', 'ceil', 'round', 'trunc'].includes(
          step.name,
        )
        values.push(y)
        errors.push(
          Math.abs(y) > largest ? Infinity : error + (isExact || rule.result === 'bool' ? 0 : own * unitAt(y, dtype)),
        )
      }
    }
    const at = results[0]!
    return { value: values[at]!, bound: errors[at]! * 1.25 + leastOf(dtype) * 0.5 }
  }
}
