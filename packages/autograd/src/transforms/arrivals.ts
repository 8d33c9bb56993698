import { ranElsewhere, whereItRan } from '../graph/batched.js'
import type { Node } from '../graph/node.js'
import { Tuple } from '../graph/tuple.js'
import { share, type Value } from '../graph/value.js'
import { elementwise } from '../ops/elementwise.js'

const { add } = elementwise

/** The cotangents that have arrived at the nodes of a sweep so far, by their places: nodes, or mere values. */
export class Arrivals {
  private readonly values: (Value | undefined)[]
  // whether nobody else has the value
  private readonly areOwn: boolean[]
  private readonly cotangents: (Node | undefined)[]

  constructor(private readonly nodes: readonly Node[]) {
    const count = nodes.length
    this.values = new Array<Value | undefined>(count)
    this.areOwn = new Array<boolean>(count)
    this.cotangents = new Array<Node | undefined>(count)
  }

  valueAt(place: number): Value | undefined {
    return this.values[place]
  }

  isOwnAt(place: number): boolean {
    return this.areOwn[place]!
  }

  nodeAt(place: number): Node | undefined {
    const value = this.values[place]
    if (value === undefined) return this.cotangents[place]
    return this.nodes[place]!.make(this.areOwn[place] ? value : share(value))
  }

  /** It is of no use any more. */
  clear(place: number): void {
    this.values[place] = undefined
    this.cotangents[place] = undefined
  }

  add(place: number, cotangent: Node): void {
    const before = this.nodeAt(place)
    this.values[place] = undefined
    this.cotangents[place] = before === undefined ? cotangent : sumAt(this.nodes[place]!, before, cotangent)
  }

  addValue(place: number, value: Value, isOwn: boolean): void {
    const node = this.nodes[place]!
    const before = this.values[place]
    if (before === undefined && this.cotangents[place] === undefined) {
      this.values[place] = value
      this.areOwn[place] = isOwn
    } else if (before !== undefined && before.dtype === value.dtype) {
      this.values[place] = node.runSum(before, value, this.areOwn[place]!)
      this.areOwn[place] = true
    } else this.add(place, node.make(isOwn ? value : share(value)))
  }
}

const sumAt = (node: Node, a: Node, b: Node): Node =>
  ranElsewhere(node) ? whereItRan(node, () => together(a, b)) : together(a, b)

const together = (a: Node, b: Node): Node => {
  if (!(a instanceof Tuple))
    return add(a, b)
    // made by this sweep, for each part anew
  ;(b as Tuple).parts.forEach((part, i) => {
    const before = a.parts[i]!
    if (part !== null) a.parts[i] = before === null ? part : add(before, part)
  })
  return a
}
