import {
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  type OptionKinds,
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
import type { Deconvolved, In, WindowOf } from './rules.js'
import { given, shownSetting, shownSettings } from './settings.js'
import { each, requireSides, type Sides, sidesKind } from './sides.js'

/** Where the windows of a transposed convolution stand, which channels it joins, and how its weights begin. */
export interface ConvTransposeOptions<
  R extends SpatialRank = SpatialRank,
  S = WindowSides<R>,
  P = WindowSides<R>,
  M = WindowSides<R>,
  D = WindowSides<R>,
  G = number,
> extends FilterOptions {
  /** Distance between windows. Default 1. */
  readonly stride?: S
  /** Places taken away on either side. Default 0. */
  readonly padding?: P
  /** Places added at the ends, of those that the stride leaves open: fewer than stride or dilation. Default 0. */
  readonly outputPadding?: M
  /** Distance between the places that a window reaches. Default 1. */
  readonly dilation?: D
  /** Channels fall into this many groups that do not mix. Default 1. */
  readonly groups?: G
}

type Op = (x: Tensor, kernel: Tensor, options: object) => Tensor
const ops = { 1: convTranspose1d, 2: convTranspose2d, 3: convTranspose3d } as unknown as Readonly<
  Record<SpatialRank, Op>
>

export const transposedDefaults = { stride: 1, padding: 0, outputPadding: 0, dilation: 1, groups: 1, bias: true }
type Settings = Required<Omit<ConvTransposeOptions, keyof FilterOptions>>

/** The settings with their defaults, checked as far as they go without the inputs. */
export const transposedSettings = (
  owner: string,
  rank: SpatialRank,
  outputs: number,
  kernel: Sides,
  options: object,
): Settings => {
  const settings = { ...transposedDefaults, ...given(options) } as Settings
  const { stride, padding, outputPadding, dilation, groups } = settings
  requireGroups(owner, 'outputs', outputs, groups)
  requireSides(owner, 'kernel', kernel, 1)
  requireSides(owner, 'stride', stride, 1)
  requireSides(owner, 'padding', padding, 0)
  requireSides(owner, 'outputPadding', outputPadding, 0)
  requireSides(owner, 'dilation', dilation, 1)
  const [steps, dilations] = [each(stride, rank), each(dilation, rank)]
  if (each(outputPadding, rank).some((places, i) => places >= Math.max(steps[i]!, dilations[i]!))) {
    throw new OptionError(
      `${owner}: outputPadding is ${shownSetting(outputPadding)}; use less than the stride ${shownSetting(stride)} or the ` +
        `dilation ${shownSetting(dilation)}: beyond them no window reaches.`,
    )
  }
  return settings
}

/** What `ConvTranspose1d`, `ConvTranspose2d` and `ConvTranspose3d` are. */
export abstract class TransposedConvolution<
  R extends SpatialRank,
  I extends number,
  O extends number,
  K,
  S,
  P,
  M,
  D,
  G extends number,
> extends Layer {
  declare readonly out: Deconvolved<R, In<this['in']>, I, O, K, S, P, M, D>
  /** How many channels it takes. */
  readonly inputs: I
  /** How many channels it gives. */
  readonly outputs: O
  /** The size of a window: a number for all axes, or one for each. */
  readonly kernel: K
  /** Distance between windows. */
  readonly stride: S
  /** Places taken away on either side. */
  readonly padding: P
  /** Places added at the ends. */
  readonly outputPadding: M
  /** Distance between the places that a window reaches. */
  readonly dilation: D
  /** How many groups of channels do not mix. */
  readonly groups: G
  /** [inputs, outputs / groups, ...kernel], as in PyTorch. */
  readonly weight: Tensor<[I, G extends 1 ? O : number, ...WindowOf<R, K>]>
  /** Null where the layer was made without one. */
  readonly bias: Tensor<[O]> | null
  private readonly rank: R

  protected constructor(rank: R, inputs: I, outputs: O, kernel: K, options: ConvTransposeOptions<R, S, P, M, D, G>) {
    super()
    const owner = `ConvTranspose${rank}d`
    const settings = transposedSettings(owner, rank, outputs, kernel as Sides, options)
    const { stride, padding, outputPadding, dilation, groups } = settings
    requireGroups(owner, 'inputs', inputs, groups)
    this.rank = rank
    this.inputs = inputs
    this.outputs = outputs
    this.kernel = kernel
    this.stride = stride as S
    this.padding = padding as P
    this.outputPadding = outputPadding as M
    this.dilation = dilation as D
    this.groups = groups as G
    const window = each(kernel as Sides, rank)
    const area = window.reduce((a, b) => a * b)
    // of the convolution whose transpose this is, as PyTorch has them
    const fans = { fanIn: (outputs / groups) * area, fanOut: (inputs / groups) * area }
    const { weight, bias } = filters(owner, [inputs, outputs / groups, ...window], fans, outputs, options)
    this.weight = weight as never
    this.bias = bias as Tensor<[O]> | null
  }

  protected run(x: Tensor): Tensor {
    const { rank, stride, padding, outputPadding, dilation, groups } = this
    requireImages(this, rank, x)
    requireChannels(this, this.inputs, x)
    const product = inNameOf(this, () =>
      ops[rank](x, this.weight as Tensor, { stride, padding, outputPadding, dilation, groups }),
    )
    return addToChannels(product, this.bias as Tensor | null, rank)
  }

  protected override details(): string {
    const { inputs, outputs, kernel, stride, padding, outputPadding, dilation, groups } = this
    const settings = { stride, padding, outputPadding, dilation, groups, bias: this.bias !== null }
    return shownSettings([inputs, outputs, kernel as Sides], settings, transposedDefaults)
  }
}

/** How a transposed convolution over R axes is made. */
export interface ConvTransposeClass<R extends SpatialRank> {
  new <
    I extends number,
    O extends number,
    const K extends WindowSides<R>,
    const S extends WindowSides<R> = 1,
    const P extends WindowSides<R> = 0,
    const M extends WindowSides<R> = 0,
    const D extends WindowSides<R> = 1,
    G extends number = 1,
  >(
    inputs: I,
    outputs: O,
    kernel: K,
    options?: ConvTransposeOptions<R, S, P, M, D, G>,
  ): TransposedConvolution<R, I, O, K, S, P, M, D, G>
}

export const transposedKinds = (rank: SpatialRank): OptionKinds => {
  const sides = sidesKind(rank)
  return { stride: sides, padding: sides, outputPadding: sides, dilation: sides, ...filterKinds }
}

const transposed = <R extends SpatialRank>(rank: R): ConvTransposeClass<R> => {
  const name = `ConvTranspose${rank}d`
  const takes = checker(name, {
    inputs: kind.count,
    outputs: kind.count,
    kernel: sidesKind(rank),
    options: transposedKinds(rank),
  })
  const classes = {
    [name]: class extends TransposedConvolution<R, number, number, Sides, Sides, Sides, Sides, Sides, number> {
      constructor(inputs: number, outputs: number, kernel: Sides, options = {}) {
        takes(arguments)
        super(rank, inputs, outputs, kernel, options)
      }
    },
  }
  return classes[name] as unknown as ConvTransposeClass<R>
}

/**
 * The transpose of `Conv1d`, its derivative by the input with weights of its own, plus a bias: lines [batch, inputs, length]
 * become [batch, outputs, (length - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1]. The weight has shape
 * [inputs, outputs / groups, kernel], as in PyTorch; weights and bias start evenly spread over
 * ±1/sqrt(outputs / groups * kernel).
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank or with other channels, and for
 *   padding that leaves nothing
 * @example new ConvTranspose1d(16, 3, 4, { stride: 2, padding: 1 }).forward(zeros([8, 16, 16]))   // Tensor<[8, 3, 32]>
 */
export const ConvTranspose1d = transposed(1)
export type ConvTranspose1d = InstanceType<typeof ConvTranspose1d>

/**
 * The transpose of `Conv2d`, its derivative by the input with weights of its own, plus a bias: images [batch, inputs, height,
 * width] become larger by the stride, as `ConvTranspose1d` says of each axis. The weight has shape [inputs, outputs / groups,
 * height, width of the kernel], as in PyTorch (Zeiler et al., Deconvolutional networks, 2010).
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank or with other channels, and for
 *   padding that leaves nothing
 * @example new ConvTranspose2d(16, 3, 2, { stride: 2 }).forward(zeros([8, 16, 7, 7]))   // Tensor<[8, 3, 14, 14]>
 */
export const ConvTranspose2d = transposed(2)
export type ConvTranspose2d = InstanceType<typeof ConvTranspose2d>

/**
 * The transpose of `Conv3d`, its derivative by the input with weights of its own, plus a bias: of volumes [batch, inputs,
 * depth, height, width], as `ConvTranspose1d` says of each axis.
 *
 * @throws OptionError for a setting out of its range; ShapeError for x of another rank or with other channels, and for
 *   padding that leaves nothing
 * @example new ConvTranspose3d(4, 1, 3).forward(zeros([1, 4, 3, 3, 3]))   // Tensor<[1, 1, 5, 5, 5]>
 */
export const ConvTranspose3d = transposed(3)
export type ConvTranspose3d = InstanceType<typeof ConvTranspose3d>
