import { checked } from '../graph/arguments.js'
import { GradientError } from '../graph/errors.js'
import * as kinds from '../ops/kinds.js'
import { Random } from '../tensor/random.js'
import type { Fn } from '../transforms/grad.js'
import { type TaylorTest, taylorRemainders } from './comparison/taylor.js'
import { availableIn } from './subject/available.js'
import type { Mode } from './subject/mode.js'
import { subjectOf } from './subject/subject-of.js'

/** Along which direction, and by which mode. */
export interface TaylorOptions {
  /** Where the random numbers start. Default 0. */
  readonly seed?: number
  /** The mode whose derivative is tested. Default reverse, or forward where that is the only one there is. */
  readonly mode?: Mode
}

/**
 * A second opinion on a derivative, which needs no differences and no tolerance: along a random direction u, what remains of
 * `f(x + h u) - f(x) - h f'(x) u` falls with the square of h if the derivative is right, and with h if it is wrong. One direction
 * is one number: where an element is wrong, and which, is told by `gradcheck`. At a kink the order is 1 as well.
 *
 * @param f the function; it returns a tensor or a tree of tensors
 * @param inputs its arguments, as for `gradcheck`
 * @returns the order that was observed, with all steps and remainders
 * @throws GradientError as `gradcheck` does
 * @example taylorTest((x: Tensor) => x.sin(), [tensor([0.3, -1])]).order.toFixed(1)   // '2.0'
 */
export const taylorTest = checked(
  'taylorTest',
  {
    f: kinds.function,
    inputs: kinds.kind('an array of the arguments of f, also for one: taylorTest(f, [x])', Array.isArray),
    options: { seed: kinds.count, mode: kinds.oneOf('reverse', 'forward') },
  },
  <Inputs extends readonly unknown[]>(
    f: (...inputs: Inputs) => unknown,
    inputs: readonly [...Inputs],
    { seed = 0, mode }: TaylorOptions = {},
  ): TaylorTest => {
    const { subject } = subjectOf(f as unknown as Fn, inputs, true)
    const { modes, missing } = availableIn(subject, mode === undefined ? undefined : [mode])
    if (modes.length === 0) throw new GradientError(`taylorTest: ${missing[0]!.says}`)
    return taylorRemainders(subject, modes[0]!, new Random(seed))
  },
)
