import {
  type AnyTensor,
  type Arg,
  ArgumentError,
  arange,
  DTypeError,
  indexAdd,
  kinds,
  maxWithIndices,
  type Out,
  type Shape,
  type Shaped,
  ShapeError,
  searchSorted,
  type Tensor,
  where,
  zeros,
} from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireAll } from '../../elements.js'
import { OptionError } from '../../errors.js'
import { Module } from '../../module/module.js'
import { formatShape, sameShape } from '../../shapes.js'
import {
  lookUp,
  type RowOptions,
  requireIndices,
  rowKinds,
  rowsOf,
  showSpecial,
  specialOf,
  tableTakes,
} from './rows.js'

/** What becomes of the rows of a bag. */
export type BagMode = 'sum' | 'mean' | 'max'

/** How the rows of an `EmbeddingBag` begin, which of them are special, and what becomes of those in a bag. */
export interface EmbeddingBagOptions extends RowOptions {
  /** Their sum, mean, or greatest elements. Default 'mean'. */
  readonly mode?: BagMode
}

/** What goes with the indices of `EmbeddingBag.forward`. */
export interface BagOptions<B extends number = number> {
  /** Where the bags begin in a vector of indices, int32, the first at 0; each ends where the next begins. */
  readonly offsets?: Tensor<[B]> | Tensor
  /** A factor for each index, of the shape of the indices; for sums only. */
  readonly weights?: AnyTensor
}

const takes = checker('EmbeddingBag', {
  ...tableTakes,
  options: { mode: kinds.oneOf('sum', 'mean', 'max'), ...rowKinds },
})
const takesInput = checker('EmbeddingBag.forward', {
  indices: kinds.tensor,
  options: { offsets: kinds.tensor, weights: kinds.tensor },
})

/** The shape of what bags give. */
export type Bags<S extends Shape, D extends number, B extends number> = number extends S['length']
  ? Shaped<[number, D]>
  : S extends readonly [infer One, unknown]
    ? Shaped<[One, D]>
    : S extends readonly [unknown]
      ? Shaped<[B, D]>
      : `indices are [batch, length], or [length] with offsets; got ${S['length']} axes`

/**
 * The sum, the mean or the greatest elements of the rows of each bag of indices, which are int32: bags of one length [batch,
 * length], or all of them one after another, [length], with the `offsets` where they begin. Both become [batch, size]. An
 * empty bag gives zeros, and so does one of padding alone; else padding does not count.
 *
 * @throws as `Embedding`; ShapeError for indices of other axes, vectors without offsets, and weights of another shape;
 *   ArgumentError for offsets that do not begin at 0, or go back, or beyond the end
 * @example
 * const bag = new EmbeddingBag(10, 3, { mode: 'sum' })
 * bag.forward(tensor([[1, 9], [0, 1]], { dtype: 'int32' }))   // Tensor<[2, 3]>
 * const offsets = tensor([0, 3], { dtype: 'int32' })
 * bag.forward(tensor([1, 9, 0, 1], { dtype: 'int32' }), { offsets })   // Tensor<[2, 3]>
 */
export class EmbeddingBag<N extends number, D extends number> extends Module {
  /** How many things there are. */
  readonly count: N
  /** How many numbers each has. */
  readonly size: D
  /** What becomes of the rows of a bag. */
  readonly mode: BagMode
  /** The row that stands for nothing, which is not trained and does not count; null for none. */
  readonly paddingIndex: number | null
  /** The greatest norm of what is looked up; null for any. */
  readonly maxNorm: number | null
  /** The p of that norm. */
  readonly order: number
  /** The rows. */
  readonly weight: Tensor<[N, D]>

  constructor(count: N, size: D, options: EmbeddingBagOptions = {}) {
    takes(arguments)
    super()
    const { paddingIndex, maxNorm, order } = specialOf('EmbeddingBag', count, size, options)
    this.count = count
    this.size = size
    this.mode = options.mode ?? 'mean'
    this.paddingIndex = paddingIndex
    this.maxNorm = maxNorm
    this.order = order
    this.weight = rowsOf('EmbeddingBag', count, size, options, paddingIndex)
  }

