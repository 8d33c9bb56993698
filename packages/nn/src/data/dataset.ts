import { ShapeError, Tensor } from '@adjoint/autograd'
import { TrainingError } from '../errors.js'
import { isObject } from '../kinds.js'
import { formatShape } from '../shapes.js'
import { type Example, requireExample, stacked } from './values.js'

/** Examples by number. */
export interface Dataset {
  /** How many there are. */
  readonly length: number
  /** The example at a place, from 0; if it gives a promise, the batches are gone through by `for await`. */
  get(place: number): Example | Promise<Example>
}

/** Examples that batches are made of. */
export interface Rows {
  /** How many there are. */
  readonly length: number
  /** Those from `start` to, not including, `end`, or those at these places. */
  take(start: number, end: number, places: Tensor<[number]> | undefined): Pair | Promise<Pair>
}
interface Pair {
  readonly x: Tensor
  readonly y: Tensor
}

export const isDataset = (thing: unknown): thing is Dataset =>
  isObject(thing) && !(thing instanceof Tensor) && typeof thing.get === 'function' && typeof thing.length === 'number'

/** Rows of two tensors. */
export const rowsOfTensors = (x: Tensor, y: Tensor): Rows => {
  const [examples] = x.shape
  const [targets] = y.shape
  if (examples === undefined || examples !== targets) {
    throw new ShapeError(
      `batches: x ${formatShape(x.shape)} has ${examples ?? 'no'} examples and y ${formatShape(y.shape)} has ` +
        `${targets ?? 'no'}; give as many of both, along the first axis.`,
    )
  }
  if (examples === 0) throw new ShapeError(`batches: x ${formatShape(x.shape)} has no examples; give at least one.`)
  return {
    length: examples,
    take: (start, end, places) => {
      const part = (tensor: Tensor) =>
        places === undefined ? tensor.slice(0, start, end) : tensor.indexSelect(places, 0)
      return { x: part(x) as Tensor, y: part(y) as Tensor }
    },
  }
}

/** The examples of a dataset, or of an array. */
export const rowsOf = (examples: Dataset | readonly Example[]): Rows => {
  const { length } = examples
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new TrainingError(`batches: the length of the dataset is ${length}; use the number of examples.`)
  }
  if (length === 0) throw new TrainingError('batches: there are no examples; give at least one.')
  const get = Array.isArray(examples)
    ? (place: number): unknown => examples[place]
    : (place: number): unknown => (examples as Dataset).get(place)
  const remedy = Array.isArray(examples) ? 'use { x, y } for each' : 'return { x, y } from get'
  return {
    length,
    take: (start, end, places) => {
      const numbers = places?.data ?? Int32Array.from({ length: end - start }, (_, i) => start + i)
      const found: unknown[] = Array.from(numbers, get)
      const join = (all: readonly unknown[]) =>
        stacked(
          all.map((example, i) => requireExample(example, numbers[i]!, remedy)),
          numbers,
        )
      return found.some((example) => example instanceof Promise) ? Promise.all(found).then(join) : join(found)
    },
  }
}
