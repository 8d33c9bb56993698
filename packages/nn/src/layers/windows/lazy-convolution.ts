import type { SpatialRank, Tensor, WindowSides } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import * as kind from '../../kinds.js'
import type { Layer } from '../layer.js'
import { LazyLayer } from '../lazy-layer.js'
import {
  Conv1d,
  Conv2d,
  Conv3d,
  type ConvOptions,
  type Convolution,
  convDefaults,
  convKinds,
  convSettings,
} from './convolution.js'
import type { FilterOptions } from './filters.js'
import { requireImages } from './images.js'
import type { Convolved, Deconvolved, In } from './rules.js'
import { shownSettings } from './settings.js'
import { type Sides, sidesKind } from './sides.js'
import {
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvTransposeOptions,
  type TransposedConvolution,
  transposedDefaults,
  transposedKinds,
  transposedSettings,
} from './transposed.js'

type Made = new (inputs: number, outputs: number, kernel: Sides, options: object) => Layer

/** What is made when the first input says how many channels there are. */
interface Plan {
  readonly rank: SpatialRank
  readonly Class: Made
  readonly options: FilterOptions
  /** The settings, as code has them. */
  readonly text: string
}

/** What lazy convolutions of both kinds are. */
abstract class LazyFilters<O extends number, K, L extends Layer> extends LazyLayer<L> {
  /** How many channels it gives. */
  readonly outputs: O
  /** The size of a window: a number for all axes, or one for each. */
  readonly kernel: K
  private readonly plan: Plan

  constructor(outputs: O, kernel: K, plan: Plan) {
    super(plan.options.dtype)
    this.outputs = outputs
    this.kernel = kernel
    this.plan = plan
  }

  protected make(x: Tensor): L {
    const { rank, Class, options } = this.plan
    requireImages(this, rank, x)
    return new Class(x.shape[1]!, this.outputs, this.kernel as Sides, options) as L
  }

  protected override details(): string {
    return this.plan.text
  }
}

/** What `LazyConv1d`, `LazyConv2d` and `LazyConv3d` are. */
export abstract class LazyConvolution<
  R extends SpatialRank,
  O extends number,
  K,
  S,
  P,
  D,
  G extends number,
> extends LazyFilters<O, K, Convolution<R, number, O, K, S, P, D, G>> {
  declare readonly out: Convolved<R, In<this['in']>, number, O, K, S, P, D>
}

/** What `LazyConvTranspose1d`, `LazyConvTranspose2d` and `LazyConvTranspose3d` are. */
export abstract class LazyTransposedConvolution<
  R extends SpatialRank,
  O extends number,
  K,
  S,
  P,
  M,
  D,
  G extends number,
> extends LazyFilters<O, K, TransposedConvolution<R, number, O, K, S, P, M, D, G>> {
  declare readonly out: Deconvolved<R, In<this['in']>, number, O, K, S, P, M, D>
}

/** How a lazy convolution over R axes is made. */
export interface LazyConvClass<R extends SpatialRank> {
  new <
    O extends number,
    const K extends WindowSides<R>,
    const S extends WindowSides<R> = 1,
    const P extends WindowSides<R> | 'same' | 'valid' = 0,
    const D extends WindowSides<R> = 1,
    G extends number = 1,
  >(
    outputs: O,
    kernel: K,
    options?: ConvOptions<R, S, P, D, G>,
  ): LazyConvolution<R, O, K, S, P, D, G>
}

/** How a lazy transposed convolution over R axes is made. */
export interface LazyConvTransposeClass<R extends SpatialRank> {
  new <
    O extends number,
    const K extends WindowSides<R>,
    const S extends WindowSides<R> = 1,
    const P extends WindowSides<R> = 0,
    const M extends WindowSides<R> = 0,
    const D extends WindowSides<R> = 1,
    G extends number = 1,
  >(
    outputs: O,
    kernel: K,
    options?: ConvTransposeOptions<R, S, P, M, D, G>,
  ): LazyTransposedConvolution<R, O, K, S, P, M, D, G>
}

const convs = { 1: Conv1d, 2: Conv2d, 3: Conv3d } as unknown as Readonly<Record<SpatialRank, Made>>
const transposed = { 1: ConvTranspose1d, 2: ConvTranspose2d, 3: ConvTranspose3d } as unknown as Readonly<
  Record<SpatialRank, Made>
>

/** Both kinds: a class by what its settings are. */
const lazily = (
  rank: SpatialRank,
  Class: Made,
  kinds: typeof convKinds | typeof transposedKinds,
  settingsOf: typeof convSettings | typeof transposedSettings,
  defaults: object,
): unknown => {
  const name = `Lazy${Class.name}`
  const takes = checker(name, { outputs: kind.count, kernel: sidesKind(rank), options: kinds(rank) })
  const classes = {
    [name]: class extends LazyFilters<number, Sides, Layer> {
      constructor(outputs: number, kernel: Sides, options: FilterOptions = {}) {
        takes(arguments)
        const { bias = true } = options
        const settings = settingsOf(name, rank, outputs, kernel, options)
        const shown = Object.keys(defaults).map((key) => [key, { ...settings, bias }[key as 'bias']])
        const text = shownSettings([outputs, kernel], Object.fromEntries(shown), { ...defaults })
        super(outputs, kernel, { rank, Class, options: { ...options }, text })
      }
    },
  }
  return classes[name]
}
const lazyConv = <R extends SpatialRank>(rank: R) =>
  lazily(rank, convs[rank], convKinds, convSettings, convDefaults) as LazyConvClass<R>
