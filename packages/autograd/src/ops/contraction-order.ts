import { common, union } from './labels.js'

// In which order factors are multiplied, two at a time: what comes to be on the way, and so what it costs, depends on it.

/** Which two are multiplied: positions among the factors, after which come the products in the order of their making. */
export type Pair = readonly [number, number]
type Sizes = ReadonlyMap<string, number>

/** Up to so many factors each order is looked at. */
const fewFactors = 8

/**
 * An order in which to multiply factors, each given by its labels: the one with the fewest multiplications, found by
 * dynamic programming over subsets (Pfeifer, Haegeman and Verstraete, Faster identification of optimal contraction
 * sequences for tensor networks, 2014), or of many factors a good one: each time the pair whose product is smallest
 * beside its factors.
 */
export const contractionOrder = (factors: readonly string[], result: string, sizes: Sizes): readonly Pair[] => {
  if (factors.length < 3) return factors.length === 2 ? [[0, 1]] : []
  return factors.length > fewFactors ? greedyOrder(factors, result, sizes) : bestOrder(factors, result, sizes)
}

const elements = (labels: string, sizes: Sizes): number => {
  let count = 1
  for (const label of labels) count *= sizes.get(label)!
  return count
}

/** The cheapest way to make the product of a subset of the factors. */
interface Way {
  readonly labels: string
  readonly cost: number
  /** The two subsets that are multiplied at last; of one factor 0 and 0. */
  readonly parts: Pair
}

const bestOrder = (factors: readonly string[], result: string, sizes: Sizes): readonly Pair[] => {
  const all = (1 << factors.length) - 1
  const joined = (subset: number) => factors.filter((_, i) => subset & (1 << i)).join('')
  const ways = new Array<Way>(all + 1)
  for (let subset = 1; subset <= all; subset++) {
    const labels = common(joined(subset), joined(all - subset) + result)
    let best: Way = { labels, cost: (subset & (subset - 1)) === 0 ? 0 : Number.POSITIVE_INFINITY, parts: [0, 0] }
    for (let part = (subset - 1) & subset; part > subset - part; part = (part - 1) & subset) {
      const [a, b] = [ways[part]!, ways[subset - part]!]
      // what is multiplied, and then written: so of equal orders the one with less in memory
      const cost = a.cost + b.cost + elements(union(a.labels, b.labels), sizes) + elements(labels, sizes)
      if (cost < best.cost || best.parts[0] === 0) best = { labels, cost, parts: [subset - part, part] }
    }
    ways[subset] = best
  }
  const order: Pair[] = []
  const positions = new Map(factors.map((_, i) => [1 << i, i]))
  const make = (subset: number): void => {
    if (positions.has(subset)) return
    const [a, b] = ways[subset]!.parts
    make(a)
    make(b)
    positions.set(subset, factors.length + order.length)
    order.push([positions.get(a)!, positions.get(b)!])
  }
  make(all)
  return order
}

const greedyOrder = (factors: readonly string[], result: string, sizes: Sizes): readonly Pair[] => {
  const left = factors.map((factor, position) => ({ labels: common(factor, factor), position }))
  const order: Pair[] = []
  const uses = new Map<string, number>()
  const count = (labels: string, by: number) => {
    for (const label of labels) uses.set(label, (uses.get(label) ?? 0) + by)
  }
  for (const { labels } of left) count(labels, 1)
  count(result, 1)
  const productOf = (a: string, b: string): string =>
    [...union(a, b)]
      .filter((label) => uses.get(label)! > Number(a.includes(label)) + Number(b.includes(label)))
      .join('')
  while (left.length > 1) {
    let least = Number.POSITIVE_INFINITY
    let best: Pair = [0, 1]
    for (let j = 1; j < left.length; j++) {
      for (let i = 0; i < j; i++) {
        const [a, b] = [left[i]!.labels, left[j]!.labels]
        const growth = elements(productOf(a, b), sizes) - elements(a, sizes) - elements(b, sizes)
        if (growth < least) {
          least = growth
          best = [i, j]
        }
      }
    }
    const [b] = left.splice(best[1], 1)
    const [a] = left.splice(best[0], 1)
    const labels = productOf(a!.labels, b!.labels)
    count(a!.labels + b!.labels, -1)
    count(labels, 1)
    left.push({ labels, position: factors.length + order.length })
    order.push([a!.position, b!.position])
  }
  return order
}
