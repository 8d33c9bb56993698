import { type AnyTensor, AxisError, ShapeError } from '@adjoint/autograd'
import { requireElements } from '../elements.js'
import { OptionError } from '../errors.js'
import { formatShape, sameShape } from '../shapes.js'
import { requireFloat } from './pairs.js'

/** Throws unless tensors, here by what messages call them, have one shape. */
export const requireAlike = (loss: string, tensors: Readonly<Record<string, AnyTensor>>): void => {
  const [first, ...rest] = Object.entries(tensors)
  for (const [name, { shape }] of rest) {
    if (sameShape(first![1].shape, shape)) continue
    throw new ShapeError(
      `${loss}: ${first![0]} ${formatShape(first![1].shape)} and ${name} ${formatShape(shape)} need one shape: nothing is ` +
        'broadcast; use reshape, expandDims or broadcastTo on one of them.',
    )
  }
}

/** The position of an axis that vectors of floats, of one shape, have their features on; throws where they have none. */
export const featureAxis = (loss: string, vectors: Readonly<Record<string, AnyTensor>>, axis = -1): number => {
  for (const [name, tensor] of Object.entries(vectors)) requireFloat(loss, name, tensor)
  requireAlike(loss, vectors)
  const { shape } = Object.values(vectors)[0]!
  const rank = shape.length
  if (rank === 0) throw new ShapeError(`${loss}: vectors need an axis of features, got a scalar; use reshape([1]).`)
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new AxisError(
      `${loss}: axis ${axis} is out of range for shape ${formatShape(shape)}: use an integer from ${-rank} to ${rank - 1}.`,
    )
  }
  return axis < 0 ? axis + rank : axis
}

/** Throws unless each target is 1 or -1. */
export const requireSigns = (loss: string, target: AnyTensor): void =>
  requireElements(
    target,
    (t) => t === 1 || t === -1,
    (t, place) =>
      new OptionError(
        `${loss}: targets hold ${t} at ${place}; they are 1 or -1: of labels 0 and 1, pass labels.mul(2).sub(1).`,
      ),
  )

/** Throws unless there is a target of 1 or -1 for each vector along the last axis. */
export const requirePairs = (loss: string, vectors: AnyTensor, target: AnyTensor): void => {
  const batch = vectors.shape.slice(0, -1)
  if (!sameShape(batch, target.shape)) {
    throw new ShapeError(
      `${loss}: vectors ${formatShape(vectors.shape)} need targets ${formatShape(batch)}, got ` +
        `${formatShape(target.shape)}; use squeeze, reshape or ravel on them.`,
    )
  }
  requireSigns(loss, target)
}
