import type { Trace, TraceGroup } from '../../trace/schema.js'
import type { Direction, Point } from '../layout/types.js'
import { textAt } from '../svg.js'
import { shortened } from '../text.js'
import { placesOf } from './places.js'
import { boundsOf, meet, outlineOf, type Placed, type Region, regionOf } from './region.js'
import type { Item } from './scene.js'

const padding = 7
const label = { size: 10.7, height: 15 }

interface Frame {
  readonly group: TraceGroup
  readonly members: ReadonlySet<number>
  readonly region: Region
}

/** The frames of a drawing, and how far they reach. */
interface Frames {
  readonly top: number
  readonly bottom: number
  boxesAt(left: number, top: number): string
  namesAt(left: number, top: number): string
}

/**
 * A frame around the boxes of each open group, with its name: around all of them if nothing else is there, else along them,
 * layer by layer; where that is not possible either there is none. Leaves that only the group uses are inside.
 */
export const framesOf = (
  trace: Trace,
  items: readonly Item[],
  boxes: readonly Placed[],
  pills: readonly { readonly box: Placed; readonly from: number; readonly to: number }[],
  direction: Direction,
): Frames => {
  const memberships = placesOf(trace, items)
  const frames: Frame[] = []
  // inner ones first: outer ones go around them
  for (const group of [...trace.groups].reverse()) {
    const members = new Set(items.flatMap((_, i) => (memberships[i]!.includes(group.id) ? [i] : [])))
    if (members.size < 2 || members.size === items.length) continue
    const inner = frames.filter((frame) => [...frame.members].every((i) => members.has(i)))
    const inside: Placed[] = [...[...members].map((i) => boxes[i]!), ...inner.flatMap(({ region }) => region)]
    const between = pills.filter(({ from, to }) => members.has(from) && members.has(to)).map(({ box }) => box)
    const isClear = (region: Region): boolean => {
      const meets = (box: Placed) => region.some((part) => meet(part, box))
      return (
        boxes.every((box, i) => members.has(i) || !meets(box)) &&
        pills.every(({ box, from, to }) => (members.has(from) && members.has(to)) || !meets(box)) &&
        frames.every((other) => inner.includes(other) || !other.region.some(meets))
      )
    }
    const region = [[boundsOf([...inside, ...between])], inside]
      .map((parts) => regionOf(parts, padding, direction))
      .map((found) => found && withName(found))
      .find((found) => found !== null && isClear(found))
    if (region) frames.push({ group, members, region })
  }
  const drawn = [...frames].reverse()
  const bounds = frames.map(({ region }) => boundsOf(region))
  return {
    boxesAt: (left, top) =>
      drawn
        .map(({ group, region }) => {
          return `<path class="frame" data-frame="${group.id}" d="${outlineOf(region, direction, left, top)}"/>`
        })
        .join(''),
    namesAt: (left, top) => drawn.map(({ group, region }) => nameAt(group, region, left, top)).join(''),
    top: bounds.reduce((least, { y }) => Math.min(least, y), Number.POSITIVE_INFINITY),
    bottom: bounds.reduce((most, { y, height }) => Math.max(most, y + height), Number.NEGATIVE_INFINITY),
  }
}

/** The part of a region that its name stands in: the uppermost. */
const firstOf = (region: Region): Placed => region.reduce((a, b) => (b.y < a.y || (b.y === a.y && b.x < a.x) ? b : a))

/** With room for the name. */
const withName = (region: Region): Region => {
  const first = firstOf(region)
  return region.map((part) =>
    part === first ? { ...part, y: part.y - label.height, height: part.height + label.height } : part,
  )
}

/** What it is called and what it is, where one does not say the other. */
const nameAt = ({ name, type }: TraceGroup, region: Region, left: number, top: number): string => {
  const { x, y, width } = firstOf(region)
  const text = type.startsWith(name) ? type : `${name}  ${type}`
  const corner: Point = { x: left + x + 9, y: top + y + 13 }
  return textAt(corner.x, corner.y, shortened(text, width - 16, label.size), {
    size: label.size,
    className: 'soft halo',
  })
}