  /** What becomes of each bag: [batch, size]. */
  forward<X extends AnyTensor, B extends number = number>(
    indices: Arg<X, Bags<X['shape'], D, B>>,
    options?: BagOptions<B>,
  ): Out<Bags<X['shape'], D, B>>
  forward(indices: Tensor, options: BagOptions = {}): Tensor {
    takesInput(arguments)
    const { weights = null } = options
    const offsets = (options.offsets ?? null) as Tensor | null
    requireBags(this, indices, offsets)
    requireIndices(this, indices, this.count)
    const isReal = this.paddingIndex === null ? null : (indices.notEqual(this.paddingIndex) as Tensor)
    const rows = weighted(this, this.mode, lookUp(this.weight as unknown as Tensor, indices, this), indices, weights)
    const bags = offsets === null ? byRows : byOffsets(offsets, indices.shape[0]!)
    if (this.mode === 'max') return bags.max(rows, isReal)
    const total = bags.sum(isReal === null ? rows : (where(isReal.expandDims(-1), rows, 0) as Tensor))
    if (this.mode === 'sum') return total
    const one = isReal === null ? indices.equal(indices) : isReal
    const counts = bags.sum(one.cast(rows.dtype).expandDims(-1) as Tensor)
    return total.div(counts.maximum(1)) as Tensor
  }

  protected override details(): string {
    return `${this.count}, ${this.size}, ${this.mode}${showSpecial(this)}`
  }
}

/** Throws unless it is said which indices a bag has. */
const requireBags = (layer: Module, { shape }: Tensor, offsets: Tensor | null): void => {
  const wrong = (what: string) => new ShapeError(`${layer}: indices have shape ${formatShape(shape)}${what}.`)
  if (shape.length !== 1 && shape.length !== 2) throw wrong('; give [batch, length], or [length] with offsets')
  if (shape.length === 2) {
    if (offsets !== null) throw wrong(', in which each row is a bag; leave offsets out, or give a vector')
    return
  }
  if (offsets === null) throw wrong('; give the offsets at which bags begin, { offsets }, or [batch, length]')
  if (offsets.dtype !== 'int32') throw new DTypeError(`${layer}: offsets are ${offsets}; give them as int32.`)
  if (offsets.shape.length !== 1) {
    throw new ShapeError(`${layer}: offsets have shape ${formatShape(offsets.shape)}; give a vector of them.`)
  }
  const most = shape[0]!
  requireAll(offsets, (numbers) => {
    const at = numbers.findIndex((x, i) => x > most || (i === 0 ? x !== 0 : x < numbers[i - 1]!))
    if (at < 0) return null
    return new ArgumentError(
      `${layer}: offset ${numbers[at]} at [${at}] of offsets is no beginning of a bag; give 0 first, and then what is no less ` +
        `than the one before and at most ${most}, the number of indices.`,
    )
  })
}

/** Rows times weights. */
const weighted = (layer: Module, mode: BagMode, rows: Tensor, indices: Tensor, weights: AnyTensor | null): Tensor => {
  if (weights === null) return rows
  if (mode !== 'sum') {
    throw new OptionError(
      `${layer}: weights go with sums alone; make the layer with { mode: 'sum' }, or leave them out.`,
    )
  }
  if (!sameShape(weights.shape, indices.shape)) {
    throw new ShapeError(
      `${layer}: weights have shape ${formatShape(weights.shape)} and the indices ${formatShape(indices.shape)}; give each index ` +
        'one weight.',
    )
  }
  return rows.mul(weights.expandDims(-1) as Tensor) as Tensor
}

/** How rows become bags. */
interface Bagging {
  readonly sum: (rows: Tensor) => Tensor
  readonly max: (rows: Tensor, isReal: Tensor | null) => Tensor
}

/** The greatest of [batch, length, size] along axis 1, where there are any. */
const greatest = (rows: Tensor, isReal: Tensor | null): Tensor => {
  const [batch, length, size] = rows.shape as [number, number, number]
  if (length === 0) return zeros([batch, size], { dtype: rows.dtype }) as unknown as Tensor
  if (isReal === null) return maxWithIndices(rows, 1).values as Tensor
  const found = maxWithIndices(where(isReal.expandDims(-1), rows, Number.NEGATIVE_INFINITY) as Tensor, 1).values
  return where(isReal.any(1, { keepDims: true }), found as Tensor, 0) as Tensor
}

const byRows: Bagging = { sum: (rows) => rows.sum(1) as Tensor, max: greatest }

const byOffsets = (offsets: Tensor, length: number): Bagging => {
  const [batch] = offsets.shape as [number]
  const places = arange(length, { dtype: 'int32' }) as unknown as Tensor
  const bags = searchSorted(offsets, places, { side: 'right' }).sub(1) as Tensor
  return {
    sum: (rows) =>
      indexAdd(zeros([batch, rows.shape[1]!], { dtype: rows.dtype }) as unknown as Tensor, bags, rows as never),
    // all rows for each bag: what reduces by segments would take less
    max: (rows, isReal) => {
      const isIn = bags.equal(arange(batch, { dtype: 'int32' }).expandDims(-1) as unknown as Tensor) as Tensor
      const each = rows.expandDims(0).broadcastTo([batch, ...rows.shape]) as Tensor
      return greatest(each, isReal === null ? isIn : (isIn.logicalAnd(isReal) as Tensor))
    },
  }
}
