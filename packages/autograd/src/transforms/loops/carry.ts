import { ArgumentError, ShapeError } from '../../graph/errors.js'
import type { Node } from '../../graph/node.js'
import { sameShape } from '../../graph/shape.js'
import { type Leaf, type Place, refuseInstance, tensorsOf } from '../../graph/tree.js'
import { shown } from '../../graph/words.js'

/** The tensors of a tree that each round has anew, those of buffers too: a number in it would stay what it was. */
export const tensorsIn = (what: string, tree: unknown): Leaf[] =>
  tensorsOf(tree, what, (thing, place) => {
    if (thing !== null && thing !== undefined) refuseOther(what, thing, place)
  })

const refuseOther = (what: string, thing: unknown, place: Place): never => {
  refuseInstance(what, thing, place)
  throw new ArgumentError(
    `${what}${place} is ${shown(thing)}, and no tensor: it would not change; make it one with tensor(...), or close over it.`,
  )
}

/** What a function is to return: what it took, of the same form, shapes and dtypes. */
export interface Alike {
  /** The function that loops, for messages. */
  readonly what: string
  /** Who returned it: 'the function'. */
  readonly who: string
  /** What it is: 'carry'. */
  readonly name: string
  /** What to say of shape and dtype: 'it must have the same shape and dtype in each round'. */
  readonly rule: string
}

type Standing = Pick<Leaf, 'node' | 'path'>

/** The tensors that were returned, in the order of those that were taken. */
export const requireAlike = (
  { what, who, name, rule }: Alike,
  before: readonly Standing[],
  after: readonly Standing[],
): Node[] => {
  const byPath = new Map(after.map((leaf) => [leaf.path, leaf.node]))
  const surplus = after.find(({ path }) => !before.some((leaf) => leaf.path === path))
  if (surplus !== undefined) {
    throw new ShapeError(
      `${what}: ${who} returned ${name}${surplus.path} (${surplus.node}), which the first ${name} has not; return a ${name} of the same form.`,
    )
  }
  return before.map(({ node, path }) => {
    const next = byPath.get(path)
    if (next === undefined) {
      throw new ShapeError(
        `${what}: ${name}${path} is ${node}, but ${who} returned none; return a ${name} of the same form.`,
      )
    }
    if (!sameShape(next.sizes, node.sizes) || next.dtype !== node.dtype) {
      throw new ShapeError(`${what}: ${name}${path} is ${node}, but ${who} returned ${next} for it; ${rule}.`)
    }
    return next
  })
}

/** What is said of a carry that changes. */
export const sameEachRound =
  'it must have the same shape and dtype in each round (cast or reshape it, or begin with one like that)'
