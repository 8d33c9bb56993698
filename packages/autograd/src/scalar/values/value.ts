import { ArgumentError } from '../../graph/errors.js'
import { shown } from '../../graph/words.js'
import type { Rule } from '../../rules/algebra.js'
import { partialsOf } from '../../rules/derive.js'
import { numbers } from '../../rules/numbers.js'
import { rules } from '../../rules/table.js'
import { evaluate } from '../../rules/traverse.js'
import type { Tensor } from '../../tensor/tensor.js'
import { Num, type Scalar } from '../num.js'
import { tensorOf, twins } from './to-tensor.js'

// The numbers of a Value lie in a block that it shares with those made next to it: as fields each would be an object of its own, which is
// what such graphs spend their time on. A block is garbage when none of its Values is in use any more.
const stride = 4
const capacity = 1024 * stride
/** Where in a Value's part of the block its gradient is, and its partial derivatives, the second of which may be a number operand. */
const gradient = 1
const first = 2
const second = 3

let block = new Float64Array(capacity)
let used = 0

/**
 * A number that remembers what it was made of: `backward()` gives all that it was made of their gradients. `scalar` makes one. It lies
 * outside of all differentiations: the transforms take it as an argument, and what they give are Values again.
 */
export class ValueNode extends Num {
  /** @internal */ readonly block: Float64Array
  /** @internal */ readonly at: number
  /** @internal How many that were made of it have not yet said how it is to change. */
  pending = 0

  /** @internal */
  constructor(
    value: number,
    /** @internal */ readonly rule: Rule | null,
    /** @internal */ readonly a: ValueNode | null,
    byA: number,
    /** @internal */ readonly b: ValueNode | null,
    byB: number,
  ) {
    super()
    if (used === capacity) {
      block = new Float64Array(capacity)
      used = 0
    }
    const at = used
    used = at + stride
    block[at] = value
    block[at + first] = byA
    block[at + second] = byB
    this.block = block
    this.at = at
  }

  /** After constants, and before every differentiation. @internal */
  get level(): number {
    return 0.5
  }

  /** @internal */
  get known(): number {
    return this.block[this.at]!
  }

  /** The number; that of one that was not computed may be set, as a step of training does. */
  override get value(): number {
    return this.block[this.at]!
  }
  override set value(value: number) {
    if (typeof value !== 'number') throw new ArgumentError(`scalar: its value is set to ${shown(value)}; use a number.`)
    if (this.a !== null) {
      throw new ArgumentError(
        `scalar: ${this} was computed, and what it was computed of says what it is: set that, and compute again.`,
      )
    }
    this.block[this.at] = value
    twins.set(this, value)
  }

  /**
   * What `backward` has found: of one that was not computed, the sum of all that arrived since `zeroGrad`; of one that was, the
   * derivative by it of what was differentiated last.
   */
  get grad(): number {
    return this.block[this.at + gradient]! + twins.gradOf(this)
  }

  /** Makes the gradient 0, so that the next one is not added to it. */
  zeroGrad(): void {
    this.block[this.at + gradient] = 0
    twins.zeroGrad(this)
  }

  /**
   * Gives all that this was made of their derivatives of it, as `grad`.
   *
   * @example
   * const a = scalar(2)
   * const y = a.mul(a).add(1)
   * y.backward()
   * a.grad   // 4
   */
  backward(): void {
    countUses(this)
    sweep(this)
  }

  /**
   * The same as a scalar tensor (float64), in a graph with other tensors: ops on tensors made all of its past, which `inspect` shows, and
   * `backward()` of what is made of it reaches the `grad` of each Value that was not computed.
   *
   * @example
   * const a = scalar(3)
   * tensor([1, 2]).mul(a.square().toTensor()).sum().backward()
   * a.grad   // 18
   */
  toTensor(): Tensor {
    return tensorOf(this)
  }

  /** @internal */
  apply(rule: Rule, operands: readonly Scalar[]): Num {
    const isListed = Object.hasOwn(rules, rule.name)
    const values = operands.map((operand, i) =>
      operand instanceof ValueNode || (i === 1 && rule.arity === 2 && isListed) ? operand : leaf(operand as number),
    )
    if (isListed)
      return (ValueNode.prototype as unknown as Record<string, Method>)[rule.name]!.apply(
        values[0] as ValueNode,
        values.slice(1),
      )
    return composed(rule, values as unknown as readonly ValueNode[])
  }

  /** @internal What its rule was applied to. */
  operands(): readonly (ValueNode | number)[] {
    const { rule, a, b } = this
    if (rule === null || a === null) return []
    if (rule.arity === 3) return [a.a!, a.b!, b!]
    return rule.arity === 1 ? [a] : [a, b ?? this.block[this.at + second]!]
  }

  /** Its number, as text. */
  override toString(): string {
    return `scalar(${this.known})`
  }
}

type Method = (this: Num, ...operands: readonly Scalar[]) => Num

export const leaf = (value: number): ValueNode => new ValueNode(value, null, null, 0, null, 0)

export const one = (rule: Rule, value: number, a: ValueNode, byA: number): ValueNode =>
  new ValueNode(value, rule, a, byA, null, 0)

/** Of a Value and a number. */
export const oneWith = (rule: Rule, value: number, a: ValueNode, byA: number, number: number): ValueNode =>
  new ValueNode(value, rule, a, byA, null, number)

export const two = (rule: Rule, value: number, a: ValueNode, byA: number, b: ValueNode, byB: number): ValueNode =>
  new ValueNode(value, rule, a, byA, b, byB)

/** Of three operands: the first two are gathered in one that stands for nothing else. */
export const three = (
  rule: Rule,
  value: number,
  a: ValueNode,
  byA: number,
  b: ValueNode,
  byB: number,
  c: ValueNode,
  byC: number,
): ValueNode => new ValueNode(value, rule, new ValueNode(value, null, a, byA, b, byB), 1, c, byC)

/** A rule that is no method: those are made of such. */
const composed = (rule: Rule, operands: readonly ValueNode[]): ValueNode => {
  const given = operands.map(({ known }) => known)
  const result = rule.value(numbers, ...given)
  const [byA, byB, byC] = partialsOf(rule).map((partial) => evaluate(partial, [...given, result]))
  const [a, b, c] = operands
  if (b === undefined) return one(rule, result, a!, byA!)
  return c === undefined ? two(rule, result, a!, byA!, b, byB!) : three(rule, result, a!, byA!, b, byB!, c, byC!)
}

/** Counts for each of the past how often it was used, and takes the gradients away of what was computed. */
const countUses = (root: ValueNode): void => {
  const stack = [root]
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    const { a, b } = value
    if (a === null) continue
    value.block[value.at + gradient] = 0
    if (a.pending++ === 0) stack.push(a)
    if (b !== null && b.pending++ === 0) stack.push(b)
  }
}

/** Back over the past, each when all that were made of it have said their part. A gradient or a partial derivative that is 0 gives 0. */
const sweep = (root: ValueNode): void => {
  root.block[root.at + gradient]! += 1
  const stack = [root]
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    const { block, at, a, b } = value
    if (a === null) continue
    const cotangent = block[at + gradient]!
    const byA = block[at + first]!
    if (cotangent !== 0 && byA !== 0) a.block[a.at + gradient]! += byA * cotangent
    if (--a.pending === 0) stack.push(a)
    if (b === null) continue
    const byB = block[at + second]!
    if (cotangent !== 0 && byB !== 0) b.block[b.at + gradient]! += byB * cotangent
    if (--b.pending === 0) stack.push(b)
  }
}
