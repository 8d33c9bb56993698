import { ln2High, ln2Low } from '../../../rules/math/exponential.js'
import { after, type Code, f32x4, f64x2, i32x4, i64x2, type Local, type Statement, v128 } from '../assembler/index.js'
import { byType, type Vector, type VectorFunction } from './vector.js'

// float32: S. L. Moshier, Cephes, logf.c. float64: fdlibm, e_log.c (Sun Microsystems 1993).

/** x = 2^exponent (1 + fraction), with 1 + fraction between sqrt(1/2) and sqrt(2); x positive and finite. */
interface Parts {
  readonly exponent: Local<'v128'>
  readonly fraction: Local<'v128'>
}

const split = (v: Vector, x: Local<'v128'>, { exponent, fraction }: Parts): Statement => {
  const [scaled, tiny, bits] = v.locals(3)
  const { float } = v
  const isSingle = v.type === 'float32'
  const rootHalf = isSingle ? 0x3f3504f3n : 0x3fe6a09e667f3bcdn
  const one = isSingle ? 0x3f800000n : 0x3ff0000000000000n
  const biased = isSingle
    ? f32x4.sub(f32x4.fromInt32(i32x4.shiftRightUnsigned(bits.get, 23)), v.constant(127))
    : // a small integer in the lowest bits of 2^52 is that much more than 2^52
      f64x2.sub(v128.or(i64x2.shiftRightUnsigned(bits.get, 52), v.constant(2 ** 52)), v.constant(2 ** 52 + 1023))
  const mantissaBits = v128.and(bits.get, v.integer(isSingle ? (1n << 23n) - 1n : (1n << 52n) - 1n))
  const shift = isSingle ? 23 : 54
  return [
    tiny.set(float.less(x.get, v.constant(isSingle ? 2 ** -126 : 2 ** -1022))),
    scaled.set(v128.select(float.mul(x.get, v.constant(2 ** shift)), x.get, tiny.get)),
    bits.set(v.bits.add(scaled.get, v.integer(one - rootHalf))),
    exponent.set(float.sub(biased, v128.and(tiny.get, v.constant(shift)))),
    fraction.set(float.sub(v.bits.add(mantissaBits, v.integer(rootHalf)), v.constant(1))),
  ]
}

/** exponent ln(2) + log(1 + fraction) + correction, the correction being tiny. */
type Join = (v: Vector, parts: Parts, correction: Code<'v128'> | null) => Code<'v128'>

const join32: Join = (v, { exponent, fraction }, correction) => {
  const [square, y] = v.locals(2)
  const cubic = v.polynomial(
    fraction,
    [
      0.070376836292, -0.1151461031, 0.1167699874, -0.12420140846, 0.14249322787, -0.16668057665, 0.20000714765,
      -0.24999993993, 0.33333331174,
    ],
  )
  const cubed = f32x4.mul(f32x4.mul(cubic, fraction.get), square.get)
  return after(
    [
      square.set(f32x4.mul(fraction.get, fraction.get)),
      y.set(correction === null ? cubed : f32x4.add(cubed, correction)),
      y.set(v.mulAdd(exponent.get, v.constant(-0.00021219444), y.get)),
      y.set(v.negMulAdd(square.get, v.constant(0.5), y.get)),
    ],
    v.mulAdd(exponent.get, v.constant(0.693359375), f32x4.add(fraction.get, y.get)),
  )
}

const join64: Join = (v, { exponent, fraction }, correction) => {
  const [s, square, half, small] = v.locals(4)
  const { add, sub, mul, div } = f64x2
  const series = mul(
    square.get,
    v.polynomial(
      square,
      [
        0.14798198605116586, 0.15313837699209373, 0.1818357216161805, 0.22222198432149784, 0.2857142874366239,
        0.3999999999940942, 0.6666666666666735,
      ],
    ),
  )
  const low = mul(exponent.get, v.constant(ln2Low))
  return after(
    [
      s.set(div(fraction.get, add(fraction.get, v.constant(2)))),
      square.set(mul(s.get, s.get)),
      half.set(mul(mul(fraction.get, fraction.get), v.constant(0.5))),
      small.set(add(mul(s.get, add(half.get, series)), correction === null ? low : add(low, correction))),
    ],
    sub(mul(exponent.get, v.constant(ln2High)), sub(sub(half.get, small.get), fraction.get)),
  )
}

/** log: NaN below 0, -Infinity at 0, and x itself at Infinity and NaN. */
const withEdges = (v: Vector, x: Local<'v128'>, atZero: Code<'v128'>, result: Code<'v128'>): Code<'v128'> => {
  const { float } = v
  const y = v.local()
  return after(
    [
      y.set(result),
      y.set(v128.select(y.get, x.get, float.less(x.get, v.constant(Number.POSITIVE_INFINITY)))),
      y.set(v128.select(y.get, v.constant(Number.NaN), float.greaterEqual(atZero, v.constant(0)))),
    ],
    v128.select(v.constant(Number.NEGATIVE_INFINITY), y.get, float.equal(atZero, v.constant(0))),
  )
}

const log =
  (join: Join): VectorFunction =>
  (v, x) => {
    const parts: Parts = { exponent: v.local(), fraction: v.local() }
    return withEdges(v, x, x.get, after(split(v, x, parts), join(v, parts, null)))
  }

/** log(1 + x): what 1 + x rounds away comes back as a correction, or as x itself where no power of 2 was split off. */
const log1p =
  (join: Join): VectorFunction =>
  (v, x) => {
    const { float } = v
    const parts: Parts = { exponent: v.local(), fraction: v.local() }
    const [sum, lost, whole, result] = v.locals(4)
    const one = v.constant(1)
    const joined = after(
      [
        sum.set(float.add(x.get, one)),
        lost.set(float.div(float.sub(x.get, float.sub(sum.get, one)), sum.get)),
        split(v, sum, parts),
        whole.set(float.equal(parts.exponent.get, v.constant(0))),
        parts.fraction.set(v128.select(x.get, parts.fraction.get, whole.get)),
        lost.set(v128.andNot(lost.get, whole.get)),
      ],
      join(v, parts, lost.get),
    )
    const tiny = float.less(float.abs(x.get), v.constant(v.type === 'float32' ? 2 ** -25 : 2 ** -54))
    return after(
      result.set(withEdges(v, x, sum.get, joined)),
      // keeps the sign of 0
      v128.select(x.get, result.get, tiny),
    )
  }

/** 1 unit in the last place. */
const logarithm = byType({ float32: log(join32), float64: log(join64) })
/** 2 units in the last place. */
const logarithm1p = byType({ float32: log1p(join32), float64: log1p(join64) })

export { logarithm as log, logarithm1p as log1p }
