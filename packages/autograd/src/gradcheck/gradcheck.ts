import { checked } from '../graph/arguments.js'
import { isFloat } from '../graph/dtype.js'
import type { Node } from '../graph/node.js'
import { leavesOf } from '../graph/tree.js'
import { denseData } from '../graph/value.js'
import * as kinds from '../ops/kinds.js'
import { Random } from '../tensor/random.js'
import type { Fn } from '../transforms/grad.js'
import type { Comparison } from './agreement.js'
import { type Available, availableIn, notesOn } from './available.js'
import { BrokenMode, guarded } from './broken.js'
import { nameAt } from './coordinates.js'
import { diagnose } from './diagnose.js'
import { compareDirections } from './directions.js'
import type { DoubtKind } from './doubt.js'
import { compareElements } from './elements.js'
import type { Check, Doubt, Mode, ModeNames } from './modes.js'
import { pathsOf } from './names.js'
import { compareNearby } from './nearby.js'
import { type GradcheckOptions, optionKinds, type Settings, settingsOf } from './options.js'
import { GradcheckError, type OrderReport, type Report, reportOf, verdictOf } from './report.js'
import { compareOverForward, secondOrderNames } from './second-order.js'
import type { Place } from './slopes.js'
import { gradientOf, type Subject, type TensorSubject } from './subject.js'
import { subjectOf } from './subject-of.js'
import { weights } from './vectors.js'

const takes = {
  f: kinds.function,
  inputs: kinds.kind('an array of the arguments of f, also for one: gradcheck(f, [x])', Array.isArray),
  options: optionKinds,
}

/**
 * Checks the derivatives of a function in float64: reverse mode, forward mode and extrapolated differences must agree on
 * every element of the Jacobian, to about nine digits; likewise on the second derivatives, which must be symmetric. What
 * has nothing to compare with (a kink, a value that is not finite, a random function) is told apart from what is wrong.
 * What holds at the point given is compared along a few random directions at points nearby as well, so that a rule that is
 * right there only, or keeps something of an earlier call, does not pass; of those points only certain disagreements count.
 * A custom op whose rules look at elements is checked in the modes and to the order that it has; notes say what it lacks.
 * See Griewank and Walther, Evaluating Derivatives (2nd ed., 2008), chapter 3, for the modes, and Ridders (1982) for the
 * differences.
 *
 * @param f the function; it returns a tensor or a tree of tensors
 * @param inputs its arguments, each a tensor or a tree of tensors. All floats among them are varied, float32 ones as
 * float64; integers and whatever is no tensor are passed on. Of a module, or another instance that is a tree, the parameters
 * are varied, and are named by their paths: `input[0].encoder.0.weight`; its buffers are passed on. Parameters that f
 * closes over are found by what its result was made of, and are varied like inputs, under the names that they have (`name`)
 * or as `captured[0]`: for a call each has another value, and has its own again afterwards
 * @returns a report; a wrong gradient is not thrown but told, see `assertGradients`
 * @throws GradientError if there is no float tensor among the inputs or the results, or an input holds tensors and is no
 * tree; what f itself throws
 * @example
 * const report = gradcheck((x, w) => x.matmul(w).tanh(), [random.normal([2, 3]), random.normal([3, 4])])
 * console.log(`${report}`)
 */
export const gradcheck = checked(
  'gradcheck',
  takes,
  <Inputs extends readonly unknown[]>(
    f: (...inputs: Inputs) => unknown,
    inputs: readonly [...Inputs],
    options: GradcheckOptions = {},
  ): Report => {
    const settings = settingsOf(options)
    const { seed } = settings
    const { subject, ...made } = subjectOf(f as unknown as Fn, inputs, settings.captured)
    const notes = [...notesOnInputs(inputs), ...made.notes]
    if (settings.nearby === 0) notes.push('only the point given is looked at, as nearby: 0 says')
    const center = subject.value(subject.point)
    const restless = restlessOrder(subject, center)
    if (restless !== null) return reportOf(seed, [restless], notes)

    const random = new Random(seed)
    const available = availableIn(subject)
    notes.push(...notesOn(available, firstOrderNames))
    const first = withDoubts(
      withNearby(checkOrder(1, guarded(subject), available, settings, random), subject, available, settings),
      made.doubts,
    )
    if (settings.order === 1) return reportOf(seed, [first], notes)
    if (first.verdict === 'fail' || first.doubts.some(({ kind }) => kind === 'imprecise' || kind === 'not finite')) {
      return reportOf(seed, [first], [...notes, 'order 2 is not looked at before order 1 is right'])
    }
    if (!available.modes.includes('reverse')) {
      return reportOf(seed, [first], [...notes, 'order 2 is not looked at: it is that of the gradient by reverse mode'])
    }
    const second = checkSecondOrder(subject, available, settings, random, notes)
    return reportOf(seed, second === null ? [first] : [first, second], notes)
  },
)

/**
 * Throws unless `gradcheck` passes: for tests. An inconclusive check throws as well: move the point off the kink that
 * the message names.
 *
 * @throws GradcheckError whose message is the report
 * @example assertGradients((x) => mish(x), [tensor([-1.3, 0.4, 2.1])])
 */
export const assertGradients = checked(
  'assertGradients',
  takes,
  <Inputs extends readonly unknown[]>(
    f: (...inputs: Inputs) => unknown,
    inputs: readonly [...Inputs],
    options: GradcheckOptions = {},
  ): void => {
    const report = gradcheck(f, inputs, options)
    if (report.verdict !== 'pass') throw new GradcheckError(report)
  },
)

