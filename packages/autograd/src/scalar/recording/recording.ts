import { constantCode, functionOf, inputCode, lastCode, loopCode, none, resultCode } from './codes.js'

const bits = new Float64Array(1)
const words = new Int32Array(bits.buffer)

/** A comparison that the program's course depends on, and what it said. */
export interface Guard {
  readonly node: number
  readonly outcome: boolean
}

/** What an input of a loop's body is in each round; `initial`, `nodes` and `node` are nodes of the recording that the loop stands in. */
export type LoopInput =
  /** What the round before gave, which is a node of the body. */
  | { readonly kind: 'carry'; readonly initial: number; readonly next: number }
  /** Of each round its own. */
  | { readonly kind: 'column'; readonly nodes: ArrayLike<number> }
  | { readonly kind: 'invariant'; readonly node: number }
  /** Of which nothing depends that is needed. */
  | { readonly kind: 'unused' }

/**
 * A recording that is computed in rounds. Each of the last round's carries, and each output of each round, is a node of the recording
 * around it, made when it is wanted.
 */
export interface Loop {
  readonly body: Recording
  /** By the numbers that the inputs have in the body. */
  readonly inputs: readonly LoopInput[]
  /** Nodes of the body; `none` for what is not needed. */
  readonly outputs: readonly number[]
  readonly count: number
  /** Whether the last round is first. */
  readonly isReversed: boolean
}

/** What the rounds of a loop give. */
export interface LoopResults<T> {
  /** Of each output by its number what it is in each round; behind them, of each carry what it was as the round began: see `begunOf`. */
  readonly outputs: readonly { [round: number]: T }[]
  /** Of each input that is a carry, by its number, what it is in the end. */
  readonly carries: { [input: number]: T }
}

/** What a node that stands for a result of a loop is: an output of a round, or where there is no round a carry in the end. */
export const resultAt = <T>({ outputs, carries }: LoopResults<T>, number: number, round: number): T =>
  round === none ? carries[number]! : outputs[number]![round]!

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
  /** The nodes of inputs, by their numbers. */
  readonly inputs: number[] = []
  readonly guards: Guard[] = []
  /** With the nodes that stand for what they give. */
  readonly loops: { readonly loop: Loop; readonly values: LoopResults<number>; readonly results: number[] }[] = []
  private readonly guarded = new Set<number>()
  /** Nodes by what they are, in an open hash table: the node and 1. */
  private table = new Int32Array(4 * firstCapacity)

  /** @param primitivesOnly whether rules that are none are recorded as what they are made of, for a program */
  constructor(readonly primitivesOnly: boolean) {}

  input(index: number, value: number): number {
    const node = this.push(inputCode, index, none, none, value)
    this.inputs[index] = node
    return node
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

  /** The node of a loop, which gives these values. */
  loop(loop: Loop, values: LoopResults<number>): number {
    this.loops.push({ loop, values, results: [] })
    return this.push(loopCode, this.loops.length - 1, none, none, NaN)
  }

  loopOf(node: number): Loop {
    return this.loops[this.a[node]!]!.loop
  }

  /** The nodes that stand for what a loop gives, as far as they have been wanted. */
  resultsOf(node: number): readonly number[] {
    return this.loops[this.a[node]!]!.results
  }

  /** What an output of a loop is in a round, or a carry in the end. */
  resultOf(node: number, number: number, round: number): number {
    const { values, results } = this.loops[this.a[node]!]!
    const { size } = this
    const result = this.find(resultCode, node, number, round, resultAt(values, number, round))
    if (result === size) results.push(result)
    return result
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

  /**
   * The nodes that roots need, each after those that it needs; what has been `found` is there already, and needs nothing.
   *
   * @param around the nodes that a loop needs, of which it is known what of it is needed
   */
  needed(
    roots: ArrayLike<number>,
    found: ArrayLike<unknown> = [],
    around = (node: number, _isNeeded: Uint8Array): Iterable<number> => operandsOf(this.loopOf(node)),
  ): Int32Array {
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
      if (code[node]! > lastCode) {
        isNeeded[a[node]!] = 1
        if (b[node] !== none) isNeeded[b[node]!] = 1
        if (c[node] !== none) isNeeded[c[node]!] = 1
      } else if (code[node] === resultCode) isNeeded[a[node]!] = 1
      else if (code[node] === loopCode) for (const each of around(node, isNeeded)) isNeeded[each] = 1
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

  /** The same nodes, to which others may be added. */
  cloned(): Recording {
    const clone = new Recording(this.primitivesOnly)
    clone.size = this.size
    clone.inputs.push(...this.inputs)
    clone.code = this.code.slice()
    clone.a = this.a.slice()
    clone.b = this.b.slice()
    clone.c = this.c.slice()
    clone.value = this.value.slice()
    clone.table = this.table.slice()
    return clone
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

/** The nodes around a loop that it needs. */
export const operandsOf = function* ({ inputs }: Loop): Generator<number> {
  for (const input of inputs) yield* operandsOfInput(input)
}

export const operandsOfInput = function* (input: LoopInput): Generator<number> {
  if (input.kind === 'carry') yield input.initial
  else if (input.kind === 'invariant') yield input.node
  else if (input.kind === 'column') for (let i = 0; i < input.nodes.length; i++) yield input.nodes[i]!
}
