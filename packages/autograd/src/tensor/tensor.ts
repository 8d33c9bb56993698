import { addEagerly, runAllEagerly, runEagerly } from '../execution/eager.js'
import { isFloat } from '../graph/dtype.js'
import { DTypeError, GradientError, ShapeError } from '../graph/errors.js'
import type { Holder } from '../graph/holder.js'
import type { Kernel } from '../graph/kernel.js'
import { lend } from '../graph/lent.js'
import { noteLook } from '../graph/looks.js'
import { Node, type Op } from '../graph/node.js'
import { formatShape, type Shape, sizeOf } from '../graph/shape.js'
import { tracer } from '../graph/tracer.js'
import { parameterBit } from '../graph/tracking.js'
import { denseData, type Spec, share, type Value } from '../graph/value.js'
import { stopGradient } from '../ops/constant.js'
import { methods } from '../ops/methods.js'
import { type BackwardOptions, gradients } from '../transforms/backward.js'
import { nested, type ReadonlyTypedArray } from './display.js'
import { JavaScriptValue } from './javascript.js'
import { requireConstant, requireLeaf, requireLike } from './leaf.js'
import { takes } from './method.js'
// biome-ignore lint/suspicious/noImportCycles: a part of this file, which a script writes
import type { Methods } from './methods/index.js'
import type { Listed } from './part-rules.js'
import type * as rule from './shape-rules.js'

/** Dims must be equal, not merely covariant: or `<B>(x: Tensor<[B, 2]>, y: Tensor<[B]>)` takes 3 and 4 as B = 3 | 4. */
type Exact<S> = { [K in keyof S]: number extends S[K] ? unknown : (dim: S[K]) => void }

