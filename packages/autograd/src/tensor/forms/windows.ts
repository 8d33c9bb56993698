import type { AnyTensor, Arg, Out } from '../tensor.js'
import type { Conv2d, Pool2d } from '../window-rules.js'

/** Over windows of images. */
export interface WindowFunctions {
  /**
   * Cross-correlation of images [batch, channels, height, width] with a kernel [out, channels / groups, height, width].
   *
   * @throws ShapeError if channels differ, an option is out of its range, or the kernel is larger than the padded image
   * @example conv2d(zeros([8, 3, 32, 32]), zeros([16, 3, 3, 3]), { padding: 1 })   // Tensor<[8, 16, 32, 32]>
   */
  readonly conv2d: <
    X extends AnyTensor,
    W extends AnyTensor,
    const S extends Pair = 1,
    const P extends Pair = 0,
    const D extends Pair = 1,
    G extends number = 1,
  >(
    x: X,
    kernel: Arg<W, Conv2d<X['shape'], W['shape'], S, P, D, G>>,
    options?: { readonly stride?: S; readonly padding?: P; readonly dilation?: D; readonly groups?: G },
  ) => Out<Conv2d<X['shape'], W['shape'], S, P, D, G>>
  /**
   * The greatest element of each window of images; windows lie side by side unless `stride` says otherwise.
   *
   * @throws ShapeError if an option is out of its range, the window is larger than the padded image, or padding covers a
   *   whole window
   * @example maxPool2d(zeros([8, 3, 32, 32]), 2)   // Tensor<[8, 3, 16, 16]>
   */
  readonly maxPool2d: Pooling<'maxPool2d'>
  /**
   * The mean of each window of images, padding counted as zeros; windows lie side by side unless `stride` says otherwise.
   *
   * @throws ShapeError if an option is out of its range, or the window is larger than the padded image
   * @example avgPool2d(zeros([8, 3, 32, 32]), [2, 4])   // Tensor<[8, 3, 16, 8]>
   */
  readonly avgPool2d: Pooling<'avgPool2d'>
}

type Pair = number | readonly [number, number]
type Pooling<Op extends string> = <
  X extends AnyTensor,
  const Z extends Pair,
  const S extends Pair = Z,
  const P extends Pair = 0,
  const D extends Pair = 1,
>(
  x: X,
  size: Arg<Z, Pool2d<Op, X['shape'], Z, S, P, D>>,
  options?: { readonly stride?: S; readonly padding?: P; readonly dilation?: D },
) => Out<Pool2d<Op, X['shape'], Z, S, P, D>>
