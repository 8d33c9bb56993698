import { avgPool1d, avgPool2d, avgPool3d, kinds, type SpatialRank, type WindowSides } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireOption } from '../../errors.js'
import { type Sides, sidesKind } from './sides.js'
import { type PoolOps, poolKinds, WindowPool, type WindowPoolOptions } from './window-pool.js'

/** Where the windows of average pooling stand, and what their sums are divided by. */
export interface AvgPoolOptions<
  R extends SpatialRank = SpatialRank,
  S = WindowSides<R>,
  P = WindowSides<R>,
  D = WindowSides<R>,
  C = boolean,
> extends WindowPoolOptions<R, S, P, D, C> {
  /** Whether padding counts as zeros; else the mean is of what lies on the input. Default true. */
  readonly countIncludePad?: boolean
  /** What sums are divided by, instead of by their number. */
  readonly divisorOverride?: number
}

const ops = { 1: avgPool1d, 2: avgPool2d, 3: avgPool3d } as unknown as PoolOps

/** What `AvgPool1d`, `AvgPool2d` and `AvgPool3d` are. */
export abstract class AvgPool<R extends SpatialRank, K, S, P, D, C> extends WindowPool<'avgPool', R, K, S, P, D, C> {
  /** Whether padding counts as zeros. */
  readonly countIncludePad: boolean
  /** What sums are divided by; undefined for their number. */
  readonly divisorOverride: number | undefined

  protected constructor(name: string, rank: R, size: K, options: AvgPoolOptions<R, S, P, D, C>) {
    super(name, ops, rank, size, options)
    const { countIncludePad = true, divisorOverride } = options
    const divides = divisorOverride === undefined || (divisorOverride !== 0 && Number.isFinite(divisorOverride))
    requireOption(name, 'divisorOverride', divisorOverride, divides, 'a number other than 0')
    this.countIncludePad = countIncludePad
    this.divisorOverride = divisorOverride
  }

  protected override settings(): object {
    const { countIncludePad, divisorOverride } = this
    return { ...super.settings(), countIncludePad, divisorOverride }
  }
}

/** How average pooling over R axes is made. */
export interface AvgPoolClass<R extends SpatialRank> {
  new <
    const K extends WindowSides<R>,
    const S extends WindowSides<R> = K,
    const P extends WindowSides<R> = 0,
    const D extends WindowSides<R> = 1,
    C extends boolean = false,
  >(
    size: K,
    options?: AvgPoolOptions<R, S, P, D, C>,
  ): AvgPool<R, K, S, P, D, C>
}

const avgPool = <R extends SpatialRank>(rank: R): AvgPoolClass<R> => {
  const name = `AvgPool${rank}d`
  const options = { ...poolKinds(rank), countIncludePad: kinds.boolean, divisorOverride: kinds.number }
  const takes = checker(name, { size: sidesKind(rank), options })
  const classes = {
    [name]: class extends AvgPool<R, Sides, Sides, Sides, Sides, boolean> {
      constructor(size: Sides, options = {}) {
        takes(arguments)
        super(name, rank, size, options)
      }
    },
  }
  return classes[name] as unknown as AvgPoolClass<R>
}

/**
 * The mean of each window of lines [batch, channels, length]; windows lie side by side unless `stride` says otherwise.
 * Padding counts as zeros unless `countIncludePad` is false; sums are divided by `divisorOverride` where it is given.
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank, and for a window larger than the
 *   padded x
 * @example new AvgPool1d(2).forward(tensor([[[1, 3, 2, 4]]]))   // [[[2, 3]]]
 */
export const AvgPool1d = avgPool(1)
export type AvgPool1d = InstanceType<typeof AvgPool1d>

/**
 * The mean of each window of images [batch, channels, height, width]; windows lie side by side unless `stride` says
 * otherwise. Padding counts as zeros unless `countIncludePad` is false; sums are divided by `divisorOverride` where it is
 * given.
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank, and for a window larger than the
 *   padded x
 * @example new AvgPool2d([2, 4]).forward(zeros([8, 3, 32, 32]))   // Tensor<[8, 3, 16, 8]>
 */
export const AvgPool2d = avgPool(2)
export type AvgPool2d = InstanceType<typeof AvgPool2d>

/**
 * The mean of each window of volumes [batch, channels, depth, height, width]; windows lie side by side unless `stride` says
 * otherwise. Padding counts as zeros unless `countIncludePad` is false; sums are divided by `divisorOverride` where it is
 * given.
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank, and for a window larger than the
 *   padded x
 * @example new AvgPool3d(2).forward(zeros([8, 3, 4, 8, 8]))   // Tensor<[8, 3, 2, 4, 4]>
 */
export const AvgPool3d = avgPool(3)
export type AvgPool3d = InstanceType<typeof AvgPool3d>
