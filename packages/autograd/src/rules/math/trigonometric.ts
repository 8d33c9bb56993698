import { angle, reduceAngle } from './angle.js'

// Polynomials: fdlibm, k_sin.c, k_cos.c and k_tan.c (copyright 1993 by Sun Microsystems, Inc.; permission to use, copy,
// modify, and distribute is freely granted, provided that this notice is preserved).

/** Of x + low, |x| <= pi / 4. */
const sineNear = (x: number, low: number): number => {
  const z = x * x
  const cube = z * x
  const series =
    0.00833333333332249 +
    z * (-0.0001984126982985795 + z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)))
  return x - (z * (0.5 * low - cube * series) - low - cube * -0.16666666666666632)
}

const cosineNear = (x: number, low: number): number => {
  const z = x * x
  const series =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z *
            (2.480158728947673e-5 +
              z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))))
  const half = 0.5 * z
  const near = 1 - half
  return near + (1 - near - half + (z * series - x * low))
}

/** The tangent, or -1 / tangent. */
const tangentNear = (given: number, givenLow: number, isInverse: boolean): number => {
  const size = Math.abs(given)
  const isBig = size >= 0.6744
  const x = isBig ? Math.PI / 4 - size + (3.061616997868383e-17 - (given < 0 ? -givenLow : givenLow)) : given
  const low = isBig ? 0 : givenLow
  const z = x * x
  const w = z * z
  const odd =
    0.13333333333320124 +
    w *
      (0.021869488294859542 +
        w *
          (0.0035920791075913124 +
            w * (0.0005880412408202641 + w * (7.817944429395571e-5 + w * -1.8558637485527546e-5))))
  const even =
    z *
    (0.05396825397622605 +
      w *
        (0.0088632398235993 +
          w *
            (0.0014562094543252903 +
              w * (0.0002464631348184699 + w * (7.140724913826082e-5 + w * 2.590730518636337e-5)))))
  const cube = z * x
  const r = low + z * (cube * (odd + even) + low) + 0.3333333333333341 * cube
  const sum = x + r
  if (isBig) {
    const sign = isInverse ? -1 : 1
    const tangent = sign - 2 * (x + (r - (sum * sum) / (sum + sign)))
    return given < 0 ? -tangent : tangent
  }
  if (!isInverse) return sum
  // -1 / (x + r) in two parts, for it is too coarse by itself
  const head = Math.fround(sum)
  const tail = r - (head - x)
  const inverse = -1 / sum
  const inverseHead = Math.fround(inverse)
  return inverseHead + inverse * (1 + inverseHead * head + inverseHead * tail)
}

/** The sine. */
export const sin = (x: number): number => {
  if (!(Math.abs(x) < Infinity)) return NaN
  if (Math.abs(x) < 1e-8) return x
  const quadrant = reduceAngle(x)
  const value = quadrant & 1 ? cosineNear(angle[0]!, angle[1]!) : sineNear(angle[0]!, angle[1]!)
  return x < 0 === quadrant > 1 ? value : -value
}

/** The cosine. */
export const cos = (x: number): number => {
  if (!(Math.abs(x) < Infinity)) return NaN
  const quadrant = reduceAngle(x)
  const value = quadrant & 1 ? sineNear(angle[0]!, angle[1]!) : cosineNear(angle[0]!, angle[1]!)
  return quadrant === 1 || quadrant === 2 ? -value : value
}

/** The tangent. */
export const tan = (x: number): number => {
  if (!(Math.abs(x) < Infinity)) return NaN
  if (Math.abs(x) < 1e-8) return x
  const quadrant = reduceAngle(x)
  const value = tangentNear(angle[0]!, angle[1]!, (quadrant & 1) === 1)
  return x < 0 ? -value : value
}
