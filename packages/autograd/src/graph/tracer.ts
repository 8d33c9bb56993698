import { checked } from './arguments.js'
import { CompileError } from './errors.js'
import type { Holder } from './holder.js'
import type { Kernel, Look } from './kernel.js'
import * as kinds from './kinds.js'
import type { Level } from './level.js'
import { requireSync } from './tracking.js'
import { resultValue, type Spec, type Value } from './value.js'

/**
 * While a function is compiled it runs once without computing: a tracer stands between the ops and the tensors that were
 * there before. What those hold is an input of the compiled program, and what they are given is an output.
 */

/** What random numbers come from: number n is a function of the key and of n. */
export interface Generator {
  /** int32, [2]. */
  key: Value
  /** That of the number that comes next. */
  counter: number
}

export const counterValue = ({ counter }: Generator): Value => {
  const value = resultValue({ shape: [], dtype: 'float64' }, 1)
  value.data[value.offset] = counter
  return value
}

export interface Tracer {
  /** The level of `vmap` at which the function runs. */
  readonly level: Level | null
  /** What stands between this and tensors from outside of all that it traces. */
  readonly around: Tracer | null
  /** Whether what is not done to tensors happens only now, and not at each call. */
  readonly isCompiling: boolean
  /** What to say of something that is not done to tensors: 'compile() this would happen once, and not at each call'. */
  readonly otherwise: string
  /** Stands for what a kernel will give. */
  run(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[]
  valueOf(holder: Holder): Value
  replaceValue(holder: Holder, value: Value): void
  /** Before a leaf requires a gradient. */
  beginLeaf(holder: Holder): void
  gradientOf(holder: Holder): Holder | null
  replaceGradient(holder: Holder, gradient: Holder | null): void
  /** Takes so many numbers of a generator at each call of the compiled function: its key, and the counter of the first. */
  draw(generator: Generator, numbers: number): readonly [key: Value, counter: Value]
  /** Something that the trace depends on beside its arguments, and what it is now. */
  guard(read: () => unknown, value: unknown): void
  /**
   * Values that `f`, which looks at elements, gives at each call; null where it gives none. What they are `like` may not be
   * known: then `f` is tried on ones.
   */
  call(inputs: readonly Value[], f: Look, like?: readonly Spec[]): readonly (Value | null)[]
  /** `look` gets the value at each call, before anything is changed. */
  verify(value: Value, look: (value: Value) => void): void
}

/** The key, and the counter of the first of so many numbers, which nobody else gets: by the tracer, if there is one. */
export const drawFrom = (
  by: Tracer | null,
  generator: Generator,
  numbers: number,
): readonly [key: Value, counter: Value] => {
  if (by !== null) return by.draw(generator, numbers)
  const counter = counterValue(generator)
  generator.counter += numbers
  return [generator.key, counter]
}

/** Shows a value to `look`: at each call by the tracer, if there is one, and else now. */
export const verifyBy = (by: Tracer | null, value: Value, look: (value: Value) => void): void => {
  if (by === null) look(value)
  else by.verify(value, look)
}

/** The tracer of the function that is being compiled, if one is. */
export let tracer: Tracer | null = null

export const withTracer = <R>(next: Tracer | null, f: () => R): R => {
  const before = tracer
  tracer = next
  try {
    return f()
  } finally {
    tracer = before
  }
}

/**
 * A JavaScript value that a compiled function depends on, read by `read`. Other JavaScript values are read once, when the
 * function is traced; one read through `guard` is read again at each call, and the function is traced anew for a value
 * that it has not seen. Outside compiled functions it is `read()`.
 *
 * @throws GradientError for an async function or a generator
 * @example
 * const settings = { training: true }
 * const forward = compile((x: Tensor) => (guard(() => settings.training) ? x.mul(2) : x))
 * forward(tensor([1]))   // [2]
 * settings.training = false
 * forward(tensor([1]))   // [1]
 */
export const guard = /* @__PURE__ */ checked('guard', { read: kinds.function }, <T>(read: () => T): T => {
  const value = requireSync('guard', read())
  tracer?.guard(read, value)
  return value
})

/**
 * Throws while a function is being compiled, or runs for many examples in vmap. It belongs at the head of what changes a JavaScript value: that would happen
 * once, when the function is traced, and not at each call. Changes of tensors need no such care.
 *
 * @param what does not go, as a message begins with it: 'Adam.learningRate'
 * @param remedy what to do instead: 'set it outside'
 * @throws CompileError inside a compiled function
 * @example
 * let scale = 1
 * const setScale = (next: number) => {
 *   refuseInCompiled('setScale', 'call it outside')
 *   scale = next
 * }
 * const forward = compile((x: Tensor) => x.mul(guard(() => scale)))
 * setScale(3)
 * forward(tensor([1]))   // [3]
 */
export const refuseInCompiled = /* @__PURE__ */ checked(
  'refuseInCompiled',
  { what: kinds.string, remedy: kinds.string },
  (what: string, remedy: string): void => {
    if (tracer === null) return
    throw new CompileError(`${what}: inside ${tracer.otherwise}; ${remedy}.`)
  },
)
