import type { Kind } from '../graph/arguments.js'
import { ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape } from '../graph/shape.js'
import { reshape, sum } from './broadcast.js'
import { constantOf } from './constant.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { maxWithIndices } from './extremes.js'
import { random, sides } from './facts.js'
import { indexSelect } from './gather.js'
import * as kinds from './kinds.js'
import { mean } from './reduce.js'
import { requireAxes, requireFloat } from './windows.js'

// Pooling to a size that is given. Window i of n on an axis of length m reaches from floor(i m / n) up to
// ceil((i + 1) m / n), as in PyTorch; they are boxes, so axes are pooled one after the other.

type Rank = 1 | 2 | 3

/** How many windows there are to be: on all axes, or on each; null leaves one as it is. */
export type AdaptiveSize = number | readonly (number | null)[]

/** Pools one axis: the windows of its places are the axis behind. */
type Pool = (windows: Node, axis: number, reads: readonly number[]) => Node

/** Windows of different lengths as lines of one: what follows a shorter one is its last element again. */
const alongAxis = (x: Node, axis: number, count: number, pool: Pool): Node => {
  const dim = x.sizes[axis]!
  if (count === dim) return x
  const starts = Array.from({ length: count }, (_, i) => Math.floor((i * dim) / count))
  const reads = starts.map((start, i) => Math.ceil(((i + 1) * dim) / count) - start)
  const most = Math.max(...reads)
  if (reads.every((read) => read === most) && most * count === dim) {
    return pool(reshape(x, x.sizes.toSpliced(axis, 1, count, most)), axis + 1, reads)
  }
  const places = starts.flatMap((start, i) =>
    Array.from({ length: most }, (_, k) => start + Math.min(k, reads[i]! - 1)),
  )
  return pool(indexSelect(x, constantOf(x, places, [count, most], 'int32'), axis), axis + 1, reads)
}

const greatest: Pool = (windows, axis) => maxWithIndices(windows, axis).values

const average: Pool = (windows, axis, reads) => {
  const most = windows.sizes[axis]!
  if (reads.every((read) => read === most)) return mean(windows, axis)
  const behind = windows.sizes.slice(axis + 1).map(() => 1)
  const within = reads.flatMap((read) => Array.from({ length: most }, (_, k) => Number(k < read)))
  const mask = constantOf(windows, within, [reads.length, most, ...behind], 'bool')
  const divisors = constantOf(windows, reads, [reads.length, ...behind], windows.dtype)
  return elementwise.div(sum(elementwise.where(mask, windows, 0), axis), divisors)
}

const sizeKind = (rank: Rank): Kind =>
  kinds.kind(
    rank === 1 ? 'a number' : `a number, or for each of ${rank} axes one, or null to leave it as it is`,
    (thing) =>
      kinds.number.accepts(thing) ||
      (Array.isArray(thing) && thing.length === rank && thing.every((n) => n === null || kinds.number.accepts(n))),
  )

const adaptive = (name: string, rank: Rank, pool: Pool) => {
  const op = `${name}${rank}d`
  const image = (size: number, last = size) => sides(rank, size, last)
  return composed(op, {
    takes: { x: kinds.tensor, size: sizeKind(rank) },
    call: (x: Node, size: AdaptiveSize): Node => {
      requireFloat(op, x)
      requireAxes(op, x, rank)
      const counts = typeof size === 'number' ? new Array<number>(rank).fill(size) : size
      let pooled = x
      for (const [i, count] of counts.entries()) {
        const axis = 2 + i
        if (count === null) continue
        if (!Number.isInteger(count) || count < 1) {
          throw new ShapeError(`${op}: size ${count} given for axis ${axis}; use an integer of at least 1, or null.`)
        }
        if (x.sizes[axis] === 0) {
          throw new ShapeError(
            `${op}: axis ${axis} of shape ${formatShape(x.sizes)} is empty; give it elements to pool.`,
          )
        }
        pooled = alongAxis(pooled, axis, count, pool)
      }
      return pooled
    },
    samples: [
      [random(rank === 3 ? 1 : 2, 1, ...image(4)), 2],
      [random(1, 2, ...image(rank === 3 ? 2 : 3, 5)), rank === 1 ? 3 : [null, ...image(2, 3).slice(1)]],
      [random(1, 1, ...image(3)), 1],
      [random(1, 1, ...image(3)), 5],
    ],
    errors: [
      { args: [random(...image(4)), 2], error: ShapeError, says: [op, formatShape(image(4)), 'batch'] },
      { args: [random(1, 1, ...image(4)), 0], error: ShapeError, says: [op, 'size', 'at least 1'] },
      { args: [random(1, 1, ...image(0)), 2], error: ShapeError, says: [op, 'axis 2', 'empty'] },
    ],
  })
}

/** The means of as many windows of `[batch, channels, length]` as are asked for. */
export const adaptiveAvgPool1d = adaptive('adaptiveAvgPool', 1, average)
/** The means of as many windows of `[batch, channels, height, width]` as are asked for. */
export const adaptiveAvgPool2d = adaptive('adaptiveAvgPool', 2, average)
/** The means of as many windows of `[batch, channels, depth, height, width]` as are asked for. */
export const adaptiveAvgPool3d = adaptive('adaptiveAvgPool', 3, average)
/** The greatest elements of as many windows of `[batch, channels, length]` as are asked for. */
export const adaptiveMaxPool1d = adaptive('adaptiveMaxPool', 1, greatest)
/** The greatest elements of as many windows of `[batch, channels, height, width]` as are asked for. */
export const adaptiveMaxPool2d = adaptive('adaptiveMaxPool', 2, greatest)
/** The greatest elements of as many windows of `[batch, channels, depth, height, width]` as are asked for. */
export const adaptiveMaxPool3d = adaptive('adaptiveMaxPool', 3, greatest)
