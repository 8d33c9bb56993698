import { type AnyTensor, verify } from '@adjoint/autograd'
import { formatPlace } from './shapes.js'

// The only place where layers and losses look at the numbers in a tensor.

/** Throws what `complaint` makes of the first element that does not hold, and of its place, as in `[1, 3]`. */
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

/** Throws what `complaint` makes of all elements together; null is none. */
export const requireAll = (tensor: AnyTensor, complaint: (elements: readonly number[]) => Error | null): void =>
  verify(tensor, (data) => {
    const error = complaint([...data])
    if (error !== null) throw error
  })
