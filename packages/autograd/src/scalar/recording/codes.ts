import type { NumberFunction, Rule } from '../../rules/algebra.js'
import { numbers, numericOf } from '../../rules/numbers.js'

/** What a node is, besides a rule: one of the numbers that the program is given, or one that it always has. */
export const inputCode = 0
export const constantCode = 1
/** All rounds of a loop, whose number stands in the operand's place; and a number that they give. */
export const loopCode = 2
export const resultCode = 3
/** What is greater is a rule. */
export const lastCode = 3

/** No operand. */
export const none = -1

const rulesByCode: (Rule | null)[] = [null, null, null, null]
const functions: (NumberFunction | null)[] = [null, null, null, null]
const codes = new Map<Rule, number>()

/** The number of a rule, by which nodes name it. */
export const codeOf = (rule: Rule): number => {
  let code = codes.get(rule)
  if (code === undefined) {
    code = rulesByCode.push(rule) - 1
    functions.push(rule.primitive ? numericOf(rule) : composedOf(rule))
    codes.set(rule, code)
  }
  return code
}
export const ruleOf = (code: number): Rule => rulesByCode[code]!
/** What the rule of a number is between numbers. */
export const functionOf = (code: number): NumberFunction => functions[code]!

const composedOf = (rule: Rule): NumberFunction => {
  switch (rule.arity) {
    case 1:
      return (x) => rule.value(numbers, x!)
    case 2:
      return (x, y) => rule.value(numbers, x!, y!)
    default:
      return (x, y, z) => rule.value(numbers, x!, y!, z!)
  }
}
