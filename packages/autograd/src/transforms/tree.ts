import { Node } from '../graph/node.js'

/**
 * A tree is a tensor, or an array or plain object of trees; anything else in it (numbers, strings, functions) is
 * carried along untouched. Parameters, arguments and results of differentiated functions are trees.
 */

export const isTensor = (thing: unknown): thing is Node => thing instanceof Node

export const isPlainObject = (thing: unknown): thing is Record<string, unknown> => {
  if (typeof thing !== 'object' || thing === null) return false
  const prototype: unknown = Object.getPrototypeOf(thing)
  return prototype === Object.prototype || prototype === null
}

/** The same tree with each tensor replaced, and what is neither tensor nor tree by `other`; `path` reads like `.layers[0].w`. */
export const mapTree = (
  tree: unknown,
  f: (leaf: Node, path: string) => unknown,
  other: (thing: unknown, path: string) => unknown = (thing) => thing,
  path = '',
): unknown => {
  if (tree instanceof Node) return f(tree, path)
  if (Array.isArray(tree)) return tree.map((item: unknown, i) => mapTree(item, f, other, `${path}[${i}]`))
  if (isPlainObject(tree)) {
    return Object.fromEntries(
      Object.entries(tree).map(([key, item]) => [key, mapTree(item, f, other, `${path}.${key}`)]),
    )
  }
  return other(tree, path)
}

export interface Leaf {
  readonly node: Node
  readonly path: string
}

/** The tensors of a tree in order. */
export const leavesOf = (tree: unknown): Leaf[] => {
  const leaves: Leaf[] = []
  mapTree(tree, (node, path) => {
    leaves.push({ node, path })
    return node
  })
  return leaves
}

/** The tree with its tensors replaced, in order. */
export const rebuild = (tree: unknown, replacements: readonly unknown[]): unknown => {
  let next = 0
  return mapTree(tree, () => replacements[next++])
}
