// Polynomials: fdlibm, e_asin.c, e_acos.c and s_atan.c (copyright 1993 by Sun Microsystems, Inc.; permission to use, copy,
// modify, and distribute is freely granted, provided that this notice is preserved).

const halfPi = Math.PI / 2
const halfPiLow = 6.123233995736766e-17

/** (asin(x) - x) / x in z = x^2, for |x| <= 1/2. */
const arcsineRatio = (z: number): number =>
  (z *
    (0.16666666666666666 +
      z *
        (-0.3255658186224009 +
          z *
            (0.20121253213486293 +
              z * (-0.04005553450067941 + z * (0.0007915349942898145 + z * 3.479331075960212e-5)))))) /
  (1 + z * (-2.403394911734414 + z * (2.0209457602335057 + z * (-0.6882839716054533 + z * 0.07703815055590194))))

/** The arc sine. */
export const asin = (x: number): number => {
  const size = Math.abs(x)
  if (!(size <= 1)) return NaN
  if (size < 1e-8) return x
  if (size < 0.5) return x + x * arcsineRatio(x * x)
  const z = (1 - size) / 2
  const root = Math.sqrt(z)
  const ratio = arcsineRatio(z)
  const head = Math.fround(root)
  const tail = root + head === 0 ? 0 : (z - head * head) / (root + head)
  const arc = halfPi / 2 - (2 * root * ratio - (halfPiLow - 2 * tail) - (halfPi / 2 - 2 * head))
  return x < 0 ? -arc : arc
}

/** The arc cosine. */
export const acos = (x: number): number => {
  if (!(Math.abs(x) <= 1)) return NaN
  if (Math.abs(x) < 0.5) return halfPi - (x - (halfPiLow - x * arcsineRatio(x * x)))
  const z = (1 - Math.abs(x)) / 2
  const root = Math.sqrt(z)
  const ratio = arcsineRatio(z)
  if (x < 0) return 2 * (halfPi - (root + (ratio * root - halfPiLow)))
  const head = Math.fround(root)
  const tail = root + head === 0 ? 0 : (z - head * head) / (root + head)
  return 2 * (head + (ratio * root + tail))
}

/** (x - atan(x)) / x in z = x^2, for |x| < 7/16. */
const arctangentRatio = (z: number): number => {
  const w = z * z
  const even =
    z *
    (0.3333333333333293 +
      w *
        (0.14285714272503466 +
          w *
            (0.09090887133436507 + w * (0.06661073137387531 + w * (0.049768779946159324 + w * 0.016285820115365782)))))
  const odd =
    w *
    (-0.19999999999876483 +
      w * (-0.11111110405462356 + w * (-0.0769187620504483 + w * (-0.058335701337905735 + w * -0.036531572744216916))))
  return even + odd
}

/** atan(at) + atan(x) = atan(size), the former in two parts. */
const beyond = (x: number, at: number, atLow: number): number => at - (x * arctangentRatio(x * x) - atLow - x)

const arctangent = (size: number): number => {
  if (size < 7 / 16) return size < 1e-8 ? size : size - size * arctangentRatio(size * size)
  if (size < 11 / 16) return beyond((2 * size - 1) / (2 + size), 0.4636476090008061, 2.2698777452961687e-17)
  if (size < 19 / 16) return beyond((size - 1) / (size + 1), halfPi / 2, halfPiLow / 2)
  if (size < 39 / 16) return beyond((size - 1.5) / (1 + 1.5 * size), 0.982793723247329, 1.3903311031230998e-17)
  return beyond(-1 / size, halfPi, halfPiLow)
}

/** The arc tangent. */
export const atan = (x: number): number => (x < 0 ? -arctangent(-x) : x === 0 ? x : arctangent(x))

/** The angle of the point (x, y). */
export const atan2 = (y: number, x: number): number => {
  if (Number.isNaN(x)) return NaN
  const height = Math.abs(y)
  const width = Math.abs(x)
  const slope = height === width ? 1 : height / width
  let arc = height === 0 ? 0 : slope > 2 ** 60 ? halfPi : arctangent(slope)
  if (isNegative(x) && !(slope > 2 ** 60)) arc = Math.PI - (arc - 2 * halfPiLow)
  return isNegative(y) ? -arc : arc
}

const isNegative = (x: number): boolean => x < 0 || (x === 0 && 1 / x < 0)
