import { Random } from '../../tensor/random.js'
import { type Parts, subjectFrom } from '../subject/subject.js'
import { type Culprit, culpritOf } from './culprit.js'
import { type Details, detailsOf, examine, type Wrong } from './examine.js'
import { derivativeOf, examplesIn, partsOfStep, recordedValue } from './step-subject.js'
import { type Step, stepsAt } from './tape.js'

/** What came to light when each op was looked at by itself. */
export interface Culprits {
  readonly culprits: readonly Culprit[]
  /** What else there is to say, in words. */
  readonly notes: readonly string[]
}

/** How an order of a function is wrong. */
export interface Failure {
  readonly order: 1 | 2
  readonly parts: Parts
  /** Where it is wrong. */
  readonly point: Float64Array
  /** Whether it is right at another point, so that what explains it here does not. */
  readonly isRightHere: boolean
}

/** How much work the search may be: that of so many elements, where an op of few costs as much as one of `overhead`. */
const budget = 1e8
const overhead = 1000
/** Of examples that are computed at once, so many are looked at. */
const examples = 3

/** What one line does by one op. */
interface Line {
  /** The first that is wrong. */
  first: { readonly step: Step; readonly wrong: Wrong } | null
  wrong: number
  of: number
}

/**
 * Which ops make a function's derivative wrong: it runs once more, and each op that it applies is checked by itself, at the
 * inputs that it had there. Those that are no part of the library come first.
 */
export const culpritsOf = (
  failure: Failure,
  { tolerance, seed }: { readonly tolerance: number; readonly seed: number },
): Culprits => {
  const { order, parts, point, isRightHere } = failure
  let steps: readonly Step[]
  try {
    steps = stepsAt(parts, point).filter(isOnTheWay)
  } catch (error) {
    return { culprits: [], notes: [`which op is wrong was not looked for: run once more, it threw ${error}`] }
  }
  // draws of its own: what else is checked does not depend on it
  const random = new Random(seed + 2)
  let spent = 0
  const spend = (elements: number): void => {
    spent += overhead + elements
  }
  const lines = new Map<string, Line>()
  const unseen = new Set<string>()
  let looked = 0
  for (const step of inTurn(steps)) {
    if (spent > budget) break
    looked++
    const key = [step.op.name, step.source, step.module].join()
    const line = lines.get(key) ?? { first: null, wrong: 0, of: 0 }
    lines.set(key, line)
    line.of++
    const wrong = lookAt(step, failure, tolerance, random, spend)
    if (wrong === 'unseen') unseen.add(step.op.name)
    else if (wrong !== null) {
      line.wrong++
      line.first ??= { step, wrong }
    }
  }
  const culprits = [...lines.values()]
    .filter(({ first }) => first !== null)
    .sort((a, b) => a.first!.step.results[0]!.id - b.first!.step.results[0]!.id)
    .map(({ first, wrong: count, of }) => {
      const { step, wrong } = first!
      // of a function of one op, all has been said of that
      const isAlone = steps.length === 1
      const isToldElsewhere = isAlone || wrong.broken !== null
      const { worst, diagnoses } = isToldElsewhere ? nothing : detailsOf(wrong, order, random)
      return culpritOf(step, {
        order,
        wrong,
        worst,
        diagnoses: isRightHere ? [] : diagnoses,
        uses: { wrong: count, of },
      })
    })
  return { culprits, notes: notesOn(steps.length, looked, [...unseen], culprits.length) }
}

const nothing: Details = { worst: null, diagnoses: [] }

/** Whether a derivative goes through it. */
const isOnTheWay = ({ given, isTracked }: Step): boolean => isTracked && given.some((each) => each.isTracked)

/** Those of no kernel first, which users wrote; of each kind the first, then the second, and so on. */
const inTurn = (steps: readonly Step[]): readonly Step[] => {
  const isOfLibrary = ({ op }: Step) => ('kernel' in op ? 1 : 0)
  return [...steps].sort((a, b) => isOfLibrary(a) - isOfLibrary(b) || a.count - b.count)
}

/** What is wrong with an op; null if nothing is, and `unseen` if it cannot be applied again. */
const lookAt = (
  step: Step,
  { parts: { like }, order }: Failure,
  tolerance: number,
  random: Random,
  spend: (elements: number) => void,
): Wrong | 'unseen' | null => {
  const count = Math.min(examplesIn(step), examples)
  for (let example = 0; example < count; example++) {
    const parts = partsOfStep(step, like, example, spend)
    if (parts === null) return null
    if (!isRepeatable(step, parts, example)) return 'unseen'
    for (const rule of order === 1 ? [null] : (['vjp', 'jvp'] as const)) {
      const subject = subjectFrom(rule === null ? parts : derivativeOf(parts, rule, random))
      const wrong = examine(subject, rule, tolerance, random)
      if (wrong !== null) return wrong
    }
  }
  return null
}

/** Whether it gives again what it gave as a part of the whole. */
const isRepeatable = (step: Step, parts: Parts, example: number): boolean => {
  const before = recordedValue(step, parts, example)
  try {
    return subjectFrom(parts)
      .value(parts.point)
      .every((x, i) => Object.is(x, before[i]) || Math.abs(x - before[i]!) <= 1e-9 * Math.abs(before[i]!))
  } catch {
    return false
  }
}

const notesOn = (all: number, looked: number, unseen: readonly string[], found: number): string[] => [
  ...(looked < all ? [`of the ${all} ops on the way, ${looked} were looked at by themselves`] : []),
  ...(unseen.length > 0 ? [`not to be applied again by themselves: ${unseen.join(', ')}`] : []),
  ...(found === 0 && unseen.length === 0 && looked === all && all > 1
    ? [`each of the ${all} ops on the way is right at its own inputs: what is wrong lies between them`]
    : []),
]
