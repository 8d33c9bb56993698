import { evaluate, innermostOf, isBatching } from './batched.js'
import { isFloat } from './dtype.js'
import { AdjointError } from './errors.js'
import { advanceAll, forwardBits } from './forward.js'
import type { Kernel } from './kernel.js'
import { leveled, Node, type Op, type Recorded, valuesOf } from './node.js'
import { requireSize } from './shape.js'
import { tracer } from './tracer.js'
import { activeTracking } from './tracking.js'
import { denseValue, type Spec, share, type Value } from './value.js'
import { watcher } from './watcher.js'

// An op with several results is recorded as one node, a tuple, which only the library sees; each result is a node made of it,
// by a linear op that takes one part. What flows back to a tuple, or on through it, is a tuple as well, so that the walks over
// the graph know nothing of several results.

/** Nodes that go together. It is neither a value nor a Tensor. */
export class Tuple<A = unknown> extends Node {
  declare readonly attrs: A

  /** @param parts the results; of cotangents and tangents those that are not zero, and null */
  constructor(
    readonly parts: (Node | null)[],
    tracking = 0,
    op: Op | null = null,
    inputs: readonly Node[] = [],
    attrs?: A,
    /** Tells where the op ran. */
    like: Value = nothing,
  ) {
    super(like, tracking, op, inputs, attrs)
  }

  override make(): never {
    return refuse()
  }
  override run(): never {
    return refuse()
  }
  override runSum(): never {
    return refuse()
  }
  override runAll(): never {
    return refuse()
  }
}

const refuse = (): never => {
  throw new AdjointError('A tuple is no tensor.')
}

const nothing = denseValue(new Float32Array(0), [0], 'float32')

/** A tuple that remembers how it was made, as derivative rules see it. */
export interface Results<A = unknown> extends Recorded<A> {
  readonly parts: readonly Node[]
}

const partOps: Op<null>[] = []
const partOp = (index: number): Op<null> => {
  partOps[index] ??= {
    name: 'result',
    vjp: (cotangent, { inputs }) => {
      const parts = new Array<Node | null>((inputs[0] as Tuple).parts.length).fill(null)
      parts[index] = cotangent
      return [new Tuple(parts)]
    },
    jvp: ([tangent]) => (tangent as Tuple).parts[index]!,
  }
  return partOps[index]
}

/** The results of a kernel, on the backend of its inputs. */
export const runAll = (
  op: string,
  kernel: Kernel,
  inputs: readonly Node[],
  outs: readonly Spec[],
): readonly Value[] => {
  for (const { shape } of outs) requireSize(op, shape)
  const values = valuesOf(inputs)
  if (watcher !== null) return watcher.op({ name: op }, () => evaluate(inputs[0]!, kernel, values, outs))
  return evaluate(inputs[0]!, kernel, values, outs)
}

/** A node for each value that `op` has computed from `inputs`: as `link`, for several results. */
export const linkAll = <A>(values: readonly Value[], op: Op<A>, inputs: readonly Node[], attrs: A): readonly Node[] =>
  joinAll(values, op, tracer === null ? inputs : leveled(inputs, values[0]!), attrs)

/** The same where inputs may be at another level of `vmap` than the values. */
export const joinAll = <A>(values: readonly Value[], op: Op<A>, inputs: readonly Node[], attrs: A): readonly Node[] => {
  let tracking = 0
  for (const input of inputs) tracking |= input.tracking
  tracking &= activeTracking()
  const first = inputs[0]!
  if (tracking === 0) return values.map((value) => first.make(value))
  const parts: Node[] = []
  const made = [new Tuple(parts, tracking, op as Op, inputs, attrs, isBatching ? innermostOf(values) : nothing)]
  const results = values.map((value, i) => {
    const isTracked = isFloat(value.dtype)
    const part = isTracked ? first.make(value, tracking, partOp(i), made, null) : first.make(share(value))
    parts.push(part)
    // a leaf may be given another value: the rules of the op have their own
    return isTracked ? part : first.make(value)
  })
  if ((tracking & forwardBits) !== 0) advanceAll([...made, ...parts])
  return results
}

/** The op and the inputs that a node was made by: its own, or those of the tuple that it is a part of. */
export const makerOf = (node: Node): Node => (node.inputs[0] instanceof Tuple ? node.inputs[0] : node)
