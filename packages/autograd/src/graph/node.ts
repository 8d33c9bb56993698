import { atLevel, evaluate, isBatching, requireHere } from './batched.js'
import { isFloat } from './dtype.js'
import { AdjointError, ArgumentError } from './errors.js'
import { brandTensor } from './foreign.js'
import type { Formula } from './formula.js'
import { advance, forwardBits, type Tangents } from './forward.js'
import { type Holder, type Keeper, settle } from './holder.js'
import type { Kernel } from './kernel.js'
import { levelOf } from './level.js'
import { formatShape, requireSize, type Shape } from './shape.js'
import { tracer } from './tracer.js'
import { activeTracking, withTracking } from './tracking.js'
import type { Spec, Value } from './value.js'
import { type Watcher, watcher } from './watcher.js'
import { shown } from './words.js'

/**
 * What made a node, as the node remembers it: its name and its derivative.
 * Ops are written with the forms of `ops/define.ts`, which fill this in.
 */
export interface Op<A = unknown> {
  readonly name: string
  /**
   * The cotangents of all inputs, given that of the result: so what they have in common is computed once. `wants` says
   * which are needed, and may be asked until this returns. Null where it is zero whatever comes, or not wanted.
   */
  vjp(cotangent: Node, node: Recorded<A>, wants: Wants): Cotangents
  /** The tangent of the result, given those of the inputs; null stands for zero. */
  jvp(tangents: readonly (Node | null)[], node: Recorded<A>): Node | null
  /** Of an elementwise op. */
  readonly formula?: Formula
  /**
   * Of an elementwise op: the cotangent of one input, as `vjp` gives it, as a mere value, where nothing tracks what it is made
   * of. It is new, or that of the result itself; null where it is zero whatever comes.
   */
  pull?(cotangent: Value, node: Recorded<A>, index: number): Value | null
}

/** One for each input, in order. */
export type Cotangents = readonly (Node | null)[]
/** Whether the cotangent of an input, given by its index, is needed; that of an only input always is. */
export type Wants = (index: number) => boolean

/** An op that a backend runs. */
export interface KernelOp<A = unknown> extends Op<A> {
  /**
   * The shape rule: the result's shape and dtype, or an error that names the op, the shapes and the remedy. Null where
   * the result is always like the first input.
   */
  readonly infer: ((inputs: readonly Node[], attrs: A) => Spec) | null
  /** The kernel, or how to make it. */
  readonly kernel: Kernel | ((inputs: readonly Node[], attrs: A, out: Spec) => Kernel)
  readonly compute?: undefined
}

/** An op whose value is a program of other ops. */
interface ProgramOp<A> extends Op<A> {
  compute(inputs: readonly Node[], attrs: A): Node
}

/** An op that has a value of itself. */
export type RunnableOp<A = unknown> = KernelOp<A> | ProgramOp<A>

/** A node that remembers how it was made, as derivative rules see it. */
export interface Recorded<A = unknown> extends Node {
  readonly op: Op
  readonly attrs: A
}

let lastId = 0
const noInputs: readonly Node[] = []
/**
 * Where there is no op. It is a symbol, which structuredClone and postMessage refuse in these words: what they would make of
 * a node is no node. For that, inputs and attributes stand before all other properties.
 */
const noAttrs: unknown = Symbol(
  'a Tensor: send its plain form, x.toPlain(), and make a tensor of that by tensor(plain); the Tensor itself',
)
/** What made a node that keeps its tangents and nothing else of its past. */
const forgotten: Op = /* @__PURE__ */ (() => {
  const refuse = (): never => {
    throw new AdjointError('What a node was made of is forgotten, and cannot be differentiated.')
  }
  return { name: 'an op', vjp: refuse, jvp: refuse }
})()
/** What is made from now on has a higher id. */
export const latestId = (): number => lastId

/** What `new Tensor([1])` is told. */
const noValue = (given: unknown): ArgumentError =>
  new ArgumentError(
    `Tensor: it is not made with new, which was given ${shown(given)}; use tensor(...), which takes numbers in nested ` +
      'arrays and typed arrays.',
  )

