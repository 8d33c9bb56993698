import type { Shape } from '../graph/shape.js'

/** A typed array that can be read but not written. */
export interface ReadonlyTypedArray extends Iterable<number> {
  readonly [index: number]: number
  readonly length: number
  slice(start?: number, end?: number): ReadonlyTypedArray
  map(f: (element: number, index: number) => number): ReadonlyTypedArray
  every(test: (element: number, index: number) => boolean): boolean
  some(test: (element: number, index: number) => boolean): boolean
  indexOf(element: number): number
}

/** Row-major elements as nested arrays. */
export const nested = (data: ReadonlyTypedArray, shape: Shape): unknown => {
  let at = 0
  const level = (axis: number): unknown =>
    axis === shape.length ? data[at++]! : Array.from({ length: shape[axis]! }, () => level(axis + 1))
  return level(0)
}

const edge = 3

/** The elements for a reader, long axes cut in the middle. */
export const summary = (data: ReadonlyTypedArray, shape: Shape): string => {
  const level = (axis: number, offset: number): string => {
    if (axis === shape.length) return String(Number(data[offset]!.toPrecision(6)))
    const dim = shape[axis]!
    let stride = 1
    for (let i = axis + 1; i < shape.length; i++) stride *= shape[i]!
    const parts: string[] = []
    for (let i = 0; i < dim; i++) {
      if (dim > 2 * edge + 2 && i === edge) {
        parts.push('...')
        i = dim - edge
      }
      parts.push(level(axis + 1, offset + i * stride))
    }
    return `[${parts.join(', ')}]`
  }
  return level(0, 0)
}
