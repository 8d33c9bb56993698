import { type AnyTensor, GradientError, kinds, type Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'

/**
 * What a leaf tensor is in a module: a parameter, one that is frozen, a buffer, or a constant, which is no part of the
 * module's state.
 */
export type Role = 'parameter' | 'frozen' | 'buffer' | 'constant'

/** Of what stands in for tensors: they may be results of ops, and need not require a gradient to be parameters. */
export type Roles = ReadonlyMap<unknown, Role>

/** How a buffer is kept. */
export interface BufferOptions {
  /** Whether it is saved: part of `stateDict()`. Default true. */
  readonly persistent?: boolean
}

const persistence = new WeakMap<object, boolean>()

const takes = checker('buffer', { x: kinds.tensor, options: { persistent: kinds.boolean } })

/**
 * A tensor of x's values that is part of a module's state and not trained, as running statistics are: a property that
 * holds it is found by `namedBuffers()`, saved by `stateDict()` unless `persistent` is false, and given other values by
 * `setBuffer`. A tensor that is held without this is a constant: used, but neither trained nor saved.
 *
 * @param x any shape and dtype; what is computed from a parameter has to be detached
 * @throws GradientError for x that requires a gradient
 * @example
 * class Centered extends Module {
 *   readonly mean = buffer(zeros([3]))
 *   forward(x: Tensor<[number, 3]>) {
 *     if (this.training) this.setBuffer('mean', x.mean(0))
 *     return x.sub(this.mean)
 *   }
 * }
 * new Centered().namedBuffers().keys()   // mean
 */
export function buffer<T extends AnyTensor>(x: T, options: BufferOptions = {}): T {
  takes(arguments)
  if (x.requiresGrad) {
    const remedy = x.op === null ? 'hold it as it is, to be trained' : 'pass its detach()'
    throw new GradientError(`buffer: ${x} requires a gradient, and a buffer is not trained; ${remedy}.`)
  }
  const own = x.detach() as unknown as T
  persistence.set(own, options.persistent ?? true)
  return own
}

/** Has one tensor kept as another buffer is, whose place it takes. */
export const keepAlike = (tensor: object, other: object): void => {
  const persistent = persistence.get(other)
  if (persistent !== undefined) persistence.set(tensor, persistent)
}

/** Whether `stateDict` has a buffer; a parameter is always there. */
const isPersistent = (tensor: Tensor): boolean => persistence.get(tensor) !== false

export const roleOf = (tensor: Tensor, roles: Roles | undefined): Role => {
  const given = roles?.get(tensor)
  if (given !== undefined) return given
  if (tensor.requiresGrad) return 'parameter'
  return persistence.has(tensor) ? 'buffer' : tensor.isParameter ? 'frozen' : 'constant'
}

// what is asked of tensors and what they are

export const isParameter = (_: Tensor, role: Role): boolean => role === 'parameter' || role === 'frozen'
export const isBuffer = (_: Tensor, role: Role): boolean => role === 'buffer'
export const isSaved = (tensor: Tensor, role: Role): boolean =>
  isParameter(tensor, role) || (role === 'buffer' && isPersistent(tensor))
