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
  // of links that begin together, the one that goes furthest
  const longest = new Map<number, number>()
  members.bends.forEach(([first], i) => {
    if (first === undefined) return
    const last = longest.get(first)
    if (last === undefined || members.bends[i]!.length > members.bends[last]!.length) longest.set(first, i)
  })
  return links.map(({ from, to }, i) => {
    const middle = (v: number): number => (starts[layerOf[v]!]! + ends[layerOf[v]!]!) / 2
    const first = { along: middle(from) + frame.depths[from]! / 2, across: middles[from]! + leaving[i]! }
    const last = { along: middle(to) - frame.depths[to]! / 2, across: middles[to]! + arriving[i]! }
    const bends = members.bends[i]!
    const whole = bends.length === 0 ? i : longest.get(bends[0]!)!
    const isBranch = whole !== i
    let fork = 0
    if (isBranch) while (fork + 1 < bends.length && bends[fork + 1] === members.bends[whole]![fork + 1]) fork++
    const path = isBranch
      ? new Curve(point, starts[layerOf[bends[fork]!]!]!, middles[bends[fork]!]!)
      : new Curve(point, first.along, first.across)
    if (!isBranch) path.to(ends[layerOf[from]!]!, first.across)
    for (let k = fork; k < bends.length; k++) {
      const v = bends[k]!
      path.to(starts[layerOf[v]!]!, middles[v]!)
      path.to(ends[layerOf[v]!]!, middles[v]!)
    }
    path.to(starts[layerOf[to]!]!, last.across)
    path.to(last.along, last.across)
    const carrier = members.carriers[i]!
    return {
      path: path.text(),
      isBranch,
      start: point(first.along, first.across),
      end: point(last.along, last.across),
      label: carrier < 0 ? null : point(middle(carrier), middles[carrier]!),
    }
  })
}

/** Straight where it stays at its height, S-shaped where it does not. */
class Curve {
  #text: string
  #along: number
  #across: number
  readonly #point: Frame['point']
  /** How far a straight stretch leads that is not written yet. */
  #reached: number

  constructor(point: Frame['point'], along: number, across: number) {
    this.#point = point
    this.#along = this.#reached = along
    this.#across = across
    this.#text = `M${this.#at(along, across)}`
  }

  #at(along: number, across: number): string {
    const { x, y } = this.#point(along, across)
    return `${px(x)},${px(y)}`
  }

  #flush(): void {
    if (this.#reached !== this.#along) this.#text += `L${this.#at(this.#reached, this.#across)}`
    this.#along = this.#reached
  }

  to(along: number, across: number): void {
    if (Math.abs(across - this.#across) < 0.05) {
      this.#reached = along
      return
    }
    this.#flush()
    const half = (this.#along + along) / 2
    this.#text += `C${this.#at(half, this.#across)} ${this.#at(half, across)} ${this.#at(along, across)}`
    this.#along = this.#reached = along
    this.#across = across
  }

  text(): string {
    this.#flush()
    return this.#text
  }
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
  // links that share their first stretch share its end
  const first = (i: number): number => members.bends[i]![0] ?? -1 - i
  for (const [box, own] of byBox) {
    const places = end === 'from' ? new Map(own.map((i) => [first(i), i])) : new Map(own.map((i) => [-1 - i, i]))
    const sorted = [...places.values()].sort((a, b) => neighbour(a) - neighbour(b) || a - b)
    const room = Math.min(usual, Math.max(0, breadths[box]! - 14) / sorted.length)
    // one that comes from straight ahead has the middle, if the others have room beside it
    const straight = sorted.findIndex((i) => Math.abs(neighbour(i) - middles[box]!) < 3)
    const half = (sorted.length - 1) / 2
    const furthest = Math.max(straight, sorted.length - 1 - straight) * room
    const middle = straight >= 0 && furthest < breadths[box]! / 2 - 8 ? straight : half
    const offset = new Map(sorted.map((i, k) => [end === 'from' ? first(i) : -1 - i, (k - middle) * room]))
    for (const i of own) offsets[i] = offset.get(end === 'from' ? first(i) : -1 - i)!
  }
  return offsets
}
