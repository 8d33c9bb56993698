import { after, type Code, type Local, type Statement, v128 } from '../assembler/index.js'
import type { Vector } from './vector.js'

// Polynomials and quotients: S. L. Moshier, Cephes, expf.c and exp.c.

/** The bits of a number that hold its digits, and what its exponent has added. */
const formats = { float32: { digits: 23, bias: 127 }, float64: { digits: 52, bias: 1023 } } as const

/** Added to a small number, it leaves that number's nearest integer, and `more`, in the lowest bits. */
const magic = (v: Vector, more: number): Code<'v128'> => v.constant(1.5 * 2 ** formats[v.type].digits + more)

/** 2^n, of bits whose lowest hold n and the bias. */
const power = (v: Vector, biased: Code<'v128'>): Code<'v128'> => v.bits.shiftLeft(biased, formats[v.type].digits)

/** x = n ln 2 + r; the lowest bits of `shifted` hold n and `more`, which is even. */
interface Reduced {
  readonly shifted: Local<'v128'>
  /** n as a number. */
  readonly whole: Local<'v128'>
  readonly r: Local<'v128'>
  readonly code: Statement
}

const reduce = (v: Vector, x: Code<'v128'>, more: number): Reduced => {
  const [whole, shifted, r] = v.locals(3)
  const integers = magic(v, more)
  const [high, low] =
    v.type === 'float32' ? [0.693359375, -0.00021219444] : [0.693145751953125, 0.0000014286068203094173]
  return {
    shifted,
    whole,
    r,
    code: [
      r.set(x),
      shifted.set(v.mulAdd(r.get, v.constant(Math.LOG2E), integers)),
      whole.set(v.float.sub(shifted.get, integers)),
      r.set(v.negMulAdd(whole.get, v.constant(high), r.get)),
      r.set(v.negMulAdd(whole.get, v.constant(low), r.get)),
    ],
  }
}

/** exp(r) - 1 for |r| <= ln(2) / 2. */
const expm1Near0 = (v: Vector, r: Local<'v128'>): Code<'v128'> => {
  const square = v.local()
  const squared = square.set(v.float.mul(r.get, r.get))
  if (v.type === 'float32') {
    const tail = v.polynomial(
      r,
      [0.000198756915, 0.0013981999507, 0.0083334519073, 0.041665795894, 0.16666665459, 0.50000001201],
    )
    return after(squared, v.mulAdd(square.get, tail, r.get))
  }
  const [p, q] = v.locals(2)
  const odd = v.polynomial(square, [0.00012617719307481058, 0.030299440770744195, 1])
  const even = v.polynomial(square, [0.0000030019850513866446, 0.002524483403496841, 0.22726554820815503, 2])
  return after(
    [squared, p.set(v.float.mul(r.get, odd)), q.set(v.float.sub(even, p.get))],
    v.float.div(v.float.add(p.get, p.get), q.get),
  )
}

/** Beyond these numbers exp is 0, and infinite. */
const ends = { float32: [-104, 89], float64: [-746, 710] } as const

/**
 * exp: 1 unit in the last place, 2 in float64; of the numbers there are below 2^-126 and 2^-1022 too. 2^n is multiplied by in
 * two halves, whose product may be subnormal or infinite: that takes no branch, which would cost a loop its registers.
 */
export const exp = (v: Vector, x: Local<'v128'>): Code<'v128'> => {
  const { float, bits } = v
  const { bias } = formats[v.type]
  const [low, high] = ends[v.type]
  const clamped = float.pseudoMin(float.pseudoMax(x.get, v.constant(low)), v.constant(high))
  const { shifted, whole, r, code } = reduce(v, clamped, 2 * bias)
  const half = v.local()
  const mantissa = float.add(expm1Near0(v, r), v.constant(1))
  return after(
    [code, half.set(v.mulAdd(whole.get, v.constant(0.5), magic(v, bias)))],
    float.mul(float.mul(mantissa, power(v, half.get)), power(v, bits.sub(shifted.get, half.get))),
  )
}

/** exp(x) - 1: 2 units in the last place. */
export const expm1 = (v: Vector, x: Local<'v128'>): Code<'v128'> => {
  const { float } = v
  const isSingle = v.type === 'float32'
  // beyond these bounds the result is -1 or infinite
  const [low, high] = isSingle ? [-18, 89] : [-40, 710]
  const clamped = float.pseudoMin(float.pseudoMax(x.get, v.constant(low)), v.constant(high))
  const { shifted, r, code } = reduce(v, clamped, formats[v.type].bias - 1)
  const [half, near0, result] = v.locals(3)
  const tiny = float.less(float.abs(x.get), v.constant(isSingle ? 2 ** -25 : 2 ** -54))
  return after(
    [
      code,
      // 2^(n - 1), which is finite where 2^n is not yet too large for the result
      half.set(power(v, shifted.get)),
      near0.set(expm1Near0(v, r)),
      result.set(v.mulAdd(half.get, near0.get, float.sub(half.get, v.constant(0.5)))),
      result.set(float.add(result.get, result.get)),
    ],
    // also keeps the sign of 0, and NaN
    v128.select(x.get, result.get, v128.or(tiny, float.notEqual(x.get, x.get))),
  )
}

/** tanh: 2 units in the last place. */
export const tanh = (v: Vector, x: Local<'v128'>): Code<'v128'> => {
  const { float } = v
  const [size, doubled, square, far, result] = v.locals(5)
  const one = v.constant(1)
  const quotient = float.div(v.constant(2), float.add(exp(v, doubled), one))
  const slope =
    v.type === 'float32'
      ? v.polynomial(square, [-0.00570498872745, 0.0206390887954, -0.0537397155531, 0.133314422036, -0.333332819422])
      : float.div(
          v.polynomial(square, [-0.9643991794250523, -99.28772310019185, -1614.6876844170845]),
          v.polynomial(square, [1, 112.81167849163293, 2235.4883906010045, 4844.063053251255]),
        )
  return after(
    [
      size.set(float.abs(x.get)),
      doubled.set(float.add(size.get, size.get)),
      square.set(float.mul(x.get, x.get)),
      far.set(float.sub(one, quotient)),
      result.set(v.mulAdd(float.mul(square.get, slope), x.get, x.get)),
      result.set(v128.select(result.get, far.get, float.less(size.get, v.constant(0.625)))),
    ],
    v128.or(result.get, v128.and(x.get, v.constant(-0))),
  )
}