/**
 * One value of a computation and, while something tracks it, the op and inputs that made it.
 * A Tensor is a Node. Inputs come before what is made of them, in the order of ids.
 */
export abstract class Node<S = Shape> {
  /** Rises in the order of creation. */
  readonly id: number = ++lastId
  /** @internal The size of each axis. Users have it as `shape`, frozen: to read that takes several times as long. */
  readonly sizes: S
  /** What an element is. */
  readonly dtype: Spec['dtype']
  /** The op that made this node; null for a leaf, and for a node that nothing tracks. */
  readonly op: Op | null
  /** @internal Which differentiations this node takes part in: a set of bits, see `tracking.ts`. */
  tracking: number
  /** @internal The value, or null while the keeper has it: see `holder.ts`. */
  readonly stored: Value | null
  /** @internal */
  readonly keeper: Keeper | null = null
  /** @internal How it moves along the forward differentiations that it takes part in: see `forward.ts`. */
  tangents: Tangents | null = null
  /** @internal What `backward` has added up here; to be reached by `gradient`. */
  collected: Holder | null = null
  /** @internal Of a leaf whose value was replaced: the id that was current then. What was made before must not meet the new value. */
  replacedAt = 0
  /** @internal Whether the latest walk over the graph came by, see `transforms/between.ts`. */
  mark = 0
  /** @internal The place that it gave to this node. */
  slot = 0

  /**
   * @internal Leaves are made by `tensor` and its like.
   * @param inputs What the op was applied to; empty where there is no op.
   * @param attrs The op's attributes, such as the axes of a sum.
   */
  constructor(
    value: Value,
    tracking = 0,
    op: Op | null = null,
    /** @internal */
    readonly inputs: readonly Node[] = noInputs,
    /** @internal */
    readonly attrs: unknown = noAttrs,
  ) {
    if (value?.strides === undefined) throw noValue(value)
    this.sizes = value.shape as S
    this.dtype = value.dtype
    this.op = op
    this.tracking = tracking
    this.stored = value
  }

  /** @internal The elements: that of a leaf may be replaced, by `assign`. */
  get value(): Value {
    return tracer === null && this.stored !== null ? this.stored : this.lookUp()
  }

  private lookUp(): Value {
    if (tracer !== null) return tracer.valueOf(this as Holder)
    const value = this.keeper!.fetch()
    settle(this as Holder, value)
    return value
  }

  /** @internal What `backward` has added up here. */
  get gradient(): Node | null {
    return (tracer === null ? this.collected : tracer.gradientOf(this as Holder)) as Node | null
  }
  /** @internal */
  set gradient(gradient: Node | null) {
    if (isBatching && gradient !== null) requireHere(gradient)
    if (tracer === null) this.collected = gradient as Holder | null
    else tracer.replaceGradient(this as Holder, gradient as Holder | null)
  }

