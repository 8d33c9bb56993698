import { type AnyTensor, type Arg, arange, full, kinds, type Out, Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireElements } from '../../elements.js'
import { OptionError } from '../../errors.js'
import { Layer, type RuleOf } from '../layer.js'

/** Where a sequence begins. */
export interface PositionOptions {
  /**
   * The position of the first element: an integer, or an int32 scalar, such as the `length` of a cache, which a compiled function
   * is not traced anew for. Default 0.
   */
  readonly offset?: number | AnyTensor
}

const isOffset = (thing: unknown): boolean =>
  thing instanceof Tensor
    ? thing.dtype === 'int32' && thing.shape.length === 0
    : Number.isInteger(thing) && (thing as number) >= 0

const takes = {
  x: kinds.tensor,
  options: { offset: kinds.kind('an integer of at least 0, or an int32 scalar', isOffset) },
}

/** A layer for sequences [..., time, features] that depends on where each element stands. */
export abstract class PositionLayer extends Layer {
  /**
   * What the layer makes of x [..., time, features].
   *
   * @throws ShapeError for other features, or without an axis of time
   */
  override forward<X extends AnyTensor>(
    x: Arg<X, RuleOf<this, X['shape']>>,
    options?: PositionOptions,
  ): Out<RuleOf<this, X['shape']>>
  override forward(x: never, options: PositionOptions = {}): unknown {
    if (arguments.length !== 1 || !((x as unknown) instanceof Tensor)) {
      checker(this.constructor.name, takes)(arguments)
    }
    return this.runAt(x, (options.offset ?? 0) as number | Tensor)
  }

  protected run(x: Tensor): Tensor {
    return this.runAt(x, 0)
  }

  /** @param offset the position of the first element */
  protected abstract runAt(x: Tensor, offset: number | Tensor): Tensor
}

/** int32 [count]: the positions of so many elements from an offset on. */
export const positionsFrom = (offset: number | Tensor, count: number): Tensor => {
  const places = arange(count, { dtype: 'int32' })
  return offset === 0 ? places : places.add(offset)
}

/** base^(-2 i / features) for the i-th pair of features, in float64. */
export const frequencies = (features: number, base: number): Tensor => {
  const exponents = arange(Math.ceil(features / 2), { dtype: 'float64' }).mul(-2 / features)
  return full([...exponents.shape], base, { dtype: 'float64' }).pow(exponents)
}

/** The angles [time, pairs] of positions in float64: they are large where a sequence is long, and float32 has 7 digits. */
export const anglesAt = (positions: Tensor, frequencies: Tensor): Tensor =>
  positions.cast('float64').expandDims(-1).mul(frequencies)

/** Throws where `time` more places from an offset on do not fit. @param complaint for an offset that is too great */
export const requireRoom = (
  offset: number | Tensor,
  time: number,
  room: number,
  complaint: (offset: number) => Error,
): void => {
  if (typeof offset !== 'number') {
    requireElements(offset, (length) => length >= 0 && length + time <= room, complaint)
  } else if (offset + time > room) throw complaint(offset)
}

export const requireBase = (owner: string, base: number): void => {
  if (!(base > 1 && Number.isFinite(base))) throw new OptionError(`${owner}: base is ${base}; use a number above 1.`)
}
