import { arange, full, type Tensor, tensor } from '@adjoint/autograd'
import { positionsFrom } from './positions.js'

/**
 * How fast the scores of each head fall with distance, float64 [heads, 1, 1]: 2^(-8 i / heads) for i from 1 on; where heads are
 * no power of 2, those of the power below, and then every second one of twice as many.
 */
export const slopesOf = (heads: number): Tensor => {
  let power = 1
  while (2 * power <= heads) power *= 2
  const exponents = Array.from({ length: heads }, (_, i) =>
    i < power ? (-8 * (i + 1)) / power : (-8 * (2 * (i - power) + 1)) / (2 * power),
  )
  const slopes: Tensor = full([heads], 2, { dtype: 'float64' }).pow(tensor(exponents, { dtype: 'float64' }))
  return slopes.reshape([heads, 1, 1])
}

/** What is added to scores, [heads, queries, keys]: slopes times the distance of the query, from an offset on, and the key. */
export const distanceBias = (
  slopes: Tensor,
  offset: number | Tensor,
  queries: number,
  keys: number,
  dtype: Tensor['dtype'],
): Tensor => {
  const places: Tensor = arange(keys, { dtype: 'int32' })
  const distances = positionsFrom(offset, queries).expandDims(-1).sub(places).abs().cast(dtype)
  return distances.mul(slopes.neg().cast(dtype))
}
