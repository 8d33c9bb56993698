import { none } from '../recording/codes.js'
import type { Plan } from './plan.js'

/** So many nodes are one function: engines compile longer ones badly or not at all. */
const chunkSize = 2000

export const wordSize = 8

/** Where the numbers of a program are, in its functions and in memory. */
export interface Layout {
  readonly chunks: number
  readonly chunkStart: (chunk: number) => number
  /** Whether a node is computed where it is used, once and at the end of what is computed for that: it stays on the stack. */
  readonly isInline: Uint8Array
  /** The address of each node that is in memory: what another function uses, inputs and results. Otherwise -1. */
  readonly address: Int32Array
  /** At which place of the order each guard is looked at, in their order. */
  readonly guardAt: Int32Array
  /** Results that are constants, inputs, or there twice. */
  readonly copies: readonly { readonly node: number; readonly to: number }[]
  /** Numbers in memory: inputs, results, and what functions hand on. */
  readonly words: number
}

export const layoutOf = (plan: Plan): Layout => {
  const { recording, inputs, outputs, order, guards } = plan
  const { size, a, b, c } = recording
  const place = new Int32Array(size).fill(none)
  for (let at = 0; at < order.length; at++) place[order[at]!] = at
  const chunkOf = (at: number): number => Math.floor(at / chunkSize)

  const uses = new Int32Array(size)
  const lastUse = new Int32Array(size).fill(none)
  const use = (node: number, at: number): void => {
    if (node === none) return
    uses[node]!++
    if (at > lastUse[node]!) lastUse[node] = at
  }
  for (let at = 0; at < order.length; at++) {
    const node = order[at]!
    use(a[node]!, at)
    use(b[node]!, at)
    use(c[node]!, at)
  }

  const guardAt = new Int32Array(guards.length)
  let latest = 0
  guards.forEach(({ node }, i) => {
    latest = Math.max(latest, place[node]!)
    guardAt[i] = latest
    use(node, latest)
  })

  const address = new Int32Array(size).fill(none)
  const copies: { node: number; to: number }[] = []
  for (let node = 0; node < size && node < inputs; node++) address[node] = node * wordSize
  outputs.forEach((node, i) => {
    const to = (inputs + i) * wordSize
    if (place[node] === none || address[node] !== none) copies.push({ node, to })
    else address[node] = to
  })

  const isInline = inlineNodes(plan, (node) => uses[node] === 1 && address[node] === none)
  guards.forEach(({ node }, i) => {
    if (uses[node] === 1 && address[node] === none && guardAt[i] === place[node]) isInline[node] = 1
  })

  // what one function leaves for others, each place free again after the last of them
  const chunks = Math.ceil(order.length / chunkSize)
  const ends: number[][] = Array.from({ length: chunks }, () => [])
  const free: number[] = []
  let words = inputs + outputs.length
  for (let at = 0; at < order.length; at++) {
    const chunk = chunkOf(at)
    if (at % chunkSize === 0 && chunk > 0) free.push(...ends[chunk - 1]!)
    const node = order[at]!
    const last = chunkOf(lastUse[node]!)
    if (last <= chunk || address[node] !== none) continue
    address[node] = free.pop() ?? words++ * wordSize
    ends[last]!.push(address[node]!)
  }
  const chunkStart = (chunk: number): number => Math.min(chunk * chunkSize, order.length)
  return { chunks, chunkStart, isInline, address, guardAt, copies, words }
}

/** What is used once, by what follows it in the order save for the other operands' own: so the order stays. */
const inlineNodes = ({ recording, order }: Plan, mayBe: (node: number) => boolean): Uint8Array => {
  const { size, a, b, c } = recording
  const isInline = new Uint8Array(size)
  /** Where what is computed for a node begins. */
  const start = new Int32Array(order.length)
  let first = 0
  for (let at = 0; at < order.length; at++) {
    const node = order[at]!
    if (at % chunkSize === 0) first = at
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
