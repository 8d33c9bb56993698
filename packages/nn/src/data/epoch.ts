import type { Random } from '@adjoint/autograd'
import type { Data, Resumable } from './batch.js'

// What wrappers of data have of it.

const isResumable = (data: Data): data is Data & Resumable => typeof (data as Partial<Resumable>).from === 'function'

/** The generator that data draws from. */
export const randomOf = (data: Data): Random | undefined => (data as Partial<Resumable>).random

/** How many batches data has, where it says so. */
export const lengthOf = (data: Data): number | undefined => {
  const { length } = data as { readonly length?: unknown }
  return typeof length === 'number' ? length : undefined
}

/**
 * The epoch of data that begins now, without its first batches. What data draws as its epoch begins is drawn here; the
 * batches of data that cannot leave out its first are read and dropped.
 */
export const epochOf = (data: Data, first: number): Iterator<unknown> | AsyncIterator<unknown> => {
  if (isResumable(data)) return iteratorOf(data.from(first))
  const iterator = iteratorOf(data)
  return first === 0 ? iterator : without(iterator, first)
}

const iteratorOf = (data: Data): Iterator<unknown> | AsyncIterator<unknown> =>
  Symbol.asyncIterator in data ? data[Symbol.asyncIterator]() : data[Symbol.iterator]()

async function* without(iterator: Iterator<unknown> | AsyncIterator<unknown>, first: number) {
  try {
    for (let i = 0; ; i++) {
      const { done, value } = await iterator.next()
      if (done) return
      if (i >= first) yield value
    }
  } finally {
    await iterator.return?.()
  }
}
