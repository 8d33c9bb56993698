import { isBatching, requireHere } from '../graph/batched.js'
import { holds, type TypedArray } from '../graph/dtype.js'
import { ArgumentError, DTypeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { sizeOf } from '../graph/shape.js'
import { UnknownElementsError, UnknownValue } from '../graph/unknown.js'
import { denseData, denseValue } from '../graph/value.js'
import { reshape, sum } from './broadcast.js'
import { constant, upTo } from './constant.js'
import { cumSum } from './cumulate.js'
import { elementwise } from './elementwise.js'
import { indexSelect, scatterAdd } from './gather.js'
import * as kinds from './kinds.js'
import { ravel } from './layout.js'
import { slice } from './slice.js'

// Shapes that depend on elements: as many places as a mask has true ones. Eager these are counted. Where elements are not
// known (in compile, vmap, bodies of loops) a fixed size is asked for, which may be given anywhere.

const { less, minimum, sub, where } = elementwise

export interface FixedSize<N extends number = number> {
  /** So many, whatever the elements are: the first ones. */
  readonly size?: N
  /** What stands where there are fewer than `size`. */
  readonly fill?: number
}
export const fixedSizeTakes = { size: kinds.count, fill: kinds.number }

/** Where a mask is true. */
export interface Places {
  /** In row-major order; int32, of one axis. Where there are none left, 0. */
  readonly places: Node
  /** Whether each of them is one; null where all are. */
  readonly areThere: Node | null
}

/** The places at which a mask (bool) is true, for what `op` makes of them. */
export const placesOf = (op: string, mask: Node, { size, fill }: FixedSize): Places => {
  if (size !== undefined) return firstPlaces(mask, size)
  requireNoFill(op, fill)
  return { places: allPlaces(op, mask), areThere: null }
}

/** Where no size is given. */
export const requireNoFill = (op: string, fill: number | undefined): void => {
  if (fill === undefined) return
  throw new ArgumentError(`${op}: fill ${fill} is for places that a fixed size leaves over; give a size as well.`)
}

/**
 * The elements of a tensor, for an op whose result has a shape that depends on them.
 *
 * @param remedy what to do instead where they are not known
 */
export const elementsOf = (op: string, x: Node, remedy = 'give it a fixed size, { size: 10 }'): TypedArray => {
  if (isBatching) requireHere(x)
  const { value } = x
  if (value instanceof UnknownValue) {
    throw new UnknownElementsError(
      `${op}: the shape of its result depends on elements, which are not known inside of compile(), vmap() and loops; ` +
        `${remedy}, or call it outside.`,
    )
  }
  return denseData(value)
}

/** @param remedy what to do instead where elements are not known */
export const allPlaces = (op: string, mask: Node, remedy?: string): Node => {
  const truths = elementsOf(op, mask, remedy)
  let count = 0
  for (let i = 0; i < truths.length; i++) count += truths[i]!
  const places = new Int32Array(count)
  for (let i = 0, next = 0; next < count; i++) if (truths[i] === 1) places[next++] = i
  return mask.make(denseValue(places, [count], 'int32'))
}

const firstPlaces = (mask: Node, size: number): Places => {
  const flat = ravel(mask)
  const length = sizeOf(flat.sizes)
  // each true one goes to the slot of its number, and the others to one that is cut off
  const slots = where(flat, minimum(sub(cumSum(flat), 1), size), size)
  const slotted = scatterAdd(constant(mask, 0, [size + 1], 'int32'), slots, upTo(mask, length), 0)
  return { places: slice(slotted, 0, 0, size), areThere: less(upTo(mask, size), sum(flat)) }
}

/** What stands at places of the first axis, with `fill` where there were none left. */
export const pickedAt = (op: string, x: Node, found: Places, fill: number): Node =>
  // where there is nothing, nothing can be picked
  x.sizes[0] === 0
    ? constant(x, fill, [found.places.sizes[0]!, ...x.sizes.slice(1)])
    : filledUp(op, indexSelect(x, found.places), found, fill)

/** What was found at places, along an axis, with `fill` where there were none left. */
export const filledUp = (
  op: string,
  found: Node,
  { areThere }: Pick<Places, 'areThere'>,
  fill: number,
  axis = 0,
): Node => {
  if (areThere === null) return found
  if (!holds(found.dtype, fill)) {
    throw new DTypeError(`${op}: fill ${fill} does not fit ${found}; choose another one, or cast to a float before.`)
  }
  return where(reshape(areThere, [areThere.sizes[0]!, ...found.sizes.slice(axis + 1).map(() => 1)]), found, fill)
}
