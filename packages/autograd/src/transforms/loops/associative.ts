import { AxisError, ShapeError } from '../../graph/errors.js'
import type { Node } from '../../graph/node.js'
import { normalizeAxis } from '../../graph/shape.js'
import { requireSync } from '../../graph/tracking.js'
import { type Leaf, rebuild } from '../../graph/tree.js'
import { flip, interleave, slice } from '../../ops/slice.js'
import { requireAlike, tensorsIn } from './carry.js'

/** What `associativeScan` takes beside the function and the trees. */
export interface AssociativeScanOptions {
  /** From the last element to the first. Default false. */
  readonly reverse?: boolean | undefined
  /** The axis along which elements are combined. Default 0. */
  readonly axis?: number | undefined
}

/** Tensors of one tree, each along its axis. */
type Elements = readonly Node[]

/**
 * `associativeScan(f, xs)`: what elements come to, up to each of them. Neighbours are combined in pairs, the pairs by the same
 * way, and what is missing between is a combination more (Ladner and Fischer, Parallel prefix computation, 1980; Blelloch,
 * Prefix sums and their applications, 1990).
 */
export const associativeScan = (
  f: (a: never, b: never) => unknown,
  xs: unknown,
  { reverse = false, axis = 0 }: AssociativeScanOptions = {},
): unknown => {
  const leaves = tensorsIn('associativeScan: xs', xs)
  if (leaves.length === 0)
    throw new ShapeError('associativeScan: xs holds no tensor; give one with an axis to go along.')
  const axes = leaves.map(({ node, path }) => axisOf(node, path, axis))
  const length = lengthOf(leaves, axes, axis)
  const cut = (all: Elements, start: number, end: number | null, step = 1): Elements =>
    all.map((x, i) => slice(x, axes[i]!, start, end, { step }))
  const turned = (all: Elements): Elements => all.map((x, i) => (reverse ? flip(x, axes[i]!) : x))
  const combined = (a: Elements, b: Elements): Elements => {
    const result = requireSync('associativeScan', f(rebuild(xs, a) as never, rebuild(xs, b) as never))
    const given = leaves.map(({ path }, i) => ({ path, node: a[i]! }))
    return requireAlike(alike, given, tensorsIn('associativeScan: what the function returned', result))
  }
  const prefixes = (all: Elements, count: number): Elements => {
    if (count < 2) return all
    const pairs = Math.floor(count / 2)
    const odd = prefixes(combined(cut(all, 0, 2 * pairs, 2), cut(all, 1, null, 2)), pairs)
    const others = Math.ceil(count / 2) - 1
    const even = others === 0 ? [] : combined(cut(odd, 0, others), cut(all, 2, null, 2))
    return cut(all, 0, 1).map((x, i) => {
      const parts = [
        { x, start: 0, step: 1 },
        { x: odd[i]!, start: 1, step: 2 },
      ]
      if (others > 0) parts.push({ x: even[i]!, start: 2, step: 2 })
      return interleave(parts, axes[i]!, count)
    })
  }
  return rebuild(xs, turned(prefixes(turned(leaves.map(({ node }) => node)), length)))
}

const alike = {
  what: 'associativeScan',
  who: 'the function',
  name: 'xs',
  rule: 'it combines slices of xs place by place along the axis, and must keep their shape and dtype',
}

const axisOf = (node: Node, path: string, axis: number): number => {
  if (node.sizes.length === 0) {
    throw new AxisError(
      `associativeScan: xs${path} is ${node}, which has no axis to go along; give it one, or close over it.`,
    )
  }
  return normalizeAxis('associativeScan', axis, node.sizes)
}

const lengthOf = (leaves: readonly Leaf[], axes: readonly number[], axis: number): number => {
  const [length, ...others] = leaves.map(({ node }, i) => node.sizes[axes[i]!]!)
  const differs = others.findIndex((other) => other !== length)
  if (differs < 0) return length!
  const [first, other] = [leaves[0]!, leaves[differs + 1]!]
  throw new ShapeError(
    `associativeScan: xs${other.path} is ${other.node} and has ${others[differs]} elements along axis ${axis}, but xs${first.path} has ` +
      `${length}; give all the same number.`,
  )
}
