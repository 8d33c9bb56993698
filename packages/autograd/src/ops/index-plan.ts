import { ArgumentError, DTypeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import {
  broadcastShapes,
  formatShape,
  normalizeIndex,
  requireSize,
  type Shape,
  sameShape,
  sizeOf,
} from '../graph/shape.js'
import { broadcastTo, reshape } from './broadcast.js'
import { integers } from './constant.js'
import { elementwise } from './elementwise.js'
import { formatIndex, type IndexItem, parseSlice } from './index-items.js'
import { permute } from './layout.js'
import { cut, isWhole, overwrite, stretchOf, type Window } from './parts.js'
import { take } from './places.js'

// Where the elements of x stand that an index means: first a window of it, by slices and integers; then, of some axes of the
// window, what indices pick.

/** What becomes of the axes of x, in the order of the index. */
type Entry =
  | { readonly kind: 'kept'; readonly axis: number }
  | { readonly kind: 'dropped'; readonly axis: number }
  | { readonly kind: 'new' }
  /** Of the axes that `...` stands for, which may be none: what is on either side of it is not side by side. */
  | { readonly kind: 'gap' }
  | Picked

/** Axes of x from `axis` on, of which indices pick places. */
interface Picked {
  readonly kind: 'picked'
  readonly axis: number
  /** The sizes of these axes: several where a mask picks from all of them at once. */
  readonly dims: Shape
  /** int32; of several axes, places in row-major order. */
  readonly index: Node
  /** Whether they are known to be in range, and not to count from the end. */
  readonly isChecked: boolean
  /** What it was made from, if that is a mask. */
  readonly mask: Node | null
}

/** An index, as far as it does not depend on the elements of masks. */
interface Outline {
  /** All axes of x; integers are windows of one. */
  readonly window: Window
  readonly entries: readonly Entry[]
}

/** @param pick makes of a mask the places that are to be picked */
export const outlineOf = (op: string, x: Node, items: readonly IndexItem[], pick: (mask: Node) => Node): Outline => {
  const rank = x.sizes.length
  const named = items.reduce<number>((count, item) => count + axesOf(item), 0)
  const gaps = items.filter((item) => item === '...').length
  if (named > rank) throw tooMany(op, x, items, named)
  if (gaps > 1) {
    throw new ArgumentError(
      `${op}: the index ${formatIndex(items)} has '...' ${gaps} times; use it once, and ':' for one axis.`,
    )
  }
  const starts = x.sizes.map(() => 0)
  const steps = x.sizes.map(() => 1)
  const counts = [...x.sizes]
  const entries: Entry[] = []
  let axis = 0
  const keepRest = () => {
    for (let left = rank - named; left > 0; left--) entries.push({ kind: 'kept', axis: axis++ })
  }
  items.forEach((item, i) => {
    if (item === null) entries.push({ kind: 'new' })
    else if (item === '...') {
      entries.push({ kind: 'gap' })
      keepRest()
    } else if (typeof item === 'number') {
      starts[axis] = normalizeIndex(op, item, axis, x.sizes)
      counts[axis] = 1
      entries.push({ kind: 'dropped', axis: axis++ })
    } else if (typeof item === 'string') {
      const { start, end, step } = parseSlice(op, item, i + 1)
      const stretch = stretchOf(x.sizes[axis]!, start, end, step)
      starts[axis] = stretch.start
      steps[axis] = step
      counts[axis] = stretch.count
      entries.push({ kind: 'kept', axis: axis++ })
    } else {
      const entry = pickedBy(op, x, axis, item as Node | readonly number[], pick)
      entries.push(entry)
      axis += entry.dims.length
    }
  })
  if (gaps === 0) keepRest()
  return { window: { starts, steps, counts }, entries }
}

/** How many axes of x it is about. */
const axesOf = (item: IndexItem): number => {
  if (item === null || item === '...') return 0
  return typeof item === 'object' && 'dtype' in item && item.dtype === 'bool' ? item.sizes.length : 1
}

const tooMany = (op: string, { sizes }: Node, items: readonly IndexItem[], named: number): ShapeError => {
  if (sizes.length === 0) return new ShapeError(`${op}: a scalar has no axis to index; use item() to read it.`)
  return new ShapeError(
    `${op}: the index ${formatIndex(items)} is for ${named} axes, and shape ${formatShape(sizes)} has ${sizes.length}; ` +
      'leave out what is too much.',
  )
}

const pickedBy = (
  op: string,
  x: Node,
  axis: number,
  item: Node | readonly number[],
  pick: (mask: Node) => Node,
): Picked => {
  const dims = [x.sizes[axis]!]
  if (!('dtype' in item)) {
    const places = item.map((place) => normalizeIndex(op, place, axis, x.sizes))
    return { kind: 'picked', axis, dims, index: integers(x, Int32Array.from(places)), isChecked: true, mask: null }
  }
  if (item.dtype === 'int32') return { kind: 'picked', axis, dims, index: item, isChecked: false, mask: null }
  if (item.dtype !== 'bool') {
    throw new DTypeError(
      `${op}: an index is ${item}; use int32 for places, or bool for a mask: cast(index, 'int32'), or a comparison.`,
    )
  }
  const covered = x.sizes.slice(axis, axis + item.sizes.length)
  if (item.sizes.length === 0) {
    throw new ShapeError(`${op}: a mask is a scalar; use where() to choose by one truth value.`)
  }
  if (!sameShape(item.sizes, covered)) {
    throw new ShapeError(
      `${op}: a mask of shape ${formatShape(item.sizes)} is for axes of ${formatShape(covered)}, from axis ${axis} of shape ` +
        `${formatShape(x.sizes)} on; give it their sizes.`,
    )
  }
  return { kind: 'picked', axis, dims: covered, index: pick(item), isChecked: true, mask: item }
}

/** How the elements that an index means are brought together, from x to the shape of the result. */
export interface Plan {
  readonly window: Window
  readonly picks: Picks | null
  readonly shape: Shape
}

/** What of a window indices pick. */
interface Picks {
  /** Its axes, with those that are picked from side by side; null where they are. */
  readonly order: readonly number[] | null
  /** These as one axis, of which `index` picks. */
  readonly merged: Shape
  readonly axis: number
  readonly index: Node
  readonly taken: Shape
  /** The axes of what is taken, with those of the index in front; null where they are where they belong. */
  readonly turned: readonly number[] | null
}

/**
 * The axes of indices, stretched to each other, stand where the first index stood if all indices stand side by side, and
 * else in front (NumPy's rule). Beside indices an integer counts as one.
 */
export const planOf = (op: string, { window, entries }: Outline): Plan => {
  const picked = entries.filter((entry) => entry.kind === 'picked')
  const sizeAt = (entry: Entry): readonly number[] =>
    entry.kind === 'kept' ? [window.counts[entry.axis]!] : entry.kind === 'new' ? [1] : []
  if (picked.length === 0) return { window, picks: null, shape: entries.flatMap(sizeAt) }

  const stretched = broadcastShapes(
    op,
    picked.map(({ index }) => index.sizes),
  )
  const isIndex = ({ kind }: Entry): boolean => kind === 'picked' || kind === 'dropped'
  const first = entries.findIndex(isIndex)
  const isTogether = entries.slice(first, entries.findLastIndex(isIndex)).every(isIndex)
  const place = isTogether ? first : 0
  const [before, behind] = [entries.slice(0, place), entries.slice(place)]
  const shape = [...before.flatMap(sizeAt), ...stretched, ...behind.flatMap(sizeAt)]
  requireSize(op, shape)

  const axes = picked.flatMap(({ axis, dims }) => dims.map((_, i) => axis + i))
  const [low, high] = [axes[0]!, axes.at(-1)! + 1]
  const isKept = (axis: number): boolean => entries.some((entry) => entry.kind === 'kept' && entry.axis === axis)
  const all = window.counts.map((_, axis) => axis)
  const isSpan = !all.slice(low, high).some(isKept)
  const [outer, inner] = isSpan
    ? [all.slice(0, low), all.slice(high)]
    : [[], all.filter((axis) => !axes.includes(axis))]
  const size = (axis: number) => window.counts[axis]!
  const total = sizeOf(axes.map(size))
  const taken = [...outer.map(size), ...stretched, ...inner.map(size)]
  const isInPlace = outer.filter(isKept).length === before.filter(({ kind }) => kind === 'kept').length
  const own = stretched.map((_, i) => outer.length + i)
  return {
    window,
    shape,
    picks: {
      order: isSpan ? null : [...axes, ...inner],
      merged: [...outer.map(size), total, ...inner.map(size)],
      axis: outer.length,
      index: placesIn(op, picked),
      taken,
      turned: isInPlace ? null : [...own, ...[...taken.keys()].filter((axis) => !own.includes(axis))],
    },
  }
}

/** The part of x that a plan starts with; where it picks from several axes, with these as one. */
export const partOf = (x: Node, { window, picks }: Plan): Node => {
  const whole = isWhole(window, x.sizes) ? x : cut(x, window)
  return picks === null ? whole : reshape(inOrder(whole, picks.order), picks.merged)
}

/** What was found there, as the result. */
export const outOf = (found: Node, { picks, shape }: Plan): Node =>
  reshape(picks === null ? found : inOrder(found, picks.turned), shape)

/** A value that is stretched to the result, as it would have been found. */
export const into = (value: Node, { window, picks, shape }: Plan): Node => {
  const whole = broadcastTo(value, shape)
  if (picks === null) return reshape(whole, window.counts)
  return outOfOrder(reshape(whole, ordered(picks.taken, picks.turned)), picks.turned)
}

/** x with the part that a plan starts with made anew. */
export const changed = (x: Node, plan: Plan, change: (part: Node) => Node): Node => {
  const { window, picks } = plan
  const next = change(partOf(x, plan))
  const part = picks === null ? next : outOfOrder(reshape(next, ordered(window.counts, picks.order)), picks.order)
  return isWhole(window, x.sizes) ? part : overwrite(x, part, window)
}

type Order = readonly number[] | null
const inOrder = (x: Node, order: Order): Node => (order === null ? x : permute(x, order))
const ordered = (shape: Shape, order: Order): Shape => (order === null ? shape : order.map((axis) => shape[axis]!))
const outOfOrder = (x: Node, order: Order): Node => {
  if (order === null) return x
  return permute(
    x,
    order.map((_, axis) => order.indexOf(axis)),
  )
}

/** The places in the axes together that indices into each of them mean. */
const placesIn = (op: string, picked: readonly Picked[]): Node => {
  if (picked.length === 1) return picked[0]!.index
  let apart = 1
  const parts = picked.toReversed().map((entry) => {
    const part = distances(op, entry, apart)
    apart *= sizeOf(entry.dims)
    return part
  })
  return parts.reduce((sum, part) => elementwise.add(sum, part))
}

/** Indices times the distance of neighbours; those that may be out of range are looked up. */
const distances = (op: string, { axis, dims, index, isChecked }: Picked, apart: number): Node => {
  if (isChecked) return elementwise.mul(index, apart)
  const shape = new Array<number>(axis).fill(1)
  const table = Int32Array.from({ length: dims[0]! }, (_, i) => i * apart)
  // along the axis that an error is to name
  return reshape(take(integers(index, table, [...shape, dims[0]!]), index, { op, axis }), index.sizes)
}
