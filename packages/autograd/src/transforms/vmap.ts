import { isBatching, requireHere } from '../graph/batched.js'
import { ArgumentError, AxisError, GradientError, ShapeError } from '../graph/errors.js'
import type { Runner } from '../graph/level.js'
import type { Node } from '../graph/node.js'
import { activeTracking, requireSync } from '../graph/tracking.js'
import { rebuild } from '../graph/tree.js'
import { share, type Value } from '../graph/value.js'
import { at } from '../ops/at.js'
import { permute } from '../ops/layout.js'
import type { BatchLevel } from '../program/batching/level.js'
import { type Draws, openLevel } from '../program/batching/scope.js'
import { type AxisLeaf, type AxisTree, axesOf } from './axes.js'
import type { Fn } from './grad.js'

/** Where the examples of `vmap` lie. */
export interface VmapOptions {
  /** Which axis of the arguments is that of the examples: 0, null for none, or a tree of these. Default 0. */
  readonly in?: AxisTree | undefined
  /** Where it is in the results. Default 0. */
  readonly out?: AxisTree | undefined
  /** How many examples there are: where no argument says it. */
  readonly size?: number | undefined
  /** Whether each example draws random numbers of its own, or all the same. Default 'different'. */
  readonly random?: Draws | undefined
}

/** `vmap(f, options)(...args)`: f of each example, for all at once; `backend` runs what no tracer does. */
export const vmap =
  (backend: Runner, f: Fn, { in: inAxes = 0, out = 0, size: given, random = 'different' }: VmapOptions = {}) =>
  (...args: unknown[]): unknown => {
    const leaves = axesOf('vmap: in', inAxes, args, 'argument')
    if (isBatching) for (const { node } of leaves) requireHere(node)
    const places = leaves.map((leaf) => placeOf('argument', leaf, leaf.node.sizes.length))
    const size = sizeOfBatch(leaves, places, given)
    const level = openLevel(size, backend, random)
    const result = level.within(() => {
      const entered = leaves.map(({ node }, i) => (places[i] === null ? node : level.enter(moved(node, places[i]!, 0))))
      return requireSync('vmap', f(...(rebuild(args, entered) as never[])))
    })
    return rebuild(
      result,
      axesOf('vmap: out', out, result, 'the result').map((leaf) => left(level, leaf)),
    )
  }

/** The axis counted from the first; null for none. */
const placeOf = (what: string, { node, path, axis }: AxisLeaf, rank: number): number | null => {
  if (axis === null) return null
  if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis
  throw new AxisError(
    `vmap: ${what}${path} is ${node}, which has no axis ${axis}; ` +
      (what === 'argument'
        ? 'use one of its axes, or null if all examples have the whole of it.'
        : 'use one of its axes.'),
  )
}

const sizeOfBatch = (
  leaves: readonly AxisLeaf[],
  places: readonly (number | null)[],
  given: number | undefined,
): number => {
  let size = given
  let first: string | null = null
  leaves.forEach(({ node, path }, i) => {
    const place = places[i]!
    if (place === null) return
    const here = node.sizes[place]!
    const words = `argument${path} (${node}) has ${here} examples along axis ${place}`
    size ??= here
    if (size !== here) {
      throw new ShapeError(
        `vmap: ${words}, but ${first ?? `size is ${given}`}; they must be equal. Use { in: ... } with null for what all ` +
          'examples have in common.',
      )
    }
    first ??= words
  })
  if (size === undefined) {
    throw new ArgumentError(
      'vmap: no argument has an axis of examples; give one in { in: ... }, or say how many there are: { in: null, size: 3 }.',
    )
  }
  return size
}

/** With one axis at another place. */
const moved = (x: Node, from: number, to: number): Node => {
  if (from === to) return x
  const axes = x.sizes.map((_, axis) => axis).toSpliced(from, 1)
  return permute(x, axes.toSpliced(to, 0, from))
}

const left = (level: BatchLevel, leaf: AxisLeaf): Node => {
  const all = level.leave(leaf.node)
  const place = placeOf('the result', leaf, leaf.node.sizes.length + 1)
  if (place !== null) return moved(all, 0, place)
  const { value, areEqual } = level.inputOf(leaf.node.value)
  if (areEqual) return level.size > 0 ? at(all, 0) : ofNone(leaf, value)
  throw new GradientError(
    `vmap: the result${leaf.path} (${leaf.node}) differs between examples, and { out: null } asks for one that does not; ` +
      'give its examples an axis, such as { out: 0 }.',
  )
}

/** What all examples have in common where there are none. */
const ofNone = ({ node, path }: AxisLeaf, value: Value): Node => {
  if (value === node.value) return node
  if ((node.tracking & activeTracking()) === 0) return node.make(share(value))
  throw new GradientError(
    `vmap: the result${path} (${node}) is differentiated, and { out: null } takes it from an example: there is none. Give it ` +
      'an axis, or compute it outside.',
  )
}
