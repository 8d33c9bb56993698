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
  for (const { from, to, label } of links) {
    const own: number[] = []
    for (let layer = layerOf[from]! + 1; layer < layerOf[to]!; layer++) {
      layerOf.push(layer)
      own.push(count++)
    }
    bends.push(own)
    // where many edges end side by side, labels stand near the other ends, which are further apart
    const nearStart = into[to]! >= outOf[from]!
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
      const here = k === 1 ? part(leaves, breadths[from]!) : 0
      const there = k === path.length - 1 ? part(arrives, breadths[to]!) : 0
      after[path[k - 1]!]!.push({ to: path[k]!, here, there })
      before[path[k]!]!.push({ to: path[k - 1]!, here: there, there: here })
    }
  })
  return { count, bends, carriers, before, after, layers: inOrder(layerOf, before, after) }
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
