import { first, second, third } from '../../../rules/math/angle.js'
import {
  after,
  type Code,
  f32x4,
  f64x2,
  i32x4,
  i64x2,
  type Local,
  type Statement,
  v128,
  when,
} from '../assembler/index.js'
import type { Vector, VectorFunction } from './vector.js'

// Polynomials: float32 S. L. Moshier, Cephes, sinf.c; float64: fdlibm (Sun Microsystems 1993).

const magic = 1.5 * 2 ** 52

/** Above it, n has too many bits and the lanes are computed in JavaScript. */
const limit = 1e6

/** x = quadrant pi / 2 + r + tail, |r| <= pi / 4. */
interface Reduced {
  /** In the lowest bits of each lane. */
  readonly quadrant: Local<'v128'>
  readonly r: Local<'v128'>
  /** In float64 only; r alone is enough for float32. */
  readonly tail: Local<'v128'>
}

const reduce32 = (v: Vector, x: Local<'v128'>, { quadrant, r }: Reduced): Statement => {
  const halves = [v.local(), v.local()]
  const shifted = [v.local(), v.local()]
  const rest = [v.local(), v.local()]
  const { add, sub, mul } = f64x2
  const half = (i: number): Statement => {
    const whole = sub(shifted[i]!.get, v.doubles(magic))
    return [
      shifted[i]!.set(add(mul(halves[i]!.get, v.doubles(2 / Math.PI)), v.doubles(magic))),
      rest[i]!.set(sub(halves[i]!.get, mul(whole, v.doubles(first)))),
      rest[i]!.set(sub(rest[i]!.get, mul(whole, v.doubles(second)))),
    ]
  }
  return [
    halves[0]!.set(f64x2.promoteLow(x.get)),
    halves[1]!.set(f64x2.promoteLow(v128.shuffle32(x.get, x.get, [2, 3, 2, 3]))),
    half(0),
    half(1),
    r.set(v128.shuffle32(f32x4.demoteZero(rest[0]!.get), f32x4.demoteZero(rest[1]!.get), [0, 1, 4, 5])),
    quadrant.set(v128.shuffle32(shifted[0]!.get, shifted[1]!.get, [0, 2, 4, 6])),
  ]
}

const reduce64 = (v: Vector, x: Local<'v128'>, { quadrant, r, tail }: Reduced): Statement => {
  const { add, sub, mul } = f64x2
  const [whole, head, low] = v.locals(3)
  return [
    quadrant.set(add(mul(x.get, v.constant(2 / Math.PI)), v.constant(magic))),
    whole.set(sub(quadrant.get, v.constant(magic))),
    head.set(sub(x.get, mul(whole.get, v.constant(first)))),
    low.set(mul(whole.get, v.constant(second))),
    r.set(sub(head.get, low.get)),
    // what this subtraction lost, and the third part
    low.set(sub(mul(whole.get, v.constant(third)), sub(sub(head.get, r.get), low.get))),
    head.set(r.get),
    r.set(sub(head.get, low.get)),
    tail.set(sub(sub(head.get, r.get), low.get)),
  ]
}

const sine32 = (v: Vector, { r }: Reduced, square: Local<'v128'>): Code<'v128'> => {
  const slope = v.polynomial(square, [-0.00019515295891, 0.0083321608736, -0.16666654611])
  return v.mulAdd(f32x4.mul(slope, square.get), r.get, r.get)
}

const cosine32 = (v: Vector, _: Reduced, square: Local<'v128'>): Code<'v128'> => {
  const tail = v.polynomial(square, [0.00002443315711809948, -0.001388731625493765, 0.04166664568298827])
  const parabola = v.negMulAdd(square.get, v.constant(0.5), v.constant(1))
  return v.mulAdd(f32x4.mul(tail, square.get), square.get, parabola)
}

const sine64 = (v: Vector, { r, tail }: Reduced, square: Local<'v128'>): Code<'v128'> => {
  const { sub, mul } = f64x2
  const cube = v.local()
  const slope = v.polynomial(
    square,
    [
      1.58969099521155e-10, -2.5050760253406863e-8, 0.0000027557313707070068, -0.0001984126982985795,
      0.00833333333332249,
    ],
  )
  const correction = sub(mul(square.get, sub(mul(v.constant(0.5), tail.get), mul(cube.get, slope))), tail.get)
  return after(
    cube.set(mul(square.get, r.get)),
    sub(r.get, sub(correction, mul(cube.get, v.constant(-0.16666666666666632)))),
  )
}

const cosine64 = (v: Vector, { r, tail }: Reduced, square: Local<'v128'>): Code<'v128'> => {
  const { add, sub, mul } = f64x2
  const [half, near] = v.locals(2)
  const series = v.polynomial(
    square,
    [
      -1.1359647557788195e-11, 2.087572321298175e-9, -2.7557314351390663e-7, 0.00002480158728947673,
      -0.001388888888887411, 0.0416666666666666,
    ],
  )
  const quartic = mul(mul(square.get, square.get), series)
  return after(
    [half.set(mul(square.get, v.constant(0.5))), near.set(sub(v.constant(1), half.get))],
    add(near.get, add(sub(sub(v.constant(1), near.get), half.get), sub(quartic, mul(r.get, tail.get)))),
  )
}

/** The function a quarter turn ahead of the sine by `ahead` quarters. */
const wave =
  (name: 'sin' | 'cos', ahead: bigint): VectorFunction =>
  (v, x) => {
    const isSingle = v.type === 'float32'
    const [quadrant, r, tail, square, result] = v.locals(5)
    const reduced: Reduced = { quadrant, r, tail }
    const sine = isSingle ? sine32 : sine64
    const cosine = isSingle ? cosine32 : cosine64
    const lanes = isSingle ? i32x4 : i64x2
    const swaps = lanes.equal(v128.and(quadrant.get, v.integer(1n)), v.integer(1n))
    const sign = lanes.shiftLeft(v128.and(quadrant.get, v.integer(2n)), isSingle ? 30 : 62)
    const turned = ahead === 0n ? [] : quadrant.set(lanes.add(quadrant.get, v.integer(ahead)))
    const large = v.float.greater(v.float.abs(x.get), v.constant(limit))
    const tiny = v.float.less(v.float.abs(x.get), v.constant(isSingle ? 2 ** -13 : 2 ** -27))
    return after(
      [
        (isSingle ? reduce32 : reduce64)(v, x, reduced),
        turned,
        square.set(v.float.mul(r.get, r.get)),
        result.set(v128.xor(v128.select(cosine(v, reduced, square), sine(v, reduced, square), swaps), sign)),
        when(v128.anyTrue(large), result.set(v128.select(v.byLane(name, [x]), result.get, large))),
      ],
      name === 'sin' ? v128.select(x.get, result.get, tiny) : result.get,
    )
  }

/** 1 unit in the last place, 2 in float32. */
export const sin = wave('sin', 0n)
export const cos = wave('cos', 1n)
