import { guard } from '@adjoint/autograd'

/** A module, as far as its mode goes. */
type Moded = object

const modes = new WeakMap<Moded, boolean>()

/** The modes that hold during a call in place of those that modules were given. */
let scope: ReadonlyMap<Moded, boolean> | null = null

/** Whether a module is being trained. */
export const modeOf = (module: Moded): boolean => scope?.get(module) ?? modes.get(module) ?? true

export const setMode = (module: Moded, training: boolean): void => {
  if (scope?.has(module)) scope = new Map(scope).set(module, training)
  else modes.set(module, training)
}

/** Gives what stands in for a module its mode, whatever holds during a call. */
export const copyMode = (from: Moded, to: Moded): void => {
  modes.set(
    to,
    guard(() => modeOf(from)),
  )
}

/** Runs a synchronous call in which modules have these modes. Other modes that it gives to them end with it. */
export const withModes = <R>(modes: ReadonlyMap<Moded, boolean>, call: () => R): R => {
  const before = scope
  scope = modes
  try {
    return call()
  } finally {
    scope = before
  }
}