/**
 * A tensor, and the node of the graph that computed it. `S` is its shape as far as the compiler knows it; plain
 * `Tensor` has any shape. Every op of `Methods` is a function too: `x.tanh()` is `tanh(x)`.
 *
 * @example tensor([[1, 2], [3, 4]]).matmul(ones([2, 3]))   // Tensor<[2, 3]>
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are the functions of the ops
export class Tensor<S extends Shape = number[]> extends Node<S> {
  /** The size of each axis: an array that cannot be changed. */
  // JavaScriptValue has the accessor; a property, so that the compiler compares, and its messages name, the shape first
  declare readonly shape: { readonly [K in keyof S]: S[K] }
  // protected and not private: .d.ts files drop the types of private members
  declare protected readonly dims: Exact<S>
  /** @internal */
  override make(value: Value, tracking = 0, op?: Op, inputs?: readonly Node[], attrs?: unknown): Tensor {
    return new Tensor(value, tracking, op, inputs, attrs)
  }

  /** @internal */
  override run(kernel: Kernel, inputs: readonly Value[], out: Spec): Value {
    return runEagerly(kernel, inputs, out)
  }
  /** @internal */
  override runSum(a: Value, b: Value, isOwn: boolean): Value {
    return addEagerly(a, b, isOwn)
  }
  /** @internal */
  override runAll(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[] {
    return runAllEagerly(kernel, inputs, outs)
  }

  /** The number of axes. */
  get rank(): number {
    return (this.sizes as Shape).length
  }

  /** The number of elements. */
  get size(): number {
    return sizeOf(this.sizes as Shape)
  }

  /** Whether `backward()` from here, or from what is made of this, reaches a parameter. Settable on a leaf. */
  get requiresGrad(): boolean {
    return (this.tracking & parameterBit) !== 0
  }
  set requiresGrad(required: boolean) {
    takes.requiresGrad(this, [required])
    requireLeaf('requiresGrad', this)
    if (!required && this.requiresGrad) frozen.add(this)
    tracer?.beginLeaf(this as Node as Holder)
    if (required && !isFloat(this.dtype)) {
      throw new DTypeError(`requiresGrad: ${this} has no gradient; cast it to 'float32' or 'float64' first.`)
    }
    this.tracking = required ? this.tracking | parameterBit : this.tracking & ~parameterBit
  }

  /** Whether this is a leaf that requires a gradient, or did so before it was frozen by `requiresGrad = false`. */
  get isParameter(): boolean {
    return this.op === null && (this.requiresGrad || frozen.has(this))
  }

  /**
   * The elements in row-major order. Not to be written to: whether this tensor follows is left open (use `assign`). No
   * other tensor does: neither a model that this one was made from or went into, nor a view, nor a compiled function.
   *
   * @throws AdjointError if its buffer was transferred
   * @example tensor([[1, 2], [3, 4]]).data   // [1, 2, 3, 4]
   */
  get data(): ReadonlyTypedArray {
    noteLook(this)
    return lend(this)
  }

  /**
   * The gradient that `backward` has collected here, of this tensor's shape and dtype.
   *
   * @throws GradientError where there is none: `hasGrad` tells
   */
  get grad(): Tensor<S> {
    const collected = this.gradient
    if (collected === null) {
      const remedy =
        this.op !== null
          ? 'it is the result of an op, and only parameters collect one; use vjp() or grad() for others.'
          : this.requiresGrad
            ? 'no backward() has reached it since it was made or since zeroGrad(). Does the loss depend on it?'
            : 'it does not require one; make it with parameter(...).'
      throw new GradientError(`grad: the tensor ${this} has no gradient: ${remedy}`)
    }
    if (collected.keeper === null) return collected as Tensor<S>
    // a compiled function will use it again: what the caller gets is to stay as it is
    const own = collected.make(collected.value)
    this.gradient = own
    return own as Tensor<S>
  }
  set grad(gradient: Tensor<S> | null) {
    takes.grad(this, [gradient])
    if (gradient !== null) requireLike('grad', this, gradient)
    this.gradient = gradient as Node | null
  }

  /** Whether `backward` has reached this tensor since it was made or since `zeroGrad`. */
  get hasGrad(): boolean {
    return this.gradient !== null
  }

  /** Forgets the gradient collected so far. */
  zeroGrad(): void {
    if (arguments.length > 0 || !(this instanceof Node)) takes.zeroGrad(this, arguments)
    this.gradient = null
  }

  /**
   * Adds the derivative of this scalar to the `grad` of every parameter that it was computed from. The graph is kept:
   * a second call adds the same again, and a loss that is kept keeps what it was computed from (keep `item()` or
   * `detach()` instead).
   *
   * @throws GradientError if this is no scalar, or was not computed from a parameter
   * @example
   * const w = parameter(tensor([1, 2]))
   * w.square().sum().backward()
   * w.grad   // [2, 4]
   */
  backward<A extends AnyTensor>(
    this: Arg<A, rule.ScalarLoss<A['shape'], 'backward()'>>,
    options?: BackwardOptions,
  ): void
  backward(options: BackwardOptions = {}): void {
    takes.backward(this, arguments)
    for (const [leaf, gradient] of gradients(this as Node, options)) {
      const parameter = leaf as Tensor
      // what several leaves receive may be one tensor: each collects its own
      const own = options.createGraph ? methods.identity : stopGradient
      const before = parameter.gradient
      parameter.gradient = before === null ? own(gradient) : methods.add(before, gradient)
    }
  }

  /**
   * The number in a tensor of one element.
   *
   * @throws ShapeError if there are more or none
   * @example ones([3]).sum().item()   // 3
   */
  item<A extends AnyTensor>(this: Arg<A, rule.OneElement<A['shape']>>): number
  item(): number {
    if (arguments.length > 0 || !(this instanceof Node)) takes.item(this, arguments)
    noteLook(this)
    const { shape, data, offset } = this.value
    if (sizeOf(shape) !== 1) {
      throw new ShapeError(
        `item: shape ${formatShape(shape)} has ${sizeOf(shape)} elements, not one; reduce it, index it, or use toArray().`,
      )
    }
    return data[offset]!
  }

  /**
   * Nested arrays of numbers (truth values are 0 and 1); a number for a scalar.
   *
   * @example ones([1, 2]).toArray()   // [[1, 1]]
   */
  toArray(): rule.NestedArray<S> {
    takes.toArray(this, arguments)
    noteLook(this)
    return nested(denseData(this.value), this.sizes as Shape) as rule.NestedArray<S>
  }

  /** The same values without their history: neither a gradient flows back from here, nor what is written to `data`. */
  detach(): Tensor<S> {
    if (arguments.length > 0 || !(this instanceof Node)) takes.detach(this, arguments)
    return methods.stopGradient(this as Node) as Tensor<S>
  }

  /**
   * Gives a parameter or other leaf the values of `next`, as an optimizer does. What was computed from the old values
   * can then no longer be differentiated: doing so is an error. What is assigned is a constant: where `grad`, `jvp` and
   * their like are differentiating `next`, write `next.detach()` or use `noGrad`.
   *
   * @throws GradientError if this is the result of an op; ShapeError for another shape or dtype; ArgumentError for a `next`
   * that is being differentiated
   * @example noGrad(() => w.assign(w.mul(0.9)))
   */
  assign(next: Tensor<S>): void {
    if (arguments.length !== 1 || !(next instanceof Node)) takes.assign(this, arguments)
    requireLeaf('assign', this)
    requireLike('assign', this, next)
    requireConstant('assign', next)
    // what is made of this will not know of its past
    noteLook(next)
    this.replaceValue(share(next.value))
  }

  /**
   * This tensor with a shape that the compiler knows; -1 matches any size.
   *
   * @throws ShapeError for a shape that it does not have
   * @example random.permutation(4).as([4])   // Tensor<[4]>
   */
  as<const T extends number[]>(shape: readonly [...T, -1]): Tensor<[...T, number]>
  as<const T extends number[]>(shape: readonly [-1, ...T]): Tensor<[number, ...T]>
  as<const D extends number, const T extends number[]>(shape: readonly [D, -1, ...T]): Tensor<[D, number, ...T]>
  as<const D extends number, const E extends number, const T extends number[]>(
    shape: readonly [D, E, -1, ...T],
  ): Tensor<[D, E, number, ...T]>
  as<const T extends number[]>(shape: readonly [...T]): Tensor<T>
  as(shape: Shape): Tensor {
    takes.as(this, arguments)
    const own = this.sizes as Shape
    if (shape.length !== own.length || !shape.every((dim, i) => dim === -1 || dim === own[i])) {
      throw new ShapeError(
        `as: the tensor has shape ${formatShape(own)}, not ${formatShape(shape)}; reshape() changes a shape, as() only states it.`,
      )
    }
    return this as unknown as Tensor
  }
}
const frozen = /* @__PURE__ */ new WeakSet<object>()

