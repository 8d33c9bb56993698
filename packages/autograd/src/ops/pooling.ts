import { ArgumentError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape, sizeOf } from '../graph/shape.js'
import { reshape, sum } from './broadcast.js'
import { constantOf, upTo } from './constant.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { type Extremes, maxWithIndices } from './extremes.js'
import { type Checks, type ErrorSample, random, sides, values } from './facts.js'
import { indexSelect } from './gather.js'
import * as kinds from './kinds.js'
import { ravel } from './layout.js'
import { norm } from './norm.js'
import { mean, min } from './reduce.js'
import {
  type Along,
  countReads,
  geometryOf,
  requireAxes,
  requireFloat,
  requireSight,
  type Sides,
  sidesKind,
  type WindowOptions,
  windowKinds,
  windowsOf,
} from './windows.js'

export interface PoolingOptions extends WindowOptions {
  /** Whether a last window that begins on the input or its padding may reach beyond the end. Default false. */
  readonly ceilMode?: boolean
}

type Rank = 1 | 2 | 3

const { add, less, mul, where } = elementwise

/** How windows lie, side by side unless it is said otherwise. */
const poolOf = (op: string, x: Node, size: Sides, rank: Rank, options: PoolingOptions): readonly Along[] => {
  requireFloat(op, x)
  requireAxes(op, x, rank)
  return geometryOf(op, x, size, { ...options, stride: options.stride ?? size })
}

/** What each window reads as the last axis. */
const linesOf = (windows: Node, rank: Rank): Node =>
  reshape(windows, [...windows.sizes.slice(0, 2 + rank), sizeOf(windows.sizes.slice(2 + rank))])

/** Numbers far from each other, in no order. */
const apart = (...shape: number[]) =>
  values(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 37) % 101) / 10 - 5),
  )

const mistakes = (op: string, rank: Rank): readonly ErrorSample[] => [
  { args: [random(...sides(rank, 4)), 2], error: ShapeError, says: [op, formatShape(sides(rank, 4)), 'batch'] },
  { args: [random(1, 1, ...sides(rank, 2)), 3], error: ShapeError, says: [op, 'larger'] },
  {
    args: [random(1, 1, ...sides(rank, 4)), 0],
    error: ShapeError,
    says: [op, `size ${formatShape(sides(rank, 0))}`, 'at least 1'],
  },
]

/** The greatest element of each window, and which of the places that it reads it stands at, in their order. */
const greatestOf = (op: string, x: Node, lies: readonly Along[], rank: Rank): Extremes => {
  requireSight(op, x, lies)
  return maxWithIndices(linesOf(windowsOf(x, lies, Number.NEGATIVE_INFINITY), rank), -1)
}

/** What all windows read, one after the other: places in row-major order, and in those beyond x the first that is on it. */
const placesOf = (x: Node, lies: readonly Along[], rank: Rank): Node => {
  const dims = x.sizes.slice(2)
  const beyond = sizeOf(dims)
  const plane = reshape(upTo(x, beyond), [1, 1, ...dims])
  const lines = linesOf(windowsOf(plane, lies, beyond), rank)
  const isPadded = lies.some(({ before, after }) => before + after > 0)
  return ravel(isPadded ? where(less(lines, beyond), lines, min(lines, -1, { keepDims: true })) : lines)
}

