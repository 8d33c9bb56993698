import { GradientError } from './errors.js'
import type { Holder } from './holder.js'
import type { Kernel } from './kernel.js'
import { formatShape } from './shape.js'
import { UnknownValue } from './unknown.js'
import type { Spec, Value } from './value.js'

/**
 * Many examples at once: while `vmap` runs a function, a tensor has the shape of one example, and its value those of all
 * examples along a hidden axis in front. What is computed of such values is computed for all examples; whoever asks for
 * derivatives, and the rules that give them, know nothing of it.
 *
 * Functions that are mapped inside others are at further levels: a value at a level is of values at the one around it.
 */
export interface Level {
  /** The level around it. */
  readonly parent: Level | null
  /** How many levels are around it. */
  readonly depth: number
  /** How many examples there are. */
  readonly size: number
  /** Whether the function of its examples is running, be it here or at another place. */
  readonly isRunning: boolean
  /** Runs a kernel on values of which at least one is at this level, and none at one inside it. */
  run(backend: Runner, kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[]
  /** A value from around this level as one of it. */
  lift(value: Value): Value
  /** A node from outside of this level as one of this level: what flows back to it is added up over the examples. */
  spread(node: Holder): Holder
  /** Runs `f` as a part of the function that is mapped. */
  within<R>(f: () => R): R
  /** The level at which examples of this one are also examples of another, which is not around it; the other if it is inside. */
  beside(level: Level): Level
  /** The level of the same examples from before they were `beside` another. */
  without(level: Level): Level | null
}

/** What runs kernels where nothing else is said: a node, on the backends of its class. */
export interface Runner {
  runAll(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[]
}

/** One example of a batch, as the function that is mapped sees it. */
export class BatchedValue extends UnknownValue {
  /**
   * @param spec of one example
   * @param all the examples, of shape [size, ...shape]; or, if they are equal, one of them
   */
  constructor(
    spec: Spec,
    readonly level: Level,
    readonly all: Value,
    readonly areEqual: boolean,
  ) {
    super(spec)
  }

  protected override get refusal(): string {
    if (!this.level.isRunning) return escaped(this).message
    return (
      'vmap: the elements of a tensor were asked for (by item(), data, toArray(), or as a number: loss > 0) that stands for ' +
      `each of ${this.level.size} examples: the function runs once for all of them. Return the tensor and look at it outside; ` +
      'choose between values with where().'
    )
  }
}

/** The innermost level that a value is at. */
export const levelOf = (value: Value): Level | null => (value instanceof BatchedValue ? value.level : null)

/** Whether a level is another one or around it. */
export const isAround = (outer: Level, inner: Level | null): boolean => {
  for (let level = inner; level !== null; level = level.parent) if (level === outer) return true
  return false
}

/** What a function does would happen once for all examples, and not for each. */
export class EffectError extends GradientError {}

/** What to say of a value that is used where its function does not run. */
export const escaped = ({ dtype, shape }: Spec): GradientError =>
  new GradientError(
    `vmap: a tensor (${dtype}${formatShape(shape)}) is used that a mapped function made for itself: it stands for each of ` +
      'many examples, and means nothing outside of that function. Return it from there; to a custom op that looks at ' +
      'elements, give all that it uses.',
  )
