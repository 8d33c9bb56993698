import { leavesRange } from '../execution/out-of-range.js'
import { Random } from '../tensor/random.js'
import type { Diagnosis } from './causes/diagnose.js'
import { diagnoseElsewhere } from './causes/elsewhere.js'
import { isRandom } from './causes/linearity.js'
import { diagnoseModes } from './causes/modes.js'
import type { Comparison } from './comparison/agreement.js'
import type { Check } from './comparison/check.js'
import { compareDirections } from './comparison/directions.js'
import { compareElements } from './comparison/elements.js'
import { compareNearby, namesNearby } from './comparison/nearby.js'
import { compareOverForward, secondOrderNames } from './comparison/second-order.js'
import { taylorLine, taylorRemainders } from './comparison/taylor.js'
import type { Culprit } from './culprits/culprit.js'
import { culpritsOf } from './culprits/culprits.js'
import type { Place } from './differences/slopes.js'
import type { Settings } from './options.js'
import type { OrderReport, Report } from './report/report.js'
import { reportOf, verdictOf } from './report/report-of.js'
import { wrongTensors } from './report/wrong.js'
import { type Available, availableIn, notesOn } from './subject/available.js'
import { BrokenMode, guarded } from './subject/broken.js'
import { nameAt } from './subject/coordinates.js'
import type { Doubt } from './subject/doubt.js'

import { allModes, type Mode, type ModeNames } from './subject/mode.js'

import type { Subject } from './subject/subject.js'
import { weights } from './subject/vectors.js'

/** What is known before anything is asked. */
interface Given {
  readonly notes: readonly string[]
  readonly doubts: readonly Doubt[]
  /** The call that was made, to be pasted. */
  readonly repro: () => string
}

/** All that is asked of a subject, in the order in which it is asked. */
export const checkSubject = (subject: Subject, settings: Settings, { doubts, repro, ...given }: Given): Report => {
  const asked = { ...settings, repro }
  const notes = [...given.notes]
  const leftOut = allModes.filter((mode) => !settings.modes.includes(mode))
  notes.push(...leftOut.map((mode) => `${mode} mode is left out, as modes: ['${settings.modes}'] says`))
  if (settings.nearby === 0) notes.push('only the point given is looked at, as nearby: 0 says')
  const changed = doubts.find(({ kind }) => kind === 'mutated input')
  // what tensors were recorded with is gone; arrays are copied for each call
  if (changed !== undefined && subject.parts !== undefined) return reportOf(asked, [nothingAt(1, changed)], notes)
  const center = subject.value(subject.point)
  const restless = restlessOrder(subject, center)
  if (restless !== null) return reportOf(asked, [restless], notes)

  const random = new Random(settings.seed)
  const available = availableIn(subject, settings.modes)
  notes.push(...notesOn(available, firstOrderNames))
  const search = searchIn(subject, settings, notes)
  const here = checkOrder(1, guarded(subject), available, settings, random, search)
  const first = withDoubts(withNearby(here, subject, available, firstOrderNames, settings, search), doubts)
  if (first.verdict === 'fail' && settings.explains)
    notes.push(...secondOpinions(guarded(subject), available, first, settings.seed))
  if (settings.order === 1) return reportOf(asked, [first], notes)
  if (first.verdict === 'fail' || first.doubts.some(({ kind }) => kind === 'imprecise' || kind === 'not finite')) {
    const until = first.verdict === 'fail' ? 'before order 1 is right' : 'where order 1 could not be checked'
    return reportOf(asked, [first], [...notes, `order 2 is not looked at ${until}`])
  }
  if (!available.modes.includes('reverse')) {
    return reportOf(asked, [first], [...notes, 'order 2 is not looked at: it is that of the gradient by reverse mode'])
  }
  const second = checkSecondOrder(subject, available, settings, random, search, notes)
  return reportOf(asked, second === null ? [first] : [first, second], notes)
}

