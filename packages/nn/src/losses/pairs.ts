import { type AnyTensor, DTypeError, ShapeError } from '@adjoint/autograd'
import { requireElements } from '../elements.js'
import { OptionError } from '../errors.js'
import { formatShape, sameShape } from '../shapes.js'

/** Throws unless predictions and targets have one shape: a loss that broadcasts hides a mistake. */
export const requirePair = (loss: string, prediction: AnyTensor, target: AnyTensor): void => {
  if (sameShape(prediction.shape, target.shape)) return
  throw new ShapeError(
    `${loss}: predictions ${formatShape(prediction.shape)} and targets ${formatShape(target.shape)} need one shape: ` +
      'a loss does not broadcast; use reshape, expandDims or squeeze on one of them.',
  )
}

/** Throws unless the dtype is a float: others have no derivative. */
export const requireFloat = (loss: string, name: string, tensor: AnyTensor): void => {
  if (tensor.dtype === 'float32' || tensor.dtype === 'float64') return
  throw new DTypeError(`${loss}: ${name} are ${tensor}; they must be floats: cast them to 'float32' or 'float64'.`)
}

/** Throws if an element is no probability. */
export const requireProbabilities = (loss: string, name: string, tensor: AnyTensor, remedy: string): void =>
  requireElements(
    tensor,
    (p) => p >= 0 && p <= 1,
    (p, place) =>
      new OptionError(
        `${loss}: ${name} hold ${p} at ${place}, which is no probability; ${name} lie between 0 and 1. ${remedy}`,
      ),
  )
