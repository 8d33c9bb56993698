import {
  type AnyTensor,
  arange,
  DTypeError,
  IndexOutOfRangeError,
  type Kind,
  kinds,
  type Shape,
  ShapeError,
  Tensor,
} from '@adjoint/autograd'
import { requireElements } from '../../elements.js'
import { isIterable, isObject } from '../../kinds.js'
import { formatShape, sameShape } from '../../shapes.js'
import { requireFeatures } from '../features.js'

/** How long the sequences of a batch are. */
export interface SequenceOptions {
  /**
   * How many steps of each sequence count: int32, [batch], or a scalar for one sequence. What lies behind is not read,
   * its output is 0. Default all.
   */
  readonly lengths?: AnyTensor
}

export const sequenceOptions = { lengths: kinds.tensor }

/** Null stands for zeros, as leaving it out does. */
export const stateOfOne: Kind = kinds.optional(
  kinds.kind(
    'a tensor, such as the state that forward returns, or null for zeros',
    (thing) => thing === null || thing instanceof Tensor,
  ),
)

const isPair = (thing: unknown): boolean =>
  isObject(thing) &&
  !isIterable(thing) &&
  Object.keys(thing).length === 2 &&
  thing.hidden instanceof Tensor &&
  thing.cell instanceof Tensor

export const stateOfTwo: Kind = kinds.optional(
  kinds.kind(
    'an object of two tensors, { hidden, cell }, such as the state that forward returns, or null for zeros',
    (thing) => thing === null || isPair(thing),
  ),
)

/** Throws unless x is floats of the dtype of the weights. */
export const requireDType = (owner: object, what: string, x: Tensor, { dtype }: Tensor): void => {
  if (x.dtype === dtype) return
  const remedy = x.dtype.startsWith('float')
    ? `use ${what}.cast('${dtype}'), or make the layer with { dtype: '${x.dtype}' }`
    : `use ${what}.cast('${dtype}'), or an Embedding for numbers of things`
  throw new DTypeError(`${owner}: ${what} is ${x}, and the weights are ${dtype}; ${remedy}.`)
}

/** Throws unless a state is as it must be. @param axes the words for them */
export const requireState = (
  owner: object,
  what: string,
  state: Tensor,
  wanted: Shape,
  axes: string,
  weights: Tensor,
) => {
  if (!sameShape(state.shape, wanted)) {
    throw new ShapeError(
      `${owner}: ${what} has shape ${formatShape(state.shape)}, and ${formatShape(wanted)} is needed (${axes}); ` +
        'pass the state that a call of the same batch returned, or none for zeros.',
    )
  }
  requireDType(owner, what, state, weights)
}

/** Throws unless x is sequences of so many features. */
export const requireSequences = (owner: object, features: number, x: Tensor, weights: Tensor): void => {
  if (x.shape.length !== 2 && x.shape.length !== 3) {
    throw new ShapeError(
      `${owner}: x has shape ${formatShape(x.shape)}; use [batch, time, features], or [time, features] for one sequence.`,
    )
  }
  requireFeatures(owner, features, x)
  requireDType(owner, 'x', x, weights)
}

/** Whether each step counts, [time, batch, 1]. Throws for lengths that do not fit x, [time, batch, features]. */
export const countsOf = (owner: object, lengths: AnyTensor, x: Tensor, isBatch: boolean): Tensor => {
  const [steps, batch] = x.shape as [number, number]
  const wanted = isBatch ? [batch] : []
  if (!sameShape(lengths.shape, wanted)) {
    throw new ShapeError(
      `${owner}: lengths have shape ${formatShape(lengths.shape)}, and ${formatShape(wanted)} is needed; use a length for ` +
        `${isBatch ? 'each sequence of the batch' : 'the one sequence'}.`,
    )
  }
  if (lengths.dtype !== 'int32') {
    throw new DTypeError(
      `${owner}: lengths is ${lengths}; use int32: tensor([...], { dtype: 'int32' }) or cast('int32').`,
    )
  }
  requireElements(
    lengths,
    (length) => length >= 0 && length <= steps,
    (length, place) =>
      new IndexOutOfRangeError(
        `${owner}: lengths hold ${length}${isBatch ? ` at ${place}` : ''}, but there are ${steps} steps; use 0 to ${steps}.`,
      ),
  )
  return arange(steps, { dtype: 'int32' })
    .reshape([steps, 1, 1])
    .less(lengths.reshape([1, batch, 1])) as Tensor
}
