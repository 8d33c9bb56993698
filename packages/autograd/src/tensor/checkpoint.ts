import { runAllEagerly } from '../execution/eager.js'
import { checked } from '../graph/arguments.js'
import * as kinds from '../ops/kinds.js'
import { checkpoint as checkpointOn } from '../transforms/checkpoint/checkpoint.js'
import type { Fn } from '../transforms/grad.js'

/**
 * A function like `f` that keeps nothing of what it makes on the way: where it is differentiated in reverse, `f` runs again.
 * Memory for time: of a deep model whose blocks are checkpointed, only what goes from block to block is kept (Chen et al.,
 * Training deep nets with sublinear memory cost, 2016). Values and derivatives of every order are those of `f`, also with
 * respect to tensors that `f` refers to. In forward mode nothing changes. A compiled step computes again, too.
 *
 * Random draws are the same when `f` runs again. In `f`, tensors that were there before cannot be changed. What `f` does
 * otherwise (console.log, a counter) happens each time that it runs; if it depends on a JavaScript variable that was changed
 * meanwhile, derivatives are refused where that shows: by other tensors, draws or shapes. A changed number does not show.
 * A tensor that `f` makes is to be returned, not handed out through a variable: from there it has no derivative.
 *
 * @param f any function; tensors are looked for in arrays, plain objects and modules that it returns
 * @throws GradientError if f gives a tensor from outside another value or gradient, or for an async function
 * @example
 * const block = checkpoint((x: Tensor, w: Tensor) => x.matmul(w).relu().matmul(w.transpose()))
 * grad((w: Tensor) => block(ones([2, 3]), w).sum())(ones([3, 4]))   // as without checkpoint
 */
export const checkpoint = /* @__PURE__ */ checked(
  'checkpoint',
  { f: kinds.function },
  <F extends (...args: never[]) => unknown>(f: F): F =>
    checkpointOn({ runAll: runAllEagerly }, f as Fn) as unknown as F,
  'pass the arguments to what it returns, checkpoint(f)(x)',
)
