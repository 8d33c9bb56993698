import { placesOf } from './coordinates.js'
import { mirrored, order } from './crossings.js'
import { fit } from './fit.js'
import { levelsOf } from './levels.js'
import { type Members, membersOf } from './members.js'
import { type Frame, routesOf } from './routes.js'
import type { Layout, LayoutOptions, Link, Point, Size } from './types.js'

/** The least distance of an edge from what it passes. */
const clear = 9
const labelGap = 6
const attempts = 2
const mostRows = 4

/**
 * Boxes in layers, such that every link leads forward, and how the links run. Deterministic. The graph has no cycles.
 * Links with labels take part as boxes do: nothing overlaps.
 */
export const layered = (boxes: readonly Size[], links: readonly Link[], options: LayoutOptions): Layout => {
  const { limit = Number.POSITIVE_INFINITY } = options
  let room = limit
  let best = arranged(boxes, links, options, room)
  for (let attempt = 0; attempt < attempts && breadthOf(best, options) > limit; attempt++) {
    room *= Math.min(0.85, limit / breadthOf(best, options))
    const next = arranged(boxes, links, options, room)
    if (breadthOf(next, options) < breadthOf(best, options)) best = next
  }
  return best
}

const breadthOf = ({ width, height }: Size, { direction }: LayoutOptions): number =>
  direction === 'right' ? height : width

const arranged = (
  boxes: readonly Size[],
  links: readonly Link[],
  { direction, between, apart, limit = Number.POSITIVE_INFINITY }: LayoutOptions,
  room: number,
): Layout => {
  const across = ({ width, height }: Size): number => (direction === 'right' ? height : width)
  const along = ({ width, height }: Size): number => (direction === 'right' ? width : height)
  const boxBreadths = boxes.map(across)
  const levels = levelsOf(boxBreadths, links, between, room)
  const rows = rowsOf(links, levels, across, limit)
  const members = membersOf(boxBreadths, links, levels, rows)
  order(members)
  mirrored(members)

  const breadths = [...boxBreadths, ...new Array<number>(members.count - boxes.length).fill(0)]
  const depths = [...boxes.map(along), ...new Array<number>(members.count - boxes.length).fill(0)]
  links.forEach(({ label }, i) => {
    if (label === undefined) return
    breadths[members.carriers[i]!] = across(label)
    depths[members.carriers[i]!] = along(label)
  })
  const isBox = (v: number) => v < boxes.length
  const isBare = (v: number) => !isBox(v) && breadths[v] === 0
  const gap = (a: number, b: number): number =>
    isBox(a) && isBox(b) ? between : isBare(a) || isBare(b) ? clear : isBox(a) || isBox(b) ? clear : labelGap
  const distance = (a: number, b: number): number => (breadths[a]! + breadths[b]!) / 2 + gap(a, b)
  const weak = weakOf(links, members)
  const isWeak = (from: number, to: number) => weak.has(from * members.count + to)
  const aligned = { ...members, isBend: (v: number) => !isBox(v), distance, isWeak }
  const free = placesOf(aligned)
  const fitted = limit < Number.POSITIVE_INFINITY ? fit({ ...aligned, breadths, limit }, free) : free
  const least = fitted.reduce((low, place, v) => Math.min(low, place - breadths[v]! / 2), Number.POSITIVE_INFINITY)
  const middles = fitted.map((place) => place - least)
  const most = middles.reduce((high, place, v) => Math.max(high, place + breadths[v]! / 2), 0)

  const { starts, ends, layerOf } = stacked(members, depths, middles, apart, rows)
  const length = ends.at(-1) ?? 0
  const point = (x: number, y: number): Point => (direction === 'right' ? { x, y } : { x: y, y: x })
  const frame: Frame = { members, middles, breadths, depths, starts, ends, layerOf, point }
  const size = point(length, most)
  return {
    width: size.x,
    height: size.y,
    boxes: boxes.map((_, v) => point((starts[layerOf[v]!]! + ends[layerOf[v]!]!) / 2, middles[v]!)),
    routes: routesOf(frame, links),
  }
}

/** The last stretch of the links of leaves, where they end beside those of other boxes: those of a chain are to be straight. */
const weakOf = (links: readonly Link[], { bends, count }: Members): Set<number> => {
  const isFed = new Set(links.map(({ to }) => to))
  const isChained = new Set(links.filter(({ from }) => isFed.has(from)).map(({ to }) => to))
  const weak = links.flatMap(({ from, to }, i) =>
    !isFed.has(from) && isChained.has(to) ? [(bends[i]!.at(-1) ?? from) * count + to] : [],
  )
  return new Set(weak)
}

/** How many layers of labels are needed between two layers of boxes, for labels side by side to fit in the limit. */
const rowsOf = (
  links: readonly Link[],
  levels: readonly number[],
  across: (size: Size) => number,
  limit: number,
): number => {
  const sums = new Map<number, number>()
  for (const { to, label } of links) {
    if (label !== undefined) sums.set(levels[to]!, (sums.get(levels[to]!) ?? 0) + across(label) + labelGap)
  }
  if (sums.size === 0) return 0
  const rows = Math.max(...[...sums.values()].map((sum) => Math.ceil(sum / limit)))
  return Math.min(mostRows, Math.max(1, rows))
}

/** Where each layer begins and ends. Layers in which nothing stands take no room; steep edges get more. */
const stacked = (
  { layers, after }: Members,
  depths: readonly number[],
  middles: readonly number[],
  apart: number,
  rows: number,
) => {
  const layerOf: number[] = []
  const [starts, ends]: [number[], number[]] = [[], []]
  let at = 0
  layers.forEach((layer, i) => {
    let depth = 0
    let rise = 0
    for (const v of layer) {
      layerOf[v] = i
      depth = Math.max(depth, depths[v]!)
      for (const { to } of after[v]!) rise = Math.max(rise, Math.abs(middles[to]! - middles[v]!))
    }
    starts.push(at)
    ends.push(at + depth)
    const usual = depth === 0 && rows > 1 ? 0 : apart / (rows === 0 ? 1 : 2)
    at += depth + Math.max(usual, Math.min(apart * 1.4, rise * 0.16))
  })
  return { starts, ends, layerOf }
}
