import {
  type AnyTensor,
  type Arg,
  arange,
  concat,
  DTypeError,
  elementwise,
  full,
  IndexOutOfRangeError,
  kinds,
  type ScalarFunction,
  ShapeError,
  scan,
  stack,
  type Tensor,
  where,
} from '@adjoint/autograd'
import { requireElements } from '../elements.js'
import { OptionError, requireOption } from '../errors.js'
import { formatShape, sameShape } from '../shapes.js'
import { requireFloat } from './pairs.js'
import { type LossOptions, type Reduction, reduce, tensorsChecker } from './reduction.js'
import type { Reduced, Sequenced } from './shape-rules.js'

/** The settings of `ctc`. */
export interface CtcOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /** The class that stands for no label; default 0. */
  readonly blank?: number
  /** Whether a target that cannot be costs 0 instead of Infinity; default false. */
  readonly zeroInfinity?: boolean
}

export const takesCtc = tensorsChecker('ctc', ['logProbabilities', 'target', 'inputLengths', 'targetLengths'], {
  blank: kinds.number,
  zeroInfinity: kinds.boolean,
})

const inf = Number.POSITIVE_INFINITY
// of all ways to a state: from itself, from the one before, and over a blank between two labels that differ
const reached: ScalarFunction<5> = (m, stay, step, jump, mayJump, logQ) =>
  m.add(m.logAddExp(m.logAddExp(stay, step), m.select(m.equal(mayJump, 0), -inf, jump)), logQ)
const reach = elementwise('ctc', reached)

/**
 * Connectionist temporal classification (Graves et al. 2006): -log of the probability that what is said in T steps is the
 * target, once repeated labels are one and blanks are left out. log-probabilities [T, N, C], as `logSoftmax` gives them, int32
 * targets [N, S] of classes, and int32 lengths [N]: so many of the steps and so many of the labels count, and what lies behind
 * them is not read. The mean is over the examples, of each loss by the length of its target (at least 1), as in PyTorch.
 *
 * A target that cannot be costs Infinity, or 0 with `zeroInfinity`, and has a gradient of 0 (in PyTorch NaN without it). The
 * gradient is that of the log-probabilities themselves; PyTorch's is right only through a logSoftmax.
 *
 * @throws ShapeError for tensors of other shapes; DTypeError for targets and lengths that are not int32, and for
 *   log-probabilities that are no floats; IndexOutOfRangeError for a label outside the classes, and for lengths beyond the
 *   steps or labels; OptionError for a blank that is no class, or is a label
 * @example
 * const logQ = tensor([[[0.4, 0.6]], [[0.5, 0.5]]]).log()
 * const [one, two] = [tensor([1], { dtype: 'int32' }), tensor([2], { dtype: 'int32' })]
 * ctc(logQ, one.expandDims(0), two, one)   // -Math.log(0.6 * 0.5 + 0.6 * 0.5 + 0.4 * 0.5)
 */
export function ctc<L extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  logProbabilities: L,
  target: Arg<T, Sequenced<L['shape'], T['shape']>>,
  inputLengths: AnyTensor,
  targetLengths: AnyTensor,
  options?: CtcOptions<R>,
): Reduced<Sequenced<L['shape'], T['shape']>, R>
export function ctc(
  logQ: Tensor,
  target: Tensor,
  inputLengths: AnyTensor,
  targetLengths: AnyTensor,
  options: CtcOptions = {},
): Tensor {
  takesCtc(arguments)
  const { blank = 0, zeroInfinity = false } = options
  const labels = requireSequences(logQ, target, inputLengths, targetLengths, blank)
  const [steps, examples] = logQ.shape as [number, number, number]
  const { dtype } = logQ
  const states = statesOf(labels, blank)
  const size = states.shape[1]!
  const places = arange(size, { dtype: 'int32' })

  const shifted = (alphas: Tensor, by: number): Tensor =>
    concat([full([examples, by], -inf, { dtype }), alphas], 1).slice(1, 0, size) as Tensor
  const before = concat([full([examples, 2], blank, { dtype: 'int32' }), states], 1).slice(1, 0, size)
  const mayJump = states
    .notEqual(blank)
    .logicalAnd(states.notEqual(before as Tensor))
    .cast(dtype)
  const rows = {
    logQ: logQ.gather(states.expandDims(0).broadcastTo([steps, examples, size]) as Tensor, -1) as Tensor,
    goesOn: arange(steps, { dtype: 'int32' })
      .reshape([steps, 1, 1])
      .less(inputLengths.reshape([1, examples, 1])) as Tensor,
  }
  const first = where(places.equal(0), 0, full([examples, size], -inf, { dtype })) as Tensor
  const [last] = scan(
    (alphas: Tensor, row: { readonly logQ: Tensor; readonly goesOn: Tensor }) => {
      const next = reach(alphas, shifted(alphas, 1), shifted(alphas, 2), mayJump, row.logQ)
      return [where(row.goesOn, next, alphas) as Tensor, null] as const
    },
    first,
    rows as never,
  ) as unknown as [Tensor, null]

  // it ends in the last label or the blank behind it
  const end = targetLengths.mul(2).expandDims(-1)
  const isEnd = places.equal(end).logicalOr(places.equal(end.sub(1)))
  const logP = where(isEnd, last, -inf).logSumExp(-1) as Tensor
  const losses = where(logP.equal(-inf), zeroInfinity ? 0 : inf, logP.neg()) as Tensor
  const isMean = options.reduction === undefined || options.reduction === 'mean'
  return reduce(isMean ? (losses.div(targetLengths.cast(dtype).maximum(1)) as Tensor) : losses, options)
}

