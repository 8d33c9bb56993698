import {
  checker,
  kinds,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  type PoolShape,
  type SpatialRank,
  type Tensor,
  type WindowSides,
} from '@adjoint/autograd'
import { Layer } from '../layer.js'
import { inNameOf, requireImages } from './images.js'
import type { In } from './rules.js'
import { given, shownSettings } from './settings.js'
import { requireSides, type Sides, sidesKind } from './sides.js'

/** Where the windows of pooling stand. */
export interface MaxPoolOptions<
  R extends SpatialRank = SpatialRank,
  S = WindowSides<R>,
  P = WindowSides<R>,
  D = WindowSides<R>,
  C = boolean,
> {
  /** Distance between windows. Default their size: side by side. */
  readonly stride?: S
  /** Places added on either side, which are never the greatest. Default 0. */
  readonly padding?: P
  /** Distance between the places that a window reads. Default 1. */
  readonly dilation?: D
  /** Whether a last window may reach beyond the end. Default false. */
  readonly ceilMode?: C
}

type Op = (x: Tensor, size: Sides, options: object) => Tensor
const ops = { 1: maxPool1d, 2: maxPool2d, 3: maxPool3d } as unknown as Readonly<Record<SpatialRank, Op>>

/** What `MaxPool1d`, `MaxPool2d` and `MaxPool3d` are. */
export abstract class MaxPool<R extends SpatialRank, K, S, P, D, C> extends Layer {
  declare readonly out: PoolShape<'maxPool', R, In<this['in']>, K, S, P, D, C>
  /** The size of a window: a number for all axes, or one for each. */
  readonly size: K
  /** Distance between windows. */
  readonly stride: S
  /** Places added on either side. */
  readonly padding: P
  /** Distance between the places that a window reads. */
  readonly dilation: D
  /** Whether a last window may reach beyond the end. */
  readonly ceilMode: C
  private readonly rank: R

  protected constructor(rank: R, size: K, options: MaxPoolOptions<R, S, P, D, C>) {
    super()
    const owner = `MaxPool${rank}d`
    const { stride, padding, dilation, ceilMode } = { ...defaults(size), ...given(options) } as Required<MaxPoolOptions>
    requireSides(owner, 'size', size as Sides, 1)
    requireSides(owner, 'stride', stride, 1)
    requireSides(owner, 'padding', padding, 0)
    requireSides(owner, 'dilation', dilation, 1)
    this.rank = rank
    this.size = size
    this.stride = stride as S
    this.padding = padding as P
    this.dilation = dilation as D
    this.ceilMode = ceilMode as C
  }

  protected run(x: Tensor): Tensor {
    const { rank, size, stride, padding, dilation, ceilMode } = this
    requireImages(this, rank, x)
    return inNameOf(this, () => ops[rank](x, size as Sides, { stride, padding, dilation, ceilMode }))
  }

  protected override details(): string {
    const { size, stride, padding, dilation, ceilMode } = this
    return shownSettings([size as Sides], { stride, padding, dilation, ceilMode }, defaults(size))
  }
}

const defaults = (size: unknown) => ({ stride: size, padding: 0, dilation: 1, ceilMode: false })

/** How max pooling over R axes is made. */
export interface MaxPoolClass<R extends SpatialRank> {
  new <
    const K extends WindowSides<R>,
    const S extends WindowSides<R> = K,
    const P extends WindowSides<R> = 0,
    const D extends WindowSides<R> = 1,
    C extends boolean = false,
  >(
    size: K,
    options?: MaxPoolOptions<R, S, P, D, C>,
  ): MaxPool<R, K, S, P, D, C>
}

const maxPool = <R extends SpatialRank>(rank: R): MaxPoolClass<R> => {
  const name = `MaxPool${rank}d`
  const sides = sidesKind(rank)
  const options = { stride: sides, padding: sides, dilation: sides, ceilMode: kinds.boolean }
  const takes = checker(name, { size: sides, options })
  const classes = {
    [name]: class extends MaxPool<R, Sides, Sides, Sides, Sides, boolean> {
      constructor(size: Sides, options = {}) {
        takes(arguments)
        super(rank, size, options)
      }
    },
  }
  return classes[name] as unknown as MaxPoolClass<R>
}

/**
 * The greatest element of each window of lines [batch, channels, length]; windows lie side by side unless `stride` says
 * otherwise. Of equal elements the first has the derivative. Where they stand, for what PyTorch calls `return_indices`, the
 * function `maxPool1dWithIndices` gives.
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank, a window larger than the padded x,
 *   and padding that covers a whole window
 * @example new MaxPool1d(2).forward(tensor([[[1, 3, 2, 4]]]))   // [[[3, 4]]]
 */
export const MaxPool1d = maxPool(1)
export type MaxPool1d = InstanceType<typeof MaxPool1d>

/**
 * The greatest element of each window of images [batch, channels, height, width]; windows lie side by side unless `stride`
 * says otherwise. Of equal elements the first has the derivative. Where they stand, for what PyTorch calls
 * `return_indices`, the function `maxPool2dWithIndices` gives.
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank, a window larger than the padded x,
 *   and padding that covers a whole window
 * @example new MaxPool2d(3, { stride: 2, padding: 1 }).forward(zeros([8, 3, 32, 32]))   // Tensor<[8, 3, 16, 16]>
 */
export const MaxPool2d = maxPool(2)
export type MaxPool2d = InstanceType<typeof MaxPool2d>

/**
 * The greatest element of each window of volumes [batch, channels, depth, height, width]; windows lie side by side unless
 * `stride` says otherwise. Of equal elements the first has the derivative. Where they stand, for what PyTorch calls
 * `return_indices`, the function `maxPool3dWithIndices` gives.
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank, a window larger than the padded x,
 *   and padding that covers a whole window
 * @example new MaxPool3d([1, 2, 2]).forward(zeros([8, 3, 4, 8, 8]))   // Tensor<[8, 3, 4, 4, 4]>
 */
export const MaxPool3d = maxPool(3)
export type MaxPool3d = InstanceType<typeof MaxPool3d>
