import type { Node } from '../graph/node.js'
import { sizeOf } from '../graph/shape.js'
import { reshape } from './broadcast.js'
import { constant, zerosLike } from './constant.js'
import { cumSum } from './cumulate.js'
import { type FixedSize, fixedSizeTakes, pickedAt, placesOf } from './data-dependent.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { random } from './facts.js'
import { scatterAdd } from './gather.js'
import * as kinds from './kinds.js'
import { ravel } from './layout.js'
import { concat, slice } from './slice.js'
import { firstInOrder } from './sort.js'

const { isNaN, logicalAnd, logicalNot, minimum, notEqual, sub } = elementwise

export interface UniqueOptions extends FixedSize {
  /** Give as well, for each element of x, the place of its value. */
  readonly inverse?: boolean
  /** Give as well how often each value is there. */
  readonly counts?: boolean
}
export interface Unique {
  readonly values: Node
  readonly inverse?: Node
  readonly counts?: Node
}

/** Where a line in order goes on to another value; NaN is one. */
const isNew = (inOrder: Node): Node => {
  const [before, after] = [slice(inOrder, 0, 0, -1), slice(inOrder, 0, 1)]
  const differs = logicalAnd(notEqual(before, after), logicalNot(logicalAnd(isNaN(before), isNaN(after))))
  return concat([constant(inOrder, 1, [Math.min(1, inOrder.sizes[0]!)], 'bool'), differs])
}

/**
 * The values that there are, each once, ascending; the first of those that are equal has the derivative. With `inverse` or
 * `counts` an object of what is asked for.
 */
export const unique = composed('unique', {
  takes: { x: kinds.tensor, options: { ...fixedSizeTakes, inverse: kinds.boolean, counts: kinds.boolean } },
  call: (x: Node, { inverse = false, counts = false, ...options }: UniqueOptions = {}): Node | Unique => {
    const count = sizeOf(x.sizes)
    const inOrder = firstInOrder(ravel(x), 0)
    const starts = isNew(inOrder.values)
    const found = placesOf('unique', starts, options)
    const values = pickedAt('unique', inOrder.values, found, options.fill ?? 0)
    if (!inverse && !counts) return values
    const number = sub(cumSum(starts), 1)
    const size = values.sizes[0]!
    return {
      values,
      ...(inverse && { inverse: reshape(scatterAdd(zerosLike(number), inOrder.indices, number, 0), x.sizes) }),
      ...(counts && {
        // beyond a fixed size they are cut off
        counts: slice(
          scatterAdd(constant(x, 0, [size + 1], 'int32'), minimum(number, size), constant(x, 1, [count], 'int32'), 0),
          0,
          0,
          size,
        ),
      }),
    }
  },
  samples: [
    [random(4), { size: 4 }],
    [random(2, 3), { size: 8, fill: 9, inverse: true, counts: true }],
    [random(4), { size: 2, counts: true }],
    [random(2, 2), { size: 3, inverse: true }],
  ],
})
