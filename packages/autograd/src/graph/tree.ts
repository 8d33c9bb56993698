import { GradientError } from './errors.js'
import { refuseForeignTensor } from './foreign.js'
import { Node } from './node.js'
import { isPlainObject } from './words.js'

/**
 * A tree is a tensor, or an array or plain object of trees; null and undefined stand for nothing. Parameters, arguments
 * and results of differentiated functions are trees. Anything else in them (numbers, strings, functions) is carried along
 * untouched, and refused where it would come back as if it were a derivative (`requireTensors`).
 */

export const isTensor = (thing: unknown): thing is Node => thing instanceof Node

/** A key as a step of a path: two places never have one path. */
const step = (key: string): string => (key.includes('.') || key.includes('[') ? `["${key}"]` : `.${key}`)

/** An array or object that is being walked through, and those that it stands in. */
interface Container {
  readonly container: object
  readonly outer: Container | null
  readonly depth: number
}

/** Deeper than any tree that is meant, and shallow enough for the stack. */
export const deepest = 500

/** Steps into a container; null where that would not end, because it stands in itself. */
const enter = (container: object, outer: Container | null): Container | null => {
  for (let around = outer; around !== null; around = around.outer) if (around.container === container) return null
  const depth = outer === null ? 1 : outer.depth + 1
  return depth > deepest ? null : { container, outer, depth }
}

type Failure = new (message: string) => Error

const endless = (what: string, path: string, isDeep: boolean): string => {
  if (isDeep) {
    const start = path.slice(0, 40)
    return `${what}${start}... nests more than ${deepest} deep, which trees of tensors may not; is it a list that is linked? Make it an array.`
  }
  return `${what}${path} holds itself: it stands in that object or array already. A tree of tensors has no cycles; leave the reference out, or close over it.`
}

/**
 * The same tree with each tensor replaced, and what is neither tensor nor tree by `other`; `path` reads like
 * `.layers[0].w`. A tree that holds itself is a `Failure`, which says `what` it is.
 */
export const mapTree = (
  tree: unknown,
  what: string,
  f: (leaf: Node, path: string) => unknown,
  other: (thing: unknown, path: string) => unknown = (thing) => thing,
  Failure: Failure = GradientError,
): unknown => {
  const walk = (at: unknown, path: string, outer: Container | null): unknown => {
    if (at instanceof Node) return f(at, path)
    const isArray = Array.isArray(at)
    if (!isArray && !isPlainObject(at)) {
      if (typeof at === 'object' && at !== null) refuseForeignTensor(`${what}${path}`, at)
      return other(at, path)
    }
    const inside = enter(at, outer)
    if (inside === null) throw new Failure(endless(what, path, outer!.depth === deepest))
    return isArray
      ? at.map((item: unknown, i) => walk(item, `${path}[${i}]`, inside))
      : Object.fromEntries(Object.entries(at).map(([key, item]) => [key, walk(item, path + step(key), inside)]))
  }
  return walk(tree, '', null)
}

export interface Leaf {
  readonly node: Node
  readonly path: string
}

/** The tensors of a tree in order. */
export const leavesOf = (tree: unknown, what: string, Failure?: Failure): Leaf[] => {
  const leaves: Leaf[] = []
  const collect = (node: Node, path: string) => {
    leaves.push({ node, path })
    return node
  }
  mapTree(tree, what, collect, undefined, Failure)
  return leaves
}

/** A tree whose leaves are known, with its tensors replaced, in order. */
export const rebuild = (tree: unknown, replacements: readonly unknown[]): unknown => {
  if (tree instanceof Node) return replacements[0]
  let next = 0
  return mapTree(tree, '', () => replacements[next++])
}