/** A function that gives other values for the same inputs cannot be checked. */
const restlessOrder = (subject: Subject, center: Float64Array): OrderReport | null => {
  const again = subject.value(subject.point)
  const changed = again.findIndex((x, i) => !Object.is(x, center[i]))
  if (changed < 0) return null
  const says =
    `two calls with the same inputs gave ${center[changed]} and ${again[changed]}: the function is random or keeps ` +
    'state (dropout, a generator, running statistics). Seed it inside, or switch to evaluation'
  const output = nameAt(subject.outputs, changed)
  return nothingAt(1, { kind: 'nondeterministic', input: 'the same inputs', output, says })
}

const nothingAt = (order: 1 | 2, doubt: Doubt): OrderReport => ({
  ...{ order, verdict: 'inconclusive', coverage: 'nothing compared', nearby: 0, comparisons: [] },
  ...{ doubts: [doubt], broken: null, diagnoses: [], wrong: [], culprits: [] },
})

/** What holds at the point given is looked at beside it: what is wrong there is wrong, and doubts say nothing. */
const withNearby = (
  order: OrderReport,
  subject: Subject,
  { modes }: Available,
  names: ModeNames,
  { nearby, tolerance, seed, explains }: Settings,
  search: Search,
): OrderReport => {
  if (order.verdict === 'fail' || modes.length === 0 || nearby === 0) return order
  const { point } = subject
  const place: Place = { subject, point, center: subject.value(point), tolerance }
  const check: Check = { place, modes, names: namesNearby(names), symmetric: false, overlooked: 0 }
  // draws of its own: what else is checked does not depend on it
  const random = new Random(seed + 1)
  const { points, comparisons, place: elsewhere } = compareNearby(check, nearby, random)
  const isLost = elsewhere !== null && order.order === 2 && losesRange(subject, elsewhere.point)
  if (elsewhere === null || isLost) return { ...order, nearby: points }
  const isRightHere = order.verdict === 'pass'
  const { culprits, diagnoses } = explained(explains, search(order.order, elsewhere.point, isRightHere), () =>
    // where nothing was seen at the point given, it is wrong for any reason
    isRightHere
      ? diagnoseElsewhere(comparisons, check.names, place, elsewhere)
      : diagnoseModes(elsewhere, order.order, comparisons, check.names, random),
  )
  return {
    ...{ ...order, nearby: points, verdict: 'fail', culprits },
    comparisons: [...order.comparisons, ...comparisons],
    diagnoses: [...order.diagnoses, ...diagnoses],
  }
}

/** What the Taylor remainder says of each mode at the point given; nothing of one that is right and all the same is not seen to be. */
const secondOpinions = (
  subject: Subject,
  { modes }: Available,
  { comparisons }: OrderReport,
  seed: number,
): string[] => {
  const { numeric } = firstOrderNames
  const isWrong = (mode: Mode) =>
    comparisons.some(({ left, right, agrees }) => left === mode && right === numeric && !agrees)
  try {
    const found = modes.map((mode) => taylorRemainders(subject, mode, new Random(seed)))
    return found.flatMap((test) => {
      const isFine = test.verdict === 'pass'
      if (isWrong(test.mode) !== isFine) return [taylorLine(test)]
      return isFine ? [`Taylor remainder of ${test.mode} mode: what is wrong is too little to show in it`] : []
    })
  } catch (error) {
    if (!(error instanceof BrokenMode)) throw error
    return []
  }
}

/** The ops that make a derivative wrong at a point; `isRightHere` if it is right at the point given. */
type Search = (order: 1 | 2, point: Float64Array, isRightHere?: boolean) => readonly Culprit[]

const searchIn =
  (subject: Subject, settings: Settings, notes: string[]): Search =>
  (order, point, isRightHere = false) => {
    const { parts } = subject
    if (parts === undefined || !settings.explains) return []
    const { culprits, notes: more } = culpritsOf({ order, subject, parts, point, isRightHere, settings })
    notes.push(...more)
    return culprits
  }

/** What is wrong with an op explains what is wrong with the whole. */
const explained = (explains: boolean, culprits: readonly Culprit[], otherwise: () => readonly Diagnosis[]) => {
  if (!explains) return { culprits, diagnoses: [] }
  const own = culprits.flatMap(({ diagnoses }) => diagnoses)
  return { culprits, diagnoses: own.length > 0 ? own : otherwise() }
}

