import { kinds, type OptionKinds, ShapeError, type Tensor } from '@adjoint/autograd'
import { OptionError, requireOption } from '../errors.js'
import { classAxis, type LabelOptions, labelOptions, requireLabels } from '../losses/classes.js'
import { requireFloat } from '../losses/pairs.js'
import { formatPlace, formatShape, sameShape } from '../shapes.js'

/** How outputs are read as decisions. */
export interface DecisionOptions extends LabelOptions {
  /** Scores above it are a yes. Default 0, for logits; for probabilities say 0.5. It goes with scores only, not with logits of classes. */
  readonly threshold?: number
}

export const decisionOptions: OptionKinds = { ...labelOptions, threshold: kinds.number }

/** Throws for options that fit no output, before there is one. */
export const requireReadable = (owner: string, { axis, ignoreIndex, threshold }: DecisionOptions): void => {
  if (axis !== undefined) requireOption(owner, 'axis', axis, Number.isInteger(axis), 'an integer, such as -1')
  if (ignoreIndex !== undefined) {
    requireOption(owner, 'ignoreIndex', ignoreIndex, Number.isInteger(ignoreIndex), 'an integer, such as -100')
  }
  if (threshold === undefined) return
  requireOption(owner, 'threshold', threshold, !Number.isNaN(threshold), 'a number, such as 0.5')
  if (axis === undefined) return
  throw new OptionError(
    `${owner}: threshold is ${threshold} beside axis ${axis}; a threshold is of scores and an axis of logits of classes: ` +
      'leave one of them out.',
  )
}

/** What was decided for examples, and what was right. */
export interface Decisions {
  readonly predicted: ArrayLike<number>
  readonly actual: ArrayLike<number>
  /** How many classes there are; two where outputs are scores. */
  readonly classes: number
}

/**
 * Reads outputs as decisions: the class of the largest logit, of logits [..., C] with int32 labels [...]; or whether scores
 * are above the threshold, of scores and targets 0 or 1 of one shape.
 */
export const decide = (owner: string, output: Tensor, target: Tensor, options: DecisionOptions): Decisions => {
  if (!sameShape(output.shape, target.shape)) return decideLabels(owner, output, target, options)
  const scores = scoresOf(owner, output, target, options)
  const { threshold = 0 } = options
  return { predicted: scores.map((score) => (score > threshold ? 1 : 0)), actual: target.data, classes: 2 }
}

const decideLabels = (owner: string, output: Tensor, target: Tensor, options: DecisionOptions): Decisions => {
  if (options.threshold !== undefined) {
    throw new OptionError(
      `${owner}: threshold is ${options.threshold} beside logits ${formatShape(output.shape)} of classes, of which the ` +
        'largest decides; leave it out.',
    )
  }
  const { axis, classes } = labelled(owner, output, target, options)
  return { predicted: output.detach().argmax(axis).data, actual: target.data, classes }
}

/** Throws unless output and target are logits and labels; gives the axis of the classes, and how many there are. */
export const labelled = (
  owner: string,
  output: Tensor,
  target: Tensor,
  options: LabelOptions,
): { readonly axis: number; readonly classes: number } => {
  const predictions = { loss: owner, name: 'logits', of: output }
  const axis = classAxis(predictions, options.axis ?? -1)
  const classes = output.shape[axis]!
  if (classes === 1) {
    throw new ShapeError(
      `${owner}: logits ${formatShape(output.shape)} are of one class, which decides nothing; give scores the shape ` +
        `${formatShape(target.shape)} of the targets by reshape or squeeze.`,
    )
  }
  requireLabels(predictions, target, axis, options.ignoreIndex)
  return { axis, classes }
}

/** Throws unless outputs are scores, and targets 0 or 1; gives the scores. */
export const scoresOf = (
  owner: string,
  output: Tensor,
  target: Tensor,
  { axis, ignoreIndex }: LabelOptions,
): Float64Array => {
  if (axis !== undefined) {
    throw new OptionError(
      `${owner}: axis is ${axis}, and outputs ${formatShape(output.shape)} of the shape of their targets have none of ` +
        'classes; leave it out, or give int32 labels.',
    )
  }
  requireFloat(owner, 'scores', output)
  const truths = target.data
  for (let i = 0; i < truths.length; i++) {
    if (truths[i] === 0 || truths[i] === 1 || truths[i] === ignoreIndex) continue
    throw new OptionError(
      `${owner}: targets hold ${truths[i]} at ${formatPlace(i, target.shape)}; beside scores of their shape use 0 and 1.`,
    )
  }
  return new Float64Array(output.data)
}
