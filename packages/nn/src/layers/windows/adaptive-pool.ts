import {
  type AdaptivePoolShape,
  type AdaptiveSides,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  type Kind,
  kinds,
  type SpatialRank,
  type Tensor,
} from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireOption } from '../../errors.js'
import { Layer } from '../layer.js'
import { inNameOf, requireImages } from './images.js'
import type { In } from './rules.js'
import { shownSetting } from './settings.js'
import type { PoolOps } from './window-pool.js'

type Pools = 'adaptiveAvgPool' | 'adaptiveMaxPool'
const ops = {
  adaptiveAvgPool: { 1: adaptiveAvgPool1d, 2: adaptiveAvgPool2d, 3: adaptiveAvgPool3d },
  adaptiveMaxPool: { 1: adaptiveMaxPool1d, 2: adaptiveMaxPool2d, 3: adaptiveMaxPool3d },
} as unknown as Readonly<Record<Pools, PoolOps>>

/** A number, or for each axis one, or null. */
type Sizes = number | readonly (number | null)[]

/** Pooling to as many windows as are asked for. */
export abstract class AdaptivePool<Op extends Pools, R extends SpatialRank, Z> extends Layer {
  declare readonly out: AdaptivePoolShape<Op, R, In<this['in']>, Z>
  /** How many windows there are on all axes, or on each; null leaves one as it is. */
  readonly size: Z
  private readonly op: Op
  private readonly rank: R

  protected constructor(name: string, op: Op, rank: R, size: Z) {
    super()
    const sizes = typeof size === 'number' ? [size] : (size as readonly (number | null)[])
    const holds = sizes.every((count) => count === null || (Number.isSafeInteger(count) && count >= 1))
    requireOption(name, 'size', shownSetting(size), holds, 'integers of at least 1, or null to leave an axis as it is')
    this.size = size
    this.op = op
    this.rank = rank
  }

  protected run(x: Tensor): Tensor {
    requireImages(this, this.rank, x)
    return inNameOf(this, () => ops[this.op][this.rank](x, this.size as never))
  }

  protected override details(): string {
    return shownSetting(this.size)
  }
}

/** How adaptive pooling over R axes is made. */
export interface AdaptivePoolClass<Op extends Pools, R extends SpatialRank> {
  new <const Z extends AdaptiveSides<R>>(size: Z): AdaptivePool<Op, R, Z>
}

const sizeKind = (rank: SpatialRank): Kind =>
  kinds.kind(
    rank === 1 ? 'a number' : `a number, or for each of ${rank} axes one, or null to leave it as it is`,
    (thing) =>
      kinds.number.accepts(thing) ||
      (Array.isArray(thing) && thing.length === rank && thing.every((n) => n === null || kinds.number.accepts(n))),
  )

const adaptive = <Op extends Pools, R extends SpatialRank>(op: Op, rank: R): AdaptivePoolClass<Op, R> => {
  const name = `A${op.slice(1)}${rank}d`
  const takes = checker(name, { size: sizeKind(rank) })
  const classes = {
    [name]: class extends AdaptivePool<Op, R, Sizes> {
      constructor(size: Sizes) {
        takes(arguments)
        super(name, op, rank, size)
      }
    },
  }
  return classes[name] as unknown as AdaptivePoolClass<Op, R>
}

/**
 * The means of as many windows of lines [batch, channels, length] as are asked for; null leaves an axis as it is. Window i of
 * n on an axis of length m reaches from floor(i m / n) up to ceil((i + 1) m / n).
 *
 * @throws OptionError for a size that is no positive integer; ShapeError for x of another rank, or with an empty axis
 * @example new AdaptiveAvgPool1d(2).forward(tensor([[[1, 2, 3]]]))   // [[[1.5, 2.5]]]
 */
export const AdaptiveAvgPool1d = adaptive('adaptiveAvgPool', 1)
export type AdaptiveAvgPool1d = InstanceType<typeof AdaptiveAvgPool1d>

/**
 * The means of as many windows of images [batch, channels, height, width] as are asked for, as `AdaptiveAvgPool1d` says of
 * each axis: with 1 the mean of each channel (Lin et al., Network in network, 2014).
 *
 * @throws OptionError for a size that is no positive integer; ShapeError for x of another rank, or with an empty axis
 * @example new AdaptiveAvgPool2d([1, null]).forward(zeros([8, 3, 7, 9]))   // Tensor<[8, 3, 1, 9]>
 */
export const AdaptiveAvgPool2d = adaptive('adaptiveAvgPool', 2)
export type AdaptiveAvgPool2d = InstanceType<typeof AdaptiveAvgPool2d>

/**
 * The means of as many windows of volumes [batch, channels, depth, height, width] as are asked for, as `AdaptiveAvgPool1d`
 * says of each axis.
 *
 * @throws OptionError for a size that is no positive integer; ShapeError for x of another rank, or with an empty axis
 * @example new AdaptiveAvgPool3d(1).forward(zeros([8, 3, 4, 8, 8]))   // Tensor<[8, 3, 1, 1, 1]>
 */
export const AdaptiveAvgPool3d = adaptive('adaptiveAvgPool', 3)
export type AdaptiveAvgPool3d = InstanceType<typeof AdaptiveAvgPool3d>

/**
 * The greatest elements of as many windows of lines [batch, channels, length] as are asked for; null leaves an axis as it is.
 * Window i of n on an axis of length m reaches from floor(i m / n) up to ceil((i + 1) m / n).
 *
 * @throws OptionError for a size that is no positive integer; ShapeError for x of another rank, or with an empty axis
 * @example new AdaptiveMaxPool1d(2).forward(tensor([[[1, 3, 2]]]))   // [[[3, 3]]]
 */
export const AdaptiveMaxPool1d = adaptive('adaptiveMaxPool', 1)
export type AdaptiveMaxPool1d = InstanceType<typeof AdaptiveMaxPool1d>

/**
 * The greatest elements of as many windows of images [batch, channels, height, width] as are asked for, as
 * `AdaptiveMaxPool1d` says of each axis.
 *
 * @throws OptionError for a size that is no positive integer; ShapeError for x of another rank, or with an empty axis
 * @example new AdaptiveMaxPool2d(3).forward(zeros([8, 3, 7, 9]))   // Tensor<[8, 3, 3, 3]>
 */
export const AdaptiveMaxPool2d = adaptive('adaptiveMaxPool', 2)
export type AdaptiveMaxPool2d = InstanceType<typeof AdaptiveMaxPool2d>

/**
 * The greatest elements of as many windows of volumes [batch, channels, depth, height, width] as are asked for, as
 * `AdaptiveMaxPool1d` says of each axis.
 *
 * @throws OptionError for a size that is no positive integer; ShapeError for x of another rank, or with an empty axis
 * @example new AdaptiveMaxPool3d(2).forward(zeros([8, 3, 4, 8, 8]))   // Tensor<[8, 3, 2, 2, 2]>
 */
export const AdaptiveMaxPool3d = adaptive('adaptiveMaxPool', 3)
export type AdaptiveMaxPool3d = InstanceType<typeof AdaptiveMaxPool3d>
