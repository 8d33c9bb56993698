import { AdjointError, AnomalyError, type AnyTensor, detectAnomaly, parameter, type Tensor } from '@adjoint/autograd'
import { functionalCall } from '../module/functional-call.js'
import type { Module } from '../module/module.js'
import { generatorsOf, restore, statesOf } from './generators.js'

/**
 * Which op first gives a number that is not finite in the loss of a batch or its gradients, as a sentence; '' where none is
 * found. The model stays as it is: its parameters and buffers are copies here.
 */
export const diagnosisOf = (model: Module, batch: readonly [x: AnyTensor, y: AnyTensor], loss: LossOf): string => {
  const generators = generatorsOf(model, null)
  const before = statesOf(generators)
  try {
    detectAnomaly(() => {
      const copies = [...model.namedParameters()].map(([path, own]) => [path, parameter(own.detach())])
      const [output] = functionalCall(model as Module & Runs, Object.fromEntries(copies), batch[0])
      const value = loss(output as Tensor, batch[1] as Tensor)
      if (Number.isFinite(value.item())) value.backward()
      return value
    })
  } catch (error) {
    if (error instanceof AnomalyError)
      return `
${error.message.replace('detectAnomaly: ', '').replace(/^./, (first) => first.toUpperCase())}`
    if (!(error instanceof AdjointError)) throw error
  } finally {
    restore(generators, before)
  }
  return ''
}

interface Runs {
  forward(x: AnyTensor): unknown
}
type LossOf = (output: Tensor, target: Tensor) => AnyTensor
