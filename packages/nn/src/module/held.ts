import { Tensor } from '@adjoint/autograd'
import { ModuleError } from '../errors.js'
import type { Role } from './roles.js'

type RoleOf = (tensor: Tensor) => Role

/** What properties of a module held when this was last noted, of what is part of its state. */
const held = new WeakMap<object, ReadonlyMap<string, 'buffer' | 'parameter'>>()

const stateIn = (module: object, roleOf: RoleOf): Map<string, 'buffer' | 'parameter'> => {
  const found = new Map<string, 'buffer' | 'parameter'>()
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(module))) {
    if (!(value instanceof Tensor)) continue
    const role = roleOf(value)
    if (role !== 'constant') found.set(name, role === 'buffer' ? 'buffer' : 'parameter')
  }
  return found
}

export const isNoted = (module: object): boolean => held.has(module)

/** Takes down what the properties of a module hold. */
export const noteHeld = (module: object, roleOf: RoleOf): void => {
  held.set(module, stateIn(module, roleOf))
}

/**
 * Throws where a property held a buffer or parameter, and holds another tensor now, which is none: the state has lost it.
 * JavaScript says nothing of an assignment, which in PyTorch would give the buffer another value.
 */
export const requireHeld = (module: object, path: string, roleOf: RoleOf): void => {
  const now = stateIn(module, roleOf)
  for (const [name, role] of held.get(module) ?? []) {
    const value: unknown = Object.getOwnPropertyDescriptor(module, name)?.value
    if (!(value instanceof Tensor) || now.get(name) === role) continue
    const place = path === '' ? name : `${path}.${name}`
    const remedy =
      role === 'buffer'
        ? `this.setBuffer('${name}', next), which gives it another value`
        : 'assign(next), which gives it another value, or parameter(next)'
    throw new ModuleError(
      `${module.constructor.name}: ${place} was a ${role}, and was replaced by ${value}, which is no part of the state; use ` +
        `${remedy}.`,
    )
  }
  held.set(module, now)
}
