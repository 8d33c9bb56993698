import { GradientError } from './errors.js'
import { refuseForeignTensor } from './foreign.js'
import { Node } from './node.js'
import { isPlainObject, shown } from './words.js'

/**
 * A tree is a tensor, or an array or plain object of trees, or an instance of a class with a method `[treeProtocol]`; null and
 * undefined stand for nothing. Parameters, arguments and results of differentiated functions are trees. Anything else in
 * them (numbers, strings, functions) is carried along untouched, and refused where it would come back as if it were a
 * derivative (`requireTensors`).
 */

export const isTensor = (thing: unknown): thing is Node => thing instanceof Node

/**
 * By a method of this name the instances of a class are trees: see `TreeParts`. The symbol is the same in all copies of the
 * library.
 *
 * @example
 * class Spring {
 *   constructor(readonly length: Tensor, readonly stiffness: Tensor, readonly name: string) {}
 *   [treeProtocol]() {
 *     const { length, stiffness, name } = this
 *     return {
 *       children: { length, stiffness },
 *       rebuild: (children: { length: Tensor; stiffness: Tensor }) => new Spring(children.length, children.stiffness, name),
 *     }
 *   }
 * }
 * const energy = (spring: Spring) => spring.stiffness.mul(spring.length.square()).sum()
 * grad(energy)(new Spring(tensor(2), tensor(3), 'left'))   // { length: 12, stiffness: 4 }
 */
export const treeProtocol: unique symbol = Symbol.for('@adjoint/autograd: tree')

/** What an instance of a class is as a tree. */
export interface TreeParts<Children = unknown, Buffers = unknown> {
  /**
   * What it is differentiated by, with respect to and along: a tree, as a rule a plain object. Derivatives come back as
   * such a tree, and not as an instance: a gradient is no model.
   */
  readonly children: Children
  /** Tensors that are carried along and never differentiated, also a tree. */
  readonly buffers?: Buffers
  /**
   * Another instance with these instead, which are trees of the same form, and for the rest like this one. A differentiated
   * function gets such an instance, whose children are stand-ins. `treeMap` may put anything in their place: do not ask.
   */
  rebuild(children: Children, buffers: Buffers): unknown
}

/** An instance of a class that is a tree. */
export interface TreeClass<Children = unknown, Buffers = unknown> {
  [treeProtocol](): TreeParts<Children, Buffers>
}

export type TreeKey = string | number

/** As text, `.layers[0].w`: two places never have one path. */
export const formatPath = (keys: readonly TreeKey[]): string => keys.map(step).join('')

const step = (key: TreeKey): string =>
  typeof key === 'number' ? `[${key}]` : key.includes('.') || key.includes('[') ? `["${key}"]` : `.${key}`

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

/** Where a walk is. */
export interface Place {
  /** Of this moment: to be copied where it is kept. */
  readonly keys: readonly TreeKey[]
  /** The instance of a class that a tensor belongs to, the innermost one. */
  readonly owner: object | null
}

/** How a walk treats what is no tensor to differentiate by. */
export interface Walk {
  /** What is neither tensor nor tree. Default: it stays. */
  readonly other?: (thing: unknown, path: string) => unknown
  /** A buffer of an instance. Default: it stays. */
  readonly buffer?: (node: Node, path: string) => unknown
  /**
   * What comes of an instance of a class: one that is rebuilt with what came of its parts (itself, if nothing changed), its
   * children alone, or, if they are not looked into, itself. Default 'rebuilt'.
   */
  readonly instances?: 'rebuilt' | 'children' | 'kept'
  /** The error for a tree that holds itself. */
  readonly Failure?: Failure
}

const stays = <T>(thing: T): T => thing

