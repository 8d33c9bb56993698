import { checked, checker } from '../graph/arguments.js'
import { ArgumentError } from '../graph/errors.js'
import { formatPath, type Leaf, leavesOf, mapTree, refuseInstance, type TreeKey } from '../graph/tree.js'
import * as kinds from '../ops/kinds.js'
import type { Tensor } from './tensor.js'
import type { KeysIn, Mapped, TreeMap, TreePath } from './tree-types.js'

// What is no tensor in a tree (numbers, words, null) stays where it is, and so do the buffers of instances: the leaves of a
// tree are what it is differentiated by.

const leaves = (what: string, tree: unknown): Leaf[] =>
  leavesOf(tree, what, { other: (thing, place) => refuseInstance(what, thing, place) })

const ofTree = { tree: kinds.anything }

/**
 * The tensors of a tree, in its order. A tree is a tensor, an array or plain object of trees, or an instance of a class that
 * is one (`treeProtocol`), such as a module: its parameters, and not its buffers.
 *
 * @throws GradientError for an instance of a class that is no tree
 * @example treeLeaves({ w: ones([2]), layers: [zeros([3])] }).length   // 2
 */
export const treeLeaves = /* @__PURE__ */ checked('treeLeaves', ofTree, (tree: unknown): Tensor[] =>
  leaves('treeLeaves: the tree', tree).map(({ node }) => node as Tensor),
)

/**
 * Where the tensors of a tree stand, in the order of `treeLeaves`.
 *
 * @throws GradientError for an instance of a class that is no tree
 * @example
 * const [path] = treePaths({ layers: [{ w: ones([2]) }] })
 * path.keys      // ['layers', 0, 'w']
 * String(path)   // '.layers[0].w'
 */
export const treePaths = /* @__PURE__ */ checked('treePaths', ofTree, (tree: unknown) =>
  leaves('treePaths: the tree', tree).map(({ keys }) => new Path(keys)),
) as <P>(tree: P) => TreePath<KeysIn<P>>[]

class Path implements TreePath {
  constructor(readonly keys: readonly TreeKey[]) {}
  toString(): string {
    return formatPath(this.keys)
  }
}

/**
 * The tree with other tensors, or anything else, in the order of `treeLeaves`.
 *
 * @throws GradientError unless there is one for each tensor
 * @example
 * const tree = { w: ones([2]), b: zeros([3]) }
 * treeUnflatten(tree, treeLeaves(tree).map((leaf) => leaf.size))   // { w: 2, b: 3 }
 */
export const treeUnflatten = /* @__PURE__ */ checked(
  'treeUnflatten',
  {
    tree: kinds.anything,
    leaves: /* @__PURE__ */ kinds.kind('an array, one entry for each tensor of the tree', Array.isArray),
  },
  (tree: unknown, given: readonly unknown[]): unknown => {
    const found = leaves('treeUnflatten: the tree', tree)
    if (found.length !== given.length) {
      throw new ArgumentError(
        `treeUnflatten: the tree has ${found.length} tensors${listed(found)}, and leaves has ${given.length}; give one for each.`,
      )
    }
    let next = 0
    return mapTree(tree, 'treeUnflatten: the tree', () => given[next++])
  },
) as <P, U>(tree: P, leaves: readonly U[]) => Mapped<P, U>

const listed = (found: readonly Leaf[]): string => {
  const paths = found.map(({ path }) => path).filter((path) => path !== '')
  return paths.length === 0 ? '' : ` (${paths.slice(0, 4).join(', ')}${paths.length > 4 ? ', ...' : ''})`
}

const takesMap = /* @__PURE__ */ checker('treeMap', { tree: kinds.anything, f: kinds.function })

/**
 * The tree with `f(leaf)` in place of each of its tensors. Of further trees, which have the same form, f is given the
 * tensors at the same paths. An instance of a class is rebuilt; its buffers stay, and where nothing changes, itself.
 *
 * @throws GradientError for a tensor that another tree lacks, or has and this one lacks, by its path
 * @example
 * const params = { w: ones([2]), b: zeros([3]) }
 * treeMap(params, zerosLike)   // { w: [0, 0], b: [0, 0, 0] }
 * const step = (gradients: typeof params) => treeMap(params, (p, g) => p.sub(g.mul(0.1)), gradients)
 * step(params)                 // { w: [0.9, 0.9], b: [0, 0, 0] }
 */
export const treeMap = ((...given: [unknown, (...leaves: Tensor[]) => unknown, ...unknown[]]) => {
  const [tree, f, ...others] = given
  if (typeof tree === 'function' && given.length > 1) {
    throw new ArgumentError('treeMap: the tree comes first; write treeMap(tree, f).')
  }
  takesMap([tree, f])
  const own = leaves('treeMap: the tree', tree)
  const columns = others.map((other, i) => columnOf(own, other, `treeMap: tree ${i + 2}`))
  let next = 0
  return mapTree(tree, 'treeMap: the tree', (leaf) => {
    const position = next++
    return f(leaf as Tensor, ...columns.map((column) => column[position]!))
  })
}) as TreeMap

/** The tensors of another tree at the same paths. */
const columnOf = (own: readonly Leaf[], other: unknown, what: string): readonly Tensor[] => {
  const byPath = new Map(leaves(what, other).map(({ node, path }) => [path, node]))
  const column = own.map(({ node, path }) => {
    const found = byPath.get(path)
    byPath.delete(path)
    if (found === undefined) {
      throw new ArgumentError(`${what} has no tensor ${path}, and the first has ${node}; give trees of the same form.`)
    }
    return found as Tensor
  })
  for (const [path, node] of byPath) {
    throw new ArgumentError(`${what} has ${node} at ${path}, and the first has none; give trees of the same form.`)
  }
  return column
}
