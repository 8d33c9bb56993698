import { allocate } from '../graph/dtype.js'
import { sizeOf } from '../graph/shape.js'
import { denseData, denseValue, type Spec, type Value } from '../graph/value.js'
import type { Vector } from './krylov/vectors.js'

/** Tensors as one vector, which is always of float64. */
export interface Layout {
  /** Of the vector. */
  readonly size: number
  /** The least exact one among those of the tensors. */
  readonly dtype: 'float32' | 'float64'
  /** The tensors of vectors that lie one behind the other; with axes in front that tell them apart. */
  valuesOf(vectors: Vector, sizes: readonly number[]): readonly Value[]
  /** Back, of so many. */
  vectorOf(values: readonly Value[], count: number): Vector
  /** Which tensor the largest element is of, in words; '' if there is only one. */
  readonly placeOf: (vector: Vector) => string
}

/** @param paths where each tensor is in the tree that it comes from */
export const layoutOf = (specs: readonly Spec[], paths: readonly string[]): Layout => {
  const lengths = specs.map(({ shape }) => sizeOf(shape))
  const size = lengths.reduce((total, length) => total + length, 0)
  const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((total, length) => total + length, 0))
  return {
    size,
    dtype: specs.some(({ dtype }) => dtype === 'float32') ? 'float32' : 'float64',
    valuesOf: (vectors, sizes) =>
      specs.map(({ shape, dtype }, k) => {
        const [start, length, count] = [starts[k]!, lengths[k]!, sizeOf(sizes)]
        const data = allocate(dtype, count * length)
        for (let i = 0; i < count; i++) {
          data.set(vectors.subarray(i * size + start, i * size + start + length), i * length)
        }
        return denseValue(data, [...sizes, ...shape], dtype)
      }),
    vectorOf: (values, count) => {
      const out = new Float64Array(count * size)
      values.forEach((value, k) => {
        const [data, start, length] = [denseData(value), starts[k]!, lengths[k]!]
        for (let i = 0; i < count; i++) out.set(data.subarray(i * length, (i + 1) * length), i * size + start)
      })
      return out
    },
    placeOf: (vector) => {
      if (specs.length === 1) return ''
      const at = vector.reduce((found, x, i) => (Math.abs(x) > Math.abs(vector[found]!) ? i : found), 0)
      return ` (largest in ${paths[starts.findIndex((start, i) => at < start + lengths[i]!)]!})`
    },
  }
}
