import type { Layers, Line } from './crossings.js'
import type { Link } from './types.js'

/** Boxes in their layers, with a bend of each edge in every layer that it passes; one of these may carry its label. */
export interface Members extends Layers {
  /** How many there are, the boxes first. */
  readonly count: number
  /** The bends of each link, from its first box to its second. */
  readonly bends: readonly (readonly number[])[]
  /** The bend that carries the label of each link; -1 where there is none. */
  readonly carriers: readonly number[]
}

/** The offset of an end of a link as a part of the breadth of its box. */
const part = (offset: number | undefined, breadth: number): number => (offset ?? 0) / Math.max(1, breadth)

/** `rows` layers for labels are between two layers of boxes. */
export const membersOf = (
  breadths: readonly number[],
  links: readonly Link[],
  levels: readonly number[],
  rows: number,
): Members => {
  const boxes = breadths.length
  const step = rows + 1
  const layerOf = levels.map((level) => level * step)
  const [into, outOf] = [new Array<number>(boxes).fill(0), new Array<number>(boxes).fill(0)]
  for (const { from, to } of links) {
    outOf[from]!++
    into[to]!++
  }
  const bends: number[][] = []
  const carriers: number[] = []
  const turns = new Map<string, number>()
  let count = boxes
  const add = (layer: number): number => {
    layerOf.push(layer)
    return count++
  }
  const trunks = trunksOf(links, layerOf, step, add)
  for (const { from, to, label } of links) {
    const own: number[] = []
    const trunk = layerOf[to]! - layerOf[from]! > step ? trunks.get(from) : undefined
    const fork = trunk === undefined ? layerOf[from]! : layerOf[to]! - step
    if (trunk !== undefined) own.push(...trunk.slice(0, fork - layerOf[from]!))
    for (let layer = layerOf[from]! + own.length + 1; layer < layerOf[to]!; layer++) own.push(add(layer))
    bends.push(own)
    // where many edges end side by side, labels stand near the other ends, which are further apart
    const nearStart = trunk === undefined && into[to]! >= outOf[from]!
    const gap = nearStart ? `from ${levels[from]}` : `to ${levels[to]}`
    const turn = turns.get(gap) ?? 0
    if (label !== undefined) turns.set(gap, turn + 1)
    const row = turn % rows
    carriers.push(label === undefined ? -1 : nearStart ? own[row]! : own[own.length - rows + row]!)
  }

  const before: Line[][] = Array.from({ length: count }, () => [])
  const after: Line[][] = Array.from({ length: count }, () => [])
  links.forEach(({ from, to, leaves, arrives }, i) => {
    const path = [from, ...bends[i]!, to]
    for (let k = 1; k < path.length; k++) {
      const [a, b] = [path[k - 1]!, path[k]!]
      // a stretch that several links share is one
      if (b >= boxes && before[b]!.length > 0) continue
      const here = k === 1 ? part(leaves, breadths[from]!) : 0
      const there = k === path.length - 1 ? part(arrives, breadths[to]!) : 0
      after[a]!.push({ to: b, here, there })
      before[b]!.push({ to: a, here: there, there: here })
    }
  })
  return { count, bends, carriers, before, after, layers: inOrder(layerOf, before, after) }
}

/**
 * The bends that the long links of one box share: they run together, and each leaves before its end. Otherwise a weight that is
 * used all along a program would be most of its drawing.
 */
const trunksOf = (
  links: readonly Link[],
  layerOf: readonly number[],
  step: number,
  add: (layer: number) => number,
): Map<number, number[]> => {
  const ends = new Map<number, number[]>()
  for (const { from, to, leaves } of links) {
    if (leaves !== undefined || layerOf[to]! - layerOf[from]! <= step) continue
    ends.set(from, [...(ends.get(from) ?? []), layerOf[to]! - step])
  }
  const trunks = new Map<number, number[]>()
  for (const [from, own] of ends) {
    if (own.length < 2) continue
    const length = own.reduce((most, end) => Math.max(most, end)) - layerOf[from]!
    trunks.set(
      from,
      Array.from({ length }, (_, i) => add(layerOf[from]! + i + 1)),
    )
  }
  return trunks
}

/** As one meets them going back from the results: this alone makes a tree flat. */
const inOrder = (layerOf: readonly number[], before: readonly Line[][], after: readonly Line[][]): number[][] => {
  const layers: number[][] = Array.from({ length: layerOf.reduce((a, b) => Math.max(a, b), -1) + 1 }, () => [])
  const seen = new Set<number>()
  for (let start = 0; start < layerOf.length; start++) {
    if (after[start]!.length > 0) continue
    const stack = [start]
    while (stack.length > 0) {
      const v = stack.pop()!
      if (seen.has(v)) continue
      seen.add(v)
      layers[layerOf[v]!]!.push(v)
      for (const { to } of [...before[v]!].reverse()) stack.push(to)
    }
  }
  return layers
}
