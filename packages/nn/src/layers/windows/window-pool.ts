import { kinds, type PoolShape, type SpatialRank, type Tensor, type WindowSides } from '@adjoint/autograd'
import { Layer } from '../layer.js'
import { inNameOf, requireImages } from './images.js'
import type { In } from './rules.js'
import { given, shownSettings } from './settings.js'
import { requireSides, type Sides, sidesKind } from './sides.js'

/** Where the windows of pooling stand. */
export interface WindowPoolOptions<
  R extends SpatialRank = SpatialRank,
  S = WindowSides<R>,
  P = WindowSides<R>,
  D = WindowSides<R>,
  C = boolean,
> {
  /** Distance between windows. Default their size: side by side. */
  readonly stride?: S
  /** Places added on either side. Default 0. */
  readonly padding?: P
  /** Distance between the places that a window reads. Default 1. */
  readonly dilation?: D
  /** Whether a last window may reach beyond the end. Default false. */
  readonly ceilMode?: C
}

export const poolKinds = (rank: SpatialRank) => {
  const sides = sidesKind(rank)
  return { stride: sides, padding: sides, dilation: sides, ceilMode: kinds.boolean }
}

/** An op for each number of axes. */
export type PoolOps = Readonly<Record<SpatialRank, (x: Tensor, size: never, options?: never) => Tensor>>

/** Pooling by windows that all have one size. */
export abstract class WindowPool<Op extends string, R extends SpatialRank, K, S, P, D, C> extends Layer {
  declare readonly out: PoolShape<Op, R, In<this['in']>, K, S, P, D, C>
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
  private readonly ops: PoolOps

  protected constructor(owner: string, ops: PoolOps, rank: R, size: K, options: WindowPoolOptions<R, S, P, D, C>) {
    super()
    const { stride, padding, dilation, ceilMode } = {
      ...defaults(size),
      ...given(options),
    } as Required<WindowPoolOptions>
    requireSides(owner, 'size', size as Sides, 1)
    requireSides(owner, 'stride', stride, 1)
    requireSides(owner, 'padding', padding, 0)
    requireSides(owner, 'dilation', dilation, 1)
    this.size = size
    this.stride = stride as S
    this.padding = padding as P
    this.dilation = dilation as D
    this.ceilMode = ceilMode as C
    this.rank = rank
    this.ops = ops
  }

  protected run(x: Tensor): Tensor {
    requireImages(this, this.rank, x)
    return inNameOf(this, () => this.ops[this.rank](x, this.size as never, this.settings() as never))
  }

  /** The options of the op. */
  protected settings(): object {
    const { stride, padding, dilation, ceilMode } = this
    return { stride, padding, dilation, ceilMode }
  }

  protected override details(): string {
    return shownSettings([this.size as Sides], { ...this.settings() }, defaults(this.size))
  }
}

const defaults = (size: unknown) => ({
  stride: size,
  padding: 0,
  dilation: 1,
  ceilMode: false,
  countIncludePad: true,
  divisorOverride: undefined,
})
