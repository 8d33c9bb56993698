import { type AnyTensor, verify } from '@adjoint/autograd'
import { formatPlace } from './shapes.js'

/**
 * Throws what `complaint` makes of the first element that does not hold, and of its place, as in `[1, 3]`.
 * The only place where layers and losses look at the numbers in a tensor.
 */
export const requireElements = (
  tensor: AnyTensor,
  holds: (element: number) => boolean,
  complaint: (element: number, place: string) => Error,
): void =>
  verify(tensor, (data) => {
    for (let i = 0; i < data.length; i++) {
      const element = data[i]!
      if (!holds(element)) throw complaint(element, formatPlace(i, tensor.shape))
    }
  })
