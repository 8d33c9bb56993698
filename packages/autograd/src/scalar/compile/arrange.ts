import { none } from '../recording/codes.js'
import type { Guard, Recording } from '../recording/recording.js'

/** So many nodes are one function: engines compile longer ones badly or not at all. */
export const chunkSize = 2000

export const wordSize = 8

/** A number that is put into memory. */
export interface Store {
  readonly node: number
  readonly to: number
  /** How far that moves from round to round of a loop. */
  readonly stride: number
}

/** Nodes that are computed one after the other, and where their numbers are meanwhile. */
export interface Arrangement {
  readonly recording: Recording
  readonly order: Int32Array
  /** Where in the order each function begins, and in the end its length; a loop is alone. */
  readonly starts: readonly number[]
  /** Whether a node is computed where it is used, once and at the end of what is computed for that: it stays on the stack. */
  readonly isInline: Uint8Array
  /** The address of each node that is in memory: what another function uses, inputs and results. Otherwise -1. */
  readonly address: Int32Array
  /** How far that moves from round to round. */
  readonly stride: Int32Array
  readonly guards: readonly Guard[]
  /** At which place of the order each guard is looked at, in their order. */
  readonly guardAt: Int32Array
  /** What is stored by the last function: first these, in order, then those, which all are computed before one of them is stored. */
  readonly stores: readonly Store[]
  readonly commits: readonly Store[]
}

/** Memory being given away. */
export class Words {
  constructor(public used: number) {}
  /** The address of so many numbers. */
  take(count: number): number {
    this.used += count
    return (this.used - count) * wordSize
  }
}

interface Wanted
  extends Pick<Arrangement, 'recording' | 'order' | 'address' | 'stride' | 'guards' | 'stores' | 'commits'> {
  /** What a node of the order needs that stands alone there, which is a loop; null for others. */
  readonly alone: (node: number) => Iterable<number> | null
  readonly words: Words
}

/** @param wanted with the addresses of what is in memory already, to which the others are added */
export const arranged = (wanted: Wanted): Arrangement => {
  const { recording, order, address, guards, stores, commits, alone, words } = wanted
  const { size, a, b, c } = recording
  const place = new Int32Array(size).fill(none)
  for (let at = 0; at < order.length; at++) place[order[at]!] = at

  const uses = new Int32Array(size)
  const lastUse = new Int32Array(size).fill(none)
  const use = (node: number, at: number): void => {
    if (node === none) return
    uses[node]!++
    if (at > lastUse[node]!) lastUse[node] = at
  }
  const starts: number[] = []
  let isOver = true
  for (let at = 0; at < order.length; at++) {
    const node = order[at]!
    const needs = alone(node)
    if (isOver || needs !== null || at - starts.at(-1)! === chunkSize) starts.push(at)
    isOver = needs !== null
    if (needs !== null) for (const each of needs) use(each, at)
    else {
      use(a[node]!, at)
      use(b[node]!, at)
      use(c[node]!, at)
    }
  }
  if (starts.length === 0) starts.push(0)
  for (const { node } of [...stores, ...commits]) use(node, order.length - 1)

  const guardAt = new Int32Array(guards.length)
  let latest = 0
  guards.forEach(({ node }, i) => {
    latest = Math.max(latest, place[node]!)
    guardAt[i] = latest
    use(node, latest)
  })

  const chunkOf = new Int32Array(order.length)
  starts.forEach((start, chunk) => {
    chunkOf.fill(chunk, start)
  })
  const isInline = inlineNodes(recording, order, chunkOf, (node) => uses[node] === 1 && address[node] === none)
  guards.forEach(({ node }, i) => {
    if (uses[node] === 1 && address[node] === none && guardAt[i] === place[node]) isInline[node] = 1
  })
  for (const { node } of [...stores, ...commits]) isInline[node] = 0

  // what one function leaves for others, each place free again after the last of them
  const ends: number[][] = starts.map(() => [])
  const free: number[] = []
  for (let at = 0; at < order.length; at++) {
    const chunk = chunkOf[at]!
    if (at > 0 && chunkOf[at - 1] !== chunk) free.push(...ends[chunk - 1]!)
    const node = order[at]!
    const last = lastUse[node] === none ? none : chunkOf[lastUse[node]!]!
    if (last <= chunk || address[node] !== none) continue
    address[node] = free.pop() ?? words.take(1)
    ends[last]!.push(address[node]!)
  }
  const { stride } = wanted
  return {
    recording,
    order,
    starts: [...starts, order.length],
    isInline,
    address,
    stride,
    guards,
    guardAt,
    stores,
    commits,
  }
}

/** What is used once, by what follows it in the order save for the other operands' own: so the order stays. */
const inlineNodes = (
  { size, a, b, c }: Recording,
  order: Int32Array,
  chunkOf: Int32Array,
  mayBe: (node: number) => boolean,
): Uint8Array => {
  const isInline = new Uint8Array(size)
  /** Where what is computed for a node begins. */
  const start = new Int32Array(order.length)
  let first = 0
  for (let at = 0; at < order.length; at++) {
    const node = order[at]!
    if (at > 0 && chunkOf[at] !== chunkOf[at - 1]) first = at
    let before = at - 1
    while (before >= first) {
      const last = order[before]!
      if ((last !== a[node] && last !== b[node] && last !== c[node]) || !mayBe(last)) break
      isInline[last] = 1
      before = start[before]! - 1
    }
    start[at] = before + 1
  }
  return isInline
}
