import { exp, expm1, scaledExp } from './exponential.js'
import { log, log1p } from './logarithm.js'

// As in fdlibm: from exponentials and logarithms, in forms that lose no digits. sinh and tanh near 0: S. L. Moshier, Cephes.

/** exp(size) / 2, also where exp(size) overflows. */
const halfExp = (size: number): number => scaledExp(size, 0, -1)

/** The hyperbolic sine. */
export const sinh = (x: number): number => {
  const size = Math.abs(x)
  if (size < 1e-8) return x
  if (size < 1) {
    const z = x * x
    const over = ((-0.789474443963537 * z - 163.72585752598383) * z - 11561.443576500522) * z - 351754.9648081514
    const under = ((z - 277.7110814206028) * z + 36157.8279834432) * z - 2110529.7888489086
    return x + x * z * (over / under)
  }
  const t = size < 22 ? exp(size) : 0
  const value = size < 22 ? 0.5 * t - 0.5 / t : halfExp(size)
  return x < 0 ? -value : value
}

/** The hyperbolic cosine. */
export const cosh = (x: number): number => {
  const size = Math.abs(x)
  if (size < 0.34657359027997264) {
    const t = expm1(size)
    return 1 + (t * t) / (2 * (1 + t))
  }
  if (size >= 22) return halfExp(size)
  const t = exp(size)
  return 0.5 * t + 0.5 / t
}

/** The hyperbolic tangent. */
export const tanh = (x: number): number => {
  const size = Math.abs(x)
  if (size < 1e-8) return x
  if (size < 0.625) {
    const z = x * x
    const over = (-0.9643991794250523 * z - 99.28772310019185) * z - 1614.6876844170845
    const under = ((z + 112.81167849163293) * z + 2235.4883906010045) * z + 4844.063053251255
    return x + x * z * (over / under)
  }
  const value = 1 - 2 / (exp(2 * size) + 1)
  return x < 0 ? -value : value
}

/** The inverse hyperbolic sine. */
export const asinh = (x: number): number => {
  const size = Math.abs(x)
  if (size < 1e-8 || size === Infinity) return x
  const square = size * size
  const value =
    size > 2 ** 28
      ? log(size) + Math.LN2
      : size > 2
        ? log(2 * size + 1 / (Math.sqrt(square + 1) + size))
        : log1p(size + square / (1 + Math.sqrt(1 + square)))
  return x < 0 ? -value : value
}

/** The inverse hyperbolic cosine. */
export const acosh = (x: number): number => {
  if (!(x >= 1)) return NaN
  if (x > 2 ** 28) return log(x) + Math.LN2
  if (x > 2) return log(2 * x - 1 / (x + Math.sqrt(x * x - 1)))
  const over = x - 1
  return log1p(over + Math.sqrt(2 * over + over * over))
}

/** The inverse hyperbolic tangent. */
export const atanh = (x: number): number => {
  const size = Math.abs(x)
  if (size < 1e-8) return x
  const twice = 2 * size
  const value = 0.5 * log1p(size < 0.5 ? twice + (twice * size) / (1 - size) : twice / (1 - size))
  return x < 0 ? -value : value
}
