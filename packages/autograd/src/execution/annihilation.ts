import { sizeOf } from '../graph/shape.js'
import type { Value } from '../graph/value.js'
import { collapse, walk } from './walk.js'

/**
 * Makes of a batched matrix product by `mul`, in place, that by `scale`: a factor that is exactly 0 gives 0 whatever it
 * meets. The two differ only where an infinity or NaN met a 0, and there the former is NaN; what is NaN is summed anew.
 */
export const annihilate = (a: Value, b: Value, product: Value): Value => {
  const { data, shape, offset } = product
  const [m, n] = shape.slice(-2) as [number, number]
  const depth = a.shape.at(-1)!
  const [aRow, aColumn] = a.strides.slice(-2) as [number, number]
  const [bRow, bColumn] = b.strides.slice(-2) as [number, number]
  const offsets = [a.offset, b.offset]
  let at = offset
  const batches = collapse(shape.slice(0, -2), [a.strides.slice(0, -2), b.strides.slice(0, -2)])
  walk(batches, 0, offsets, () => {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++, at++) {
        if (!Number.isNaN(data[at])) continue
        let sum = 0
        let p = offsets[0]! + i * aRow
        let q = offsets[1]! + j * bColumn
        for (let l = 0; l < depth && !Number.isNaN(sum); l++, p += aColumn, q += bRow) {
          const [x, y] = [a.data[p]!, b.data[q]!]
          if (x !== 0 && y !== 0) sum += x * y
        }
        data[at] = sum
      }
    }
  })
  return product
}

/** Of a result, whose elements lie side by side. */
export const hasNaN = ({ data, shape, offset }: Value): boolean => {
  const end = offset + sizeOf(shape)
  for (let i = offset; i < end; i++) if (Number.isNaN(data[i])) return true
  return false
}
