import { holds, promote } from '../graph/dtype.js'
import { DTypeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { cast } from './cast.js'
import { constant } from './constant.js'
import * as kinds from './kinds.js'

// What is written into a tensor: another tensor, or a number.

export type Written = Node | number
export const written = kinds.kind(
  'a tensor or a number',
  (thing) => typeof thing === 'number' || kinds.tensor.accepts(thing),
)

/** Throws for a number that elements of x cannot be. */
export const requireFits = (op: string, x: Node, value: number): void => {
  if (holds(x.dtype, value)) return
  throw new DTypeError(`${op}: value ${value} does not fit ${x}; cast it to a float, or choose another value.`)
}

/** x and what is written into it, of one dtype: a number takes that of x, and tensors meet at the later one. */
export const ofOneDType = (op: string, x: Node, value: Written): readonly [x: Node, value: Node] => {
  if (typeof value === 'number') {
    requireFits(op, x, value)
    return [x, constant(x, value, [])]
  }
  const dtype = promote(x.dtype, value.dtype)
  return [cast(x, dtype), cast(value, dtype)]
}
