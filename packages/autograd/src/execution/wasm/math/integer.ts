import { after, type Code, f64x2, i32x4, type Local, v128 } from '../assembler/index.js'
import type { Vector } from './vector.js'

/** Numbers in float64 lanes as integers of 32 bits, modulo 2^32 as JavaScript has it. Infinities and NaN give 0. */
export const wrapped = (v: Vector, x: Local<'v128'>): Code<'v128'> => {
  const whole = v.local()
  const wraps = f64x2.floor(f64x2.mul(whole.get, v.doubles(2 ** -32)))
  const rest = f64x2.sub(whole.tee(f64x2.trunc(x.get)), f64x2.mul(wraps, v.doubles(2 ** 32)))
  return i32x4.fromUnsignedFloat64Zero(rest)
}

/** The product of float64 lanes; of integers, where that has more than 53 bits, its last 32. */
export const integerMul = (v: Vector, a: Local<'v128'>, b: Local<'v128'>): Code<'v128'> => {
  const product = v.local()
  const wrappedProduct = f64x2.fromLowInt32(i32x4.mul(wrapped(v, a), wrapped(v, b)))
  const isLong = f64x2.greater(f64x2.abs(product.get), v.doubles(2 ** 53))
  return after(product.set(f64x2.mul(a.get, b.get)), v128.select(wrappedProduct, product.get, isLong))
}