export interface Tensor<S extends Shape = number[]> extends Methods, JavaScriptValue<S> {}

// a class between Node and Tensor would cost each tensor one more constructor
const { constructor: _, ...javaScriptFace } = Object.getOwnPropertyDescriptors(JavaScriptValue.prototype)
Object.defineProperties(Tensor.prototype, javaScriptFace)

// Every method has its function, and each function of an op is the method of the same name.
const implementations: Readonly<Record<keyof Methods, (x: Node, ...rest: never[]) => unknown>> = methods
for (const [name, op] of Object.entries<unknown>(implementations)) {
  const f = op as (x: Node, ...rest: unknown[]) => unknown
  Object.defineProperty(Tensor.prototype, name, {
    // by the number of arguments, which ops ask for; a rest parameter would cost an array at each call
    value(this: Node, a?: unknown, b?: unknown, c?: unknown, d?: unknown, e?: unknown): unknown {
      if (c === undefined) return b === undefined ? (a === undefined ? f(this) : f(this, a)) : f(this, a, b)
      return d === undefined ? f(this, a, b, c) : e === undefined ? f(this, a, b, c, d) : f(this, a, b, c, d, e)
    },
    configurable: true,
    writable: true,
  })
}
// which takes as many entries as there are axes
Object.defineProperty(Tensor.prototype, 'at', {
  value(this: Node, ...index: unknown[]): unknown {
    return (methods.at as (x: Node, ...rest: unknown[]) => Node)(this, ...index)
  },
  configurable: true,
  writable: true,
})

/** A tensor of any shape, also of one that the compiler knows; plain `Tensor` is of a shape that it does not. */
export type AnyTensor = Tensor<Shape>

/** What an elementwise op takes beside a tensor. */
export type Operand = number | AnyTensor
type ShapeOf<X extends Operand> = X extends { readonly shape: unknown } ? X['shape'] : []
export type BroadcastOf<A extends Operand, B extends Operand> = B extends number
  ? A extends number
    ? 'one operand must be a tensor: wrap a number with tensor(...)'
    : rule.Shaped<ShapeOf<A>>
  : A extends number
    ? rule.Shaped<ShapeOf<B>>
    : rule.Broadcast<ShapeOf<A>, ShapeOf<B>>
export type BroadcastOfThree<A extends Operand, B extends Operand, C extends Operand> = C extends number
  ? BroadcastOf<A, B>
  : BroadcastOf<A, B> extends infer R
    ? R extends rule.Shaped<infer S extends Shape>
      ? rule.Broadcast<S, ShapeOf<C>>
      : R
    : never

/**
 * An entry of an index: an integer; a slice as in Python, `'1:5:2'`, `':'`, or `'...'` for the axes that are not named; null
 * for a new axis; an array of integers; or a tensor, of integers (int32) or of truth values (bool).
 */
export type IndexItem = number | string | null | readonly number[] | AnyTensor
/** One entry, or several in an array. */
export type Index = IndexItem | readonly IndexItem[]

/** The result of an op whose rule gives R. After a complaint of any shape, so that one mistake is one error. */
export type Out<R> = R extends rule.Shaped<infer S extends Shape> ? Tensor<rule.Writable<S>> : Tensor

/** Several results of an op whose rule gives R: so many where that is known. */
export type Outs<R> =
  R extends Listed<infer L extends readonly Shape[]> ? { -readonly [K in keyof L]: Tensor<L[K]> } : Tensor[]

/** The extremes along an axis, and where they are. */
export interface Extremes<R> {
  readonly values: Out<R>
  readonly indices: Out<R>
}

/** An argument T of an op whose rule gives R. After a complaint: the sentence instead, which no argument fits. */
export type Arg<T, R> = R extends string ? R : T