const withDoubts = (order: OrderReport, doubts: readonly Doubt[]): OrderReport =>
  doubts.length === 0
    ? order
    : {
        ...order,
        verdict: order.verdict === 'fail' ? 'fail' : 'inconclusive',
        doubts: [...order.doubts, ...doubts],
      }

const lostRange: Doubt = {
  ...{ kind: 'not finite', input: 'any input', output: 'any output' },
  says: 'numbers on the way to the derivative are beyond the largest or below the smallest: what is lost there is not held against it',
}

/** Whether that is so of what either mode gives at a point. */
const losesRange = ({ parts, inputs, outputs, forward, reverse }: Subject, point: Float64Array): boolean =>
  parts !== undefined &&
  leavesRange(() => {
    forward(point, new Float64Array(inputs.size).fill(1))
    reverse(point, new Float64Array(outputs.size).fill(1))
  })

const firstOrderNames: ModeNames = { reverse: 'reverse', forward: 'forward', numeric: 'numeric' }

const checkOrder = (
  order: 1 | 2,
  subject: Subject,
  { modes, missing }: Available,
  settings: Settings,
  random: Random,
  search: Search,
  more: () => readonly Comparison[] = () => [],
): OrderReport => {
  if (modes.length === 0) {
    const anywhere = { input: 'any input', output: 'any output' }
    return nothingAt(order, { kind: 'not differentiable', ...anywhere, says: missing[0]!.says })
  }
  const { tolerance, budget, directions, explains } = settings
  const names = order === 1 ? firstOrderNames : secondOrderNames
  const { point, inputs, outputs } = subject
  try {
    const place: Place = { subject, point, center: subject.value(point), tolerance }
    const check: Check = { place, modes, names, symmetric: order === 2, overlooked: 0 }
    const small = inputs.size * outputs.size <= budget
    const found = small ? compareElements(check, random) : compareDirections(check, directions, random)
    const comparisons = [...found.comparisons, ...more()]
    const verdict = verdictOf(comparisons, found.doubts)
    if (order === 2 && verdict === 'fail' && losesRange(subject, point)) return nothingAt(order, lostRange)
    const wrong = wrongTensors(comparisons, subject, tolerance)
    // which op that is cannot be told where each call gives another derivative
    const isSteady = verdict === 'fail' && explains && !modes.some((mode) => isRandom(place, mode, random))
    const reasons = explained(explains, isSteady ? search(order, point) : [], () =>
      diagnoseModes(place, order, comparisons, names, random),
    )
    return { order, verdict, ...found, nearby: 0, comparisons, broken: null, wrong, ...reasons }
  } catch (error) {
    if (!(error instanceof BrokenMode)) throw error
    const broken = error.message
    return {
      ...{ order, verdict: 'fail', coverage: 'broken off', nearby: 0 },
      ...{ comparisons: [], doubts: [], broken, diagnoses: [], wrong: [], culprits: search(order, point) },
    }
  }
}

/**
 * Order 2: the gradient of `<cotangent, f>` is itself checked as a function, and forward mode's rules with it. Null where
 * it has no derivative; the notes then say why.
 */
const checkSecondOrder = (
  subject: Subject,
  first: Available,
  settings: Settings,
  random: Random,
  search: Search,
  notes: string[],
): OrderReport | null => {
  if (subject.gradientOf === null) return null
  const cotangent = weights(subject.outputs.size, random)
  const gradient = subject.gradientOf(cotangent)
  const second = availableIn(gradient, settings.modes)
  if (second.modes.length === 0) {
    notes.push(`order 2 is not there to be checked: ${second.missing[0]!.says}`)
    return null
  }
  notes.push(...notesOn(second, secondOrderNames))
  const marked = guarded(gradient, true)
  const here = checkOrder(2, marked, second, settings, random, search, () =>
    [first, second].every(({ modes }) => modes.includes('forward'))
      ? compareOverForward(subject, marked, cotangent, settings, random, notes)
      : [],
  )
  // a second derivative takes its time: one point shows a rule that fits the point given
  const nearby = Math.min(1, settings.nearby)
  return withNearby(here, marked, second, secondOrderNames, { ...settings, nearby }, search)
}