/** The same tree with each tensor replaced. `what` it is begins messages, and is followed by the path. */
export const mapTree = (
  tree: unknown,
  what: string,
  f: (leaf: Node, path: string, place: Place) => unknown,
  { other = stays, buffer = stays, instances = 'rebuilt', Failure = GradientError }: Walk = {},
): unknown => {
  const keys: TreeKey[] = []
  let owner: object | null = null
  let changes = 0
  let isBuffer = false
  const replace = (at: unknown, path: string): unknown => {
    if (at instanceof Node) return isBuffer ? buffer(at, path) : f(at, path, { keys, owner })
    if (typeof at === 'object' && at !== null) refuseForeignTensor(`${what}${path}`, at)
    return isBuffer ? at : other(at, path)
  }
  const walkItem = (item: unknown, key: TreeKey, path: string, inside: Container): unknown => {
    keys.push(key)
    const found = walk(item, path + step(key), inside)
    keys.pop()
    return found
  }
  const walkInstance = (at: TreeClass, path: string, inside: Container): unknown => {
    const parts = partsOf(at, what + path, Failure)
    const before = { owner, changes, isBuffer }
    owner = at
    const children = walk(parts.children, path, inside)
    isBuffer = true
    const buffers = walk(parts.buffers, path, inside)
    ;({ owner, isBuffer } = before)
    return instances === 'children' ? children : changes === before.changes ? at : parts.rebuild(children, buffers)
  }
  const walk = (at: unknown, path: string, outer: Container | null): unknown => {
    const isInstance = !(at instanceof Node) && isTreeClass(at)
    const isArray = Array.isArray(at)
    if (isInstance ? instances === 'kept' : !isArray && !isPlainObject(at)) {
      const found = replace(at, path)
      if (found !== at) changes++
      return found
    }
    const inside = enter(at as object, outer)
    if (inside === null) throw new Failure(endless(what, path, outer!.depth === deepest))
    if (isInstance) return walkInstance(at, path, inside)
    if (isArray) return at.map((item: unknown, i) => walkItem(item, i, path, inside))
    return Object.fromEntries(
      Object.entries(at as object).map(([key, item]) => [key, walkItem(item, key, path, inside)]),
    )
  }
  return walk(tree, '', null)
}

/** Whether its class says what its instances are as trees. */
export const isTreeClass = (thing: unknown): thing is TreeClass =>
  typeof thing === 'object' && thing !== null && treeProtocol in thing

const partsOf = (instance: TreeClass, what: string, Failure: Failure): TreeParts => {
  const parts: unknown = typeof instance[treeProtocol] === 'function' ? instance[treeProtocol]() : undefined
  if (typeof parts === 'object' && parts !== null && 'children' in parts) {
    if (typeof (parts as TreeParts).rebuild === 'function') return parts as TreeParts
  }
  throw new Failure(
    `${what}: [treeProtocol]() of an instance of ${instance.constructor.name} gives ${shown(parts)}; ` +
      'return { children, rebuild: (children) => ... }.',
  )
}

/** Throws for an instance of a class that is no tree: there may be tensors in it. */
export const refuseInstance = (what: string, thing: unknown): void => {
  if (typeof thing !== 'object' || thing === null || ArrayBuffer.isView(thing)) return
  throw new GradientError(
    `${what} is an instance of ${thing.constructor.name}, in which tensors are not looked for; pass arrays and plain objects ` +
      'of tensors, or give the class a method [treeProtocol]() that says what is in it.',
  )
}

export interface Leaf {
  readonly node: Node
  readonly path: string
  readonly keys: readonly TreeKey[]
}

/** The tensors of a tree in order, buffers aside. */
export const leavesOf = (tree: unknown, what: string, walk: Omit<Walk, 'instances'> = {}): Leaf[] => {
  const leaves: Leaf[] = []
  const collect = (node: Node, path: string, { keys }: Place) => {
    leaves.push({ node, path, keys: [...keys] })
    return node
  }
  mapTree(tree, what, collect, { ...walk, instances: 'children' })
  return leaves
}

/** A tree of derivatives: the tensors of `leavesOf` replaced, in order. Of an instance there are the children only. */
export const derivativeOf = (tree: unknown, derivatives: readonly unknown[]): unknown => {
  if (tree instanceof Node) return derivatives[0]
  let next = 0
  return mapTree(tree, '', () => derivatives[next++], { instances: 'children' })
}

/** A tree with its tensors replaced, in order, those of its buffers after those of its children. */
export const rebuild = (
  tree: unknown,
  replacements: readonly unknown[],
  instances: 'rebuilt' | 'kept' = 'rebuilt',
): unknown => {
  if (tree instanceof Node) return replacements[0]
  let next = 0
  const replace = () => replacements[next++]
  return mapTree(tree, '', replace, { buffer: replace, instances })
}
