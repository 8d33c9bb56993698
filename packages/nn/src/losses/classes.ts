import {
  type AnyTensor,
  AxisError,
  DTypeError,
  IndexOutOfRangeError,
  kinds,
  type OptionKinds,
  ShapeError,
} from '@adjoint/autograd'
import { requireElements } from '../elements.js'
import { OptionError, requireOption } from '../errors.js'
import { formatShape, sameShape } from '../shapes.js'
import { requireFloat } from './pairs.js'

/** Where the classes of predictions stand, and which labels count. */
export interface LabelOptions<A extends number = number> {
  /** The axis of the classes; default -1, the last. In PyTorch it is 1. */
  readonly axis?: A
  /** A label whose examples do not count; default none. In PyTorch it is -100. */
  readonly ignoreIndex?: number
}

export const labelOptions: OptionKinds = { axis: kinds.axis, ignoreIndex: kinds.number }

/** The predictions of a loss as its messages call them. */
export interface Predictions {
  readonly loss: string
  readonly name: string
  readonly of: AnyTensor
  /** Whether targets may be the probabilities of the classes. */
  readonly orProbabilities?: boolean
}

/** The position of the axis of the classes. */
export const classAxis = ({ loss, name, of: { shape } }: Predictions, axis: number): number => {
  const rank = shape.length
  if (rank === 0) {
    throw new ShapeError(`${loss}: ${name} need a last axis of classes, got a scalar; stack the classes.`)
  }
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new AxisError(
      `${loss}: axis ${axis} is out of range for ${name} ${formatShape(shape)}: use an integer from ${-rank} to ${rank - 1}.`,
    )
  }
  return axis < 0 ? axis + rank : axis
}

/**
 * Throws unless labels are int32, one for each example, and from 0 to the number of classes less one, or the one to ignore.
 */
export const requireLabels = (
  predictions: Predictions,
  labels: AnyTensor,
  axis: number,
  ignoreIndex?: number | undefined,
): void => {
  const { loss, name, of } = predictions
  const { shape } = of
  if (!sameShape(without(shape, axis), labels.shape)) {
    throw new ShapeError(
      `${loss}: ${name} ${formatShape(shape)} need targets ${formatShape(without(shape, axis))}, got ` +
        `${formatShape(labels.shape)}; ${hintOf(predictions, labels, axis)}.`,
    )
  }
  if (ignoreIndex !== undefined) {
    requireOption(loss, 'ignoreIndex', ignoreIndex, Number.isInteger(ignoreIndex), 'an integer, such as -100')
  }
  requireClassNumbers(predictions, labels, axis, ignoreIndex, 'is ignored')
}

/** Throws unless these are int32, and from 0 to the number of classes less one, or the one that means something else. */
export const requireClassNumbers = (
  { loss, name, of: { shape } }: Predictions,
  labels: AnyTensor,
  axis: number,
  other: number | undefined,
  meaning: string,
): void => {
  if (labels.dtype !== 'int32') {
    throw new DTypeError(
      `${loss}: targets ${labels} are no labels; class numbers are int32: tensor([...], { dtype: 'int32' }) or ` +
        "labels.cast('int32').",
    )
  }
  const classes = shape[axis]!
  const where = axis === shape.length - 1 ? 'the last axis' : `axis ${axis}`
  const also = other === undefined ? '' : `, and ${other} ${meaning}`
  requireElements(
    labels,
    (label) => (label >= 0 && label < classes) || label === other,
    (label, place) =>
      new IndexOutOfRangeError(
        `${loss}: label ${label} at ${place} is out of range for ${classes} classes (${where} of ${name} ` +
          `${formatShape(shape)}); labels go from 0 to ${classes - 1}${also}.`,
      ),
  )
}

const without = (shape: readonly number[], axis: number): readonly number[] => shape.filter((_, i) => i !== axis)

const hintOf = ({ of: { shape, dtype }, orProbabilities }: Predictions, labels: AnyTensor, axis: number): string => {
  if (sameShape(shape, labels.shape)) {
    const found = `they look like one-hot rows: take argmax(${axis === shape.length - 1 ? -1 : axis})`
    return orProbabilities ? `${found}, or cast them to ${dtype} as probabilities` : found
  }
  const fitting = shape.findIndex((_, i) => sameShape(without(shape, i), labels.shape))
  return fitting > 0
    ? `if the classes are on axis ${fitting}, say so: { axis: ${fitting} }`
    : 'use squeeze, reshape or ravel on them'
}

/** Throws unless weights are floats of at least 0, one for each class. */
export const requireWeights = ({ loss, name, of }: Predictions, weights: AnyTensor, axis: number): void => {
  const classes = of.shape[axis]!
  if (!sameShape(weights.shape, [classes])) {
    throw new ShapeError(
      `${loss}: ${name} ${formatShape(of.shape)} need weights [${classes}], one for each class, got ` +
        `${formatShape(weights.shape)}; use reshape or ravel on them.`,
    )
  }
  requireFloat(loss, 'weights', weights)
  requireElements(
    weights,
    (weight) => weight >= 0 && weight < Number.POSITIVE_INFINITY,
    (weight, place) =>
      new OptionError(`${loss}: weights hold ${weight} at ${place}; use finite numbers of at least 0.`),
  )
}
