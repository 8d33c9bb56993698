import type { Module } from '../module.js'

/** Runs f with a model in training or evaluation mode, and puts each of its modules back into the mode that it was in. */
export const withMode = async <R>(model: Module, training: boolean, f: () => Promise<R>): Promise<R> => {
  const modes = model.modules().map((module) => ({ module, training: module.training }))
  try {
    model.train(training)
    return await f()
  } finally {
    for (const { module, training } of modes) module.training = training
  }
}