const lazyTransposed = <R extends SpatialRank>(rank: R) =>
  lazily(rank, transposed[rank], transposedKinds, transposedSettings, transposedDefaults) as LazyConvTransposeClass<R>

/**
 * A `Conv1d` for as many channels as its first input has. Before there was one it has no parameters: what asks for them, as
 * an optimizer, `stateDict()` and transforms do, is refused; so is a first forward in compile or vmap. With it the object
 * becomes a `Conv1d`, of that class, with `weight` and `bias` drawn then.
 *
 * @throws OptionError for a setting out of its range; ModuleError for parameters before the first forward; CompileError for a
 *   first forward in compile or vmap; ShapeError for x of another rank, and with other channels than the first had
 * @example new LazyConv1d(16, 5, { padding: 'same' }).forward(zeros([8, 3, 32]))   // Tensor<[8, 16, 32]>
 */
export const LazyConv1d = lazyConv(1)
export type LazyConv1d = InstanceType<typeof LazyConv1d>

/**
 * A `Conv2d` for as many channels as its first input has. Before there was one it has no parameters: what asks for them, as
 * an optimizer, `stateDict()` and transforms do, is refused; so is a first forward in compile or vmap. With it the object
 * becomes a `Conv2d`, of that class, with `weight` and `bias` drawn then.
 *
 * @throws OptionError for a setting out of its range; ModuleError for parameters before the first forward; CompileError for a
 *   first forward in compile or vmap; ShapeError for x of another rank, and with other channels than the first had
 * @example
 * const layer = new LazyConv2d(8, 3)
 * layer.forward(zeros([4, 1, 28, 28]))   // Tensor<[4, 8, 26, 26]>
 * layer.weight                           // Tensor<[8, 1, 3, 3]>
 */
export const LazyConv2d = lazyConv(2)
export type LazyConv2d = InstanceType<typeof LazyConv2d>

/**
 * A `Conv3d` for as many channels as its first input has, as `LazyConv2d` is a `Conv2d`.
 *
 * @throws OptionError for a setting out of its range; ModuleError for parameters before the first forward; CompileError for a
 *   first forward in compile or vmap; ShapeError for x of another rank, and with other channels than the first had
 * @example new LazyConv3d(4, 3, { stride: 2 }).forward(zeros([2, 1, 8, 8, 8]))   // Tensor<[2, 4, 3, 3, 3]>
 */
export const LazyConv3d = lazyConv(3)
export type LazyConv3d = InstanceType<typeof LazyConv3d>

/**
 * A `ConvTranspose1d` for as many channels as its first input has, as `LazyConv1d` is a `Conv1d`.
 *
 * @throws OptionError for a setting out of its range; ModuleError for parameters before the first forward; CompileError for a
 *   first forward in compile or vmap; ShapeError for x of another rank, and with other channels than the first had
 * @example new LazyConvTranspose1d(3, 4, { stride: 2, padding: 1 }).forward(zeros([8, 16, 16]))   // Tensor<[8, 3, 32]>
 */
export const LazyConvTranspose1d = lazyTransposed(1)
export type LazyConvTranspose1d = InstanceType<typeof LazyConvTranspose1d>

/**
 * A `ConvTranspose2d` for as many channels as its first input has, as `LazyConv2d` is a `Conv2d`.
 *
 * @throws OptionError for a setting out of its range; ModuleError for parameters before the first forward; CompileError for a
 *   first forward in compile or vmap; ShapeError for x of another rank, and with other channels than the first had
 * @example new LazyConvTranspose2d(3, 2, { stride: 2 }).forward(zeros([8, 16, 7, 7]))   // Tensor<[8, 3, 14, 14]>
 */
export const LazyConvTranspose2d = lazyTransposed(2)
export type LazyConvTranspose2d = InstanceType<typeof LazyConvTranspose2d>

/**
 * A `ConvTranspose3d` for as many channels as its first input has, as `LazyConv3d` is a `Conv3d`.
 *
 * @throws OptionError for a setting out of its range; ModuleError for parameters before the first forward; CompileError for a
 *   first forward in compile or vmap; ShapeError for x of another rank, and with other channels than the first had
 * @example new LazyConvTranspose3d(1, 3).forward(zeros([1, 4, 3, 3, 3]))   // Tensor<[1, 1, 5, 5, 5]>
 */
export const LazyConvTranspose3d = lazyTransposed(3)
export type LazyConvTranspose3d = InstanceType<typeof LazyConvTranspose3d>
