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

/** The key of an object, or an index of an array, in a tree. */
export type TreeKey = string | number

/** As text, `.layers[0].w`: two places never have one path. */
export const formatPath = (keys: readonly TreeKey[]): string => keys.map(step).join('')

const step = (key: TreeKey): string =>
  typeof key === 'number' ? `[${key}]` : key.includes('.') || key.includes('[') ? `["${key}"]` : `.${key}`

/** Deeper than any tree that is meant, and shallow enough for the stack. */
export const deepest = 500

// The properties of the classes here are declared and not defined: they are made for each tensor of each tree, and V8 takes
// several times as long to define fields as to set properties.

/** Where a walk is in a tree. As text it is the path; most are never asked for it. */
export class Place {
  /** The array or object that is walked through here. */
  declare private container: object | null
  declare private readonly depth: number
  declare private readonly outer: Place | null
  declare private readonly key: TreeKey | null
  declare readonly owner: object | null

  /**
   * @param key null for the children of an instance, which stand where it stands
   * @param owner the instance of a class that it belongs to, the innermost one
   */
  constructor(outer: Place | null, key: TreeKey | null, owner: object | null) {
    this.container = null
    this.depth = outer === null ? 0 : outer.depth + 1
    this.outer = outer
    this.key = key
    this.owner = owner
  }

  /** Steps into a container. @throws of the class given, where that would not end, because it stands in itself */
  enter(container: object, what: string, Failure: Failure): void {
    if (this.depth >= deepest) {
      throw new Failure(
        `${what}${this.toString().slice(0, 40)}... nests more than ${deepest} deep, which trees of tensors may not; is it a list ` +
          'that is linked? Make it an array.',
      )
    }
    for (let around = this.outer; around !== null; around = around.outer) {
      if (around.container !== container) continue
      throw new Failure(
        `${what}${this} holds itself: it stands in that object or array already. A tree of tensors has no cycles; leave the ` +
          'reference out, or close over it.',
      )
    }
    this.container = container
  }

  get keys(): readonly TreeKey[] {
    const keys: TreeKey[] = []
    for (let at: Place | null = this; at !== null; at = at.outer) if (at.key !== null) keys.push(at.key)
    return keys.reverse()
  }

  toString(): string {
    return this.outer === null ? '' : formatPath(this.keys)
  }
}

type Failure = new (message: string) => Error

/** How a walk treats what is no tensor to differentiate by. */
export interface Walk {
  /** What is neither tensor nor tree. Default: it stays. */
  readonly other?: (thing: unknown, place: Place) => unknown
  /** A buffer of an instance. Default: it stays. */
  readonly buffer?: (node: Node, place: Place) => unknown
  /**
   * What comes of an instance of a class: one that is rebuilt with what came of its parts (itself, if nothing changed), its
   * children alone, or, if they are not looked into, itself. Default 'rebuilt'.
   */
  readonly instances?: 'rebuilt' | 'children' | 'kept'
  /** The error for a tree that holds itself. */
  readonly Failure?: Failure
}

/** The same tree with each tensor replaced. `what` it is begins messages, and is followed by the path. */
export const mapTree = (
  tree: unknown,
  what: string,
  f: (leaf: Node, place: Place) => unknown,
  walk: Walk = {},
): unknown => (tree instanceof Node ? f(tree, root) : new Walker(what, f, walk).walk(tree, new Place(null, null, null)))

/** The place of a tensor that is a tree. */
const root = /* @__PURE__ */ new Place(null, null, null)

class Walker {
  declare private readonly what: string
  declare private readonly f: (leaf: Node, place: Place) => unknown
  declare private readonly how: Walk
  declare private changes: number
  declare private isBuffer: boolean

  constructor(what: string, f: (leaf: Node, place: Place) => unknown, how: Walk) {
    this.what = what
    this.f = f
    this.how = how
    this.changes = 0
    this.isBuffer = false
  }

  walk(at: unknown, place: Place): unknown {
    if (at instanceof Node) return this.noted(at, this.isBuffer ? this.how.buffer!(at, place) : this.f(at, place))
    if (Array.isArray(at)) {
      this.enter(at, place)
      return at.map((item: unknown, i) => this.walk(item, new Place(place, i, place.owner)))
    }
    if (isTreeClass(at)) return this.how.instances === 'kept' ? this.walkOther(at, place) : this.walkInstance(at, place)
    if (!isPlainObject(at)) return this.walkOther(at, place)
    this.enter(at, place)
    const entries = Object.entries(at)
    for (const entry of entries) entry[1] = this.walk(entry[1], new Place(place, entry[0], place.owner))
    return Object.fromEntries(entries)
  }

