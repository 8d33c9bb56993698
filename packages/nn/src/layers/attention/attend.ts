import { arange, scaledDotProductAttention, type Tensor, where } from '@adjoint/autograd'
import type { Dropout } from '../dropouts/dropout.js'
import type { KeyValues } from './cache.js'

/** [..., time, heads * size] as [..., heads, time, size]. */
export const divided = (x: Tensor, heads: number): Tensor => {
  const size = x.shape.at(-1)! / heads
  return x.reshape([...x.shape.slice(0, -1), heads, size]).swapAxes(-3, -2)
}

/** [..., heads, time, size] as [..., time, heads * size]. */
export const joined = (x: Tensor): Tensor => {
  const [heads, time, size] = x.shape.slice(-3) as [number, number, number]
  return x.swapAxes(-3, -2).reshape([...x.shape.slice(0, -3), time, heads * size])
}

/** What heads of queries find among keys and values, of which several queries' heads may share one. */
export const attend = (
  queries: Tensor,
  { keys, values }: KeyValues,
  { mask, causal }: { readonly mask: Tensor | undefined; readonly causal: boolean },
  dropout: Dropout,
): Tensor => {
  if (dropout.training && dropout.p > 0) return attendDropping(queries, { keys, values }, mask, causal, dropout)
  const options = { causal, groupedQueries: queries.shape.at(-3) !== keys.shape.at(-3) }
  return scaledDotProductAttention(queries, keys, values, mask === undefined ? options : { ...options, mask })
}

/** As autograd's op, with weights that are dropped. */
const attendDropping = (
  queries: Tensor,
  { keys, values }: KeyValues,
  mask: Tensor | undefined,
  causal: boolean,
  dropout: Dropout,
): Tensor => {
  const [heads, time, size] = queries.shape.slice(-3) as [number, number, number]
  const [shared, places] = keys.shape.slice(-3) as [number, number]
  const grouped = (x: Tensor): Tensor =>
    x.shape.length < 3
      ? x
      : x.reshape([
          ...x.shape.slice(0, -3),
          ...(x.shape.at(-3) === 1 ? [1, 1] : [shared, heads / shared]),
          ...x.shape.slice(-2),
        ])
  const scores: Tensor = grouped(queries.mul(1 / Math.sqrt(size))).matmul(keys.transpose().expandDims(-3))
  const biased = mask === undefined || mask.dtype === 'bool' ? scores : scores.add(grouped(mask).cast(scores.dtype))
  const triangle = (): Tensor =>
    arange(time, { dtype: 'int32' })
      .expandDims(-1)
      .greaterEqual(arange(places, { dtype: 'int32' }))
  const allowed = [...(mask?.dtype === 'bool' ? [grouped(mask)] : []), ...(causal ? [triangle()] : [])]
  const seen = allowed.reduce((all, visible) => where(visible, all, Number.NEGATIVE_INFINITY), biased)
  const weights: Tensor = dropout.forward(seen.softmax(-1))
  return weights.matmul(values.expandDims(-3)).reshape([...queries.shape.slice(0, -1), values.shape.at(-1)!])
}
