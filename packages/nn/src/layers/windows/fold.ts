import { type Col2ImShape, col2im, type Im2ColShape, im2col, kinds, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { OptionError, requireOption } from '../../errors.js'
import { Layer } from '../layer.js'
import { inNameOf } from './images.js'
import type { In } from './rules.js'
import { given, shownSettings } from './settings.js'
import { anySides, requireSides, type Sides } from './sides.js'

/** Where the windows of `Unfold` and `Fold` stand. */
export interface FoldOptions<S = Sides, P = Sides, D = Sides> {
  /** Distance between windows. Default 1. */
  readonly stride?: S
  /** Zeros added on either side, or taken away by `Fold`. Default 0. */
  readonly padding?: P
  /** Distance between the places that a window reads. Default 1. */
  readonly dilation?: D
}

const options = { stride: anySides, padding: anySides, dilation: anySides }
const takes = {
  Unfold: checker('Unfold', { size: anySides, options }),
  Fold: checker('Fold', { shape: kinds.shape, size: anySides, options }),
}

const defaults = { stride: 1, padding: 0, dilation: 1 }

/** The settings, checked: of as many axes as `rank` says, or as those have that name each. */
const settingsOf = (owner: string, size: Sides, options: FoldOptions, rank?: number): Required<FoldOptions> => {
  const settings: Required<FoldOptions> = { ...defaults, ...given(options) }
  requireSides(owner, 'size', size, 1)
  requireSides(owner, 'stride', settings.stride, 1)
  requireSides(owner, 'padding', settings.padding, 0)
  requireSides(owner, 'dilation', settings.dilation, 1)
  const ranks = Object.values({ size, ...settings }).flatMap((sides) =>
    typeof sides === 'number' ? [] : [sides.length],
  )
  if (ranks.some((one) => one !== (rank ?? ranks[0]))) {
    const owners = rank === undefined ? '' : `the shape has ${rank} axes, and `
    throw new OptionError(
      `${owner}: ${owners}size, stride, padding and dilation are for ${ranks.join(' and ')} axes; give numbers, or one for ` +
        'each axis.',
    )
  }
  return settings
}

/**
 * What each window reads as a column: [batch, channels, ...axes] becomes [batch, channels * window, windows], the windows in
 * row-major order, of as many axes as x has.
 *
 * @throws OptionError for a setting out of its range; ShapeError for x without axes behind the channels, and for a window
 *   larger than the padded x
 * @example new Unfold(2).forward(tensor([[[1, 2, 3]]]))   // [[[1, 2], [2, 3]]]
 */
export class Unfold<
  const K extends Sides,
  const S extends Sides = 1,
  const P extends Sides = 0,
  const D extends Sides = 1,
> extends Layer {
  declare readonly out: Im2ColShape<In<this['in']>, K, S, P, D>
  /** The size of a window: a number for all axes, or one for each. */
  readonly size: K
  /** Distance between windows. */
  readonly stride: S
  /** Zeros added on either side. */
  readonly padding: P
  /** Distance between the places that a window reads. */
  readonly dilation: D

  constructor(size: K, options: FoldOptions<S, P, D> = {}) {
    takes.Unfold(arguments)
    super()
    const { stride, padding, dilation } = settingsOf('Unfold', size, options)
    this.size = size
    this.stride = stride as S
    this.padding = padding as P
    this.dilation = dilation as D
  }

  protected run(x: Tensor): Tensor {
    const { size, stride, padding, dilation } = this
    return inNameOf(this, () => im2col(x, size as Sides, { stride, padding, dilation }) as Tensor)
  }

  protected override details(): string {
    const { size, stride, padding, dilation } = this
    return shownSettings([size], { stride, padding, dilation }, defaults)
  }
}

/**
 * The transpose of `Unfold`: columns [batch, channels * window, windows] laid where the windows of an image of this shape lie,
 * overlaps added up: [batch, channels, ...shape].
 *
 * @throws OptionError for a setting out of its range; ShapeError for columns of other numbers than the windows
 * @example new Fold([3], 2).forward(tensor([[[1, 2], [2, 3]]]))   // [[[1, 4, 3]]]
 */
export class Fold<const Z extends readonly number[], const K extends Sides> extends Layer {
  declare readonly out: Col2ImShape<In<this['in']>, Z, K>
  /** Of the result, behind [batch, channels]. */
  readonly shape: Z
  /** The size of a window: a number for all axes, or one for each. */
  readonly size: K
  /** Distance between windows. */
  readonly stride: Sides
  /** Places taken away on either side. */
  readonly padding: Sides
  /** Distance between the places that a window reaches. */
  readonly dilation: Sides

  constructor(shape: Z, size: K, options: FoldOptions = {}) {
    takes.Fold(arguments)
    super()
    const holds = shape.length > 0 && shape.every((dim) => Number.isSafeInteger(dim) && dim > 0)
    requireOption('Fold', 'shape', `[${shape.join(', ')}]`, holds, 'one positive integer for each axis')
    const { stride, padding, dilation } = settingsOf('Fold', size, options, shape.length)
    this.shape = shape
    this.size = size
    this.stride = stride
    this.padding = padding
    this.dilation = dilation
  }

  protected run(x: Tensor): Tensor {
    const { shape, size, stride, padding, dilation } = this
    return inNameOf(this, () => col2im(x, shape as never, size as Sides, { stride, padding, dilation }) as Tensor)
  }

  protected override details(): string {
    const { shape, size, stride, padding, dilation } = this
    return shownSettings([shape, size], { stride, padding, dilation }, defaults)
  }
}
