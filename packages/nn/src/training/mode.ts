import { Module } from '../module.js'

/**
 * Runs synchronous calls with a model in training or evaluation mode. Each module has its own mode back as soon as a call
 * is over, so that nothing else ever meets this mode, however many trainings and evaluations take turns.
 *
 * What the mode is for each module is asked of `model.train()` once, here.
 */
export const createMode = (model: Module, training: boolean): (<R>(call: () => R) => R) => {
  const modules = model.modules()
  const own = modules.map((module) => module.training)
  let modes: readonly boolean[]
  try {
    model.train(training)
    modes = modules.map((module) => module.training)
  } finally {
    Module.exchangeModes(modules, own)
  }
  return (call) => {
    const before = Module.exchangeModes(modules, modes)
    try {
      return call()
    } finally {
      Module.exchangeModes(modules, before)
    }
  }
}
