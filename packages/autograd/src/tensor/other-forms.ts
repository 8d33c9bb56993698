import { isCalledBack } from '../graph/arguments.js'
import { ArgumentError } from '../graph/errors.js'
import { isTensor, isTreeClass, leavesOf } from '../graph/tree.js'
import { isPlainObject, shown } from '../graph/words.js'

// Calls in the form that torch.func, torch.autograd.functional, torch.autograd or JAX give to a transform of the same name,
// where it is another one than here: refused by showing the right one.

type Call = (...args: never[]) => unknown

const isNumbers = (thing: unknown): boolean =>
  typeof thing === 'number' || (Array.isArray(thing) && thing.length > 0 && thing.every((x) => typeof x === 'number'))

const holdsTensor = (thing: unknown): boolean =>
  isTensor(thing) ||
  isTreeClass(thing) ||
  ((Array.isArray(thing) || isPlainObject(thing)) && leavesOf(thing, 'it').length > 0)

/** What is no function in the first place, where there is something to say of it. */
const refuseFirst = (name: string, args: readonly unknown[], right: string): void => {
  const [first] = args
  if (typeof first === 'function') return
  if (args.slice(1).some((arg) => typeof arg === 'function')) {
    throw new ArgumentError(`${name}: the function comes first; write ${right}.`)
  }
  if (isTensor(first)) {
    throw new ArgumentError(
      `${name}: f is ${first}, a result, and what is differentiated is the function that gives it; write ${right}. ` +
        'For the gradients of parameters by a loss there is loss.backward().',
    )
  }
}

/** `grad(f, x)` and `grad(f, 1)`. */
export const refuseCurried = (name: string, args: readonly unknown[]): void => {
  refuseFirst(name, args, `${name}((x) => ...)(x)`)
  const [, second] = args
  // `functions.map(grad)` is told of otherwise
  if (isCalledBack(args, 3)) return
  if (isNumbers(second)) {
    throw new ArgumentError(
      `${name}: which arguments to differentiate by is an option; write ${name}(f, { argument: ${JSON.stringify(second)} })(x, y).`,
    )
  }
  if (holdsTensor(second) || ArrayBuffer.isView(second)) {
    throw new ArgumentError(
      `${name}: ${shown(second)} is no option; pass the arguments to what it returns, ${name}(f)(x).`,
    )
  }
}

/** `vjp(f, x, { auxiliary: true })` and `linearize(f, x, { has_aux: true })`. */
export const refuseApplied = (name: string, args: readonly unknown[]): void => {
  refuseFirst(name, args, `${name}(f, x)`)
  const last = args.at(-1)
  if (args.length < 2 || !isPlainObject(last) || Object.keys(last).length === 0 || holdsTensor(last)) return
  const isOption = (value: unknown) => ['boolean', 'number', 'string'].includes(typeof value) || isNumbers(value)
  if (!Object.values(last).every(isOption)) return
  throw new ArgumentError(
    `${name}: it takes no options, and in ${shown(last)} there is no tensor. Close over what is not differentiated, as in ` +
      `${name}((x) => f(x, 2), x)${name === 'vjp' ? '; for f that returns [value, auxiliary] write vjp.auxiliary(f, x)' : ''}.`,
  )
}

/** `jvp(f, x, v)`. */
export const refuseJvp = (args: readonly unknown[]): void => {
  const right = 'jvp(f, [x], [v])'
  refuseFirst('jvp', args, right)
  const names = ['', 'args', 'tangents']
  for (const i of [1, 2]) {
    if (Array.isArray(args[i])) continue
    const what = args[i] === undefined ? 'missing' : shown(args[i])
    throw new ArgumentError(
      `jvp: ${names[i]} is ${what}; the arguments of f are one array and their tangents another: write ${right}.`,
    )
  }
}

/** Of all else there is that `f` cannot take it: said where it failed. */
const explained = (call: () => unknown, message: string | null): unknown => {
  if (message === null) return call()
  try {
    return call()
  } catch (cause) {
    throw new ArgumentError(message, { cause })
  }
}

/** `vjp(f, [x, y])` and `grad(f)([x, y])` of a function of two arguments. */
export const spread = (
  name: string,
  f: Call,
  args: readonly unknown[],
  right: string,
  call: () => unknown,
): unknown => {
  const [list] = args
  const isMeant = args.length === 1 && Array.isArray(list) && list.length > 1 && f.length === list.length
  const says = `${name}: f takes ${f.length} arguments and was given one array; pass them one by one: ${right}.`
  return explained(call, isMeant ? says : null)
}

/** `hvp(f, [x], [v])` and `hvp(f, [x, y], [v, w])`. */
export const single = (f: Call, x: unknown, call: () => unknown): unknown => {
  if (!Array.isArray(x) || x.length !== f.length) return call()
  const right = x.length === 1 ? 'hvp(f, x, v)' : 'hvp(([x, y]) => f(x, y), [x, y], [v, w])'
  return explained(call, `hvp: x is an array, and so f is given one; f cannot take it: write ${right}.`)
}