  /** @internal A node of the same class: a leaf, or the result of an op. */
  abstract make(value: Value, tracking?: number, op?: Op, inputs?: readonly Node[], attrs?: unknown): Node
  /** @internal Runs a kernel on the backend of this node's class. */
  abstract run(kernel: Kernel, inputs: readonly Value[], out: Spec): Value
  /** @internal The sum of two values of one shape and dtype; a first that nobody else has may become it. */
  abstract runSum(a: Value, b: Value, isOwn: boolean): Value
  /** @internal Runs one of several results. */
  abstract runAll(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[]

  /** @internal Replaces the value of a leaf, as optimizers do. */
  protected replaceValue(value: Value): void {
    if (isBatching) requireHere({ stored: value })
    if (tracer === null) settle(this as Holder, value)
    else tracer.replaceValue(this as Holder, value)
    this.replacedAt = lastId
  }

  /** @internal What it was made of is of no use to anybody. It remains a result, by an op that says why. */
  forget(op: Op = forgotten, inputs: readonly Node[] = noInputs): void {
    const at = this as { -readonly [K in 'op' | 'inputs' | 'attrs']: Node[K] }
    at.op = op
    at.inputs = inputs
    at.attrs = noAttrs
  }

  /** Its dtype and shape, as in messages: `float32[2, 3]`. */
  toString(): string {
    return `${this.dtype}${formatShape(this.sizes as Shape)}`
  }
}

brandTensor(Node)

/**
 * Applies an op: checks shapes, runs it, and records it if an active differentiation tracks one of the inputs.
 * This is the one place where nodes come into being from other nodes.
 */
export const record = <A>(op: RunnableOp<A>, inputs: readonly Node[], attrs: A): Node =>
  watcher === null ? apply(op, inputs, attrs) : whileWatched(watcher, op, inputs, attrs)

const whileWatched = <A>(by: Watcher, op: RunnableOp<A>, inputs: readonly Node[], attrs: A): Node => {
  const run = (given: readonly Node[]) => apply(op, given, attrs)
  return by.applies === undefined ? by.op(op, () => run(inputs)) : by.applies(op, inputs, run)
}

const apply = <A>(op: RunnableOp<A>, inputs: readonly Node[], attrs: A): Node => {
  const first = inputs[0]!
  let value: Value
  if (op.compute === undefined) {
    const values = valuesOf(inputs)
    const out = op.infer === null ? values[0]! : op.infer(inputs, attrs)
    if (op.infer !== null) requireSize(op.name, out.shape)
    const kernel = typeof op.kernel === 'function' ? op.kernel(inputs, attrs, out) : op.kernel
    value = tracer === null ? first.run(kernel, values, out) : evaluate(first, kernel, values, [out])[0]!
  } else {
    const compute = op.compute
    value = withTracking(0, () => compute(inputs, attrs)).value
  }
  return link(value, op, inputs, attrs)
}

/** Lists of up to four are much the commonest, and as literals several times as fast to make. */
export const valuesOf = (nodes: readonly Node[]): readonly Value[] => {
  switch (nodes.length) {
    case 1:
      return [nodes[0]!.value]
    case 2:
      return [nodes[0]!.value, nodes[1]!.value]
    case 3:
      return [nodes[0]!.value, nodes[1]!.value, nodes[2]!.value]
    case 4:
      return [nodes[0]!.value, nodes[1]!.value, nodes[2]!.value, nodes[3]!.value]
    default:
      return nodes.map((node) => node.value)
  }
}

/** A node for a value that `op` has already computed from `inputs`. */
export const link = <A>(value: Value, op: Op<A>, inputs: readonly Node[], attrs: A): Node => {
  let tracking = 0
  for (let i = 0; i < inputs.length; i++) tracking |= inputs[i]!.tracking
  tracking &= activeTracking()
  if (tracking === 0 || !isFloat(value.dtype)) return inputs[0]!.make(value)
  return tracked(value, tracking, op, tracer === null ? inputs : leveled(inputs, value), attrs)
}

/** The same where inputs may be at another level of `vmap` than the value. */
export const join = <A>(value: Value, op: Op<A>, inputs: readonly Node[], attrs: A): Node => {
  let tracking = 0
  for (let i = 0; i < inputs.length; i++) tracking |= inputs[i]!.tracking
  tracking &= activeTracking()
  return tracking === 0 || !isFloat(value.dtype) ? inputs[0]!.make(value) : tracked(value, tracking, op, inputs, attrs)
}

const tracked = <A>(value: Value, tracking: number, op: Op<A>, inputs: readonly Node[], attrs: A): Node => {
  const node = inputs[0]!.make(value, tracking, op as Op, inputs, attrs)
  if ((tracking & forwardBits) !== 0) advance(node)
  return node
}

/** Inputs at the level of what is made of them. Those that nothing tracks may stay where they are. */
export const leveled = (inputs: readonly Node[], result: Value): readonly Node[] => {
  const level = levelOf(result)
  if (level === null) return inputs
  const active = activeTracking()
  return inputs.map((input) => ((input.tracking & active) === 0 ? input : (atLevel(input as Holder, level) as Node)))
}
