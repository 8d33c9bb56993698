import type { Diagnosis } from '../causes/diagnose.js'
import type { Element } from '../comparison/agreement.js'
import type { Rule } from './examine.js'
import { nameOfStep, type Step } from './tape.js'

/** An op that makes the derivative of a function of several wrong. */
export interface Culprit {
  /** Its name. */
  readonly op: string
  /** The name of what it gave, or `op#2`: the second of its kind that ran. */
  readonly node: string
  /** The line that applied it, `file:line`; null where that is not known. */
  readonly source: string | null
  /** The path of the module in which it ran, `encoder.2.attention`, or the name of a scope. */
  readonly module: string | null
  /** 1: a rule of it is wrong; 2: the derivative of that rule is. */
  readonly order: 1 | 2
  /** Which rule that is. */
  readonly rule: Rule
  /** By which of its inputs: `matmul.input[1]`. */
  readonly inputs: readonly string[]
  /** The element that is furthest off; null where none is known. */
  readonly worst: Element | null
  /** Why it is wrong, where that was found out. */
  readonly diagnoses: readonly Diagnosis[]
  /** How often it was applied at this line, and how often it was wrong there, of those that were looked at. */
  readonly uses: { readonly wrong: number; readonly of: number }
  /** All that in a sentence. */
  readonly says: string
}

/** What was found out about a step. */
export interface Findings extends Pick<Culprit, 'order' | 'rule' | 'inputs' | 'worst' | 'diagnoses' | 'uses'> {
  /** What is the matter, as a sentence about it. */
  readonly what: string
}

export const culpritOf = (step: Step, { what, ...found }: Findings): Culprit => {
  const { op, source, module } = step
  const node = nameOfStep(step)
  const where = [
    ...(node === `${op.name}#1` ? [] : [node]),
    ...(source === null ? [] : [`at ${source}`]),
    ...(module === null ? [] : [`in ${module}`]),
  ]
  const who = where.length === 0 ? op.name : `${op.name} (${where.join(', ')})`
  return { op: op.name, node, source, module, ...found, says: `${who}: ${what}` }
}

/** Of a rule that is wrong at the inputs that its op had. */
export const wrongRule = ({ order, rule, inputs, worst, uses }: Omit<Findings, 'what'>): string => {
  const own = rule === 'both' ? 'derivative' : rule
  const which = order === 1 ? `its ${own}` : `the derivative of its ${own}`
  const times = uses.of === 1 ? '' : ` in ${uses.wrong} of its ${uses.of} uses there`
  const numbers =
    worst === null
      ? ''
      : `: ${worst.input} -> ${worst.output} is ${short(worst.left)}, and differences show ${short(worst.right)} +- ${short(worst.bar)}`
  return `${which} by ${listed(inputs)} is wrong at its own inputs${times}${numbers}`
}

const listed = (inputs: readonly string[]): string =>
  inputs.map((path) => path.replace(/^.*\.(?=input|cotangent|tangent)/, '')).join(' and ')
export const short = (x: number): string => String(Number(x.toPrecision(6)))
