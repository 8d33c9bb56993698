import { type AnyTensor, elementwise, GradientError, kinds, noGrad, Tensor, verify, zeros } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requirePositive, TrainingError } from '../errors.js'
import { positive } from '../kinds.js'
import { Module } from '../module/module.js'
import { Optimizer } from '../optimizers/optimizer.js'
import { isTrainable } from '../optimizers/trainable.js'

/** Whose gradients: those of an optimizer or a module, or of these tensors. */
export type HasGradients = Optimizer | Module | ReadonlyMap<string, AnyTensor> | Iterable<AnyTensor>

const parameters = kinds.kind(
  'an optimizer, a module, or tensors',
  (thing) => thing instanceof Optimizer || isTrainable(thing),
)
const takes = {
  norm: checker('clipGradientNorm', { parameters, largest: positive }),
  value: checker('clipGradientValue', { parameters, largest: positive }),
  gradientNorm: checker('gradientNorm', { parameters }),
}

const limit = elementwise('clipGradientNorm', (m, norm, largest) => m.div(largest, m.maximum(norm, largest)))

export const gradientsOf = (owner: string, parameters: HasGradients): Tensor[] => {
  const given = parameters instanceof Optimizer || parameters instanceof Module ? listOf(parameters) : parameters
  const tensors = [...(given instanceof Map ? given.values() : (given as Iterable<AnyTensor>))] as Tensor[]
  const wrong = tensors.findIndex((each) => !(each instanceof Tensor))
  if (wrong >= 0) throw new GradientError(`${owner}: parameter ${wrong} is no tensor; pass model.parameters().`)
  const having = tensors.filter(({ hasGrad, requiresGrad }) => hasGrad && requiresGrad)
  if (having.length > 0) return having
  throw new GradientError(`${owner}: none of the ${tensors.length} parameters has a gradient; call backward() first.`)
}
const listOf = (thing: Optimizer | Module): Iterable<AnyTensor> =>
  thing instanceof Optimizer ? thing.parameters : thing.parameters()

const normOf = (having: readonly Tensor[]): Tensor =>
  having
    .reduce((sum, { grad }) => sum.add(grad.square().sum().cast('float64')), zeros([], { dtype: 'float64' }) as Tensor)
    .sqrt()

/**
 * The root of the sum of the squares of all gradients, as a float64 tensor without axes. Parameters without a gradient and
 * frozen ones count nowhere.
 *
 * @throws GradientError if there is no gradient
 * @example
 * loss.backward()
 * gradientNorm([w])   // 1
 */
export function gradientNorm(parameters: HasGradients): Tensor<[]> {
  takes.gradientNorm(arguments)
  return noGrad(() => normOf(gradientsOf('gradientNorm', parameters))) as Tensor<[]>
}

/**
 * Makes gradients smaller, all by the same factor, where their norm is larger than this (Pascanu, Mikolov and Bengio, On the
 * difficulty of training recurrent neural networks, 2013). Between `backward()` and `step()`, also in a compiled function.
 *
 * @param parameters an optimizer, a module, or tensors
 * @param largest norm that the gradients may have together
 * @returns the norm before, as a float64 tensor without axes
 * @throws GradientError if there is no gradient; TrainingError if the norm is not finite: the gradients are as before
 * @example
 * loss.backward()
 * clipGradientNorm([w], 0.1)   // 1
 * w.grad   // 0.1
 */
export function clipGradientNorm(parameters: HasGradients, largest: number): Tensor<[]> {
  takes.norm(arguments)
  requirePositive('clipGradientNorm', 'largest', largest)
  const having = gradientsOf('clipGradientNorm', parameters)
  return boundNorm(having, largest, (value) => {
    if (Number.isFinite(value)) return
    throw new TrainingError(
      `clipGradientNorm: the norm of the gradients is ${value}; make the loss or the learning rate smaller, or look for the ` +
        'op with detectAnomaly.',
    )
  }) as Tensor<[]>
}

/** As `clipGradientNorm`, of tensors that have gradients. @param examine is given the norm before anything is changed */
export const boundNorm = (having: readonly Tensor[], largest: number, examine: (norm: number) => void): Tensor =>
  noGrad(() => {
    const norm = normOf(having)
    verify(norm, ([value]) => examine(value!))
    const factor = limit(norm, largest)
    for (const each of having) each.grad = each.grad.mul(factor.cast(each.dtype)) as never
    return norm
  })

/**
 * Bounds each element of the gradients: those beyond are set to the bound. Between `backward()` and `step()`, also in a compiled
 * function.
 *
 * @param parameters an optimizer, a module, or tensors
 * @param largest that an element may be, and the negative of it the least
 * @throws GradientError if there is no gradient
 * @example
 * loss.backward()
 * clipGradientValue([w], 0.25)
 * w.grad   // 0.25
 */
export function clipGradientValue(parameters: HasGradients, largest: number): void {
  takes.value(arguments)
  requirePositive('clipGradientValue', 'largest', largest)
  const having = gradientsOf('clipGradientValue', parameters)
  noGrad(() => {
    for (const each of having) each.grad = each.grad.clamp(-largest, largest) as never
  })
}
