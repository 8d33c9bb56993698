import type { AnyTensor, Arg, Out } from '../tensor.js'
import type * as rule from '../window-rules.js'

/** Images and volumes of other sizes. */
export interface ResamplingFunctions {
  /**
   * What has the axes behind [batch, channels] in another `size`, or `scale` times theirs: by the nearest element, linear
   * between neighbours, or by Keys's cubic (Cubic convolution interpolation for digital image processing, 1981).
   *
   * @param options `mode`: 'nearest' unless given, 'linear' (also called 'bilinear' and 'trilinear'), 'bicubic';
   *   `alignCorners`: whether the centres of the elements at the corners stay where they are; false unless given
   * @throws ShapeError for a size below 1, or a mode that is for another number of axes; ArgumentError unless there is a
   *   size or a scale
   * @example interpolate(tensor([[[1, 2]]]), { scale: 2 })   // [[[1, 1, 2, 2]]]
   */
  readonly interpolate: <
    X extends AnyTensor,
    const Z extends Each | undefined = undefined,
    const F extends Each | undefined = undefined,
  >(
    x: X,
    options: Arg<
      {
        readonly size?: Z
        readonly scale?: F
        readonly mode?: 'nearest' | 'linear' | 'bilinear' | 'trilinear' | 'bicubic'
        readonly alignCorners?: boolean
      },
      rule.Interpolated<X['shape'], NoInfer<Z>, NoInfer<F>>
    >,
  ) => Out<rule.Interpolated<X['shape'], Z, F>>
  /**
   * Channels laid out as pixels: [..., channels factor^2, height, width] -> [..., channels, height factor, width factor]
   * (Shi et al., Real-time single image and video super-resolution, 2016).
   *
   * @throws ShapeError unless the channels are a multiple of factor^2
   * @example pixelShuffle(tensor([[[1]], [[2]], [[3]], [[4]]]), 2)   // [[[1, 2], [3, 4]]]
   */
  readonly pixelShuffle: <X extends AnyTensor, F extends number>(
    x: Arg<X, rule.Shuffled<X['shape'], F>>,
    factor: F,
  ) => Out<rule.Shuffled<X['shape'], F>>
  /**
   * The inverse of pixelShuffle: [..., channels, height, width] -> [..., channels factor^2, height / factor,
   * width / factor].
   *
   * @throws ShapeError unless height and width are multiples of the factor
   * @example pixelUnshuffle(tensor([[[1, 2], [3, 4]]]), 2)   // [[[1]], [[2]], [[3]], [[4]]]
   */
  readonly pixelUnshuffle: <X extends AnyTensor, F extends number>(
    x: Arg<X, rule.Unshuffled<X['shape'], F>>,
    factor: F,
  ) => Out<rule.Unshuffled<X['shape'], F>>
  /**
   * Images [batch, channels, height, width] at the places of a grid [batch, rows, columns, 2], whose coordinates (x, y) go
   * from -1, left and top, to 1; volumes likewise, with (x, y, z) (Jaderberg et al., Spatial transformer networks, 2015).
   * With derivatives by both.
   *
   * @param options `mode`: 'bilinear' unless given, or 'nearest'; `padding`: what stands beyond the edges, 'zeros' unless
   *   given, 'border' or 'reflection'; `alignCorners`: whether -1 and 1 are the centres of the elements at the edges
   * @throws ShapeError if the grid does not fit the images; DTypeError unless both are floats
   * @example gridSample(tensor([[[[1, 2], [3, 4]]]]), tensor([[[[0, 0]]]]))   // [[[[2.5]]]]
   */
  readonly gridSample: <X extends AnyTensor, G extends AnyTensor>(
    x: X,
    grid: Arg<G, rule.Sampled<X['shape'], G['shape']>>,
    options?: {
      readonly mode?: 'bilinear' | 'nearest'
      readonly padding?: 'zeros' | 'border' | 'reflection'
      readonly alignCorners?: boolean
    },
  ) => Out<rule.Sampled<X['shape'], G['shape']>>
}

/** A number for all axes, or one for each. */
type Each = number | readonly number[]
