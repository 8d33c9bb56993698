import { after, type Code, type Local, v128 } from '../assembler/index.js'
import type { Vector } from './vector.js'

/** Whether `constantPower` has the power. */
export const isSimplePower = (exponent: number): boolean => [0.5, 1, 2, 3, 4].includes(Math.abs(exponent))

/** x to a constant power that takes few operations (4 units in the last place), or null. */
export const constantPower = (v: Vector, x: Local<'v128'>, exponent: number): Code<'v128'> | null => {
  const { float } = v
  const size = Math.abs(exponent)
  if (!isSimplePower(exponent)) return null
  const inverse = (y: Code<'v128'>) => (exponent < 0 ? float.div(v.constant(1), y) : y)
  // the root of an inverse would overflow early, and so would the inverse of a power
  if (size === 0.5) return inverse(root(v, x))
  const base = v.local()
  const inverted = base.set(inverse(x.get))
  if (size === 1) return after(inverted, base.get)
  const square = float.mul(base.get, base.get)
  if (size === 2) return after(inverted, square)
  if (size === 3) return after(inverted, float.mul(square, base.get))
  return after([inverted, base.set(square)], float.mul(base.get, base.get))
}

/** Unlike the square root, 0 at -0 and Infinity at -Infinity. */
const root = (v: Vector, x: Local<'v128'>): Code<'v128'> => {
  const infinity = v.constant(Number.POSITIVE_INFINITY)
  const isInfinite = v.float.equal(x.get, v.constant(Number.NEGATIVE_INFINITY))
  return v128.select(infinity, v.float.sqrt(v.float.add(x.get, v.constant(0))), isInfinite)
}