const maxPoolChecks = (op: string, rank: Rank): Required<Pick<Checks, 'takes' | 'samples' | 'errors'>> => ({
  takes: { x: kinds.tensor, size: sidesKind(rank), options: { ...windowKinds(rank), ceilMode: kinds.boolean } },
  samples: [
    [apart(1, 1, ...sides(rank, 4)), 2],
    [apart(1, 2, ...sides(rank, 3)), 2, { stride: 1, padding: 1 }],
    [apart(1, 1, ...sides(rank, 4)), 2, { dilation: 2, stride: 1 }],
    [apart(1, 1, ...sides(rank, 4, 5)), 2, { padding: 1, stride: 3, ceilMode: true }],
    [apart(1, 1, ...sides(rank, 3, 5)), 2, { ceilMode: true }],
  ],
  errors: [
    ...mistakes(op, rank),
    {
      args: [random(1, 1, ...sides(rank, 3)), 2, { padding: 2 }],
      error: ShapeError,
      says: [op, `padding ${formatShape(sides(rank, 2))}`, 'number 0 along axis 2', 'at most half'],
    },
    {
      args: [random(1, 1, ...sides(rank, 1)), 2, { padding: 1, dilation: 2, stride: 1 }],
      error: ShapeError,
      says: [op, 'covers'],
    },
  ],
})

const maxPool = (rank: Rank) => {
  const op = `maxPool${rank}d`
  const { takes, samples, errors } = maxPoolChecks(op, rank)
  return composed(op, {
    takes,
    call: (x: Node, size: Sides, options: PoolingOptions = {}): Node =>
      greatestOf(op, x, poolOf(op, x, size, rank, options), rank).values,
    samples,
    errors,
  })
}

const maxPoolWithIndices = (rank: Rank) => {
  const op = `maxPool${rank}dWithIndices`
  const { takes, samples, errors } = maxPoolChecks(op, rank)
  return composed(op, {
    takes,
    call: (x: Node, size: Sides, options: PoolingOptions = {}): Extremes => {
      const lies = poolOf(op, x, size, rank, options)
      const { values, indices } = greatestOf(op, x, lies, rank)
      const counts = lies.map(({ count }) => count)
      const reads = sizeOf(lies.map((along) => along.size))
      const starts = reshape(mul(upTo(x, sizeOf(counts)), reads), counts)
      return { values, indices: indexSelect(placesOf(x, lies, rank), add(indices, starts), 0) }
    },
    samples,
    errors,
  })
}

/** The greatest element of each window of `[batch, channels, length]`; of several, the first has the derivative. */
export const maxPool1d = maxPool(1)
/** The greatest element of each window of `[batch, channels, height, width]`; of several, the first has the derivative. */
export const maxPool2d = maxPool(2)
/** The greatest of each window of `[batch, channels, depth, height, width]`; of several, the first has the derivative. */
export const maxPool3d = maxPool(3)

/** The same, and where on its line each greatest element stands. */
export const maxPool1dWithIndices = maxPoolWithIndices(1)
/** The same, and where in its image each greatest element stands, in row-major order. */
export const maxPool2dWithIndices = maxPoolWithIndices(2)
/** The same, and where in its volume each greatest element stands, in row-major order. */
export const maxPool3dWithIndices = maxPoolWithIndices(3)

export interface AverageOptions extends PoolingOptions {
  /** Whether padding counts as zeros; else the mean is of what lies on the input. Default true. */
  readonly countIncludePad?: boolean
  /** What sums are divided by, instead of by their number. */
  readonly divisorOverride?: number
}

/** By how many each window of the result is divided. */
const divisorsOf = (x: Node, lies: readonly Along[], countIncludePad: boolean): Node => {
  const counts = lies.map((along) => {
    const beyond = countIncludePad ? along.before : 0
    // nothing but padding has the mean 0
    return countReads(along, -beyond, along.dim + beyond).map((count) => Math.max(1, count))
  })
  const products = counts.reduce((all, own) => all.flatMap((a) => own.map((b) => a * b)), [1])
  const shape = lies.map(({ count }) => count)
  return constantOf(x, products, shape, x.dtype)
}

