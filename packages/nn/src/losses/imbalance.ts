import { type AnyTensor, type Arg, elementwise, type ScalarFunction, ShapeError, type Tensor } from '@adjoint/autograd'
import { requireAmount, requireOption, requirePositive } from '../errors.js'
import { amount, numberAs, positive } from '../kinds.js'
import { formatShape } from '../shapes.js'
import { requireFloat, requirePair, requireProbabilities } from './pairs.js'
import { type LossOptions, lossChecker, type Reduction, reduce } from './reduction.js'
import type { Paired, Reduced } from './shape-rules.js'
import type { Examples } from './vector-rules.js'

// Losses for targets that are mostly 0: segmentation, detection.

// of soft targets too, without the difference of what is nearly equal
const missed: ScalarFunction<2> = (m, p, target) => m.add(m.mul(p, m.sub(1, target)), m.mul(target, m.sub(1, p)))
const overlapError = elementwise('dice', missed)

const focused: ScalarFunction<5> = (m, z, target, gamma, ofPositives, ofNegatives) => {
  const rest = m.sub(1, target)
  const loss = m.add(m.scale(target, m.softplus(m.neg(z))), m.scale(rest, m.softplus(z)))
  const wrong = m.add(m.mul(target, m.sigmoid(m.neg(z))), m.mul(rest, m.sigmoid(z)))
  const weight = m.add(m.mul(ofPositives, target), m.mul(ofNegatives, rest))
  return m.scale(weight, m.scale(m.pow(wrong, gamma), loss))
}
const focalLoss = elementwise('focal', focused)

export const takesDice = lossChecker('dice', 'probabilities', { smooth: positive })
export const takesFocal = lossChecker('focal', 'logits', { gamma: amount, alpha: numberAs('a number from 0 to 1') })

/** The settings of `dice`. */
export interface DiceOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /** What is added to both sides of the fraction: a positive number. Default 1. */
  readonly smooth?: number
}

/** The settings of `focal`. */
export interface FocalOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /** How much less what is nearly right counts; with 0 nothing does. At least 0, default 2. */
  readonly gamma?: number
  /** The weight of positives, from 0 to 1, of which negatives have the rest. Unless given both weigh 1. */
  readonly alpha?: number
}

/**
 * 1 - (2 sum(p t) + smooth) / (sum(p) + sum(t) + smooth) for probabilities p and targets t in [0, 1], of one shape
 * [n, ...]: how far they are from covering each other. Sums are over all axes but the first, so there is one loss an example
 * (Milletari et al. 2016, without their squares). Where there is nothing and none is foreseen it is 0.
 *
 * @throws ShapeError if the shapes differ or have less than two axes; DTypeError unless p is a float; OptionError for a p
 *   outside [0, 1]
 * @example dice(tensor([[1, 0.5, 0]]), tensor([[1, 1, 0]]))   // 1 - 4 / 4.5
 */
export function dice<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  probabilities: P,
  target: Arg<T, Examples<'dice', P['shape'], T['shape']>>,
  options?: DiceOptions<R>,
): Reduced<Examples<'dice', P['shape'], T['shape']>, R>
export function dice(p: Tensor, target: Tensor, options: DiceOptions = {}): Tensor {
  takesDice(arguments)
  const { smooth = 1 } = options
  requirePositive('dice', 'smooth', smooth)
  requirePair('dice', p, target)
  requireFloat('dice', 'predictions', p)
  if (p.shape.length < 2) {
    throw new ShapeError(
      `dice: predictions ${formatShape(p.shape)} need a first axis of examples and others to sum over; use reshape or ` +
        'expandDims(0).',
    )
  }
  requireProbabilities('dice', 'predictions', p, 'For logits use sigmoid() first.')
  const rest = p.shape.slice(1).map((_, i) => i + 1)
  const size = p.add(target).sum(rest).add(smooth)
  return reduce(overlapError(p, target).sum(rest).div(size) as Tensor, options)
}

/**
 * The binary cross entropy of sigmoid(z) for logits z and targets in [0, 1], of one shape, times (1 - q)^gamma for q the
 * probability of what is so: what is nearly right counts for little (Lin et al. 2017). It is exact for logits of any size.
 * `alpha` weighs positives by alpha and negatives by 1 - alpha; torchvision does so by 0.25 unless told otherwise.
 *
 * @throws ShapeError if the shapes differ; OptionError for a gamma below 0 or an alpha outside [0, 1]
 * @example focal(tensor([0, 0]), tensor([1, 0]), { gamma: 1 })   // Math.log(2) / 2
 */
export function focal<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  logits: P,
  target: Arg<T, Paired<'focal', P['shape'], T['shape']>>,
  options?: FocalOptions<R>,
): Reduced<Paired<'focal', P['shape'], T['shape']>, R>
export function focal(logits: Tensor, target: Tensor, options: FocalOptions = {}): Tensor {
  takesFocal(arguments)
  const { gamma = 2, alpha } = options
  requireAmount('focal', 'gamma', gamma)
  if (alpha !== undefined) requireOption('focal', 'alpha', alpha, alpha >= 0 && alpha <= 1, 'a number from 0 to 1')
  requirePair('focal', logits, target)
  return reduce(focalLoss(logits, target, gamma, alpha ?? 1, alpha === undefined ? 1 : 1 - alpha) as Tensor, options)
}
