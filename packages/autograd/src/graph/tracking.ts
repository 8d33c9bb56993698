import { checked } from './arguments.js'
import { GradientError } from './errors.js'
import { refuseForeignTensor } from './foreign.js'
import * as kinds from './kinds.js'

/**
 * Who differentiates what. Each differentiation in progress owns a bit; a node carries the bits of those that it takes
 * part in, and the active bits say which may still record. So nested differentiations never see each other's
 * perturbations, and a node that none of them tracks keeps no inputs: its past is garbage.
 */

/** The bit of `backward()`: leaves that require a gradient carry it. */
export const parameterBit = 1

const highestBit = 1 << 29

let active = parameterBit
let depth = 0

export const activeTracking = (): number => active

/** Runs `f` with exactly these bits active. */
export const withTracking = <R>(bits: number, f: () => R): R => {
  const before = active
  active = bits
  try {
    return f()
  } finally {
    active = before
  }
}

/**
 * Runs `f` without recording: nothing that happens inside has a past. Differentiations begun inside work as usual.
 *
 * @throws GradientError for an async function or a generator
 * @example
 * const w = parameter(tensor([1, 2]))
 * const y = noGrad(() => w.mul(2))   // y.requiresGrad is false
 */
export const noGrad = /* @__PURE__ */ checked(
  'noGrad',
  { f: kinds.function },
  <R>(f: () => R): R => requireSync('noGrad', withTracking(0, f)),
)

/** What runs after an await or a yield runs outside, where tracking is as before: that cannot be meant. */
export const requireSync = <R>(what: string, result: R): R => {
  if (typeof result !== 'object' || result === null) return result
  const kind = laterKind(result)
  if (kind === null) {
    // recorded or not, by another copy
    refuseForeignTensor(`${what}: the result`, result)
    return result
  }
  // nobody else will hear of it if it fails later
  if (kind === 'async') (result as unknown as PromiseLike<unknown>).then(undefined, () => undefined)
  throw new GradientError(
    `${what}: the function is ${kind}, and what it does later would not be covered; ` +
      'await or collect first, and pass a function that is neither.',
  )
}

/** By what it has: to ask for its tag takes as long as a small op, and proxies may not like to be asked for more. */
const laterKind = (result: object): 'async' | 'a generator' | null => {
  if ('then' in result && typeof result.then === 'function') return 'async'
  return 'next' in result && 'throw' in result && Symbol.toStringTag in result ? 'a generator' : null
}

/** Runs `f` with a bit of its own active beside those that are. The bit is free again afterwards. */
export const withOwnBit = <R>(transform: string, f: (bit: number) => R): R => {
  const bit = parameterBit << (depth + 1)
  if (bit > highestBit) {
    throw new GradientError(`${transform}: more than 29 differentiations are nested; unroll some of them.`)
  }
  depth++
  try {
    return withTracking(active | bit, () => f(bit))
  } finally {
    depth--
  }
}
