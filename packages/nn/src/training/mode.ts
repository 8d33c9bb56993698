import { withModes } from '../module/modes.js'
import type { Module } from '../module/module.js'

/**
 * Runs synchronous calls with a model in training or evaluation mode. Nothing that runs between them ever meets this mode,
 * however many trainings and evaluations take turns.
 *
 * What the mode is for each module is asked of `model.train()` once, here.
 */
export const createMode = (model: Module, training: boolean): (<R>(call: () => R) => R) => {
  const own = modesOf(model)
  let modes = own
  try {
    model.train(training)
    modes = modesOf(model)
  } finally {
    for (const [module, mode] of own) module.training = mode
  }
  return (call) => withModes(modes, call)
}

const modesOf = (model: Module): ReadonlyMap<Module, boolean> =>
  new Map(model.modules().map((module) => [module, module.training]))
