import { elementwise, type ScalarFunction, type Tensor, where } from '@adjoint/autograd'
import { type LossOptions, reduce } from './reduction.js'

// what weighs nothing costs nothing, though it cannot be: 0 * Infinity is 0
const weigh: ScalarFunction<2> = (m, weight, logQ) =>
  m.select(m.logicalAnd(m.equal(weight, 0), m.equal(logQ, Number.NEGATIVE_INFINITY)), 0, m.mul(weight, m.neg(logQ)))
/** -weight log q of classes with these log q. */
export const costs = elementwise('crossEntropy', weigh)

const ofTotal: ScalarFunction<2> = (m, loss, total) => m.select(m.equal(total, 0), 0, m.div(loss, total))
const shares = elementwise('weightedMean', ofTotal)

export interface LabelledOptions extends LossOptions {
  readonly weights?: Tensor | undefined
  readonly ignoreIndex?: number | undefined
  readonly labelSmoothing?: number | undefined
}

/** True where a label counts. */
export const counts = (labels: Tensor, ignoreIndex: number): Tensor => labels.notEqual(ignoreIndex) as Tensor

/** What log-probabilities with their classes along an axis cost by labels: the mean is by weight, and 0 where nothing counts. */
export const labelledLoss = (logQ: Tensor, labels: Tensor, axis: number, options: LabelledOptions): Tensor => {
  const { weights, ignoreIndex, labelSmoothing: smoothing = 0 } = options
  const counted = ignoreIndex === undefined ? undefined : counts(labels, ignoreIndex)
  const known = counted === undefined ? labels : (where(counted, labels, 0) as Tensor)
  const picked = logQ.gather(known.expandDims(axis), axis)
  if (counted === undefined && weights === undefined && smoothing === 0) {
    return reduce(options.reduction === 'none' ? (picked.squeeze(axis) as Tensor) : (picked as Tensor), options).neg()
  }
  const ofLabels = weights?.indexSelect(known) as Tensor | undefined
  const right = costs(ofLabels?.mul(1 - smoothing) ?? 1 - smoothing, picked.squeeze(axis))
  const each = smoothing === 0 ? right : right.add(smoothed(logQ, axis, weights, smoothing))
  const losses = (counted === undefined ? each : where(counted, each, 0)) as Tensor
  const isMean = options.reduction === undefined || options.reduction === 'mean'
  if (!isMean || (counted === undefined && weights === undefined)) return reduce(losses, options)
  const weighing = counted === undefined ? ofLabels! : where(counted, ofLabels ?? 1, 0)
  return shares(losses, weighing.cast(losses.dtype).sum()).sum()
}

/** What all classes cost where they share the smoothing. */
const smoothed = (logQ: Tensor, axis: number, weights: Tensor | undefined, smoothing: number): Tensor => {
  const portion = smoothing / logQ.shape[axis]!
  return costs(weights === undefined ? portion : along(weights.mul(portion), axis, logQ.shape.length), logQ).sum(axis)
}

/** Weights of classes in the place of an axis of so many. */
export const along = (weights: Tensor, axis: number, rank: number): Tensor =>
  weights.reshape(Array.from({ length: rank }, (_, i) => (i === axis ? weights.shape[0]! : 1)))