  private enter(container: object, place: Place): void {
    place.enter(container, this.what, this.how.Failure ?? GradientError)
  }

  private walkInstance(at: TreeClass, place: Place): unknown {
    this.enter(at, place)
    const parts = partsOf(at, this.what, place, this.how.Failure ?? GradientError)
    const { changes, isBuffer } = this
    const within = new Place(place, null, at)
    const children = this.walk(parts.children, within)
    this.isBuffer = true
    const buffers = this.how.buffer === undefined ? parts.buffers : this.walk(parts.buffers, within)
    this.isBuffer = isBuffer
    if (this.how.instances === 'children') return children
    return this.changes === changes ? at : parts.rebuild(children, buffers)
  }

  private walkOther(at: unknown, place: Place): unknown {
    if (typeof at === 'object' && at !== null) refuseForeignTensor(`${this.what}${place}`, at)
    return this.isBuffer || this.how.other === undefined ? at : this.noted(at, this.how.other(at, place))
  }

  private noted(before: unknown, after: unknown): unknown {
    if (after !== before) this.changes++
    return after
  }
}

/** Whether its class says what its instances are as trees. */
export const isTreeClass = (thing: unknown): thing is TreeClass =>
  typeof thing === 'object' && thing !== null && treeProtocol in thing

const partsOf = (instance: TreeClass, what: string, place: Place, Failure: Failure): TreeParts => {
  const parts: unknown = typeof instance[treeProtocol] === 'function' ? instance[treeProtocol]() : undefined
  if (typeof parts === 'object' && parts !== null && 'children' in parts) {
    if (typeof (parts as TreeParts).rebuild === 'function') return parts as TreeParts
  }
  throw new Failure(
    `${what}${place}: [treeProtocol]() of an instance of ${instance.constructor.name} gives ${shown(parts)}; ` +
      'return { children, rebuild: (children) => ... }.',
  )
}

/** Throws for an instance of a class that is no tree: there may be tensors in it. */
export const refuseInstance = (what: string, thing: unknown, place: Place): void => {
  if (typeof thing !== 'object' || thing === null || ArrayBuffer.isView(thing)) return
  throw new GradientError(
    `${what}${place} is an instance of ${thing.constructor.name}, in which tensors are not looked for; pass arrays and plain objects ` +
      'of tensors, or give the class a method [treeProtocol]() that says what is in it.',
  )
}

export class Leaf {
  declare readonly node: Node
  declare private readonly place: Place
  constructor(node: Node, place: Place) {
    this.node = node
    this.place = place
  }
  get path(): string {
    return this.place.toString()
  }
  get keys(): readonly TreeKey[] {
    return this.place.keys
  }
}

/** The tensors of a tree in order, buffers aside. */
export const leavesOf = (tree: unknown, what: string, walk: Omit<Walk, 'instances'> = {}): Leaf[] => {
  if (tree instanceof Node) return [new Leaf(tree, root)]
  const leaves: Leaf[] = []
  const collect = (node: Node, place: Place) => {
    leaves.push(new Leaf(node, place))
    return node
  }
  mapTree(tree, what, collect, { ...walk, instances: 'children' })
  return leaves
}

/** All tensors of a tree, those of buffers too, in the order in which `rebuild` replaces them. */
export const tensorsOf = (tree: unknown, what: string, other?: Walk['other']): Leaf[] => {
  const leaves: Leaf[] = []
  const collect = (node: Node, place: Place) => {
    leaves.push(new Leaf(node, place))
    return node
  }
  mapTree(tree, what, collect, { ...(other && { other }), buffer: collect, instances: 'children' })
  return leaves
}

/** A tree of derivatives: the tensors of `leavesOf` replaced, in order. Of an instance there are the children only. */
export const derivativeOf = (tree: unknown, derivatives: readonly unknown[]): unknown => {
  let next = 0
  return mapTree(tree, '', () => derivatives[next++], { instances: 'children' })
}

/** A tree with its tensors replaced, in order, those of its buffers after those of its children. */
export const rebuild = (
  tree: unknown,
  replacements: readonly unknown[],
  instances: 'rebuilt' | 'kept' = 'rebuilt',
): unknown => {
  let next = 0
  const replace = () => replacements[next++]
  return mapTree(tree, '', replace, { buffer: replace, instances })
}
