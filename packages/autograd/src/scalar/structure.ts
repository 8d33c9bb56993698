import { ArgumentError, ShapeError } from '../graph/errors.js'
import { Node } from '../graph/node.js'
import { deepest, formatPath, type TreeKey } from '../graph/tree.js'
import { isPlainObject, shown } from '../graph/words.js'
import { constant, Num, type Scalar, tensorRemedy } from './num.js'

/** How numbers lie in a tree of arrays, typed arrays and plain objects: with as many others in their places it is built anew. */
type Form =
  | { readonly kind: 'leaf' }
  | { readonly kind: 'vector'; readonly length: number; readonly typed: boolean }
  | { readonly kind: 'array'; readonly items: readonly Form[] }
  | { readonly kind: 'object'; readonly keys: readonly string[]; readonly items: readonly Form[] }
  | { readonly kind: 'nothing'; readonly thing: null | undefined }

/** The arrays that stand for typed arrays, where their elements are no numbers. */
const standIns = /* @__PURE__ */ new WeakSet<readonly unknown[]>()

const leaf: Form = { kind: 'leaf' }

/** The numbers of a tree in order, and the tree with others in their places. */
export class Structure {
  private constructor(
    readonly leaves: readonly Scalar[],
    private readonly form: Form,
  ) {}

  /**
   * @param what how messages call the tree
   * @throws ArgumentError for anything else in it, by its path
   */
  static of(what: string, tree: unknown): Structure {
    const leaves: Scalar[] = []
    return new Structure(leaves, formOf(what, tree, leaves, []))
  }

  /**
   * The numbers of a tree of the same form.
   *
   * @throws ShapeError for another form
   */
  like(what: string, tree: unknown): readonly Scalar[] {
    const leaves: Scalar[] = []
    if (gather(this.form, tree, leaves)) return leaves
    const other = Structure.of(what, tree)
    throw new ShapeError(
      `${what} is ${describe(other.form)}; give it the form of what it stands for: ${describe(this.form)}.`,
    )
  }

  /** Writes the numbers of a tree of the same form one after the other; false, and anything written, if it has another. */
  fill(tree: unknown, into: Float64Array): boolean {
    return fill(this.form, tree, into, 0) === this.leaves.length
  }

  /** The tree with others in the places of the numbers; typed arrays are arrays in it. */
  of<T>(leaves: ArrayLike<T>): unknown {
    return build(this.form, leaves, { at: 0 }, false)
  }

  /** For a user: all numbers, and Float64Arrays in the place of typed arrays; or if it is followed, all Nums. */
  derivative(leaves: ArrayLike<Scalar>, isFollowed: boolean): unknown {
    return build(this.form, isFollowed ? Array.from(leaves, asNum) : leaves, { at: 0 }, !isFollowed)
  }
}

/** One number for a user, or one Num. */
export const valueFor = (value: Scalar, isFollowed: boolean): Scalar => (isFollowed ? asNum(value) : value)

const asNum = (value: Scalar): Num => (typeof value === 'number' ? constant(value) : value)

/** Whether an outer differentiation follows one of these. */
export const isFollowed = (...lists: readonly (readonly Scalar[])[]): boolean =>
  lists.some((list) => list.some((each) => typeof each !== 'number'))

const formOf = (what: string, tree: unknown, leaves: Scalar[], path: readonly TreeKey[]): Form => {
  if (typeof tree === 'number' || tree instanceof Num) {
    leaves.push(tree)
    return leaf
  }
  if (tree === null || tree === undefined) return { kind: 'nothing', thing: tree }
  if (path.length > deepest) throw new ArgumentError(`${what} nests more than ${deepest} deep; does it hold itself?`)
  if (isVector(tree)) {
    for (let i = 0; i < tree.length; i++) leaves.push(tree[i]!)
    return { kind: 'vector', length: tree.length, typed: true }
  }
  if (Array.isArray(tree)) {
    if (tree.every((item) => typeof item === 'number' || item instanceof Num)) {
      for (const item of tree) leaves.push(item)
      return { kind: 'vector', length: tree.length, typed: standIns.has(tree) }
    }
    return { kind: 'array', items: tree.map((item, i) => formOf(what, item, leaves, [...path, i])) }
  }
  if (isPlainObject(tree)) {
    const keys = Object.keys(tree)
    return { kind: 'object', keys, items: keys.map((key) => formOf(what, tree[key], leaves, [...path, key])) }
  }
  if (tree instanceof Node) throw new ArgumentError(`${what}${formatPath(path)} is ${tree}, ${tensorRemedy}`)
  throw new ArgumentError(
    `${what}${formatPath(path)} is ${shown(tree)}; scalar functions are differentiated by numbers, in arrays, typed arrays and plain ` +
      'objects. Pass anything else as a further argument, or close over it.',
  )
}

