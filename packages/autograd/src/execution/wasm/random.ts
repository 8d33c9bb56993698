import type { Random } from '../../graph/kernel.js'
import { contiguousStrides, sizeOf } from '../../graph/shape.js'
import type { Spec } from '../../graph/value.js'
import {
  type Code,
  countDown,
  f64,
  f64x2,
  i32,
  i32x4,
  i64,
  i64x2,
  type Local,
  type Scope,
  type Statement,
  v128,
} from './assembler/index.js'
import { type KernelFunction, type KernelKind, type Strided, type Target, unchecked } from './loops/kernel.js'
import { inBytes, loopsOver, nest, type Pointer, shift } from './loops/nest.js'
import type { VectorOptions } from './math/vector.js'

export const random: KernelKind<Random> = {
  define: (target, kernel, inputs, [out]) => unchecked(defineRandom(target, kernel, inputs, out!)),
  saves: (_kernel, _inputs, [out]) => 40 * sizeOf(out!.shape),
}

/** Numbers of a key, four at a time; normals by the functions of JavaScript, so that all bits are as there. */
export const defineRandom = (
  { module, options }: Target,
  { distribution }: Random,
  [key, counter]: readonly Strided[],
  out: Spec,
): KernelFunction | null => {
  if (distribution === 'permutation') return null
  const axes = counter!.shape.length
  const size = sizeOf(out.shape.slice(axes))
  const rows = loopsOver(
    counter!.shape,
    [counter!.strides, contiguousStrides(out.shape).slice(0, axes)].map((strides) => inBytes(strides, 8)),
  )
  return module.addFunction(['i32', 'i32', 'i32'], null, (scope, keyAt, counterAt, to) => {
    const left = scope.local('i32')
    const { setup, next, pairs } = numbersFrom(scope, keyAt, 4 * key!.strides[0]!, counterAt)
    const stored = distribution === 'uniform' ? v128.store : normalStore(scope, options.scalar)
    /** The next four, of which so many count. */
    const four = (count: number): Statement => [
      next,
      pairs.slice(0, Math.ceil(count / 2)).map((pair, i) => stored(to.get, pair, 16 * i)),
    ]
    const blocks = Math.floor(size / 4)
    const row = [
      setup,
      left.set(i32.const(blocks)),
      countDown(left, 1, [four(4), shift(to, 32)]),
      size % 4 === 0 ? [] : four(size % 4),
    ]
    return nest(scope, rows, [counterAt, to], { code: row, moved: [0, 32 * blocks] }).code
  })
}

interface Numbers {
  /** To be executed before all else. */
  readonly setup: Statement
  /** Goes to the next four numbers. */
  readonly next: Statement
  /** They as float64, two and two. */
  readonly pairs: readonly Code<'v128'>[]
}

/** The numbers of a key, whose words lie some bytes apart, from a counter on. */
const numbersFrom = (scope: Scope, keyAt: Pointer, apart: number, counterAt: Pointer): Numbers => {
  const [low, high, x, y] = scope.locals('v128', 4)
  const keys = scope.locals('v128', 3)
  const [k0, k1, k2] = keys
  const counter = i64x2.splat(i64.truncate(f64.load(counterAt.get)))
  const four = i64x2.const(4n)
  /** The float64 of the lower two lanes: the first word's upper 27 bits, then the second's upper 26. */
  const number = (x: Code<'v128'>, y: Code<'v128'>) =>
    f64x2.add(
      f64x2.mul(f64x2.fromLowInt32(x), f64x2.const(2 ** -27)),
      f64x2.mul(f64x2.fromLowInt32(y), f64x2.const(2 ** -53)),
    )
  const upper = (z: Local<'v128'>) => v128.shuffle64(z.get, z.get, [1, 0])
  return {
    setup: [
      k0.set(v128.load32Splat(keyAt.get)),
      k1.set(v128.load32Splat(i32.add(keyAt.get, i32.const(apart)))),
      k2.set(v128.xor(v128.xor(k0.get, k1.get), i32x4.const(parity))),
      low.set(i64x2.add(counter, v128.const([...bytesOf(0), ...bytesOf(1)]))),
      high.set(i64x2.add(low.get, i64x2.const(2n))),
    ],
    next: [
      x.set(v128.shuffle32(low.get, high.get, [1, 3, 5, 7])),
      y.set(v128.shuffle32(low.get, high.get, [0, 2, 4, 6])),
      low.set(i64x2.add(low.get, four)),
      high.set(i64x2.add(high.get, four)),
      threefry(x, y, keys),
      x.set(i32x4.shiftRightUnsigned(x.get, 5)),
      y.set(i32x4.shiftRightUnsigned(y.get, 6)),
    ],
    pairs: [number(x.get, y.get), number(upper(x), upper(y))],
  }
}

const parity = 0x1bd11bda
const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const

const bytesOf = (value: number): number[] => [value, 0, 0, 0, 0, 0, 0, 0]

/** See `execution/random.ts`: x and y are counters, and then random words. */
const threefry = (x: Local<'v128'>, y: Local<'v128'>, keys: readonly Local<'v128'>[]): Statement => {
  const { add, const: all } = i32x4
  const key = (i: number) => keys[i % 3]!.get
  const rotated = (z: Local<'v128'>, by: number) =>
    v128.or(i32x4.shiftLeft(z.get, by), i32x4.shiftRightUnsigned(z.get, 32 - by))
  return [
    x.set(add(x.get, key(0))),
    y.set(add(y.get, key(1))),
    [1, 2, 3, 4, 5].map((injection) => [
      rotations[(injection - 1) % 2]!.map((by) => [x.set(add(x.get, y.get)), y.set(v128.xor(rotated(y, by), x.get))]),
      x.set(add(x.get, key(injection))),
      y.set(add(y.get, add(key(injection + 1), all(injection)))),
    ]),
  ]
}

/** Stores a pair of normals in the place of a pair of numbers. */
const normalStore = (scope: Scope, functions: VectorOptions['scalar']) => {
  const [pair] = scope.locals('v128', 1)
  const [radius, angle] = scope.locals('f64', 2)
  const [log1p, cos, sin] = [functions('log1p'), functions('cos'), functions('sin')]
  return (to: Code<'i32'>, numbers: Code<'v128'>, offset: number): Statement => [
    pair.set(numbers),
    radius.set(f64.sqrt(f64.mul(f64.const(-2), log1p.call(f64.neg(f64x2.extractLane(pair.get, 0)))))),
    angle.set(f64.mul(f64.const(2 * Math.PI), f64x2.extractLane(pair.get, 1))),
    f64.store(to, f64.mul(radius.get, cos.call(angle.get)), offset),
    f64.store(to, f64.mul(radius.get, sin.call(angle.get)), offset + 8),
  ]
}
