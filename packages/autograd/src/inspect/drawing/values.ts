import type { DType } from '../../graph/dtype.js'
import { ArgumentError } from '../../graph/errors.js'
import { Node } from '../../graph/node.js'
import { formatShape, sizeOf } from '../../graph/shape.js'
import { denseData } from '../../graph/value.js'
import { isPlainObject, shown } from '../../graph/words.js'
import * as kinds from '../../ops/kinds.js'
import type { ReadonlyTypedArray } from '../../tensor/display.js'
import type { AnyTensor } from '../../tensor/tensor.js'
import type { Element, Elements } from '../trace/schema.js'

/** What small drawings show: a tensor, numbers in nested arrays (also those of a trace), or a typed array. */
export type Drawable = AnyTensor | Elements | ReadonlyTypedArray

/** Numbers to be drawn, in row-major order. */
export interface Values {
  readonly shape: readonly number[]
  readonly data: ReadonlyTypedArray | readonly number[]
  readonly dtype: DType
}

const isElement = (thing: unknown): thing is Element =>
  typeof thing === 'number' || thing === 'NaN' || thing === 'Infinity' || thing === '-Infinity'

const isTypedArray = (thing: unknown): thing is ReadonlyTypedArray =>
  ArrayBuffer.isView(thing) && !(thing instanceof DataView) && typeof (thing as unknown as unknown[])[0] !== 'bigint'

/** The element types of typed arrays that are rounded when they are computed. */
const dtypeOf = (array: ReadonlyTypedArray): DType => (array instanceof Float32Array ? 'float32' : 'float64')

const areElements = (thing: unknown): boolean =>
  isElement(thing) || isTypedArray(thing) || (Array.isArray(thing) && thing.every(areElements))

/** What small drawings take. */
export const drawable = /* @__PURE__ */ kinds.kind(
  'a tensor, a number, or numbers in an array, a typed array or nested arrays',
  (thing) => thing instanceof Node || areElements(thing),
)

/** @throws ArgumentError for nested arrays of unequal lengths */
export const valuesOf = (what: string, drawn: Drawable): Values => {
  if (drawn instanceof Node) {
    const node = drawn as Node
    return { shape: node.sizes, data: denseData(node.value), dtype: node.dtype }
  }
  if (isTypedArray(drawn)) return { shape: [drawn.length], data: drawn, dtype: dtypeOf(drawn) }
  const shape: number[] = []
  for (let level: unknown = drawn; Array.isArray(level) || isTypedArray(level); level = (level as unknown[])[0]) {
    shape.push((level as unknown[]).length)
  }
  const data: number[] = []
  const walk = (thing: unknown, axis: number): void => {
    if (isElement(thing) && axis === shape.length) data.push(Number(thing))
    else if (isElement(thing) || (thing as unknown[]).length !== shape[axis]) {
      throw new ArgumentError(
        `${what}: the arrays make no rectangle: ${shown(thing)} stands where others are of shape ` +
          `${formatShape(shape.slice(axis))}. Make them equally long.`,
      )
    } else for (const item of thing as unknown[]) walk(item, axis + 1)
  }
  walk(drawn, 0)
  return { shape, data, dtype: 'float64' }
}

/** The largest finite size, or 0 if there is none. */
export const largestOf = (data: Values['data']): number => {
  let largest = 0
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i]!)
    if (size > largest && size < Number.POSITIVE_INFINITY) largest = size
  }
  return largest
}

/** What tells what a summary of a trace lacks. */
export const refuseSummary = (what: string, thing: unknown): void => {
  if (!isPlainObject(thing) || typeof thing.size !== 'number') return
  throw new ArgumentError(
    `${what} is the summary of ${thing.size} elements, which does not hold them; trace with { limit: ${thing.size} } to keep them.`,
  )
}

export const countOf = ({ shape }: Values): number => sizeOf(shape)
