import type { Holder } from '../../graph/holder.js'
import type { Value } from '../../graph/value.js'
import type { Running } from './explain.js'

/**
 * A plan, ready to run. A call of it is, in this order:
 *
 * 1. `load` or `hold`, once for each input.
 * 2. `claim`, once for each output that a tensor keeps; not before the inputs, for it may take the place of one.
 * 3. `run`. Whatever throws up to here ends the call, and no tensor has changed.
 * 4. `read`, of outputs that no tensor keeps: they may be windows on what `finish` replaces.
 * 5. `finish`. From here on nothing fails.
 * 6. `give` or `gradient`, once for each claimed output, which leaves the executor as the keeper of a tensor
 *    (`graph/holder.ts`), or a value with it.
 *
 * A keeper may be asked at any time, also in the midst of a call, by a check or by a user's JavaScript. After `release`
 * no call follows.
 */
export interface Executor {
  readonly running: Running
  load(input: number, value: Value): void
  /** Makes the value of a tensor an input; it may be where it is needed already. */
  hold(input: number, holder: Holder): void
  /** Tells whose value or gradient an output will be. */
  claim(output: number, leaf: Holder): void
  /** Computes all outputs. No tensor changes before `finish`. */
  run(): void
  /** A copy of an output. */
  read(output: number): Value
  /** The new values of tensors go to where tensors keep them. */
  finish(): void
  /** Makes an output the value of a tensor. */
  give(output: number, holder: Holder): void
  /** A tensor of the class of `like` with an output as its value. */
  gradient(output: number, like: Holder): Holder
  /** Gives all that tensors keep here back to them. */
  release(): void
}
