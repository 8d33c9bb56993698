import { isFloat } from '../../graph/dtype.js'
import { Random } from '../../tensor/random.js'
import type { Settings } from '../options.js'
import type { Parts, Subject } from '../subject/subject.js'
import { type Culprit, culpritOf, type Findings, short, wrongRule } from './culprit.js'
import { endsIn } from './ends.js'
import { type Details, detailsOf } from './examine.js'
import { type InPlace, inPlace, keptIn } from './keeping.js'
import { type Searched, search } from './search.js'
import { type Step, withSteps } from './tape.js'

/** What came to light when each op was looked at by itself. */
export interface Culprits {
  readonly culprits: readonly Culprit[]
  /** What else there is to say, in words. */
  readonly notes: readonly string[]
}

/** How an order of a function is wrong. */
export interface Failure {
  readonly order: 1 | 2
  readonly subject: Subject
  readonly parts: Parts
  /** Where it is wrong. */
  readonly point: Float64Array
  /** Whether it is right at another point, so that what explains it here does not. */
  readonly isRightHere: boolean
  readonly settings: Settings
}

/**
 * Which ops make a function's derivative wrong: it runs once more, and each op that it applies is checked by itself, at the
 * inputs that it had there. Where all of them are right, what is wrong lies between them: a rule that keeps something of another
 * call, or an end of the path.
 */
export const culpritsOf = (failure: Failure): Culprits => {
  try {
    return withSteps(failure.parts, failure.point, (steps) => culpritsAmong(steps, failure))
  } catch (error) {
    return { culprits: [], notes: [`which op is wrong was not found: to run once more threw ${error}`] }
  }
}

const culpritsAmong = (all: readonly Step[], failure: Failure): Culprits => {
  const { order, settings } = failure
  // draws of its own: what else is checked does not depend on it
  const random = new Random(settings.seed + 2)
  const steps = all.filter(isOnTheWay)
  const there = steps.flatMap((step) => inPlace(step, failure.parts.like, random))
  const searched = search(steps, failure, random)
  const notes = notesOn(searched)
  const wrong = wrongOps(searched, failure, random)
  if (wrong.length > 0 || order === 2) return { culprits: wrong, notes }
  const culprits = [...keeping(there), ...ends(all, failure, random)]
  if (culprits.length > 0 || notes.length > 0 || steps.length < 2) return { culprits, notes }
  const says = `each of the ${steps.length} ops on the way is right at its own inputs: what is wrong lies between them`
  return { culprits, notes: [says] }
}

/** Whether a derivative goes through it. */
const isOnTheWay = ({ given, isTracked }: Step): boolean => isTracked && given.some((each) => each.isTracked)

const wrongOps = ({ lines, all }: Searched, { order, isRightHere }: Failure, random: Random): readonly Culprit[] =>
  lines.map(({ step, wrong, uses }) => {
    const { rule, inputs, broken } = wrong
    // of a function of one op, all has been said of that
    const { worst, diagnoses } = all === 1 || broken !== null ? nothing : detailsOf(wrong, order, random)
    const found = { order, rule, inputs, worst, diagnoses: isRightHere ? [] : diagnoses, uses }
    return culpritOf(step, { ...found, what: broken ?? wrongRule(found) })
  })

const nothing: Details = { worst: null, diagnoses: [] }
const once = { wrong: 1, of: 1 } as const

const keeping = (there: readonly InPlace[]): readonly Culprit[] =>
  there.flatMap((each) => {
    const worst = keptIn(each)
    if (worst === null) return []
    const says =
      `by itself its vjp is right, and where it stands it gives ${short(worst.left)} for ${worst.input} and not ${short(worst.right)}: ` +
      'it keeps something of another call in a variable'
    return [alike(each.step, 'vjp', 'stale', says, worst)]
  })

const ends = (all: readonly Step[], { subject, parts, point, settings }: Failure, random: Random): readonly Culprit[] =>
  endsIn({ ...subject, point }, parts, all, settings, random).map((step) => {
    const isWhole = step.results.every(({ dtype }) => !isFloat(dtype))
    const why =
      step.op.name === 'stopGradient'
        ? 'stopGradient or detach lets no derivative through'
        : isWhole
          ? 'it gives no floats, so that no derivative comes through'
          : 'it is not recorded, as in noGrad, so that no derivative comes through'
    const says = `the path of the derivative ends here: ${why}. With its value held still, differences agree`
    return alike(step, 'both', 'no gradient', says, null)
  })

/** A culprit whose reason is what is the matter with it. */
const alike = (step: Step, rule: Findings['rule'], cause: string, what: string, worst: Culprit['worst']): Culprit => {
  const inputs = step.given.flatMap(({ isTracked }, i) => (isTracked ? [`${step.op.name}.input[${i}]`] : []))
  const mode = 'reverse'
  const culprit = culpritOf(step, { order: 1, rule, inputs, worst, diagnoses: [], uses: once, what })
  return { ...culprit, diagnoses: [{ cause, mode, input: inputs.join(', '), says: culprit.says }] }
}

const notesOn = ({ all, looked, unseen }: Searched): string[] => [
  ...(looked < all ? [`of the ${all} ops on the way, ${looked} were looked at by themselves`] : []),
  ...(unseen.length > 0 ? [`not to be applied again by themselves: ${unseen.join(', ')}`] : []),
]
