import {
  type CreateOptions,
  DTypeError,
  defaultDType,
  random as globalRandom,
  IndexOutOfRangeError,
  parameter,
  type Random,
  set,
  stopGradient,
  type Tensor,
  where,
} from '@adjoint/autograd'
import { requireElements } from '../../elements.js'
import { OptionError, requireCount, requirePositive } from '../../errors.js'
import { firstValuesOf, rememberFirstValues } from '../../init/first-values.js'
import { type Initializer, normal } from '../../init.js'
import * as kind from '../../kinds.js'
import { initial } from '../initial.js'
import { requireFor } from '../norms/rules.js'

// A table of rows to be looked up, as `Embedding` and `EmbeddingBag` have it.

/** How the rows of a table begin, and which of them are special. */
export interface RowOptions extends CreateOptions {
  /** The first rows. Default `normal()`: mean 0, standard deviation 1, as in PyTorch. */
  readonly init?: Initializer
  /** Default the global `random`. */
  readonly random?: Random
  /** The row that stands for nothing: it starts as zeros and is not trained. Default none. */
  readonly paddingIndex?: number
  /**
   * Rows whose norm is greater are looked up with this norm, and keep their direction. The derivative is that of what is looked
   * up, and the rows themselves stay as they are, where PyTorch writes the shorter ones over them. Default none.
   */
  readonly maxNorm?: number
  /** The p of that norm. Default 2. */
  readonly order?: number
}

export const rowKinds = {
  init: kind.initializer,
  ...kind.creation,
  paddingIndex: kind.numberAs('the number of a row'),
  maxNorm: kind.positive,
  order: kind.positive,
}

/** Which rows are special, and how. */
export interface Special {
  /** The row that stands for nothing, which is not trained; null for none. */
  readonly paddingIndex: number | null
  /** The greatest norm of what is looked up; null for any. */
  readonly maxNorm: number | null
  /** The p of that norm. */
  readonly order: number
}

/** Throws for sizes and options outside their range. */
export const specialOf = (owner: string, count: number, size: number, options: RowOptions): Special => {
  const { paddingIndex = null, maxNorm = null, order = 2 } = options
  requireCount(owner, 'count', count)
  requireCount(owner, 'size', size)
  if (paddingIndex !== null && !(Number.isInteger(paddingIndex) && paddingIndex >= 0 && paddingIndex < count)) {
    throw new OptionError(`${owner}: paddingIndex is ${paddingIndex}; use the number of a row, from 0 to ${count - 1}.`)
  }
  if (maxNorm !== null) requirePositive(owner, 'maxNorm', maxNorm)
  requirePositive(owner, 'order', order)
  requireFor(owner, 'order', options.order !== undefined, 'maxNorm', maxNorm !== null)
  return { paddingIndex, maxNorm, order }
}

/** The first rows; those of padding are zeros. */
export const rowsOf = <N extends number, D extends number>(
  owner: string,
  count: N,
  size: D,
  { init = normal(), random = globalRandom, dtype = defaultDType() }: RowOptions,
  paddingIndex: number | null,
): Tensor<[N, D]> => {
  const rows = initial(owner, init, [count, size], { fanIn: count, fanOut: size, random, dtype })
  if (paddingIndex === null) return rows
  const padded = (values: Tensor): Tensor => set(values, [paddingIndex], 0) as Tensor
  const made = parameter(padded(rows.detach() as unknown as Tensor)) as unknown as Tensor<[N, D]>
  const make = firstValuesOf(rows)!
  rememberFirstValues(made, (init, options) => padded(make(init, options)))
  return made
}

/** Throws unless these are numbers of rows. */
export const requireIndices = (layer: object, indices: Tensor, count: number): void => {
  if (indices.dtype !== 'int32') {
    throw new DTypeError(
      `${layer}: x is ${indices}; it must hold the numbers of rows, int32: tensor([...], { dtype: 'int32' }) or ` +
        "x.cast('int32').",
    )
  }
  // a negative one would count from the end: here it is a mark of padding, or a mistake
  requireElements(
    indices,
    (index) => index >= 0 && index < count,
    (index, place) =>
      new IndexOutOfRangeError(
        `${layer}: index ${index} at ${place} of x is outside the ${count} rows; they go from 0 to ${count - 1}.`,
      ),
  )
}

/** The rows of these numbers: [...indices, size]. */
export const lookUp = (weight: Tensor, indices: Tensor, { paddingIndex, maxNorm, order }: Special): Tensor => {
  const rows = weight.indexSelect(indices) as Tensor
  const short = maxNorm === null ? rows : shortened(rows, maxNorm, order)
  if (paddingIndex === null) return short
  const isPadding = indices.equal(paddingIndex).expandDims(-1) as Tensor
  return where(isPadding, stopGradient(short), short) as Tensor
}

const shortened = (rows: Tensor, maxNorm: number, order: number): Tensor => {
  const norms = rows.norm(-1, { keepDims: true, order }) as Tensor
  return rows.mul(where(norms.greater(maxNorm), norms.reciprocal().mul(maxNorm), 1)) as Tensor
}

/** The rest of what stands between the parentheses of a table's text. */
export const showSpecial = ({ paddingIndex, maxNorm }: Special): string =>
  `${paddingIndex === null ? '' : `, paddingIndex ${paddingIndex}`}${maxNorm === null ? '' : `, maxNorm ${maxNorm}`}`

export const tableTakes = { count: kind.count, size: kind.count }
