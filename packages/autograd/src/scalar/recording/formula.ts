import { partialsOf, toExpression } from '../../rules/derive.js'
import type { Expression } from '../../rules/expression.js'
import { listed } from '../../rules/traverse.js'
import { codeOf, constantCode, inputCode, none, ruleOf } from './codes.js'
import { Recording } from './recording.js'
import { simplified } from './simplify.js'

/** What is computed of a few nodes: the value of a rule or one of its derivatives, recorded once and put wherever the rule stands. */
interface Formula {
  readonly recording: Recording
  readonly root: number
}

/** A rule at nodes, in the terms of the recording. */
export const noted = (recording: Recording, code: number, a: number, b: number, c: number): number =>
  recording.primitivesOnly && !ruleOf(code).primitive
    ? placed(valueOf(code), recording, a, b, c, none)
    : simplified(recording, code, a, b, c)

/** The derivative of a node's rule by one of its operands. */
export const partialAt = (recording: Recording, node: number, operand: number): number => {
  const { a, b, c, code } = recording
  const rule = ruleOf(code[node]!)
  const [first, second, third] = [a[node]!, b[node]!, c[node]!]
  const formula = partialOf(code[node]!, operand)
  switch (rule.arity) {
    case 1:
      return placed(formula, recording, first, node, none, none)
    case 2:
      return placed(formula, recording, first, second, node, none)
    default:
      return placed(formula, recording, first, second, third, node)
  }
}

/** A formula with these nodes as its inputs. */
const placed = (formula: Formula, into: Recording, w: number, x: number, y: number, z: number): number => {
  const { recording, root } = formula
  const { code, a, b, c, value } = recording
  if (code[root] === constantCode) return into.constant(value[root]!)
  const places: number[] = []
  for (let node = 0; node <= root; node++) {
    switch (code[node]) {
      case inputCode:
        places.push(a[node] === 0 ? w : a[node] === 1 ? x : a[node] === 2 ? y : z)
        break
      case constantCode:
        places.push(into.constant(value[node]!))
        break
      default:
        places.push(noted(into, code[node]!, places[a[node]!]!, places[b[node]!] ?? none, places[c[node]!] ?? none))
    }
  }
  return places[root]!
}

const formulaOf = (expression: Expression): Formula => {
  const recording = new Recording(false)
  const { nodes, first, args } = listed([expression])
  const places: number[] = []
  nodes.forEach((node, at) => {
    if (node.kind === 'input') places.push(recording.input(node.index, NaN))
    else if (node.kind === 'constant') places.push(recording.constant(node.value))
    else {
      const operand = (i: number): number => (i < node.args.length ? places[args[first[at]! + i]!]! : none)
      places.push(noted(recording, codeOf(node.rule), operand(0), operand(1), operand(2)))
    }
  })
  return { recording, root: places.at(-1)! }
}

const values: Formula[] = []
const valueOf = (code: number): Formula => {
  values[code] ??= formulaOf(toExpression(ruleOf(code)))
  return values[code]
}

const partials: Formula[][] = []
const partialOf = (code: number, operand: number): Formula => {
  partials[code] ??= partialsOf(ruleOf(code)).map(formulaOf)
  return partials[code][operand]!
}
