import { compileTraced } from '../execution/compile/compile.js'
import { Compiled } from '../execution/compile/compiled.js'
import { checked } from '../graph/arguments.js'
import { tracer, verifyBy } from '../graph/tracer.js'
import { requireSync } from '../graph/tracking.js'
import { denseData, type Value } from '../graph/value.js'
import * as kinds from '../ops/kinds.js'
import type { ReadonlyTypedArray } from './display.js'
import type { AnyTensor } from './tensor.js'

/** A function that has been compiled: called like the one that it was made from. */
export type CompiledFunction<F extends (...args: never[]) => unknown> = F & {
  /** What was made of it so far: for each trace its kernels, what they read and write, and what they cost. */
  readonly explain: () => string
  /**
   * Makes the program for such arguments, without running it: in slices of 20 to 30 milliseconds, between which timers run
   * and a page is drawn. A first call would do that at once, which for a large model takes seconds. The function itself is
   * traced before this returns, however long that takes. Null where the program is there already.
   */
  readonly prepare: (...args: Parameters<F>) => Promise<void> | null
  /**
   * Gives back the memory: tensors that keep their values in it take them along. The next call traces anew. Not needed for
   * anything to be right; it is for many large programs that are not needed for a while.
   */
  readonly release: () => void
}

const compilable = /* @__PURE__ */ kinds.kind('the function to compile, not its result', (thing) =>
  kinds.function.accepts(thing),
)

/**
 * The same function, run as one WebAssembly program. It is traced at its first call: it runs once on tensors that have a
 * shape and no elements, and what it does to tensors becomes the program. Gradients, `backward()` and steps of optimizers
 * inside belong to it.
 *
 * - Tensors are looked up at each call: arguments, what the function refers to, and what it changes by `assign`, by
 *   `backward` and by drawing from `random`.
 * - Everything else is as it was when the function was traced, unless it is read through `guard`. Numbers, strings and
 *   objects among the arguments belong to what it is traced for; so do shapes, dtypes and the form of trees. For what it
 *   has not seen it is traced anew; the latest 16 traces are kept.
 * - A function whose result could be differentiated outside runs uncompiled: differentiate inside, or call it within
 *   `noGrad`. A step, which changes parameters or their gradients, is compiled; to differentiate its result is an error.
 *
 * @throws CompileError where the function asks for elements while it is traced: return them, or use where()
 * @example
 * const w = parameter(tensor([3, -2]))
 * const step = compile((x: Tensor) => {
 *   const loss = w.mul(x).square().sum()
 *   w.zeroGrad()
 *   loss.backward()
 *   noGrad(() => w.assign(w.sub(w.grad.mul(0.1))))
 *   return loss
 * })
 * step(tensor([1, 2])).item()   // 25
 * step(tensor([1, 2])).item()   // less
 */
export const compile = /* @__PURE__ */ checked(
  'compile',
  { f: compilable },
  <F extends (...args: never[]) => unknown>(f: F): CompiledFunction<F> => {
    const compiled = new Compiled(f, compileTraced)
    const call = (...args: unknown[]): unknown => compiled.call(args)
    compiled.runs(call)
    Object.defineProperties(call, { name: { value: f.name }, length: { value: f.length } })
    return Object.assign(call, {
      prepare: (...args: unknown[]) => compiled.prepare(args),
      explain: checked('explain', {}, () => compiled.explain()),
      release: checked('release', {}, () => compiled.release()),
    }) as unknown as CompiledFunction<F>
  },
  'pass the arguments to what it returns, compile(f)(x)',
)

/**
 * Shows the elements of a tensor, in row-major order, to a function that throws if they are not what they should be. In a
 * compiled function that is at each call, before anything is changed.
 *
 * @throws GradientError for an async function, which would throw too late
 * @example
 * const safeLog = compile((x: Tensor) => {
 *   verify(x, (elements) => {
 *     if (elements.some((element) => element <= 0)) throw new Error('safeLog: it takes positive numbers')
 *   })
 *   return x.log()
 * })
 * safeLog(tensor([1]))   // [0]
 */
export const verify = /* @__PURE__ */ checked(
  'verify',
  { tensor: kinds.tensor, look: kinds.function },
  (tensor: AnyTensor, look: (elements: ReadonlyTypedArray) => void): void => {
    const check = (value: Value) => requireSync('verify', look(denseData(value)) as unknown)
    verifyBy(tracer, tensor.value, check)
  },
)
