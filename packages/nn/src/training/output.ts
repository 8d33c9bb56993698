import type { AnyTensor, Tensor } from '@adjoint/autograd'
import { TrainingError } from '../errors.js'
import type { Module } from '../module/module.js'

/** A module that maps one tensor to one. */
export type Model = Module & { forward(x: never): unknown }

/** The output of a model for the x of a batch. */
export const outputOf = (model: Model, x: AnyTensor): Tensor => {
  const output: unknown = (model as unknown as { forward(x: AnyTensor): unknown }).forward(x)
  if (output === undefined || output instanceof Promise) {
    const what = output === undefined ? 'nothing; return its output' : 'a promise; make it a function that is not async'
    throw new TrainingError(`${model.constructor.name}.forward gives ${what}.`)
  }
  return output as Tensor
}
