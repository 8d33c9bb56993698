import type { Aligned } from './coordinates.js'
import type { Line } from './crossings.js'

// Where a picture may be only so broad, long straight lines cannot all have their way. Each member wants to stand where its
// neighbours do, edges most; in each layer the places that are nearest to all wishes in the sense of least squares are found by
// pooling neighbours that get in each other's way (R. Barlow and others, Statistical inference under order restrictions, 1972,
// section 1.2), and cut at the bounds, which is exact. Sweeps forth and back carry the wishes through the layers.

const sweeps = 8

export interface Bounded extends Aligned {
  readonly breadths: readonly number[]
  readonly limit: number
}

/** Places within the limit, as far as single layers have room. They are those that are given if these have. */
export const fit = (graph: Bounded, places: readonly number[]): number[] => {
  const { layers, before, after, breadths, distance, isBend, isWeak, limit } = graph
  const [low, high] = places.reduce(
    ([least, most], place, v) => [Math.min(least, place - breadths[v]! / 2), Math.max(most, place + breadths[v]! / 2)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
  if (high - low <= limit) return [...places]
  const offsets = layers.map((layer) => offsetsOf(layer, distance, breadths))
  const room = layers.reduce(
    (most, layer, i) => Math.max(most, layer.length === 0 ? 0 : offsets[i]!.at(-1)! + breadths[layer.at(-1)!]! / 2),
    limit,
  )
  const mean = places.reduce((sum, place) => sum + place, 0) / places.length
  const start = Math.min(Math.max(mean - room / 2, low), high - room)
  const found = places.map((place) => place - start)

  const weightOf = (v: number, u: number): number => (isBend(v) ? (isBend(u) ? 8 : 1) : isBend(u) ? 1 : 2)
  let [sum, weights] = [0, 0]
  const add = (v: number, lines: readonly Line[], leadsOn: boolean): void => {
    for (const { to } of lines) {
      const isFaint = leadsOn ? isWeak(v, to) : isWeak(to, v)
      const weight = isFaint ? 0.05 : weightOf(v, to)
      sum += weight * found[to]!
      weights += weight
    }
  }
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isForth = sweep % 2 === 0
    for (let k = 0; k < layers.length; k++) {
      const at = isForth ? k : layers.length - 1 - k
      const layer = layers[at]!
      const isLast = sweep >= sweeps - 3
      const wishes = layer.map((v): readonly [number, number] => {
        sum = weights = 0
        if (isLast || isForth) add(v, before[v]!, false)
        if (isLast || !isForth) add(v, after[v]!, true)
        return weights === 0 ? [found[v]!, 0.02] : [sum / weights, weights]
      })
      settle(layer, wishes, offsets[at]!, room - lastHalf(layer, offsets[at]!, breadths), found)
    }
  }
  straighten(graph, found)
  return found
}

/** So small a bend is none. */
const least = 5

/** Puts members exactly under what they are almost under, where there is room. */
const straighten = ({ layers, before, distance, isBend, isWeak }: Bounded, found: number[]): void => {
  for (const layer of layers) {
    for (let i = 0; i < layer.length; i++) {
      const v = layer[i]!
      const lines = before[v]!
      const over = lines.length === 1 ? lines[0] : lines.find(({ to }) => !isBend(to) && !isWeak(to, v))
      if (over === undefined) continue
      const place = found[over.to]!
      if (Math.abs(place - found[v]!) > least) continue
      const [left, right] = [layer[i - 1], layer[i + 1]]
      if (left !== undefined && place - found[left]! < distance(left, v)) continue
      if (right !== undefined && found[right]! - place < distance(v, right)) continue
      found[v] = place
    }
  }
}

/** How far each member is from the left side at least. */
const offsetsOf = (layer: readonly number[], distance: Aligned['distance'], breadths: readonly number[]): number[] => {
  const offsets: number[] = []
  layer.forEach((v, i) => {
    offsets.push(i === 0 ? breadths[v]! / 2 : offsets[i - 1]! + distance(layer[i - 1]!, v))
  })
  return offsets
}

/** What a layer takes of the breadth when all stand close together. */
const lastHalf = (layer: readonly number[], offsets: readonly number[], breadths: readonly number[]): number =>
  layer.length === 0 ? 0 : offsets.at(-1)! + breadths[layer.at(-1)!]! / 2

/** Puts a layer where it wants to be: in order, with distances, and with at most `slack` to the left of each. */
const settle = (
  layer: readonly number[],
  wishes: readonly (readonly [place: number, weight: number])[],
  offsets: readonly number[],
  slack: number,
  found: number[],
): void => {
  const pools: { sum: number; weight: number; count: number }[] = []
  wishes.forEach(([place, weight], i) => {
    let pool = { sum: weight * (place - offsets[i]!), weight, count: 1 }
    while (pools.length > 0 && pools.at(-1)!.sum * pool.weight > pool.sum * pools.at(-1)!.weight) {
      const last = pools.pop()!
      pool = { sum: last.sum + pool.sum, weight: last.weight + pool.weight, count: last.count + pool.count }
    }
    pools.push(pool)
  })
  let i = 0
  for (const { sum, weight, count } of pools) {
    const place = Math.min(Math.max(sum / weight, 0), slack)
    for (let k = 0; k < count; k++, i++) found[layer[i]!] = place + offsets[i]!
  }
}
