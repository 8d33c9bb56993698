import type { DType } from '../../graph/dtype.js'
import { ArgumentError } from '../../graph/errors.js'
import type { Node } from '../../graph/node.js'
import { type TreeKey, tensorsOf } from '../../graph/tree.js'
import { denseData } from '../../graph/value.js'
import { isPlainObject, shown } from '../../graph/words.js'
import * as kinds from '../../ops/kinds.js'
import { nameOf } from '../../tensor/name.js'
import { wholeValue } from './examples.js'

/** Names of tensors by an object of them: parameters, data, or results on the way. Modules and other trees name what they hold. */
export type Names = Readonly<Record<string, unknown>>

/** What takes `names`. */
export interface NameOptions {
  /**
   * Tensors to call by these names: `{ x, w }`. A tree, such as a module, gives its tensors the names that they have in it
   * behind its own: `{ encoder }` gives `encoder.0.weight`.
   */
  readonly names?: Names
}

export const namesKind = kinds.kind('an object of tensors, modules or trees by name: { x, model }', isPlainObject)

/** The name of a place in a tree: `layers.0.w`. */
export const dotted = (keys: readonly TreeKey[]): string => keys.join('.')

/** @throws ArgumentError for a tensor of two names, or a name of nothing */
export const givenNames = (what: string, names: Names = {}): Map<Node, string> => {
  const found = new Map<Node, string>()
  for (const [name, tree] of Object.entries(names)) {
    if (name.trim() === '') throw new ArgumentError(`${what}: names has an empty name; give it letters.`)
    const leaves = tensorsOf(tree, `${what}: names.${name}`)
    if (leaves.length === 0) {
      throw new ArgumentError(
        `${what}: names.${name} is ${shown(tree)}, which holds no tensor; name a tensor or a module.`,
      )
    }
    const own = new Set<Node>()
    for (const { node, keys } of leaves) {
      const called = dotted([name, ...keys])
      // a tensor that stands twice in one tree has its first place as its name
      if (own.has(node)) continue
      own.add(node)
      const before = found.get(node)
      if (before !== undefined) {
        throw new ArgumentError(`${what}: ${node} is called both ${before} and ${called}; give a tensor one name.`)
      }
      found.set(node, called)
    }
  }
  return found
}

/**
 * What a constant is called: the number, with all digits where somebody wrote it (an integer, 0.1234567), and in short where it
 * was computed, as a third is.
 */
export const numberName = (number: number, dtype: DType): string => {
  if (Number.isInteger(number) && Math.abs(number) < 1e15) return String(number)
  const [most, rounded] = dtype === 'float32' ? [7, Math.fround] : [12, Number]
  for (let digits = 5; digits <= most; digits++) {
    const written = Number(number.toPrecision(digits))
    if (rounded(written) === number) return String(written)
  }
  return String(Number(number.toPrecision(5)))
}

/** The number that every element of a constant is, if they are all the same. */
const uniform = (node: Node): number | null => {
  const data = denseData(wholeValue(node.value))
  const first = data[0]
  return first !== undefined && data.every((element) => Object.is(element, first)) ? first : null
}

/**
 * Names for all nodes: those that were given, and for the others p1, c1 and v1, or for a constant the number that it is. What
 * has the numbers of another node in another shape is `w#2`.
 *
 * @param sameAs the node whose numbers a node has, if it only has another shape; it comes before
 */
export const allNames = (
  nodes: readonly Node[],
  isResult: (node: Node) => boolean,
  given: ReadonlyMap<Node, string>,
  sameAs: (node: Node) => Node | null,
): Map<Node, string> => {
  const taken = new Set<string>()
  const names = new Map<Node, string>()
  const repeats = new Map<string, number>()
  /** The name, or behind it the next number, if it is taken: two parts of a program may have one name, or the rounds of a loop. */
  const take = (node: Node, own: string, count = repeats.get(own) ?? 1): void => {
    let name = count === 1 ? own : `${own}#${count}`
    while (taken.has(name)) name = `${own}#${++count}`
    repeats.set(own, count + 1)
    names.set(node, name)
    taken.add(name)
  }
  for (const node of nodes) {
    const own = given.get(node) ?? nameOf(node)
    if (own !== undefined) take(node, own)
  }
  const counts = { p: 0, c: 0, v: 0 }
  const next = (letter: 'p' | 'c' | 'v'): string => {
    let name: string
    do name = `${letter}${++counts[letter]}`
    while (taken.has(name))
    return name
  }
  for (const node of nodes) {
    if (names.has(node)) continue
    const source = sameAs(node)
    if (source !== null) {
      const own = names.get(source)!.replace(/#\d+$/, '')
      take(node, own, Math.max(2, repeats.get(own) ?? 2))
      continue
    }
    const number = isResult(node) || node.tracking !== 0 ? null : uniform(node)
    const written = number === null ? null : numberName(number, node.dtype)
    const isFree = written !== null && !taken.has(written)
    names.set(node, isFree ? written : next(isResult(node) ? 'v' : node.tracking !== 0 ? 'p' : 'c'))
  }
  return names
}