/** The labels with a blank before, between and behind them. */
const statesOf = (labels: Tensor, blank: number): Tensor => {
  const [examples, size] = labels.shape as [number, number]
  const blanks = full([examples, size + 1], blank, { dtype: 'int32' }) as Tensor
  const pairs = stack([blanks.slice(1, 0, size) as Tensor, labels], 2).reshape([examples, 2 * size])
  return concat([pairs, blanks.slice(1, 0, 1)], 1) as Tensor
}

/** The labels, blanks where they do not count; throws for what does not fit. */
const requireSequences = (
  logQ: Tensor,
  target: Tensor,
  inputLengths: AnyTensor,
  targetLengths: AnyTensor,
  blank: number,
): Tensor => {
  const { shape } = logQ
  requireFloat('ctc', 'logProbabilities', logQ)
  if (shape.length !== 3) {
    throw new ShapeError(
      `ctc: logProbabilities are [steps, examples, classes], got ${formatShape(shape)}; use expandDims or permute on them.`,
    )
  }
  const [steps, examples, classes] = shape as [number, number, number]
  if (target.shape.length !== 2 || target.shape[0] !== examples) {
    throw new ShapeError(
      `ctc: logProbabilities ${formatShape(shape)} need targets [${examples}, labels], got ${formatShape(target.shape)}; ` +
        'use expandDims or reshape on them.',
    )
  }
  for (const [name, lengths] of Object.entries({ inputLengths, targetLengths })) {
    if (sameShape(lengths.shape, [examples])) continue
    throw new ShapeError(
      `ctc: logProbabilities ${formatShape(shape)} need ${name} [${examples}], got ${formatShape(lengths.shape)}; ` +
        'use reshape on them.',
    )
  }
  for (const [name, numbers] of Object.entries({ target, inputLengths, targetLengths })) {
    if (numbers.dtype === 'int32') continue
    throw new DTypeError(
      `ctc: ${name} is ${numbers}; it holds int32: tensor([...], { dtype: 'int32' }) or cast('int32').`,
    )
  }
  const isClass = Number.isInteger(blank) && blank >= 0 && blank < classes
  requireOption('ctc', 'blank', blank, isClass, `a class from 0 to ${classes - 1}`)
  const most = target.shape[1]!
  requireLengths('inputLengths', inputLengths, steps, 'steps')
  requireLengths('targetLengths', targetLengths, most, 'labels')
  const counts = arange(most, { dtype: 'int32' }).less(targetLengths.expandDims(-1))
  requireElements(
    where(counts, target, unread),
    (label) => (label >= 0 && label < classes && label !== blank) || label === unread,
    (label, place) =>
      label === blank
        ? new OptionError(`ctc: label ${label} at ${place} is the blank, which is no label; choose another blank.`)
        : new IndexOutOfRangeError(
            `ctc: label ${label} at ${place} is out of range for ${classes} classes (the last axis of logProbabilities ` +
              `${formatShape(shape)}); labels go from 0 to ${classes - 1}.`,
          ),
  )
  return where(counts, target, blank) as Tensor
}

const unread = -(2 ** 31)

const requireLengths = (name: string, lengths: AnyTensor, most: number, what: string): void =>
  requireElements(
    lengths,
    (length) => length >= 0 && length <= most,
    (length, place) =>
      new IndexOutOfRangeError(
        `ctc: ${name} hold ${length} at ${place}, but there are ${most} ${what}; use 0 to ${most}.`,
      ),
  )
