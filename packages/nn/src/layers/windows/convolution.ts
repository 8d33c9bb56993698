import {
  conv1d,
  conv2d,
  conv3d,
  kinds,
  type OptionKinds,
  pad as padOf,
  type SpatialRank,
  type Tensor,
  type WindowSides,
} from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { OptionError } from '../../errors.js'
import * as kind from '../../kinds.js'
import { Layer } from '../layer.js'
import { addToChannels, type FilterOptions, filterKinds, filters, requireGroups } from './filters.js'
import { inNameOf, requireChannels, requireImages } from './images.js'
import type { Convolved, In, WindowOf } from './rules.js'
import { given, shownSetting, shownSettings } from './settings.js'
import { each, requireSides, type Sides, sidesKind } from './sides.js'

/** What stands around the input of a convolution: zeros, or the input itself as `pad` shows it in these modes. */
export type PaddingMode = 'zeros' | 'reflect' | 'symmetric' | 'replicate' | 'circular'

/** Where the windows of a convolution stand, which channels it joins, and how its weights begin. */
export interface ConvOptions<
  R extends SpatialRank = SpatialRank,
  S = WindowSides<R>,
  P = WindowSides<R> | 'same' | 'valid',
  D = WindowSides<R>,
  G = number,
> extends FilterOptions {
  /** Distance between windows. Default 1. */
  readonly stride?: S
  /** Places added on either side; 'same' for as many as keep the size, where the stride is 1; 'valid' for none. Default 0. */
  readonly padding?: P
  /** Distance between the places that a window reads. Default 1. */
  readonly dilation?: D
  /** Channels fall into this many groups that do not mix. Default 1. */
  readonly groups?: G
  /** What those places show. Default 'zeros'. */
  readonly paddingMode?: PaddingMode
}

type Op = (x: Tensor, kernel: Tensor, options: object) => Tensor
const ops = { 1: conv1d, 2: conv2d, 3: conv3d } as unknown as Readonly<Record<SpatialRank, Op>>

export const convDefaults = { stride: 1, padding: 0, dilation: 1, groups: 1, paddingMode: 'zeros', bias: true }
type Settings = Required<Omit<ConvOptions, keyof FilterOptions>>

/** The settings with their defaults, checked as far as they go without the inputs. */
export const convSettings = (
  owner: string,
  rank: SpatialRank,
  outputs: number,
  kernel: Sides,
  options: object,
): Settings => {
  const settings = { ...convDefaults, ...given(options) } as Settings
  const { stride, padding, dilation, groups } = settings
  requireGroups(owner, 'outputs', outputs, groups)
  requireSides(owner, 'kernel', kernel, 1)
  requireSides(owner, 'stride', stride, 1)
  requireSides(owner, 'dilation', dilation, 1)
  if (typeof padding !== 'string') requireSides(owner, 'padding', padding, 0)
  if (padding === 'same' && each(stride, rank).some((step) => step !== 1)) {
    throw new OptionError(
      `${owner}: padding 'same' with stride ${shownSetting(stride)}; use a stride of 1, or pad by numbers.`,
    )
  }
  return settings
}

/** What `Conv1d`, `Conv2d` and `Conv3d` are. */
export abstract class Convolution<
  R extends SpatialRank,
  I extends number,
  O extends number,
  K,
  S,
  P,
  D,
  G extends number,
> extends Layer {
  declare readonly out: Convolved<R, In<this['in']>, I, O, K, S, P, D>
  /** How many channels it takes. */
  readonly inputs: I
  /** How many channels it gives. */
  readonly outputs: O
  /** The size of a window: a number for all axes, or one for each. */
  readonly kernel: K
  /** Distance between windows. */
  readonly stride: S
  /** Places added on either side, 'same' or 'valid'. */
  readonly padding: P
  /** Distance between the places that a window reads. */
  readonly dilation: D
  /** How many groups of channels do not mix. */
  readonly groups: G
  /** What the places show that are added. */
  readonly paddingMode: PaddingMode
  /** [outputs, inputs / groups, ...kernel], as in PyTorch. */
  readonly weight: Tensor<[O, G extends 1 ? I : number, ...WindowOf<R, K>]>
  /** Null where the layer was made without one. */
  readonly bias: Tensor<[O]> | null
  private readonly rank: R

  protected constructor(rank: R, inputs: I, outputs: O, kernel: K, options: ConvOptions<R, S, P, D, G>) {
    super()
    const owner = `Conv${rank}d`
    const { stride, padding, dilation, groups, paddingMode } = convSettings(
      owner,
      rank,
      outputs,
      kernel as Sides,
      options,
    )
    requireGroups(owner, 'inputs', inputs, groups)
    this.rank = rank
    this.inputs = inputs
    this.outputs = outputs
    this.kernel = kernel
    this.stride = stride as S
    this.padding = padding as P
    this.dilation = dilation as D
    this.groups = groups as G
    this.paddingMode = paddingMode
    const window = each(kernel as Sides, rank)
    const area = window.reduce((a, b) => a * b)
    const fans = { fanIn: (inputs / groups) * area, fanOut: (outputs / groups) * area }
    const { weight, bias } = filters(owner, [outputs, inputs / groups, ...window], fans, outputs, options)
    this.weight = weight as never
    this.bias = bias as Tensor<[O]> | null
  }

  protected run(x: Tensor): Tensor {
    const { rank, stride, dilation, groups } = this
    requireImages(this, rank, x)
    requireChannels(this, this.inputs, x)
    const isAround = this.paddingMode !== 'zeros' && this.padding !== 'valid'
    return inNameOf(this, () => {
      const padded = isAround ? this.around(x) : x
      const padding = isAround ? 0 : this.padding
      const product = ops[rank](padded, this.weight as Tensor, { stride, padding, dilation, groups })
      return addToChannels(product, this.bias as Tensor | null, rank)
    })
  }

  /** x with what stands around it, where that is no zeros. */
  private around(x: Tensor): Tensor {
    const { rank, padding, kernel, dilation, paddingMode } = this
    const steps = each(dilation as Sides, rank)
    const widths =
      padding === 'same'
        ? each(kernel as Sides, rank).map((size, i) => {
            const added = (size - 1) * steps[i]!
            return [added >> 1, added - (added >> 1)]
          })
        : each(padding as Sides, rank).map((width) => [width, width])
    return padOf(x, [[0, 0], [0, 0], ...widths] as never, { mode: paddingMode as 'reflect' }) as Tensor
  }

  protected override details(): string {
    const { inputs, outputs, kernel, stride, padding, dilation, groups, paddingMode } = this
    const settings = { stride, padding, dilation, groups, paddingMode, bias: this.bias !== null }
    return shownSettings([inputs, outputs, kernel as Sides], settings, convDefaults)
  }
}