const avgPool = (rank: Rank) => {
  const op = `avgPool${rank}d`
  return composed(op, {
    takes: {
      x: kinds.tensor,
      size: sidesKind(rank),
      options: {
        ...windowKinds(rank),
        ceilMode: kinds.boolean,
        countIncludePad: kinds.boolean,
        divisorOverride: kinds.number,
      },
    },
    call: (x: Node, size: Sides, options: AverageOptions = {}): Node => {
      const { countIncludePad = true, divisorOverride, ...rest } = options
      const lies = poolOf(op, x, size, rank, rest)
      const windows = windowsOf(x, lies, 0)
      const axes = lies.map((_, i) => 2 + rank + i)
      if (divisorOverride !== undefined) {
        if (divisorOverride !== 0 && Number.isFinite(divisorOverride)) {
          return elementwise.div(sum(windows, axes), divisorOverride)
        }
        throw new ArgumentError(`${op}: divisorOverride is ${divisorOverride}; use a number other than 0.`)
      }
      const isWhole = lies.every(({ before, after }) => after === before && (countIncludePad || before === 0))
      if (isWhole) return mean(windows, axes)
      return elementwise.div(sum(windows, axes), divisorsOf(x, lies, countIncludePad))
    },
    samples: [
      [random(1, rank === 3 ? 1 : 2, ...sides(rank, 4)), 2],
      [random(1, 1, ...sides(rank, 3, 4)), rank === 2 ? [2, 3] : 2, { stride: 1, padding: 1 }],
      [random(1, 1, ...sides(rank, 3, 4)), 2, { padding: 1, countIncludePad: false }],
      [random(1, 1, ...sides(rank, 4, 5)), 3, { stride: 2, padding: 1, ceilMode: true }],
      [random(1, 1, ...sides(rank, 4, 5)), 2, { stride: 3, ceilMode: true, countIncludePad: false }],
      [random(1, 1, ...sides(rank, 4)), 2, { divisorOverride: 3, dilation: 2, stride: 1 }],
    ],
    errors: [
      ...mistakes(op, rank),
      {
        args: [random(1, 1, ...sides(rank, 4)), 2, { divisorOverride: 0 }],
        error: ArgumentError,
        says: [op, 'divisorOverride', '0'],
      },
    ],
  })
}

/** The mean of each window of `[batch, channels, length]`, padding counted as zeros unless it is said otherwise. */
export const avgPool1d = avgPool(1)
/** The mean of each window of `[batch, channels, height, width]`, padding counted as zeros unless it is said otherwise. */
export const avgPool2d = avgPool(2)
/** The mean of each window of `[batch, channels, depth, height, width]`, padding counted as zeros likewise. */
export const avgPool3d = avgPool(3)

export interface PowerOptions extends Pick<PoolingOptions, 'stride' | 'ceilMode'> {
  /** Which norm. Default 2; Infinity for the greatest size. */
  readonly p?: number
}

const lpPool = (rank: Rank) => {
  const op = `lpPool${rank}d`
  return composed(op, {
    takes: {
      x: kinds.tensor,
      size: sidesKind(rank),
      options: {
        p: kinds.numberThat('a positive number', (p) => p > 0),
        stride: sidesKind(rank),
        ceilMode: kinds.boolean,
      },
    },
    call: (x: Node, size: Sides, { p = 2, ...options }: PowerOptions = {}): Node =>
      norm(linesOf(windowsOf(x, poolOf(op, x, size, rank, options), 0), rank), -1, { order: p }),
    samples: [
      [random(1, rank === 3 ? 1 : 2, ...sides(rank, 4)), 2],
      [random(1, 1, ...sides(rank, 3)), 2, { p: 3, stride: 1 }],
      [random(1, 1, ...sides(rank, 3, 5)), 2, { p: 1, ceilMode: true }],
      [random(1, 1, ...sides(rank, 4)), 2, { p: Number.POSITIVE_INFINITY }],
    ],
    errors: mistakes(op, rank),
  })
}

/** The p-norm of each window of `[batch, channels, length]`. */
export const lpPool1d = lpPool(1)
/** The p-norm of each window of `[batch, channels, height, width]`. */
export const lpPool2d = lpPool(2)
/** The p-norm of each window of `[batch, channels, depth, height, width]`. */
export const lpPool3d = lpPool(3)
