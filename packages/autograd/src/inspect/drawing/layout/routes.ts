import { px } from '../text.js'
import type { Members } from './members.js'
import type { Link, Point, Route } from './types.js'

/** Where everything stands: `along` the direction of the picture and `across` it. */
export interface Frame {
  readonly members: Members
  readonly middles: readonly number[]
  readonly breadths: readonly number[]
  readonly depths: readonly number[]
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly layerOf: readonly number[]
  readonly point: (along: number, across: number) => Point
}

/** The usual distance of two ends on a side of a box. */
const usual = 11

/** A curve for each link: straight where it passes a layer, and S-shaped between two layers. */
export const routesOf = (frame: Frame, links: readonly Link[]): Route[] => {
  const { members, middles, starts, ends, layerOf, point } = frame
  const leaving = portsOf(frame, links, 'from')
  const arriving = portsOf(frame, links, 'to')
  return links.map(({ from, to }, i) => {
    const middle = (v: number): number => (starts[layerOf[v]!]! + ends[layerOf[v]!]!) / 2
    const first = { along: middle(from) + frame.depths[from]! / 2, across: middles[from]! + leaving[i]! }
    const last = { along: middle(to) - frame.depths[to]! / 2, across: middles[to]! + arriving[i]! }
    const stretches = [
      [first.along, ends[layerOf[from]!]!, first.across] as const,
      ...members.bends[i]!.map((v) => [starts[layerOf[v]!]!, ends[layerOf[v]!]!, middles[v]!] as const),
      [starts[layerOf[to]!]!, last.along, last.across] as const,
    ]
    const carrier = members.carriers[i]!
    return {
      path: pathOf(stretches, point),
      start: point(first.along, first.across),
      end: point(last.along, last.across),
      label: carrier < 0 ? null : point(middle(carrier), middles[carrier]!),
    }
  })
}

type Stretch = readonly [begin: number, end: number, across: number]

const pathOf = (stretches: readonly Stretch[], point: Frame['point']): string => {
  const at = (along: number, across: number): string => {
    const { x, y } = point(along, across)
    return `${px(x)},${px(y)}`
  }
  const places = stretches.flatMap(([begin, end, across]) => [[begin, across] as const, [end, across] as const])
  const isFlat = (a: readonly [number, number], b: readonly [number, number]) => Math.abs(a[1] - b[1]) < 0.05
  const turns = places.filter((place, i) => {
    const [last, next] = [places[i - 1], places[i + 1]]
    return last === undefined || next === undefined || !isFlat(last, place) || !isFlat(place, next)
  })
  let path = `M${at(...turns[0]!)}`
  for (let i = 1; i < turns.length; i++) {
    const [from, to] = [turns[i - 1]!, turns[i]!]
    const half = (from[0] + to[0]) / 2
    if (isFlat(from, to)) path += to[0] === from[0] ? '' : `L${at(...to)}`
    else path += `C${at(half, from[1])} ${at(half, to[1])} ${at(...to)}`
  }
  return path
}

/** How far from the middle of the side of its box each link begins (or ends): in the order of where it comes from. */
const portsOf = (frame: Frame, links: readonly Link[], end: 'from' | 'to'): number[] => {
  const { members, middles, breadths } = frame
  const offsets = new Array<number>(links.length).fill(0)
  const byBox = new Map<number, number[]>()
  links.forEach((link, i) => {
    const fixed = end === 'from' ? link.leaves : link.arrives
    if (fixed !== undefined) offsets[i] = fixed
    else byBox.set(link[end], [...(byBox.get(link[end]) ?? []), i])
  })
  const neighbour = (i: number): number => {
    const own = members.bends[i]!
    return middles[end === 'from' ? (own[0] ?? links[i]!.to) : (own.at(-1) ?? links[i]!.from)]!
  }
  for (const [box, own] of byBox) {
    const room = Math.min(usual, Math.max(0, breadths[box]! - 14) / own.length)
    own.sort((a, b) => neighbour(a) - neighbour(b) || a - b)
    own.forEach((i, k) => {
      offsets[i] = (k - (own.length - 1) / 2) * room
    })
  }
  return offsets
}
