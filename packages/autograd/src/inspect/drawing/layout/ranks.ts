// Which layer each box stands in: such that every edge is at least as long as it must be, and all together are as short as
// can be. The method is network simplex: E. Gansner, E. Koutsofios, S. North and K.-P. Vo, A technique for drawing directed
// graphs (1993), section 2. A spanning tree of edges without slack stands for a solution. The gain of lengthening a tree edge
// is the balance of weights that leave and enter the part which hangs on it.

/** `to` stands at least `length` layers after `from`; each layer more costs `weight`. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly length: number
  readonly weight: number
}

/** The layer of each of `count` boxes, from 0 on. The graph has no cycles. */
export const ranksOf = (count: number, spans: readonly Span[]): number[] => {
  if (count === 0) return []
  const all = [...spans, ...joining(count, spans)]
  const ranks = longestPaths(count + 1, all)
  const tree = tightTree(count + 1, all, ranks)
  improve(count + 1, all, ranks, tree)
  ranks.pop()
  const least = ranks.reduce((a, b) => Math.min(a, b))
  return ranks.map((rank) => rank - least)
}

/** Spans without weight from one box more, so that everything hangs together. */
const joining = (count: number, spans: readonly Span[]): Span[] => {
  const part = Array.from({ length: count }, (_, i) => i)
  const find = (v: number): number => {
    while (part[v] !== v) v = part[v] = part[part[v]!]!
    return v
  }
  const isFed = new Array<boolean>(count).fill(false)
  for (const { from, to } of spans) {
    part[find(from)] = find(to)
    isFed[to] = true
  }
  const seen = new Set<number>()
  const found: Span[] = []
  for (let v = 0; v < count; v++) {
    if (isFed[v] || seen.has(find(v))) continue
    seen.add(find(v))
    found.push({ from: count, to: v, length: 0, weight: 0 })
  }
  return found
}

/** Boxes after all that lead to them. */
export const sorted = (count: number, spans: readonly { readonly from: number; readonly to: number }[]): number[] => {
  const waiting = new Array<number>(count).fill(0)
  const next: number[][] = Array.from({ length: count }, () => [])
  for (const { from, to } of spans) {
    waiting[to]!++
    next[from]!.push(to)
  }
  const order = waiting.flatMap((n, v) => (n === 0 ? [v] : []))
  for (let i = 0; i < order.length; i++) for (const to of next[order[i]!]!) if (--waiting[to]! === 0) order.push(to)
  return order
}

const longestPaths = (count: number, spans: readonly Span[]): number[] => {
  const out: Span[][] = Array.from({ length: count }, () => [])
  for (const span of spans) out[span.from]!.push(span)
  const ranks = new Array<number>(count).fill(0)
  for (const v of sorted(count, spans)) {
    for (const { to, length } of out[v]!) ranks[to] = Math.max(ranks[to]!, ranks[v]! + length)
  }
  return ranks
}

const slackOf = ({ from, to, length }: Span, ranks: readonly number[]): number => ranks[to]! - ranks[from]! - length

/** Moves boxes until spans without slack connect them all; these, by their places in `spans`. */
const tightTree = (count: number, spans: readonly Span[], ranks: number[]): Set<number> => {
  const touching = incident(count, spans)
  const inside = new Array<boolean>(count).fill(false)
  const members: number[] = []
  const tree = new Set<number>()
  const join = (start: number): void => {
    inside[start] = true
    members.push(start)
    for (let i = members.length - 1; i < members.length; i++) {
      const v = members[i]!
      for (const s of touching[v]!) {
        const other = spans[s]!.from === v ? spans[s]!.to : spans[s]!.from
        if (inside[other] || slackOf(spans[s]!, ranks) !== 0) continue
        tree.add(s)
        inside[other] = true
        members.push(other)
      }
    }
  }
  join(0)
  while (members.length < count) {
    let best = -1
    for (let s = 0; s < spans.length; s++) {
      const { from, to } = spans[s]!
      if (inside[from] === inside[to]) continue
      if (best < 0 || slackOf(spans[s]!, ranks) < slackOf(spans[best]!, ranks)) best = s
    }
    const span = spans[best]!
    const shift = inside[span.from] ? slackOf(span, ranks) : -slackOf(span, ranks)
    for (const v of members) ranks[v]! += shift
    tree.add(best)
    join(inside[span.from] ? span.to : span.from)
  }
  return tree
}

const incident = (count: number, spans: readonly Span[]): number[][] => {
  const touching: number[][] = Array.from({ length: count }, () => [])
  for (let s = 0; s < spans.length; s++) {
    touching[spans[s]!.from]!.push(s)
    touching[spans[s]!.to]!.push(s)
  }
  return touching
}

/** Exchanges spans of the tree as long as that shortens the whole. */
const improve = (count: number, spans: readonly Span[], ranks: number[], tree: Set<number>): void => {
  const balance = new Array<number>(count).fill(0)
  for (const { from, to, weight } of spans) {
    balance[from]! += weight
    balance[to]! -= weight
  }
  for (let rounds = 8 * count; rounds > 0; rounds--) {
    const { order, above, first, last } = rooted(count, spans, tree)
    const sums = [...balance]
    for (let i = order.length - 1; i > 0; i--) {
      const v = order[i]!
      const { from, to } = spans[above[v]!]!
      sums[from === v ? to : from]! += sums[v]!
    }
    let leaving = -1
    let least = 0
    for (const v of order) {
      if (above[v]! < 0) continue
      const gain = spans[above[v]!]!.from === v ? sums[v]! : -sums[v]!
      if (gain < least) {
        least = gain
        leaving = v
      }
    }
    if (leaving < 0) return
    const isBelow = (v: number) => first[v]! >= first[leaving]! && first[v]! <= last[leaving]!
    const out = spans[above[leaving]!]!
    const tailIsBelow = out.from === leaving
    let entering = -1
    for (let s = 0; s < spans.length; s++) {
      const { from, to } = spans[s]!
      if (isBelow(from) === isBelow(to) || isBelow(to) !== tailIsBelow) continue
      if (entering < 0 || slackOf(spans[s]!, ranks) < slackOf(spans[entering]!, ranks)) entering = s
    }
    if (entering < 0) return
    const shift = slackOf(spans[entering]!, ranks)
    for (let v = 0; v < count; v++) if (isBelow(v)) ranks[v]! += tailIsBelow ? -shift : shift
    tree.delete(above[leaving]!)
    tree.add(entering)
  }
}

/** The tree hung up at box 0: boxes before what hangs on them, the span above each, and the stretch of `order` below it. */
const rooted = (count: number, spans: readonly Span[], tree: ReadonlySet<number>) => {
  const touching: number[][] = Array.from({ length: count }, () => [])
  for (const s of tree) {
    touching[spans[s]!.from]!.push(s)
    touching[spans[s]!.to]!.push(s)
  }
  const above = new Array<number>(count).fill(-1)
  const first = new Array<number>(count).fill(-1)
  const last = new Array<number>(count).fill(-1)
  const order: number[] = []
  const stack = [0]
  while (stack.length > 0) {
    const v = stack.pop()!
    first[v] = last[v] = order.length
    order.push(v)
    for (const s of touching[v]!) {
      if (s === above[v]) continue
      const other = spans[s]!.from === v ? spans[s]!.to : spans[s]!.from
      above[other] = s
      stack.push(other)
    }
  }
  for (let i = order.length - 1; i > 0; i--) {
    const v = order[i]!
    const { from, to } = spans[above[v]!]!
    const parent = from === v ? to : from
    last[parent] = Math.max(last[parent]!, last[v]!)
  }
  return { order, above, first, last }
}
