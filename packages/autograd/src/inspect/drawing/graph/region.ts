import type { Direction, Point, Size } from '../layout/types.js'
import { px } from '../text.js'

/** A box with its left upper corner. */
export interface Placed extends Point, Size {}

/** What boxes cover, layer by layer: each part reaches to where the next one begins, and they hang together. */
export type Region = readonly Placed[]

/** Rounded by as much, where there is room. */
const radius = 12
/** Parts that touch each other by less do not hang together. */
const leastOverlap = 24

export const meet = (a: Placed, b: Placed): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

const turned = ({ x, y, width, height }: Placed): Placed => ({ x: y, y: x, width: height, height: width })

/** What boxes cover with a rim around; null where that falls to pieces. */
export const regionOf = (boxes: readonly Placed[], rim: number, direction: Direction): Region | null => {
  if (direction === 'right') return regionOf(boxes.map(turned), rim, 'down')?.map(turned) ?? null
  const rows: Placed[] = []
  for (const box of boxes.toSorted((a, b) => a.y - b.y)) {
    const grown = { x: box.x - rim, y: box.y - rim, width: box.width + 2 * rim, height: box.height + 2 * rim }
    const last = rows.at(-1)
    if (last === undefined || last.y + last.height <= grown.y) rows.push(grown)
    else rows[rows.length - 1] = around(last, grown)
  }
  const region = rows.map((row, i) => {
    const next = rows[i + 1]
    return next === undefined ? row : { ...row, height: next.y - row.y }
  })
  const overlap = (a: Placed, b: Placed) => Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  return region.every((row, i) => i === 0 || overlap(row, region[i - 1]!) >= leastOverlap) ? region : null
}

const around = (a: Placed, b: Placed): Placed => {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)]
  const [right, bottom] = [Math.max(a.x + a.width, b.x + b.width), Math.max(a.y + a.height, b.y + b.height)]
  return { x, y, width: right - x, height: bottom - y }
}

/** The smallest box around a region. */
export const boundsOf = (region: Region): Placed => region.reduce(around)

/** The outline of a region as an SVG path, with rounded corners. */
export const outlineOf = (region: Region, direction: Direction, left: number, top: number): string => {
  const isTurned = direction === 'right'
  const parts = isTurned ? region.map(turned) : region
  const down = parts.flatMap(({ x, y, width, height }) => [corner(x + width, y), corner(x + width, y + height)])
  const up = parts.toReversed().flatMap(({ x, y, height }) => [corner(x, y + height), corner(x, y)])
  const corners = withoutStraight([...down, ...up])
  const at = ({ x, y }: Point) => (isTurned ? `${px(left + y)},${px(top + x)}` : `${px(left + x)},${px(top + y)}`)
  const pieces = corners.map((point, i) => {
    const [before, after] = [corners.at(i - 1)!, corners[(i + 1) % corners.length]!]
    const [start, end] = [towards(point, before), towards(point, after)]
    return `${i === 0 ? 'M' : 'L'}${at(start)}Q${at(point)} ${at(end)}`
  })
  return `${pieces.join('')}Z`
}

const corner = (x: number, y: number): Point => ({ x, y })

const distance = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y)

/** From a corner along one of its sides, as far as it is rounded. */
const towards = (from: Point, to: Point): Point => {
  const length = distance(from, to)
  const part = Math.min(radius, length / 2) / Math.max(length, 1)
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
}

/** Without corners that are none. */
const withoutStraight = (corners: readonly Point[]): Point[] => {
  const apart = corners.filter((point, i) => distance(point, corners.at(i - 1)!) > 0.5)
  return apart.filter((point, i) => {
    const [before, after] = [apart.at(i - 1)!, apart[(i + 1) % apart.length]!]
    const isStraight = (axis: 'x' | 'y') =>
      Math.abs(before[axis] - point[axis]) < 0.5 && Math.abs(point[axis] - after[axis]) < 0.5
    return !(isStraight('x') || isStraight('y'))
  })
}
