import { ArgumentError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { mapTree, type Place } from '../graph/tree.js'
import { shown } from '../graph/words.js'

/** An axis, or null for none; or, for parts of a tree, an array or object of these. */
export type AxisTree = number | null | readonly AxisTree[] | { readonly [key: string]: AxisTree }

interface Entry {
  readonly path: string
  readonly axis: number | null
  isUsed: boolean
}

/** A tensor of a tree, and which of its axes is meant. */
export interface AxisLeaf {
  readonly node: Node
  readonly path: string
  readonly axis: number | null
}

/**
 * The tensors of a tree in order, each with its axis: an entry of `axes` is for all that is in the same place of the tree.
 * What is no tensor may be there where the axis is null.
 *
 * @param what begins messages: 'vmap: in'
 */
export const axesOf = (what: string, axes: AxisTree, tree: unknown, where: string): AxisLeaf[] => {
  const entries: Entry[] = []
  const note = (axis: unknown, place: Place) =>
    entries.push({ path: `${place}`, axis: axis as number | null, isUsed: false })
  mapTree(axes, what, () => null, { other: note, Failure: ArgumentError })
  const entryFor = (path: string): Entry | undefined => entries.find((entry) => isIn(path, entry.path))
  const found: AxisLeaf[] = []
  const use = (path: string, thing: string): number | null => {
    const entry = entryFor(path)
    if (entry === undefined) {
      throw new ArgumentError(
        `${what} says nothing of ${where}${path} (${thing}); give each part an axis, or null for none.`,
      )
    }
    entry.isUsed = true
    return entry.axis
  }
  const collect = (node: Node, place: Place) =>
    found.push({ node, path: `${place}`, axis: use(`${place}`, String(node)) })
  const other = (thing: unknown, place: Place) => {
    const path = `${place}`
    if (thing === null || thing === undefined) {
      const entry = entryFor(path)
      if (entry !== undefined) entry.isUsed = true
      return
    }
    if (use(path, shown(thing)) === null) return
    throw new ArgumentError(
      `vmap: ${where}${path} is ${shown(thing)}, which has no axis of examples; ` +
        (where === 'argument'
          ? 'close over it, say null for it in { in: ... }, or pass a tensor.'
          : 'return tensors, or nothing.'),
    )
  }
  mapTree(tree, `vmap: ${where}`, collect, { buffer: collect, other, instances: 'children', Failure: ArgumentError })
  const unused = entries.find((entry) => !entry.isUsed)
  if (unused !== undefined && unused.path !== '') {
    throw new ArgumentError(
      `${what}${unused.path} is ${unused.axis}, but ${where}${unused.path} holds no tensor; leave it out, or give null in the form of the tree.`,
    )
  }
  return found
}

/** Whether a place is another one or in it. */
const isIn = (path: string, outer: string): boolean =>
  path.startsWith(outer) && (path.length === outer.length || path[outer.length] === '.' || path[outer.length] === '[')
