import {
  kinds,
  lpPool1d,
  lpPool2d,
  lpPool3d,
  type PoolShape,
  type SpatialRank,
  type Tensor,
  type WindowSides,
} from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requirePositive } from '../../errors.js'
import * as kind from '../../kinds.js'
import { Layer } from '../layer.js'
import { inNameOf, requireImages } from './images.js'
import type { In } from './rules.js'
import { shownSettings } from './settings.js'
import { requireSides, type Sides, sidesKind } from './sides.js'
import type { PoolOps } from './window-pool.js'

/** Where the windows of power pooling stand, and which norm it is. */
export interface LPPoolOptions<R extends SpatialRank = SpatialRank, S = WindowSides<R>, C = boolean> {
  /** Which norm. Default 2; Infinity for the greatest size. */
  readonly p?: number
  /** Distance between windows. Default their size: side by side. */
  readonly stride?: S
  /** Whether a last window may reach beyond the end. Default false. */
  readonly ceilMode?: C
}

const ops = { 1: lpPool1d, 2: lpPool2d, 3: lpPool3d } as unknown as PoolOps

/** What `LPPool1d`, `LPPool2d` and `LPPool3d` are. */
export abstract class LPPool<R extends SpatialRank, K, S, C> extends Layer {
  declare readonly out: PoolShape<'lpPool', R, In<this['in']>, K, S, 0, 1, C>
  /** The size of a window: a number for all axes, or one for each. */
  readonly size: K
  /** Which norm. */
  readonly p: number
  /** Distance between windows. */
  readonly stride: S
  /** Whether a last window may reach beyond the end. */
  readonly ceilMode: C
  private readonly rank: R

  protected constructor(name: string, rank: R, size: K, options: LPPoolOptions<R, S, C>) {
    super()
    const { p = 2, stride = size, ceilMode = false } = options
    requireSides(name, 'size', size as Sides, 1)
    requireSides(name, 'stride', stride as Sides, 1)
    requirePositive(name, 'p', p)
    this.size = size
    this.p = p
    this.stride = stride as S
    this.ceilMode = ceilMode as C
    this.rank = rank
  }

  protected run(x: Tensor): Tensor {
    const { rank, size, p, stride, ceilMode } = this
    requireImages(this, rank, x)
    return inNameOf(this, () => ops[rank](x, size as never, { p, stride, ceilMode } as never))
  }

  protected override details(): string {
    const { size, p, stride, ceilMode } = this
    return shownSettings([size as Sides], { p, stride, ceilMode }, { p: 2, stride: size, ceilMode: false })
  }
}

/** How power pooling over R axes is made. */
export interface LPPoolClass<R extends SpatialRank> {
  new <const K extends WindowSides<R>, const S extends WindowSides<R> = K, C extends boolean = false>(
    size: K,
    options?: LPPoolOptions<R, S, C>,
  ): LPPool<R, K, S, C>
}

const lpPool = <R extends SpatialRank>(rank: R): LPPoolClass<R> => {
  const name = `LPPool${rank}d`
  const sides = sidesKind(rank)
  const takes = checker(name, { size: sides, options: { p: kind.positive, stride: sides, ceilMode: kinds.boolean } })
  const classes = {
    [name]: class extends LPPool<R, Sides, Sides, boolean> {
      constructor(size: Sides, options = {}) {
        takes(arguments)
        super(name, rank, size, options)
      }
    },
  }
  return classes[name] as unknown as LPPoolClass<R>
}

/**
 * The p-norm of each window of lines [batch, channels, length]: (sum of |x|^p)^(1/p). Sizes are summed, so that it is a
 * norm for an odd p too, where PyTorch sums powers with their signs; and of a window that reaches beyond the end, in
 * `ceilMode`, it is the norm of what is there, where PyTorch scales it. At 0 its derivative is 0.
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank, and for a window larger than x
 * @example new LPPool1d(2).forward(tensor([[[3, 4, 0, 1]]]))   // [[[5, 1]]]
 */
export const LPPool1d = lpPool(1)
export type LPPool1d = InstanceType<typeof LPPool1d>

/**
 * The p-norm of each window of images [batch, channels, height, width]: (sum of |x|^p)^(1/p), which differs
 * from PyTorch as `LPPool1d` says. At 0 its derivative is 0.
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank, and for a window larger than x
 * @example new LPPool2d(2, { p: 1 }).forward(zeros([8, 3, 32, 32]))   // Tensor<[8, 3, 16, 16]>
 */
export const LPPool2d = lpPool(2)
export type LPPool2d = InstanceType<typeof LPPool2d>

/**
 * The p-norm of each window of volumes [batch, channels, depth, height, width]: (sum of |x|^p)^(1/p), which differs
 * from PyTorch as `LPPool1d` says. At 0 its derivative is 0.
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank, and for a window larger than x
 * @example new LPPool3d(2).forward(zeros([8, 3, 4, 8, 8]))   // Tensor<[8, 3, 2, 4, 4]>
 */
export const LPPool3d = lpPool(3)
export type LPPool3d = InstanceType<typeof LPPool3d>