/** How a convolution over R axes is made. */
export interface ConvClass<R extends SpatialRank> {
  new <
    I extends number,
    O extends number,
    const K extends WindowSides<R>,
    const S extends WindowSides<R> = 1,
    const P extends WindowSides<R> | 'same' | 'valid' = 0,
    const D extends WindowSides<R> = 1,
    G extends number = 1,
  >(
    inputs: I,
    outputs: O,
    kernel: K,
    options?: ConvOptions<R, S, P, D, G>,
  ): Convolution<R, I, O, K, S, P, D, G>
}

export const convKinds = (rank: SpatialRank): OptionKinds => {
  const sides = sidesKind(rank)
  const padding = kinds.kind(
    `${sides.wanted}; 'same' or 'valid'`,
    (thing) => thing === 'same' || thing === 'valid' || sides.accepts(thing),
  )
  const paddingMode = kinds.oneOf('zeros', 'reflect', 'symmetric', 'replicate', 'circular')
  return { stride: sides, padding, dilation: sides, paddingMode, ...filterKinds }
}

const convolution = <R extends SpatialRank>(rank: R): ConvClass<R> => {
  const name = `Conv${rank}d`
  const takes = checker(name, {
    inputs: kind.count,
    outputs: kind.count,
    kernel: sidesKind(rank),
    options: convKinds(rank),
  })
  const classes = {
    [name]: class extends Convolution<R, number, number, Sides, Sides, Sides | 'same' | 'valid', Sides, number> {
      constructor(inputs: number, outputs: number, kernel: Sides, options = {}) {
        takes(arguments)
        super(rank, inputs, outputs, kernel, options)
      }
    },
  }
  return classes[name] as unknown as ConvClass<R>
}

/**
 * Cross-correlation of lines [batch, inputs, length] with learned kernels, plus a bias:
 * [batch, outputs, floor((length + 2 padding - dilation (kernel - 1) - 1) / stride) + 1]. The weight has shape
 * [outputs, inputs / groups, kernel], as in PyTorch; weights and bias start evenly spread over
 * ±1/sqrt(inputs / groups * kernel).
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank or with other channels, and for a
 *   kernel larger than what it reads
 * @example new Conv1d(3, 16, 5, { padding: 'same' }).forward(zeros([8, 3, 32]))   // Tensor<[8, 16, 32]>
 */
export const Conv1d = convolution(1)
export type Conv1d = InstanceType<typeof Conv1d>

/**
 * Cross-correlation of images [batch, inputs, height, width] with learned kernels, plus a bias: [batch, outputs, rows,
 * columns], rows = floor((height + 2 padding - dilation (kernel - 1) - 1) / stride) + 1, and so the columns. The weight has
 * shape [outputs, inputs / groups, height, width of the kernel], as in PyTorch; weights and bias start evenly spread over
 * ±1/sqrt(inputs / groups * area of the kernel) (LeCun et al., Gradient-based learning applied to document recognition, 1998).
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank or with other channels, and for a
 *   kernel larger than what it reads
 * @example
 * const images = zeros([8, 3, 32, 32])
 * new Conv2d(3, 16, 3).forward(images)   // Tensor<[8, 16, 30, 30]>
 * new Conv2d(3, 16, [3, 5], { stride: 2, padding: [1, 2], paddingMode: 'reflect' }).forward(images)   // Tensor<[8, 16, 16, 16]>
 */
export const Conv2d = convolution(2)
export type Conv2d = InstanceType<typeof Conv2d>

/**
 * Cross-correlation of volumes [batch, inputs, depth, height, width] with learned kernels, plus a bias: as `Conv2d`, over
 * one axis more. The weight has shape [outputs, inputs / groups, depth, height, width of the kernel], as in PyTorch.
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank or with other channels, and for a
 *   kernel larger than what it reads
 * @example new Conv3d(1, 4, 3, { stride: 2 }).forward(zeros([2, 1, 8, 8, 8]))   // Tensor<[2, 4, 3, 3, 3]>
 */
export const Conv3d = convolution(3)
export type Conv3d = InstanceType<typeof Conv3d>
