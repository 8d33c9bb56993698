import { type AnyTensor, DTypeError, ShapeError, type Tensor, where } from '@adjoint/autograd'
import { formatShape, sameShape } from '../../shapes.js'

/** What queries may see. */
export interface MaskOptions {
  /**
   * bool, true where a query may see a key, or floats that are added to the scores: [queries, keys] for all, or
   * [..., heads, queries, keys] with all axes, where 1 stands for any size. PyTorch's bool masks of modules are the opposite:
   * pass `mask.logicalNot()` of those.
   */
  readonly mask?: AnyTensor
  /**
   * bool [..., keys], true where a key may be seen, and false for padding. The opposite of PyTorch's `key_padding_mask`.
   */
  readonly keyMask?: AnyTensor
  /** Query i sees the keys 0 to i only. Default false. */
  readonly causal?: boolean
}

interface Sizes {
  readonly batch: readonly number[]
  readonly heads: number
  readonly queries: number
  readonly keys: number
}

/** Throws unless a mask fits. @param name the name of the option */
export const requireMask = (owner: string, name: string, { shape, dtype }: AnyTensor, sizes: Sizes): void => {
  const { batch, heads, queries, keys } = sizes
  if (dtype === 'int32') {
    throw new DTypeError(
      `${owner}: ${name} is int32; it must be bool, true where a query may see a key, or floats that are added to the scores: ` +
        "compare, as in mask.greater(0), or cast it to 'bool'.",
    )
  }
  const whole = [...batch, heads, queries, keys]
  const wanted = shape.length === 2 ? [queries, keys] : whole
  if (shape.length === wanted.length && shape.every((size, i) => size === 1 || size === wanted[i])) return
  const lacksHeads = sameShape(shape, [...batch, queries, keys])
  const remedy = lacksHeads
    ? 'add the axis of heads with expandDims(-3)'
    : 'where sizes may be 1; align it with reshape or expandDims'
  throw new ShapeError(
    `${owner}: ${name} has shape ${formatShape(shape)}; it must be [queries, keys], ${formatShape([queries, keys])}, or ` +
      `[..., heads, queries, keys], ${formatShape(whole)}: ${remedy}.`,
  )
}

/** Throws unless a mask of keys fits. @param wanted its shape */
export const requireKeyMask = (owner: string, name: string, mask: AnyTensor, wanted: readonly number[]): void => {
  if (mask.dtype !== 'bool') {
    throw new DTypeError(
      `${owner}: ${name} is ${mask.dtype}; it must be bool, true where a key may be seen: compare, as in ` +
        "lengths.greater(0), or cast it to 'bool'; what is added to the scores is an option mask.",
    )
  }
  if (sameShape(mask.shape, wanted)) return
  throw new ShapeError(
    `${owner}: ${name} has shape ${formatShape(mask.shape)}; it must be [..., keys], ${formatShape(wanted)}: a truth value for ` +
      'each key; align it with reshape or broadcastTo.',
  )
}

/** One mask of all that are there: bool unless one is of floats. @param bias what is added to scores anyhow */
export const masked = (
  visible: Tensor | undefined,
  keyMask: Tensor | undefined,
  mask: Tensor | undefined,
  bias: Tensor | undefined,
): Tensor | undefined => {
  const isAdded = mask !== undefined && mask.dtype !== 'bool'
  const added = bias === undefined || !isAdded ? (isAdded ? mask : bias) : mask.add(bias)
  const bools = [visible, keyMask?.expandDims(-2).expandDims(-3), isAdded ? undefined : mask].filter(
    (one): one is Tensor => one !== undefined,
  )
  const seen = bools.length === 0 ? undefined : bools.reduce((a, b) => a.logicalAnd(b))
  if (added === undefined) return seen
  return seen === undefined ? added : where(seen, added, Number.NEGATIVE_INFINITY)
}
