import { type AnyTensor, type Arg, elementwise, type ScalarFunction, type Tensor } from '@adjoint/autograd'
import { requirePair } from './pairs.js'
import { type LossOptions, lossChecker, type Reduction, reduce } from './reduction.js'
import type { Paired, Reduced } from './shape-rules.js'

const square: ScalarFunction<2> = (m, prediction, target) => {
  const error = m.sub(prediction, target)
  return m.mul(error, error)
}
const squaredError = elementwise('squaredError', square)

export const takesMse = lossChecker('mse', 'prediction')

/**
 * The mean squared error, (prediction - target)^2, of tensors of one shape.
 *
 * @throws ShapeError if the shapes differ
 * @example mse(tensor([1, 2]), tensor([0, 4]))   // (1 + 4) / 2
 */
export function mse<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  prediction: P,
  target: Arg<T, Paired<'mse', P['shape'], T['shape']>>,
  options?: LossOptions<R>,
): Reduced<Paired<'mse', P['shape'], T['shape']>, R>
export function mse(prediction: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  takesMse(arguments)
  requirePair('mse', prediction, target)
  return reduce(squaredError(prediction, target), options)
}