const notesOnInputs = (inputs: readonly unknown[]): string[] => {
  const leaves = leavesOf(inputs, 'gradcheck: input')
  const paths = pathsOf(leaves)
  const narrow = paths.filter((_, i) => leaves[i]!.node.dtype === 'float32').map((path) => `input${path}`)
  const isEmpty = ({ node }: { node: Node }) => isFloat(node.dtype) && denseData(node.value).length === 0
  const empty = paths.filter((_, i) => isEmpty(leaves[i]!))
  return [
    ...(narrow.length === 0 ? [] : [`checked in float64, though float32 was given: ${narrow.join(', ')}`]),
    ...empty.map((path) => `input${path} has no elements`),
  ]
}

/** A function that gives other values for the same inputs cannot be checked. */
const restlessOrder = (subject: Subject, center: Float64Array): OrderReport | null => {
  const again = subject.value(subject.point)
  const changed = again.findIndex((x, i) => !Object.is(x, center[i]))
  if (changed < 0) return null
  const says =
    `two calls with the same inputs gave ${center[changed]} and ${again[changed]}: the function is random or keeps ` +
    'state (dropout, a generator, running statistics). Seed it inside, or switch to evaluation'
  return nothingAt(1, 'nondeterministic', 'the same inputs', nameAt(subject.outputs, changed), says)
}

const nothingAt = (order: 1 | 2, kind: DoubtKind, input: string, output: string, says: string): OrderReport => ({
  ...{ order, verdict: 'inconclusive', coverage: 'nothing compared', nearby: 0, comparisons: [] },
  ...{ doubts: [{ kind, input, output, says }], broken: null, diagnoses: [] },
})

/** What holds at the point given is looked at beside it: what is wrong there is wrong, and doubts say nothing. */
const withNearby = (
  order: OrderReport,
  subject: TensorSubject,
  { modes }: Available,
  { nearby, tolerance, seed }: Settings,
): OrderReport => {
  if (order.verdict === 'fail' || modes.length === 0 || nearby === 0) return order
  const { point } = subject
  const place: Place = { subject, point, center: subject.value(point), tolerance }
  const check: Check = { place, modes, names: firstOrderNames, symmetric: false }
  // draws of its own: what else is checked does not depend on it
  const { points, comparisons, diagnoses } = compareNearby(
    check,
    order.verdict === 'pass',
    nearby,
    new Random(seed + 1),
  )
  return {
    ...order,
    nearby: points,
    verdict: comparisons.length > 0 ? 'fail' : order.verdict,
    comparisons: [...order.comparisons, ...comparisons],
    diagnoses: [...order.diagnoses, ...diagnoses],
  }
}

const withDoubts = (order: OrderReport, doubts: readonly Doubt[]): OrderReport =>
  doubts.length === 0
    ? order
    : {
        ...order,
        verdict: order.verdict === 'fail' ? 'fail' : 'inconclusive',
        doubts: [...order.doubts, ...doubts],
      }

const firstOrderNames: ModeNames = { reverse: 'reverse', forward: 'forward', numeric: 'numeric' }

const checkOrder = (
  order: 1 | 2,
  subject: TensorSubject,
  { modes, missing }: Available,
  settings: Settings,
  random: Random,
  more: () => readonly Comparison[] = () => [],
): OrderReport => {
  if (modes.length === 0) return nothingAt(order, 'not differentiable', 'any input', 'any output', missing[0]!.says)
  const { tolerance, budget, directions } = settings
  const names = order === 1 ? firstOrderNames : secondOrderNames
  const { point, inputs, outputs } = subject
  try {
    const place: Place = { subject, point, center: subject.value(point), tolerance }
    const check: Check = { place, modes, names, symmetric: order === 2 }
    const small = inputs.size * outputs.size <= budget
    const found = small ? compareElements(check, random) : compareDirections(check, directions, random)
    const comparisons = [...found.comparisons, ...more()]
    const isWrong = (mode: Mode) =>
      comparisons.some(({ left, right, agrees }) => !agrees && left === names[mode] && right === names.numeric)
    const diagnoses = (['reverse', 'forward'] as const).filter(isWrong).flatMap((mode) => diagnose(place, mode, random))
    const verdict = verdictOf(comparisons, found.doubts)
    return { order, verdict, ...found, nearby: 0, comparisons, broken: null, diagnoses }
  } catch (error) {
    if (!(error instanceof BrokenMode)) throw error
    const broken = error.message
    return {
      ...{ order, verdict: 'fail', coverage: 'broken off', nearby: 0 },
      ...{ comparisons: [], doubts: [], broken, diagnoses: [] },
    }
  }
}

/**
 * Order 2: the gradient of `<cotangent, f>` is itself checked as a function, and forward mode's rules with it. Null where
 * it has no derivative; the notes then say why.
 */
const checkSecondOrder = (
  subject: TensorSubject,
  first: Available,
  settings: Settings,
  random: Random,
  notes: string[],
): OrderReport | null => {
  const cotangent = weights(subject.outputs.size, random)
  const gradient = guarded(gradientOf(subject, cotangent), true)
  const second = availableIn(gradientOf(subject, cotangent))
  if (second.modes.length === 0) {
    notes.push(`order 2 is not there to be checked: ${second.missing[0]!.says}`)
    return null
  }
  notes.push(...notesOn(second, secondOrderNames))
  return checkOrder(2, gradient, second, settings, random, () =>
    [first, second].every(({ modes }) => modes.includes('forward'))
      ? compareOverForward(subject, gradient, cotangent, settings, random, notes)
      : [],
  )
}
