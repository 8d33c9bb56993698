import type { Line } from './crossings.js'

// Where in its layer each member stands: U. Brandes and B. Köpf, Fast and simple horizontal coordinate assignment (2001).
// Members are aligned with their median neighbours into blocks, four times (from either end, towards either side); blocks are
// pushed together, and each member gets the mean of the two middle ones of its four places. Bends are aligned first, so
// that long edges are straight.

export interface Aligned {
  readonly layers: readonly (readonly number[])[]
  readonly before: readonly Line[][]
  readonly after: readonly Line[][]
  /** Whether a member is a bend of an edge and no box. */
  readonly isBend: (member: number) => boolean
  /** The least distance between the middles of two neighbours. */
  readonly distance: (left: number, right: number) => number
  readonly count: number
  /** Lines from one member to another that nothing is aligned along: those of leaves, beside what else an op takes. */
  readonly isWeak: (from: number, to: number) => boolean
}

/** The middle of each member. */
export const placesOf = (graph: Aligned): number[] => {
  const conflicts = conflictsOf(graph)
  const candidates: number[][] = []
  for (const fromEnd of [false, true]) {
    for (const fromRight of [false, true]) candidates.push(oneSided(graph, conflicts, fromEnd, fromRight))
  }
  const extents = candidates.map((places) => extentOf(graph, places))
  const narrowest = extents.reduce((a, b) => (b.high - b.low < a.high - a.low ? b : a))
  const shifted = candidates.map((places, i) => {
    const shift = i % 2 === 0 ? narrowest.low - extents[i]!.low : narrowest.high - extents[i]!.high
    return places.map((place) => place + shift)
  })
  return Array.from({ length: graph.count }, (_, v) => {
    const four = shifted.map((places) => places[v]!).sort((a, b) => a - b)
    return (four[1]! + four[2]!) / 2
  })
}

const extentOf = ({ layers }: Aligned, places: readonly number[]) => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const layer of layers) {
    for (const v of layer) {
      low = Math.min(low, places[v]!)
      high = Math.max(high, places[v]!)
    }
  }
  return { low, high }
}

/** Lines to boxes that cross a line between bends: these are not aligned. */
const conflictsOf = ({ layers, before, isBend, count }: Aligned): Set<number> => {
  const found = new Set<number>()
  const places: number[] = []
  for (const layer of layers) layer.forEach((v, i) => { places[v] = i }) // biome-ignore format: short
  for (let i = 1; i < layers.length; i++) {
    const layer = layers[i]!
    let low = 0
    let start = 0
    for (let j = 0; j < layer.length; j++) {
      const v = layer[j]!
      const inner = isBend(v) ? before[v]!.find(({ to }) => isBend(to)) : undefined
      if (inner === undefined && j !== layer.length - 1) continue
      const high = inner === undefined ? layers[i - 1]!.length - 1 : places[inner.to]!
      for (; start <= j; start++) {
        const w = layer[start]!
        for (const { to } of before[w]!) {
          const place = places[to]!
          if ((place < low || place > high) && !(isBend(w) && isBend(to))) found.add(to * count + w)
        }
      }
      low = high
    }
  }
  return found
}

/** One of the four: mirrored, so that it always goes from the first layer on and to the left. */
const oneSided = (graph: Aligned, conflicts: ReadonlySet<number>, fromEnd: boolean, fromRight: boolean): number[] => {
  const { count, distance, isWeak } = graph
  const layers = graph.layers.map((layer) => (fromRight ? [...layer].reverse() : layer))
  if (fromEnd) layers.reverse()
  const lines = fromEnd ? graph.after : graph.before
  const places: number[] = []
  for (const layer of layers) for (let i = 0; i < layer.length; i++) places[layer[i]!] = i

  const root = Array.from({ length: count }, (_, v) => v)
  const taken = new Array<boolean>(count).fill(false)
  for (const layer of layers) {
    let last = -1
    for (const v of layer) {
      const near = lines[v]!.map(({ to }) => to)
        .filter((u) => !(fromEnd ? isWeak(v, u) : isWeak(u, v)))
        .sort((a, b) => places[a]! - places[b]!)
      const middle = (near.length - 1) / 2
      for (const at of new Set([Math.floor(middle), Math.ceil(middle)])) {
        const u = near[at]
        if (u === undefined || root[v] !== v || taken[u] || last >= places[u]!) continue
        if (conflicts.has(fromEnd ? v * count + u : u * count + v)) continue
        root[v] = root[u]!
        taken[u] = true
        last = places[u]!
      }
    }
  }
  const apart = fromRight ? (a: number, b: number) => distance(b, a) : distance
  const blocks = compacted(layers, root, apart, count)
  return root.map((r) => (fromRight ? -blocks[r]! : blocks[r]!))
}

/** The place of each block, by its root: as far left as may be, then as near as may be to what stands on its right. */
const compacted = (
  layers: readonly (readonly number[])[],
  root: readonly number[],
  distance: (left: number, right: number) => number,
  count: number,
): number[] => {
  const right: (readonly [number, number])[][] = Array.from({ length: count }, () => [])
  const waiting = new Array<number>(count).fill(0)
  const present = new Set<number>()
  for (const layer of layers) {
    for (let i = 0; i < layer.length; i++) {
      present.add(root[layer[i]!]!)
      if (i === 0) continue
      const [a, b] = [layer[i - 1]!, layer[i]!]
      right[root[a]!]!.push([root[b]!, distance(a, b)])
      waiting[root[b]!]!++
    }
  }
  const places = new Array<number>(count).fill(0)
  const queue = [...present].filter((block) => waiting[block] === 0)
  for (let i = 0; i < queue.length; i++) {
    const block = queue[i]!
    for (const [other, apart] of right[block]!) {
      places[other] = Math.max(places[other]!, places[block]! + apart)
      if (--waiting[other]! === 0) queue.push(other)
    }
  }
  for (let i = queue.length - 1; i >= 0; i--) {
    const block = queue[i]!
    let room = Number.POSITIVE_INFINITY
    for (const [other, apart] of right[block]!) room = Math.min(room, places[other]! - apart)
    if (room < Number.POSITIVE_INFINITY) places[block] = Math.max(places[block]!, room)
  }
  return places
}