export const isVector = (thing: unknown): thing is Float64Array =>
  ArrayBuffer.isView(thing) && !(thing instanceof DataView) && typeof (thing as Float64Array)[0] !== 'bigint'

/** Equal for the same form; an array and a typed array of one length have the same. */
const describe = (form: Form): string => {
  switch (form.kind) {
    case 'leaf':
      return 'a number'
    case 'vector':
      return `${form.length} numbers`
    case 'array':
      return `[${form.items.map(describe).join(', ')}]`
    case 'object':
      return `{ ${form.keys.map((key, i) => `${key}: ${describe(form.items[i]!)}`).join(', ')} }`
    case 'nothing':
      return String(form.thing)
  }
}

const build = <T>(form: Form, leaves: ArrayLike<T>, place: { at: number }, typed: boolean): unknown => {
  switch (form.kind) {
    case 'leaf':
      return leaves[place.at++]
    case 'vector': {
      const from = place.at
      place.at += form.length
      return vector(form, leaves, from, typed)
    }
    case 'array':
      return form.items.map((item) => build(item, leaves, place, typed))
    case 'object':
      return Object.fromEntries(form.keys.map((key, i) => [key, build(form.items[i]!, leaves, place, typed)]))
    case 'nothing':
      return form.thing
  }
}

const vector = <T>(
  { length, typed: wasTyped }: { readonly length: number; readonly typed: boolean },
  leaves: ArrayLike<T>,
  from: number,
  typed: boolean,
): unknown => {
  if (wasTyped && typed && leaves instanceof Float64Array) return leaves.slice(from, from + length)
  const items = new Array<T>(length)
  let numbers = 0
  for (let i = 0; i < length; i++) {
    const item = leaves[from + i]!
    items[i] = item
    if (typeof item === 'number') numbers++
  }
  if (wasTyped && typed && numbers === length) return Float64Array.from(items as number[])
  if (wasTyped) standIns.add(items)
  return items
}

/** Adds the numbers of a tree; false if it has another form. */
const gather = (form: Form, tree: unknown, leaves: Scalar[]): boolean => {
  switch (form.kind) {
    case 'leaf':
      if (typeof tree !== 'number' && !(tree instanceof Num)) return false
      leaves.push(tree)
      return true
    case 'vector':
      if (!(Array.isArray(tree) || isVector(tree)) || tree.length !== form.length) return false
      for (let i = 0; i < form.length; i++) if (!gather(leaf, tree[i], leaves)) return false
      return true
    case 'array':
      if (!Array.isArray(tree) || tree.length !== form.items.length) return false
      return form.items.every((item, i) => gather(item, tree[i], leaves))
    case 'object': {
      if (!isPlainObject(tree)) return false
      const { keys, items } = form
      const own = Object.keys(tree)
      return (
        own.length === keys.length && keys.every((key, i) => own[i] === key && gather(items[i]!, tree[key], leaves))
      )
    }
    case 'nothing':
      return tree === form.thing
  }
}

/** Where the next number is to be written; NaN if the tree has another form. */
const fill = (form: Form, tree: unknown, into: Float64Array, at: number): number => {
  switch (form.kind) {
    case 'leaf':
      if (typeof tree !== 'number') return NaN
      into[at] = tree
      return at + 1
    case 'vector':
      return fillVector(form, tree, into, at)
    case 'array': {
      if (!Array.isArray(tree) || tree.length !== form.items.length) return NaN
      let next = at
      for (let i = 0; i < tree.length; i++) next = fill(form.items[i]!, tree[i], into, next)
      return next
    }
    case 'object': {
      if (!isPlainObject(tree)) return NaN
      const { keys, items } = form
      let next = at
      let i = 0
      for (const key in tree) {
        if (key !== keys[i]) return NaN
        next = fill(items[i++]!, tree[key], into, next)
      }
      return i === keys.length ? next : NaN
    }
    case 'nothing':
      return tree === form.thing ? at : NaN
  }
}

const fillVector = (
  { length, typed }: { readonly length: number; readonly typed: boolean },
  tree: unknown,
  into: Float64Array,
  at: number,
): number => {
  if (typed) {
    if (!isVector(tree) || tree.length !== length) return NaN
    into.set(tree, at)
    return at + length
  }
  if (!Array.isArray(tree) || tree.length !== length) return NaN
  for (let i = 0; i < length; i++) {
    const item: unknown = tree[i]
    if (typeof item !== 'number') return NaN
    into[at + i] = item
  }
  return at + length
}
