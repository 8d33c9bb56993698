import { ranksOf, sorted } from './ranks.js'
import type { Link } from './types.js'

// Layers of boxes alone, before room is made for labels.

/** What a long edge takes of the breadth of the layers that it passes. */
const passing = 12

/** The layer of each box; none is broader than `limit`, as far as that is possible. */
export const levelsOf = (
  breadths: readonly number[],
  links: readonly Link[],
  between: number,
  limit: number,
): number[] => {
  const count = breadths.length
  const levels = ranksOf(
    count,
    links.map(({ from, to }) => ({ from, to, length: 1, weight: 1 })),
  )
  if (limit === Number.POSITIVE_INFINITY || count === 0) return levels
  return split(levels, breadths, links, between, limit)
}

/**
 * Goes from the last layer to the first. Of a layer that is too broad, what most edges leave stays, and the others move to
 * the layer before, or if they have no room there, to one of their own between.
 */
const split = (
  levels: readonly number[],
  breadths: readonly number[],
  links: readonly Link[],
  between: number,
  limit: number,
): number[] => {
  const count = breadths.length
  const uses = new Array<number>(count).fill(0)
  const isLeaf = new Array<boolean>(count).fill(true)
  const into: number[][] = Array.from({ length: count }, () => [])
  for (const { from, to } of links) {
    uses[from]!++
    into[to]!.push(from)
    isLeaf[to] = false
  }
  const most = levels.reduce((a, b) => Math.max(a, b))
  const queue: number[][] = Array.from({ length: most + 1 }, () => [])
  for (const v of sorted(count, links)) queue[most - levels[v]!]!.push(v)

  const found = new Array<number>(count).fill(-1)
  const breadth = (v: number): number => breadths[v]! + between
  // sources of what is placed: their edges pass, long ones of one source together
  const seen = new Set<number>()
  let open = 0
  for (let depth = 0; depth < queue.length; depth++) {
    const level = [...queue[depth]!].sort((a, b) => uses[b]! - uses[a]! || Number(isLeaf[b]) - Number(isLeaf[a]))
    let sum = passing * open
    const kept: number[] = []
    const rest: number[] = []
    for (const v of level) {
      // what moves on passes here with all its edges
      const need = sum + breadth(v) - (seen.has(v) ? passing : 0)
      if (kept.length > 0 && need > limit) rest.push(v)
      else {
        kept.push(v)
        sum = need
      }
    }
    for (const v of kept) {
      found[v] = depth
      if (seen.has(v)) open--
      for (const from of into[v]!) {
        if (seen.has(from)) continue
        seen.add(from)
        open++
      }
    }
    if (rest.length === 0) continue
    const next = queue[depth + 1]
    const together = [...rest, ...(next ?? [])].reduce((total, v) => total + breadth(v), passing * open)
    const isFree = rest.every((v) => isLeaf[v])
    if (isFree && next !== undefined && together <= limit) next.push(...rest)
    else queue.splice(depth + 1, 0, rest)
  }
  const last = queue.length - 1
  return found.map((depth) => last - depth)
}
