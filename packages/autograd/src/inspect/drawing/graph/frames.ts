import type { Trace, TraceGroup } from '../../schema.js'
import type { Point, Size } from '../layout/types.js'
import { textAt } from '../svg.js'
import { px, shortened } from '../text.js'
import { placesOf } from './places.js'
import type { Item } from './scene.js'

/** A box with its left upper corner. */
export interface Placed extends Point, Size {}

const padding = 7
const label = { size: 10.7, height: 15 }

interface Frame extends Placed {
  readonly group: TraceGroup
  readonly members: ReadonlySet<number>
}

const meet = (a: Placed, b: Placed): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

/** Whether one lies in the other with some distance. */
const holds = (outer: Placed, inner: Placed): boolean =>
  outer.x < inner.x &&
  outer.y < inner.y &&
  outer.x + outer.width > inner.x + inner.width &&
  outer.y + outer.height > inner.y + inner.height

/**
 * A frame around the boxes of each open group, with its name: where nothing else would be inside it. Leaves that only the group
 * uses are inside.
 */
export const framesOf = (
  trace: Trace,
  items: readonly Item[],
  boxes: readonly Placed[],
  pills: readonly { readonly box: Placed; readonly from: number; readonly to: number }[],
): {
  top: number
  bottom: number
  boxesAt: (left: number, top: number) => string
  namesAt: (left: number, top: number) => string
} => {
  const memberships = placesOf(trace, items)
  const frames: Frame[] = []
  // inner ones first: outer ones go around them
  for (const group of [...trace.groups].reverse()) {
    const members = new Set(items.flatMap((_, i) => (memberships[i]!.includes(group.id) ? [i] : [])))
    if (members.size < 2 || members.size === items.length) continue
    const inside: Placed[] = [
      ...[...members].map((i) => boxes[i]!),
      ...pills.filter(({ from, to }) => members.has(from) && members.has(to)).map(({ box }) => box),
      ...frames.filter((frame) => [...frame.members].every((i) => members.has(i))),
    ]
    const left = Math.min(...inside.map(({ x }) => x)) - padding
    const top = Math.min(...inside.map(({ y }) => y)) - padding - label.height
    const frame: Frame = {
      group,
      members,
      x: left,
      y: top,
      width: Math.max(...inside.map(({ x, width }) => x + width)) + padding - left,
      height: Math.max(...inside.map(({ y, height }) => y + height)) + padding - top,
    }
    const isClear =
      boxes.every((box, i) => members.has(i) || !meet(frame, box)) &&
      pills.every(({ box, from, to }) => (members.has(from) && members.has(to)) || !meet(frame, box)) &&
      frames.every((other) => holds(frame, other) || !meet(frame, other))
    if (isClear) frames.push(frame)
  }
  const drawn = [...frames].reverse()
  const boxesAt = (left: number, top: number): string =>
    drawn
      .map(
        ({ group, x, y, width, height }) =>
          `<rect class="frame" data-frame="${group.id}" x="${px(left + x)}" y="${px(top + y)}" width="${px(width)}" height="${px(height)}" rx="12"/>`,
      )
      .join('')
  const namesAt = (left: number, top: number): string =>
    drawn
      .map(({ group, x, y, width }) => {
        const text = group.type === group.name ? group.name : `${group.name}  ${group.type}`
        const options = { size: label.size, className: 'soft halo' }
        return textAt(left + x + 9, top + y + 13, shortened(text, width - 16, label.size), options)
      })
      .join('')
  return {
    boxesAt,
    namesAt,
    top: frames.reduce((least, { y }) => Math.min(least, y), Number.POSITIVE_INFINITY),
    bottom: frames.reduce((most, { y, height }) => Math.max(most, y + height), Number.NEGATIVE_INFINITY),
  }
}
