import { AdjointError } from '@adjoint/autograd'
import { callWithHooks, needsHooks } from './hooks.js'

type Forward = (...args: unknown[]) => unknown

/** The forward that has begun last and not ended, and whose it is. */
let innermost: object | null = null
let running: Forward | null = null

/** The modules whose forward an error came through, the innermost first. */
const cameThrough = new WeakMap<object, object[]>()

const intercepting = new WeakSet<object>()

/**
 * Makes calls of `forward` known, of all instances of a module's class: hooks run, and an error says in which part of a
 * model it arose. The method is replaced on the prototype that has it, once.
 *
 * @param pathOf where a part is in a module; undefined where it is not found
 */
export const interceptForward = (module: object, pathOf: (whole: object, part: object) => string | undefined): void => {
  let prototype: object | null = Object.getPrototypeOf(module)
  while (prototype !== null && !Object.hasOwn(prototype, 'forward')) prototype = Object.getPrototypeOf(prototype)
  if (prototype === null) return
  const property = Object.getOwnPropertyDescriptor(prototype, 'forward')!
  const forward = property.value as Forward
  if (typeof forward !== 'function' || intercepting.has(forward)) return
  const intercepted = {
    forward(this: object, ...args: unknown[]): unknown {
      // super.forward(x) is a part of the same call; forward itself, again, is another
      if (innermost === this && running !== forward) return forward.apply(this, args)
      const [outer, before] = [innermost, running]
      innermost = this
      running = forward
      try {
        return needsHooks() ? callWithHooks(this, forward, args) : forward.apply(this, args)
      } catch (error) {
        if (error instanceof AdjointError) locate(error, this, outer === null, pathOf)
        throw error
      } finally {
        innermost = outer
        running = before
      }
    },
  }.forward
  Object.defineProperty(intercepted, 'length', { value: forward.length, configurable: true })
  intercepting.add(intercepted)
  Object.defineProperty(prototype, 'forward', { ...property, value: intercepted })
}

const locate = (
  error: AdjointError,
  module: object,
  isOutermost: boolean,
  pathOf: (whole: object, part: object) => string | undefined,
): void => {
  const parts = cameThrough.get(error) ?? []
  cameThrough.set(error, parts)
  if (parts.at(-1) !== module) parts.push(module)
  if (!isOutermost) return
  cameThrough.delete(error)
  for (const part of parts) {
    const path = part === module ? '' : pathOf(module, part)
    if (path === undefined) continue
    if (path !== '') rename(error, path, part)
    return
  }
}

/** Puts the path of the part in which an error arose in front of its message, in the place of what the part calls itself. */
const rename = (error: AdjointError, path: string, part: object): void => {
  const before = error.message
  const text = `${part}`
  const name = text.includes('\n') ? part.constructor.name : text
  const own = `${name}: `
  const place = /^\d/.test(path) ? `layer ${path}` : path
  const message = before.startsWith(own) ? `${place}: ${before.slice(own.length)} (${name})` : `${place}: ${before}`
  error.message = message
  // which has the message in its first lines
  if (error.stack !== undefined) error.stack = error.stack.replace(before, () => message)
}
