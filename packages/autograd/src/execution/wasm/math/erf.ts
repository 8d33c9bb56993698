import { after, type Code, f32x4, type Local, v128 } from '../assembler/index.js'
import { exp } from './exponential.js'
import type { Vector } from './vector.js'

/** 2 units in the last place in float32; float64 is computed in JavaScript. Polynomials: N. Juffa. */
export const erf = (v: Vector, x: Local<'v128'>): Code<'v128'> => {
  if (v.type === 'float64') return v.byLane('erf', [x])
  const [size, square, logarithm, far] = v.locals(4)
  const near = v.polynomial(
    square,
    [-0.000596761703, 0.00499119423, -0.0267681349, 0.112819925, -0.376125336, 0.128379166],
  )
  const high = v.mulAdd(v.constant(-0.000017285347), size.get, v.constant(0.000383197126))
  const low = v.mulAdd(v.constant(-0.00388396438), size.get, v.constant(0.0242546219))
  const times = (sum: Code<'v128'>, coefficient: number) => v.mulAdd(sum, size.get, v.constant(coefficient))
  const upper = times(times(times(v.mulAdd(high, square.get, low), -0.106777877), -0.634846687), -0.128717512)
  return after(
    [
      size.set(f32x4.abs(x.get)),
      square.set(f32x4.mul(x.get, x.get)),
      logarithm.set(v.mulAdd(upper, size.get, f32x4.neg(size.get))),
      far.set(f32x4.sub(v.constant(1), exp(v, logarithm))),
      far.set(v128.or(far.get, v128.and(x.get, v.constant(-0)))),
    ],
    v128.select(far.get, v.mulAdd(near, x.get, x.get), f32x4.greater(size.get, v.constant(0.927734375))),
  )
}
