import { ArgumentError, GradientError, ShapeError } from '../../graph/errors.js'
import type { Holder } from '../../graph/holder.js'
import { latestId, type Node } from '../../graph/node.js'
import { sameShape, sizeOf } from '../../graph/shape.js'
import { type Tracer, tracer, withTracer } from '../../graph/tracer.js'
import { requireSync } from '../../graph/tracking.js'
import { isTensor, type Leaf, leavesOf, rebuild } from '../../graph/tree.js'
import { UnknownValue } from '../../graph/unknown.js'
import type { Value } from '../../graph/value.js'
import { shown } from '../../graph/words.js'
import { constant } from '../../ops/constant.js'
import { elementwise } from '../../ops/elementwise.js'
import { Within } from './replay.js'

type Branch = (...args: never[]) => unknown

/**
 * One of several functions of the arguments. Where the choice is known, that one runs; where it is not (while a function is
 * traced, or for many examples) all run, and of what they give each element is that of the chosen one.
 *
 * @param chosen the position of the branch; one beyond the last, or below 0, means the nearest
 */
export const branch = (what: string, chosen: Node, branches: readonly Branch[], args: readonly unknown[]): unknown => {
  const { value } = chosen
  if (!(value instanceof UnknownValue)) {
    const at = Math.min(branches.length - 1, Math.max(0, value.data[value.offset]!))
    return requireSync(what, branches[at]!(...(args as never[])))
  }
  const results = branches.map((f) => aside(what, () => requireSync(what, f(...(args as never[])))))
  const leaves = results.map((result, i) => leavesOf(result, `${what}: the result of branch ${i}`))
  leaves.slice(1).forEach((list, i) => {
    requireAlike(what, leaves[0]!, list, i + 1)
  })
  let selected = leaves.at(-1)!.map(({ node }) => node)
  for (let i = branches.length - 2; i >= 0; i--) {
    const isHere = elementwise.lessEqual(chosen, constant(chosen, i, []))
    selected = selected.map((node, k) => elementwise.where(isHere, leaves[i]![k]!.node, node))
  }
  return rebuild(results[0], selected)
}

const requireAlike = (what: string, first: readonly Leaf[], other: readonly Leaf[], position: number): void => {
  const differs =
    first.length !== other.length
      ? -1
      : first.findIndex(({ node, path }, i) => {
          const twin = other[i]!
          return path !== twin.path || !sameShape(node.sizes, twin.node.sizes) || node.dtype !== twin.node.dtype
        })
  if (first.length === other.length && differs < 0) return
  const told = (leaves: readonly Leaf[]) =>
    differs < 0 ? `${leaves.length} tensors` : `${leaves[differs]!.path || 'a tensor'} ${leaves[differs]!.node}`
  throw new ShapeError(
    `${what}: branch 0 returned ${told(first)}, but branch ${position} ${told(other)}; branches return trees of the same form, shapes ` +
      'and dtypes (reshape or cast one of them).',
  )
}

/** The first leaf that says which branch it is. */
export const requireChoice = (what: string, name: string, dtype: 'bool' | 'int32', thing: unknown): Node => {
  if (isTensor(thing) && thing.dtype === dtype && sizeOf(thing.sizes) === 1 && thing.sizes.length === 0) return thing
  throw new ArgumentError(
    `${what}: ${name} is ${isTensor(thing) ? String(thing) : shown(thing)}; use a ${dtype} tensor of shape []` +
      (typeof thing === 'boolean' || typeof thing === 'number'
        ? ", or JavaScript's own if where it is no tensor."
        : ', such as x.sum().greater(0).'),
  )
}

const aside = <R>(what: string, f: () => R): R => (tracer === null ? f() : withTracer(new Aside(tracer, what), f))

/** Where a function runs though it may not be the one that is chosen: it may do nothing but compute. */
class Aside extends Within {
  private readonly start = latestId()

  constructor(
    around: Tracer,
    private readonly what: string,
  ) {
    super(around)
  }

  override replaceValue(holder: Holder, value: Value): void {
    if (holder.id <= this.start) this.refuse('gives a tensor another value', 'return the value, and assign it outside')
    super.replaceValue(holder, value)
  }
  override replaceGradient(holder: Holder, gradient: Holder | null): void {
    if (holder.id <= this.start)
      this.refuse('changes the gradient of a tensor', 'differentiate around it, or with grad() inside')
    super.replaceGradient(holder, gradient)
  }
  override draw(): never {
    return this.refuse('draws random numbers', 'draw them before, and pass them')
  }
  override verify(): never {
    return this.refuse('verifies a tensor', 'verify its result')
  }

  private refuse(effect: string, remedy: string): never {
    throw new GradientError(
      `${this.what}: a branch ${effect}, and here both run, for which one counts is not known yet (in compile, vmap or a scan); ${remedy}.`,
    )
  }
}
