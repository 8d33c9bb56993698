import type { NumberFunction, Primitive } from './algebra.js'
import type { Expression } from './expression.js'
import { numericOf } from './numbers.js'
import { inOrder } from './traverse.js'

/** A straight-line program: expressions over the same inputs as one list of steps, each after those it needs. */
export interface StraightLine {
  readonly steps: readonly Instruction[]
  /** The step that gives each expression's value. */
  readonly results: readonly number[]
  /** Equal for programs that compute the same. */
  readonly key: string
}
export type Instruction =
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'constant'; readonly value: number }
  | Application
export interface Application {
  readonly kind: 'apply'
  /** For a rule that brings its function: a name that no list of primitives has. */
  readonly name: Primitive
  readonly numeric: NumberFunction
  readonly args: readonly number[]
}

/** Equal subexpressions become one step, also between the expressions. */
export const straightLine = (expressions: readonly Expression[]): StraightLine => {
  const steps: Instruction[] = []
  const byKey = new Map<string, number>()
  const positions = new Map<Expression, number>()
  for (const node of inOrder(expressions)) {
    const step = stepOf(node, positions)
    const key = keyOf(step)
    let position = byKey.get(key)
    if (position === undefined) {
      position = steps.push(step) - 1
      byKey.set(key, position)
    }
    positions.set(node, position)
  }
  const results = expressions.map((expression) => positions.get(expression)!)
  return { steps, results, key: `${[...byKey.keys()].join(';')}:${results.join()}` }
}

/** The numbers of the inputs that a program uses, ascending. */
export const usedInputs = ({ steps }: StraightLine): number[] =>
  steps.flatMap((step) => (step.kind === 'input' ? [step.index] : [])).sort((a, b) => a - b)

const stepOf = (node: Expression, positions: ReadonlyMap<Expression, number>): Instruction => {
  if (node.kind !== 'apply') return node
  const { rule, args } = node
  const name = rule.name as Primitive
  return { kind: 'apply', name, numeric: numericOf(rule), args: args.map((arg) => positions.get(arg)!) }
}

const keyOf = (step: Instruction): string => {
  switch (step.kind) {
    case 'input':
      return `x${step.index}`
    case 'constant':
      return literal(step.value)
    case 'apply':
      return `${step.name}(${step.args.join(',')})`
  }
}

/** A number as JavaScript source that reads back as exactly that number. */
export const literal = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))
