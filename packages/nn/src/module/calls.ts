import { AdjointError, isTraced, type NamedPart, namedScope } from '@adjoint/autograd'
import { callWithHooks, needsHooks } from './hooks.js'

type Forward = (...args: unknown[]) => unknown

/** The forward that has begun last and not ended, and whose it is. */
let innermost: object | null = null
/** The module whose forward all others that run are parts of. */
let whole: object | null = null
let running: Forward | null = null

/** Errors that have been told where they arose: one may be thrown again. */
const named = new WeakSet<object>()

/** The modules whose forward an error came through, the innermost first. */
const cameThrough = new WeakMap<object, object[]>()

const intercepting = new WeakSet<object>()

/**
 * Makes calls of `forward` known, of all instances of a module's class: hooks run, and an error says in which part of a
 * model it arose. The method is replaced on the prototype that has it, once.
 *
 * @param pathOf where a part is in a module; undefined where it is not found
 * @param begin is called with a module before each forward
 * @param tensorsOf the tensors of a module by path
 */
export const interceptForward = (
  module: object,
  pathOf: (whole: object, part: object) => string | undefined,
  begin: (module: object) => void,
  tensorsOf: (module: object) => Iterable<readonly [path: string, tensor: object]>,
): void => {
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
      const [outer, before, around] = [innermost, running, whole]
      begin(this)
      innermost = this
      whole ??= this
      running = forward
      try {
        if (isTraced())
          return namedScope(partOf(this, around, pathOf, tensorsOf), () => runForward(this, forward, args))
        return runForward(this, forward, args)
      } catch (error) {
        if (error instanceof AdjointError) locate(error, this, outer === null, pathOf)
        throw error
      } finally {
        innermost = outer
        running = before
        whole = around
      }
    },
  }.forward
  Object.defineProperty(intercepted, 'length', { value: forward.length, configurable: true })
  intercepting.add(intercepted)
  Object.defineProperty(prototype, 'forward', { ...property, value: intercepted })
}

const runForward = (module: object, forward: Forward, args: unknown[]): unknown =>
  needsHooks() ? callWithHooks(module, forward, args) : forward.apply(module, args)

/** What a trace calls the forward of a module, and of a whole model its tensors. */
const partOf =
  (
    module: object,
    whole: object | null,
    pathOf: (whole: object, part: object) => string | undefined,
    tensorsOf: (module: object) => Iterable<readonly [path: string, tensor: object]>,
  ) =>
  (): NamedPart => {
    const path = whole === null || whole === module ? undefined : pathOf(whole, module)
    const names = path === undefined ? { names: [...tensorsOf(module)] } : {}
    return { kind: 'module', name: path ?? module.constructor.name, type: nameOf(module), ...names }
  }

/** What a module calls itself: its class alone where it would list its parts. */
const nameOf = (module: object): string => {
  const text = `${module}`
  return text.includes('\n') ? module.constructor.name : text
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
  if (named.has(error)) return
  named.add(error)
  for (const part of parts) {
    const path = part === module ? '' : pathOf(module, part)
    if (path === undefined) continue
    if (path !== '') rename(error, atPath(error.message, path, part))
    return
  }
}

/** A message with the path of the part in which an error arose in front, in the place of what the part calls itself. */
const atPath = (message: string, path: string, part: object): string => {
  const name = nameOf(part)
  const own = `${name}: `
  const place = /^\d/.test(path) ? `layer ${path}` : path
  return message.startsWith(own) ? `${place}: ${message.slice(own.length)} (${name})` : `${place}: ${message}`
}

/** Gives an error another message. */
export const rename = (error: Error, message: string): void => {
  const before = error.message
  error.message = message
  // which has the message in its first lines
  if (error.stack !== undefined) error.stack = error.stack.replace(before, () => message)
}
