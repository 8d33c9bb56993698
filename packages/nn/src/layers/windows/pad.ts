import {
  type Kind,
  kinds,
  type PadOptions,
  type PadShape,
  pad,
  type Shape,
  type Show,
  type SpatialNames,
  type SpatialRank,
  type Tensor,
} from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { OptionError, requireOption } from '../../errors.js'
import { Layer } from '../layer.js'
import { inNameOf, requireImages } from './images.js'
import type { In } from './rules.js'
import { shownSetting, shownSettings } from './settings.js'

/** What the places show that are added. */
export interface PaddingOptions {
  /**
   * One number ('constant', the default), or x itself: mirrored at its last element ('reflect') or behind it ('symmetric'),
   * that element again and again ('replicate'), or x from its other end on ('circular').
   */
  readonly mode?: NonNullable<PadOptions['mode']>
  /** The number in the mode 'constant'. Default 0. */
  readonly value?: number
}

/** Places on either side of an axis, or before and behind it. */
type Width = number | readonly [before: number, after: number]
/** A number for both sides of all axes; or for each axis one, or a pair [before, after]. */
export type PadWidths<R extends SpatialRank> = number | EachWidth[R]
interface EachWidth {
  1: readonly [Width]
  2: readonly [Width, Width]
  3: readonly [Width, Width, Width]
}

type Pair<W> = W extends number ? readonly [W, W] : W
type WidthAt<W, I> = W extends number ? W : I extends keyof W ? W[I] : number
type Around<R extends SpatialRank, W> = {
  1: [None, None, Pair<WidthAt<W, '0'>>]
  2: [None, None, Pair<WidthAt<W, '0'>>, Pair<WidthAt<W, '1'>>]
  3: [None, None, Pair<WidthAt<W, '0'>>, Pair<WidthAt<W, '1'>>, Pair<WidthAt<W, '2'>>]
}[R]
type None = readonly [0, 0]
type Padded<R extends SpatialRank, S extends Shape, W> = number extends S['length']
  ? PadShape<S, Around<R, W>>
  : S['length'] extends Around<R, W>['length']
    ? PadShape<S, Around<R, W>>
    : `expects [batch, channels, ${SpatialNames[R]}], got ${Show<S>}`

/** What `Pad1d`, `Pad2d` and `Pad3d` are. */
export abstract class Pad<R extends SpatialRank, W> extends Layer {
  declare readonly out: Padded<R, In<this['in']>, W>
  /** How many places are added: on either side of all axes, or for each axis on either side, or before and behind it. */
  readonly padding: W
  /** What they show. */
  readonly mode: NonNullable<PadOptions['mode']>
  /** What number they show in the mode 'constant'. */
  readonly value: number
  private readonly rank: R

  protected constructor(name: string, rank: R, padding: W, { mode = 'constant', value }: PaddingOptions) {
    super()
    const numbers = [padding].flat(2)
    requireOption(name, 'padding', shownSetting(padding), numbers.every(Number.isSafeInteger), 'integers')
    if (mode !== 'constant' && value !== undefined) {
      throw new OptionError(`${name}: value ${value} is of no use in mode '${mode}'; leave it out, or the mode.`)
    }
    this.padding = padding
    this.mode = mode
    this.value = value ?? 0
    this.rank = rank
  }

  protected run(x: Tensor): Tensor {
    const { rank, padding, mode, value } = this
    requireImages(this, rank, x)
    const widths = typeof padding === 'number' ? new Array<Width>(rank).fill(padding) : (padding as readonly Width[])
    const pairs = widths.map((width) => (typeof width === 'number' ? [width, width] : width))
    const options = mode === 'constant' ? { value } : { mode }
    return inNameOf(this, () => pad(x, [[0, 0], [0, 0], ...pairs] as never, options) as Tensor)
  }

  protected override details(): string {
    const { padding, mode, value } = this
    return shownSettings([padding as number], { mode, value }, { mode: 'constant', value: 0 })
  }
}

