import { kinds, Tensor } from '@adjoint/autograd'
import { isIterable, isObject } from '../kinds.js'

// What batches are.

const { kind } = kinds

export const data = kind(
  'batches { x, y } to go through: batches(x, y), or an array of them',
  (thing) => isIterable(thing) && !(thing instanceof Map),
)
export const batch = kind(
  '{ x, y } with two tensors, as batches(x, y) gives them; examples, if there, is how many of its rows count',
  (thing) =>
    isObject(thing) &&
    thing.x instanceof Tensor &&
    thing.y instanceof Tensor &&
    (thing.examples === undefined || isPart(thing.examples, thing.x.shape[0])),
)

const isPart = (examples: unknown, rows = 1): boolean =>
  Number.isInteger(examples) && (examples as number) > 0 && (examples as number) <= rows
