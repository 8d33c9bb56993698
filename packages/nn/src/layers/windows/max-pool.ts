import { maxPool1d, maxPool2d, maxPool3d, type SpatialRank, type WindowSides } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { type Sides, sidesKind } from './sides.js'
import { type PoolOps, poolKinds, WindowPool, type WindowPoolOptions } from './window-pool.js'

const ops = { 1: maxPool1d, 2: maxPool2d, 3: maxPool3d } as unknown as PoolOps

/** What `MaxPool1d`, `MaxPool2d` and `MaxPool3d` are. */
export abstract class MaxPool<R extends SpatialRank, K, S, P, D, C> extends WindowPool<'maxPool', R, K, S, P, D, C> {}

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
    options?: WindowPoolOptions<R, S, P, D, C>,
  ): MaxPool<R, K, S, P, D, C>
}

const maxPool = <R extends SpatialRank>(rank: R): MaxPoolClass<R> => {
  const name = `MaxPool${rank}d`
  const takes = checker(name, { size: sidesKind(rank), options: poolKinds(rank) })
  const classes = {
    [name]: class extends MaxPool<R, Sides, Sides, Sides, Sides, boolean> {
      constructor(size: Sides, options = {}) {
        takes(arguments)
        super(name, ops, rank, size, options)
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