/** How padding of R axes is made. */
export interface PadClass<R extends SpatialRank> {
  new <const W extends PadWidths<R>>(padding: W, options?: PaddingOptions): Pad<R, W>
}

const wanted: Readonly<Record<SpatialRank, string>> = {
  1: 'a number, or [[before, after]]',
  2: 'a number, or for the height and the width a number or [before, after]: [1, [0, 2]]',
  3: 'a number, or for the depth, the height and the width a number or [before, after]: [0, 1, [0, 2]]',
}
const widthsKind = (rank: SpatialRank): Kind => {
  const isWidth = (thing: unknown): boolean =>
    kinds.number.accepts(thing) || (kinds.shape.accepts(thing) && (thing as Shape).length === 2)
  return kinds.kind(
    wanted[rank],
    (thing) => kinds.number.accepts(thing) || (Array.isArray(thing) && thing.length === rank && thing.every(isWidth)),
  )
}

const padLayer = <R extends SpatialRank>(rank: R): PadClass<R> => {
  const name = `Pad${rank}d`
  const mode = kinds.oneOf('constant', 'reflect', 'symmetric', 'replicate', 'circular')
  const takes = checker(name, { padding: widthsKind(rank), options: { mode, value: kinds.number } })
  const classes = {
    [name]: class extends Pad<R, number> {
      constructor(padding: number, options = {}) {
        takes(arguments)
        super(name, rank, padding, options)
      }
    },
  }
  return classes[name] as unknown as PadClass<R>
}

/**
 * Lines [batch, channels, length] with places added before and behind. One class is what PyTorch calls ZeroPad1d,
 * ConstantPad1d (`value`), ReflectionPad1d (`mode: 'reflect'`), ReplicationPad1d and CircularPad1d (`mode: 'replicate'`,
 * `'circular'`); a negative number takes places away.
 *
 * @throws OptionError for a padding of no integers, and for a value in another mode than 'constant'; ShapeError for x of
 *   another rank, or with an axis of which more would be taken than there is
 * @example
 * const x = tensor([[[1, 2, 3]]])
 * new Pad1d(1).forward(x)                                // [[[0, 1, 2, 3, 0]]]
 * new Pad1d([[2, 0]], { mode: 'reflect' }).forward(x)    // [[[3, 2, 1, 2, 3]]]
 */
export const Pad1d = padLayer(1)
export type Pad1d = InstanceType<typeof Pad1d>

/**
 * Images [batch, channels, height, width] with places added around: as many on all sides, or for the height and the width
 * a number or a pair [before, after], in this order, where PyTorch's four numbers begin with the width. One class is what
 * PyTorch calls ZeroPad2d, ConstantPad2d (`value`), ReflectionPad2d (`mode: 'reflect'`), ReplicationPad2d and CircularPad2d
 * (`mode: 'replicate'`, `'circular'`); a negative number takes places away.
 *
 * @throws OptionError for a padding of no integers, and for a value in another mode than 'constant'; ShapeError for x of
 *   another rank, or with an axis of which more would be taken than there is
 * @example
 * const images = zeros([8, 3, 32, 32])
 * new Pad2d(1, { mode: 'reflect' }).forward(images)   // Tensor<[8, 3, 34, 34]>
 * new Pad2d([[0, 2], 1]).forward(images)              // Tensor<[8, 3, 34, 34]>
 */
export const Pad2d = padLayer(2)
export type Pad2d = InstanceType<typeof Pad2d>

/**
 * Volumes [batch, channels, depth, height, width] with places added around, as `Pad2d` says of images: what PyTorch calls
 * ZeroPad3d, ConstantPad3d, ReflectionPad3d, ReplicationPad3d and CircularPad3d.
 *
 * @throws OptionError for a padding of no integers, and for a value in another mode than 'constant'; ShapeError for x of
 *   another rank, or with an axis of which more would be taken than there is
 * @example new Pad3d([0, 1, [1, 2]]).forward(zeros([2, 3, 4, 8, 8]))   // Tensor<[2, 3, 4, 10, 11]>
 */
export const Pad3d = padLayer(3)
export type Pad3d = InstanceType<typeof Pad3d>
