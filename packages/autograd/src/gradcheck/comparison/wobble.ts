import { noiseOf } from '../differences/anywhere.js'
import type { Values } from '../differences/ladder.js'

/**
 * The noise in a derivative, element by element: what it loses by cancellation. Of one that differs at the same point nothing is
 * known, and nothing is allowed.
 */
export const wobbleOf = (derivative: Values, point: Float64Array): Float64Array => {
  const here = derivative(point)
  if (derivative(point).some((x, i) => !Object.is(x, here[i]))) return new Float64Array(here.length)
  const noise = noiseOf(derivative, point, here)
  return here.map((_, i) => Math.max(...noise(i)))
}

/** What numbers of a size may lose, and still be right, beside differences that show them better. */
const forgivable = 2 ** -46

/** The part of a wobble that cancellation among numbers of a size explains: float32 within a rule loses more. */
export const forgiven = (wobble: number, scale: number): number => Math.min(wobble, forgivable * Math.max(1, scale))

/** Whether a disagreement may be one of wobbling digits: it is not looked for behind grosser ones. */
export const mayWobble = (error: number, scale: number): boolean => error <= 1e-6 * Math.max(1, scale)
