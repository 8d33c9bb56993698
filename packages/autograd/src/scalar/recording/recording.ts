import { constantCode, functionOf, inputCode, none } from './codes.js'

const bits = new Float64Array(1)
const words = new Int32Array(bits.buffer)

/** A comparison that the program's course depends on, and what it said. */
export interface Guard {
  readonly node: number
  readonly outcome: boolean
}

/** Most are the derivatives of one rule, a few nodes each. */
const firstCapacity = 16

/**
 * What a function computes, as a list of nodes, each after those that it needs: of a rule and up to three of them. What is the same
 * is there once. Each has the value that it had as the function was run.
 */
export class Recording {
  size = 0
  /** The rule of each node. */
  code = new Uint16Array(firstCapacity)
  /** Its operands; an input's number, or the bits of a constant. */
  a = new Int32Array(firstCapacity)
  b = new Int32Array(firstCapacity)
  c = new Int32Array(firstCapacity)
  value = new Float64Array(firstCapacity)
  readonly guards: Guard[] = []
  private readonly guarded = new Set<number>()
  /** Nodes by what they are, in an open hash table: the node and 1. */
  private table = new Int32Array(4 * firstCapacity)

  /** @param primitivesOnly whether rules that are none are recorded as what they are made of, for a program */
  constructor(readonly primitivesOnly: boolean) {}

  input(index: number, value: number): number {
    return this.push(inputCode, index, none, none, value)
  }

  constant(value: number): number {
    bits[0] = value
    const [low, high] = words as unknown as readonly [number, number]
    return this.find(constantCode, low, high, none, value)
  }

  isConstant(node: number): boolean {
    return this.code[node] === constantCode
  }

  /** A rule at nodes; computed now, if these are constants. */
  node(code: number, a: number, b: number, c: number): number {
    const { value } = this
    const result = functionOf(code)(value[a]!, b === none ? 0 : value[b]!, c === none ? 0 : value[c]!)
    const isKnown = this.isConstant(a) && (b === none || this.isConstant(b)) && (c === none || this.isConstant(c))
    return isKnown ? this.constant(result) : this.find(code, a, b, c, result)
  }

  /** What a node said that the function's course depends on. */
  decided(node: number): boolean {
    const outcome = this.value[node] !== 0
    if (!this.isConstant(node) && !this.guarded.has(node)) {
      this.guarded.add(node)
      this.guards.push({ node, outcome })
    }
    return outcome
  }

  /** The nodes that roots need, each after those that it needs; what has been `found` is there already, and needs nothing. */
  needed(roots: ArrayLike<number>, found: ArrayLike<unknown> = []): Int32Array {
    const { code, a, b, c } = this
    let last = none
    for (let i = 0; i < roots.length; i++) last = Math.max(last, roots[i]!)
    const isNeeded = new Uint8Array(last + 1)
    for (let i = 0; i < roots.length; i++) isNeeded[roots[i]!] = 1
    let count = 0
    for (let node = last; node >= 0; node--) {
      if (isNeeded[node] === 0) continue
      if (found[node] !== undefined && found[node] !== none) {
        isNeeded[node] = 0
        continue
      }
      count++
      if (code[node]! <= constantCode) continue
      isNeeded[a[node]!] = 1
      if (b[node] !== none) isNeeded[b[node]!] = 1
      if (c[node] !== none) isNeeded[c[node]!] = 1
    }
    const order = new Int32Array(count)
    let at = 0
    for (let node = 0; node <= last; node++) if (isNeeded[node] === 1) order[at++] = node
    return order
  }

  private find(code: number, a: number, b: number, c: number, value: number): number {
    const mask = this.table.length - 1
    let at = hash(code, a, b, c) & mask
    for (;;) {
      const node = this.table[at]! - 1
      if (node < 0) break
      if (this.code[node] === code && this.a[node] === a && this.b[node] === b && this.c[node] === c) return node
      at = (at + 1) & mask
    }
    const node = this.push(code, a, b, c, value)
    this.table[at] = node + 1
    if (2 * this.size > this.table.length) this.rehash()
    return node
  }

  private push(code: number, a: number, b: number, c: number, value: number): number {
    const node = this.size++
    if (node === this.code.length) this.grow()
    this.code[node] = code
    this.a[node] = a
    this.b[node] = b
    this.c[node] = c
    this.value[node] = value
    return node
  }

  private grow(): void {
    const larger = <T extends Uint16Array | Int32Array | Float64Array>(from: T, to: T): T => {
      to.set(from)
      return to
    }
    const capacity = 2 * this.code.length
    this.code = larger(this.code, new Uint16Array(capacity))
    this.a = larger(this.a, new Int32Array(capacity))
    this.b = larger(this.b, new Int32Array(capacity))
    this.c = larger(this.c, new Int32Array(capacity))
    this.value = larger(this.value, new Float64Array(capacity))
  }

  private rehash(): void {
    this.table = new Int32Array(4 * this.table.length)
    const mask = this.table.length - 1
    for (let node = 0; node < this.size; node++) {
      if (this.code[node] === inputCode) continue
      let at = hash(this.code[node]!, this.a[node]!, this.b[node]!, this.c[node]!) & mask
      while (this.table[at] !== 0) at = (at + 1) & mask
      this.table[at] = node + 1
    }
  }
}

const hash = (code: number, a: number, b: number, c: number): number => {
  let mixed = Math.imul(code, 0x9e3779b1) ^ Math.imul(a + 1, 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35) ^ Math.imul(b + 1, 0x27d4eb2f)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x165667b1) ^ c
  return mixed ^ (mixed >>> 16)
}
