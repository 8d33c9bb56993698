import type { Diagnosis } from '../causes/diagnose.js'
import type { Element } from '../comparison/agreement.js'
import type { Rule, Wrong } from './examine.js'
import { nameOfStep, type Step } from './tape.js'

/** An op whose derivative is wrong at its own inputs, in a function of several. */
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
  /** The element that is furthest off; null where a rule threw. */
  readonly worst: Element | null
  /** Why it is wrong, where that was found out. */
  readonly diagnoses: readonly Diagnosis[]
  /** How often it was applied at this line, and how often it was wrong there, of those that were looked at. */
  readonly uses: { readonly wrong: number; readonly of: number }
  /** All that in a sentence. */
  readonly says: string
}

/** What was found out about a step. */
interface Findings extends Pick<Culprit, 'order' | 'worst' | 'diagnoses' | 'uses'> {
  readonly wrong: Wrong
}

export const culpritOf = (step: Step, { wrong, ...found }: Findings): Culprit => {
  const { op, source, module } = step
  const { rule, inputs, broken } = wrong
  const about = { op: op.name, node: nameOfStep(step), source, module, rule, inputs, ...found }
  return { ...about, says: sentence(about, broken) }
}

const sentence = (
  { op, node, source, module, order, rule, inputs, worst, uses }: Omit<Culprit, 'says'>,
  broken: string | null,
): string => {
  const where = [
    ...(node === `${op}#1` ? [] : [node]),
    ...(source === null ? [] : [`at ${source}`]),
    ...(module === null ? [] : [`in ${module}`]),
  ]
  const who = where.length === 0 ? op : `${op} (${where.join(', ')})`
  const times = uses.of === 1 ? '' : ` in ${uses.wrong} of its ${uses.of} uses there`
  if (broken !== null) return `${who}: ${broken}`
  const own = rule === 'both' ? 'derivative' : rule
  const what = order === 1 ? `its ${own}` : `the derivative of its ${own}`
  const numbers =
    worst === null
      ? ''
      : `: ${worst.input} -> ${worst.output} is ${short(worst.left)}, and differences show ${short(worst.right)} +- ${short(worst.bar)}`
  return `${who}: ${what} by ${listed(inputs)} is wrong at its own inputs${times}${numbers}`
}

const listed = (inputs: readonly string[]): string =>
  inputs.map((path) => path.replace(/^.*\.(?=input|cotangent|tangent)/, '')).join(' and ')
const short = (x: number): string => String(Number(x.toPrecision(6)))
