import { checked } from '../graph/arguments.js'
import { isFloat } from '../graph/dtype.js'
import type { Node } from '../graph/node.js'
import { leavesOf } from '../graph/tree.js'
import { denseData } from '../graph/value.js'
import * as kinds from '../ops/kinds.js'
import type { Fn } from '../transforms/grad.js'
import { type BlackBoxes, blackBox } from './black-box.js'
import { type GradcheckOptions, optionKinds, settingsOf } from './options.js'
import { checkSubject } from './orders.js'
import { GradcheckError, type Report } from './report/report.js'
import { nameOf, reproOf } from './report/repro.js'
import { pathsOf } from './subject/names.js'
import { subjectOf } from './subject/subject-of.js'

const takes = {
  f: kinds.function,
  inputs: kinds.kind('an array of the arguments of f, also for one: gradcheck(f, [x])', Array.isArray),
  options: optionKinds,
}

/** The report; where it `explains` nothing, that what is wrong is wrong, and not why. */
export const reportOn = (
  f: (...inputs: never[]) => unknown,
  inputs: readonly unknown[],
  options: GradcheckOptions,
  explains: boolean,
): Report => {
  const settings = settingsOf(options, explains)
  const { subject, notes, doubts } = subjectOf(f as Fn, inputs, settings.captured)
  return checkSubject(subject, settings, {
    notes: [...notesOnInputs(inputs), ...notes],
    doubts,
    repro: () => reproOf('gradcheck', nameOf(f), inputs, { ...options, seed: settings.seed }),
  })
}

const check = checked(
  'gradcheck',
  takes,
  <Inputs extends readonly unknown[]>(
    f: (...inputs: Inputs) => unknown,
    inputs: readonly [...Inputs],
    options: GradcheckOptions = {},
  ): Report => reportOn(f, inputs, options, true),
)

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
export const gradcheck: typeof check & BlackBoxes = Object.assign(check, { blackBox })

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
