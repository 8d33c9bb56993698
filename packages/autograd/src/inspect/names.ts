import { Node } from '../graph/node.js'
import { makerOf } from '../graph/tuple.js'
import { denseData } from '../graph/value.js'
import { isPlainObject } from '../graph/words.js'
import * as kinds from '../ops/kinds.js'

export interface NameOptions<T> {
  /** Tensors to call by these names: parameters, data, or results on the way. */
  readonly names?: Readonly<Record<string, T>>
}

export const namesKind = kinds.kind(
  'an object of tensors by name: { x, w }',
  (thing) => isPlainObject(thing) && Object.values(thing).every((tensor) => tensor instanceof Node),
)

/** A number as readers want it: five significant digits. */
const short = (number: number): string => String(Number(number.toPrecision(5)))

/** The number that every element of a constant is, if they are all the same. */
const uniform = (node: Node): number | null => {
  const data = denseData(node.value)
  const first = data[0]
  return first !== undefined && data.every((element) => Object.is(element, first)) ? first : null
}

/**
 * What to call each node: the given name; else p1, p2, ... for parameters, the number itself for a constant of equal
 * elements, c1, c2, ... for other constants and `result(op, count)` for what ops made.
 */
export const namesOf = (
  nodes: readonly Node[],
  given: Readonly<Record<string, Node>> = {},
  result: (op: string, count: number) => string,
): Map<Node, string> => {
  const names = new Map(Object.entries(given).map(([name, node]) => [node, name]))
  const taken = new Set(names.values())
  const counts = { p: 0, c: 0 }
  let results = 0
  const next = (letter: 'p' | 'c'): string => {
    let name: string
    do name = `${letter}${++counts[letter]}`
    while (taken.has(name))
    return name
  }
  for (const node of nodes) {
    if (node.op !== null) results++
    if (names.has(node)) continue
    if (node.op !== null) names.set(node, result(makerOf(node).op!.name, results))
    else if (node.tracking !== 0) names.set(node, next('p'))
    else {
      const number = uniform(node)
      names.set(node, number === null ? next('c') : short(number))
    }
  }
  return names
}
