import type { Algebra } from './algebra.js'
import { gated, timesSquare } from './gate.js'

/** P(Z <= x) for a standard normal Z. */
const normalBelow = <T>(m: Algebra<T>, x: T): T => m.mul(0.5, m.erfc(m.mul(-Math.SQRT1_2, x)))

const density = 1 / Math.sqrt(2 * Math.PI)
const normalDensity = <T>(m: Algebra<T>, x: T): T => m.mul(density, m.exp(m.mul(-0.5, m.mul(x, x))))

/** Below it P(Z <= x) is the density times a quotient. */
const tail = -12

const polynomial = <T>(m: Algebra<T>, x: T, [first, ...rest]: readonly number[]): T =>
  rest.reduce((sum, coefficient) => m.add(m.mul(sum, x), coefficient), m.constant(first!))

/** -x P(Z <= x) over the density, for x <= -12: the tenth convergent of Laplace's continued fraction, in 1 / x^2. */
const tailRatio = <T>(m: Algebra<T>, x: T): T => {
  const w = m.div(1, m.mul(x, x))
  return m.div(polynomial(m, w, [3840, 12645, 6090, 938, 54, 1]), polynomial(m, w, [10395, 17325, 6930, 990, 55, 1]))
}

/** factor times the density at x. The square in its exponent is in two parts, the first of which is exact. */
const timesDensity = <T>(m: Algebra<T>, factor: T, x: T): T => {
  const head = m.mul(1 / 16, m.trunc(m.mul(16, x)))
  const root = m.exp(m.mul(-0.25, m.mul(head, head)))
  const rest = m.exp(m.mul(-0.5, m.mul(m.sub(x, head), m.add(x, head))))
  return timesSquare(m, m.mul(m.mul(density, factor), rest), root)
}

/** Where the density of a lower x is 0 in each dtype. */
const inTail = <T>(m: Algebra<T>, x: T): T => m.maximum(m.minimum(x, tail), -40)

/** x P(Z <= x), which underflows later than P(Z <= x). */
export const timesNormalBelow = <T>(m: Algebra<T>, x: T): T => {
  const far = inTail(m, x)
  return m.select(m.less(x, tail), timesDensity(m, m.neg(tailRatio(m, far)), far), gated(m, x, normalBelow(m, x)))
}

/** The derivative of that: P(Z <= x) and x times the density. */
export const slopeOfTimesNormalBelow = <T>(m: Algebra<T>, x: T): T => {
  const far = inTail(m, x)
  const ofDensity = m.sub(far, m.div(tailRatio(m, far), far))
  return m.select(
    m.less(x, tail),
    timesDensity(m, ofDensity, far),
    m.add(normalBelow(m, x), gated(m, x, normalDensity(m, x))),
  )
}
