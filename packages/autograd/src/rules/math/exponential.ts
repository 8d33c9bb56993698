import { powerOfTwo, scaleByPower } from './binary64.js'

// Reductions and polynomials: fdlibm, e_exp.c and s_expm1.c (copyright 1993 by Sun Microsystems, Inc.; permission to use,
// copy, modify, and distribute is freely granted, provided that this notice is preserved).

/** log(2) in two parts, the first of which has so few bits that its multiples below 2^20 are exact. */
export const ln2High = 0.6931471803691238
export const ln2Low = 1.9082149292705877e-10

/** 2^shift exp(high + low), for a low that is small or has few more digits than high leaves it. */
export const scaledExp = (high: number, low: number, shift: number): number => {
  const k = Math.floor((high + low) * Math.LOG2E + 0.5)
  const over = high - k * ln2High
  const under = k * ln2Low - low
  const r = over - under
  const t = r * r
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))))
  // 1 + over + (the rest), and what the first sum loses
  const near = 1 + over
  const mantissa = near + (over - (near - 1) + ((r * c) / (2 - c) - under))
  const power = k + shift
  return power > -1022 && power < 1023 ? mantissa * powerOfTwo(power) : atTheEnds(high, mantissa, power)
}

const atTheEnds = (x: number, mantissa: number, power: number): number =>
  x < 711 && x > -747 ? scaleByPower(mantissa, power) : Number.isNaN(x) ? NaN : x > 0 ? Infinity : 0

/** e to the power x. */
export const exp = (x: number): number => scaledExp(x, 0, 0)

/** exp(x) - 1, accurate near 0. */
export const expm1 = (x: number): number => {
  if (!(x < 710)) return x > 0 ? Infinity : NaN
  if (x < -40) return -1
  const size = Math.abs(x)
  if (size < 1e-17) return x
  const k = size < 0.34657359027997264 ? 0 : Math.floor(x * Math.LOG2E + 0.5)
  const over = x - k * ln2High
  const under = k * ln2Low
  const r = over - under
  const lost = over - r - under

  const half = 0.5 * r
  const square = r * half
  const ratio =
    1 +
    square *
      (-0.03333333333333313 +
        square *
          (0.0015873015872548146 +
            square * (-7.936507578674879e-5 + square * (4.008217827329362e-6 + square * -2.0109921818362437e-7))))
  const t = 3 - ratio * half
  const e = square * ((ratio - t) / (6 - r * t))
  if (k === 0) return r - (r * e - square)
  const rest = r * (e - lost) - lost - square
  if (k === -1) return 0.5 * (r - rest) - 0.5
  if (k === 1) return r < -0.25 ? -2 * (rest - (r + 0.5)) : 1 + 2 * (r - rest)
  if (k < 0 || k > 56) return scaleByPower(1 + (r - rest), k) - 1
  return k < 20 ? (1 - powerOfTwo(-k) + (r - rest)) * powerOfTwo(k) : (r - (rest + powerOfTwo(-k)) + 1) * powerOfTwo(k)
}
