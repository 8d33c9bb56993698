import { type InterpolateShape, interpolate, kinds, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { OptionError, requireOption } from '../../errors.js'
import { Layer } from '../layer.js'
import { inNameOf } from './images.js'
import type { In } from './rules.js'
import { shownSetting, shownSettings } from './settings.js'
import { anySides, each, requireSides, type Sides } from './sides.js'

/** To which size, and how. */
export interface UpsampleOptions<Z = Sides | undefined, F = Sides | undefined> {
  /** How many elements the axes behind [batch, channels] shall have: one number for all, or one for each. */
  readonly size?: Z
  /** Or how many times as many. */
  readonly scale?: F
  /**
   * By the nearest element ('nearest', the default), 'linear' between neighbours (of images also called 'bilinear', of
   * volumes 'trilinear'), or of images 'bicubic'.
   */
  readonly mode?: 'nearest' | 'linear' | 'bilinear' | 'trilinear' | 'bicubic'
  /** Whether the centres of the elements at the corners stay where they are. Default false. */
  readonly alignCorners?: boolean
}

const takes = checker('Upsample', {
  options: {
    size: anySides,
    scale: anySides,
    mode: kinds.oneOf('nearest', 'linear', 'bilinear', 'trilinear', 'bicubic'),
    alignCorners: kinds.boolean,
  },
})

/**
 * [batch, channels, ...axes] with one, two or three axes in another `size`, or `scale` times theirs. A scale is followed also
 * where it leaves the size of an axis as it is (1.3 of 3): places move, where PyTorch copies the axis.
 *
 * @throws OptionError unless there is a size or a scale, and for one out of its range; ShapeError for a mode that is for
 *   another number of axes; DTypeError for x that are no floats
 * @example
 * new Upsample({ scale: 2 }).forward(tensor([[[1, 2]]]))                                    // [[[1, 1, 2, 2]]]
 * new Upsample({ size: [7, 9], mode: 'bilinear' }).forward(zeros([8, 3, 4, 4]))             // Tensor<[8, 3, 7, 9]>
 */
export class Upsample<
  const Z extends Sides | undefined = undefined,
  const F extends Sides | undefined = undefined,
> extends Layer {
  declare readonly out: InterpolateShape<In<this['in']>, Z, F>
  /** How many elements there shall be; undefined where a scale says so. */
  readonly size: Z
  /** How many times as many there shall be; undefined where a size says so. */
  readonly scale: F
  /** How elements are found. */
  readonly mode: NonNullable<UpsampleOptions['mode']>
  /** Whether the centres of the elements at the corners stay where they are. */
  readonly alignCorners: boolean

  constructor(options: UpsampleOptions<Z, F>) {
    takes(arguments)
    super()
    const { size, scale, mode = 'nearest', alignCorners = false } = options ?? {}
    if ((size === undefined) === (scale === undefined)) {
      throw new OptionError(
        `Upsample: give either size or scale${size === undefined ? '' : ', not both'}: { scale: 2 }.`,
      )
    }
    if (size !== undefined) requireSides('Upsample', 'size', size, 1)
    if (scale !== undefined) {
      const holds = each(scale, 1).every((factor) => factor > 0 && factor < Number.POSITIVE_INFINITY)
      requireOption('Upsample', 'scale', shownSetting(scale), holds, 'positive numbers')
    }
    if (mode === 'nearest' && alignCorners) {
      throw new OptionError("Upsample: mode 'nearest' has no alignCorners; leave it out, or use mode 'linear'.")
    }
    this.size = size as Z
    this.scale = scale as F
    this.mode = mode
    this.alignCorners = alignCorners
  }

  protected run(x: Tensor): Tensor {
    const { size, scale, mode, alignCorners } = this
    return inNameOf(this, () => interpolate(x, { size, scale, mode, alignCorners } as { size: number }) as Tensor)
  }

  protected override details(): string {
    const { size, scale, mode, alignCorners } = this
    return shownSettings([], { size, scale, mode, alignCorners }, { mode: 'nearest', alignCorners: false })
  }
}
