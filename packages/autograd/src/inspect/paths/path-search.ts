import { Heap } from './heap.js'

/** A way back from the result, as far as it was followed. */
export interface Way<V> {
  /** The step before it, nearer to the result; null at the result. */
  readonly before: Way<V> | null
  /** The edge that it came along. */
  readonly edge: number
  readonly node: number
  /** What arrives along it. */
  readonly vector: V
}

export interface Search<V> {
  readonly start: Way<V>
  readonly target: number
  /** Where a way leads on, by edges and the nodes behind them. */
  readonly next: (node: number) => readonly (readonly [edge: number, node: number])[]
  readonly pull: (edge: number, vector: V) => V
  /** How much lies behind: ways that promise more are followed first. */
  readonly promise: (node: number, vector: V) => number
  /** Whether to go on. */
  readonly wants: (found: number) => boolean
}

/** Ways from the start to the target, as they are found: each time the most promising open one is followed to its end. */
export const search = <V>({
  start,
  target,
  next,
  pull,
  promise,
  wants,
}: Search<V>): { found: Way<V>[]; isAll: boolean } => {
  const open = new Heap<Way<V>>()
  const found: Way<V>[] = []
  open.push(Number.POSITIVE_INFINITY, start)
  while (open.size > 0 && wants(found.length)) {
    let way = open.pop()!
    while (way.node !== target) {
      let best: Way<V> | null = null
      let most = Number.NEGATIVE_INFINITY
      for (const [edge, node] of next(way.node)) {
        const vector = pull(edge, way.vector)
        const further: Way<V> = { before: way, edge, node, vector }
        const promised = promise(node, vector)
        const own = Number.isNaN(promised) ? Number.POSITIVE_INFINITY : promised
        if (own > most) {
          if (best !== null) open.push(most, best)
          best = further
          most = own
        } else open.push(own, further)
      }
      way = best!
    }
    found.push(way)
  }
  return { found, isAll: open.size === 0 }
}

/** The edges of a way, in the order of the forward sweep. */
export const edgesOfWay = <V>(way: Way<V>): readonly number[] => {
  const edges: number[] = []
  for (let at = way; at.before !== null; at = at.before) edges.push(at.edge)
  return edges
}
