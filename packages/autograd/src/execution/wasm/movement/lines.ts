import {
  type Code,
  countDown,
  f32x4,
  f64x2,
  i32,
  i32x4,
  i64x2,
  type Local,
  loopWhile,
  range,
  type Scope,
  type Statement,
  v128,
  when,
} from '../assembler/index.js'
import { accessAt, accessOf, gathered } from '../loops/elements.js'
import { inBlocks, type Pointer, shift } from '../loops/nest.js'
import { turn } from '../loops/square.js'
import type { FloatType } from '../math/vector.js'

/** Lines in which the first place of the extreme is looked for. */
export interface Line {
  readonly by: 'max' | 'min'
  readonly type: FloatType
  readonly length: number
  /** Distance of neighbours in bytes. */
  readonly step: number
}

const kinds = {
  float32: { bytes: 4, float: f32x4, integer: i32x4, all: (i: number) => i32x4.const(i) },
  float64: { bytes: 8, float: f64x2, integer: i64x2, all: (i: number) => i64x2.const(BigInt(i)) },
}

/** Lines up to this length are written out. */
const short = 8

/** The best elements of lines side by side so far, and where they were found. */
const search = (scope: Scope, { by, type }: Line) => {
  const { bytes, float, all } = kinds[type]
  const [best, found, better] = scope.locals('v128', 3)
  const stays = by === 'max' ? float.lessEqual : float.greaterEqual
  return {
    begin: (element: Local<'v128'>): Statement => [best.set(element.get), found.set(all(0))],
    /** NaN is better than any other, and nothing is better than NaN. */
    consider: (element: Local<'v128'>, index: Code<'v128'>): Statement => [
      better.set(v128.andNot(float.equal(best.get, best.get), stays(element.get, best.get))),
      found.set(v128.select(index, found.get, better.get)),
      best.set(v128.select(element.get, best.get, better.get)),
    ],
    store: (places: Pointer, values: Pointer | undefined): Statement => [
      bytes === 4
        ? v128.store(places.get, found.get)
        : v128.store64Lane(places.get, v128.shuffle32(found.get, found.get, [0, 2, 0, 2]), 0),
      values === undefined ? [] : v128.store(values.get, best.get),
    ],
  }
}

/**
 * Searches as many lines as a vector has lanes, side by side: the first `count` of them count, `apart` bytes from each
 * other. Their neighbours' results may be overwritten. What stands at the places goes to `values`, if that is given.
 */
export const searchLines = (
  scope: Scope,
  line: Line,
  { count, apart }: { readonly count: number; readonly apart: number },
  from: Pointer,
  places: Pointer,
  values: Pointer | undefined,
): Statement => {
  const { bytes, integer, all } = kinds[line.type]
  const { begin, consider, store } = search(scope, line)
  const lanes = 16 / bytes
  const at = scope.local('i32')
  const element = scope.local('v128')
  const lines = range(lanes, (lane) => Math.min(lane, count - 1) * apart)
  const load = element.set(apart === bytes ? v128.load(at.get) : gathered(bytes, at.get, lines))
  const single = (i: number): Statement => [
    load,
    i === 0 ? begin(element) : consider(element, all(i)),
    shift(at, line.step),
  ]

  // neighbours along the lines: squares of them are turned
  const squares = line.step === bytes && count === lanes ? Math.floor(line.length / lanes) : 0
  const rows = scope.locals('v128', lanes)
  const square = (first: number): Statement => [
    rows.map((row, i) => row.set(accessAt(v128.load, at.get, lines[i]!))),
    turn(scope, rows),
    rows.map((row, i) => (first + i === 0 ? begin(row) : consider(row, all(first + i)))),
    shift(at, 16),
  ]
  const done = squares * lanes
  const rest = line.length - done
  if (squares > 0 || line.length <= short) {
    return [
      at.set(from.get),
      range(squares, (i) => square(i * lanes)),
      range(rest, (i) => single(done + i)),
      store(places, values),
    ]
  }
  const left = scope.local('i32')
  const index = scope.local('v128')
  const next = [index.set(integer.add(index.get, all(1))), load, consider(element, index.get), shift(at, line.step)]
  return [
    at.set(from.get),
    single(0),
    index.set(all(0)),
    left.set(i32.const(line.length - 1)),
    countDown(left, 1, next),
    store(places, values),
  ]
}

/** Searches one line of neighbours that fill at least a vector: its extreme is found first, then where it is. */
export const searchLine = (
  scope: Scope,
  { by, type, length }: Line,
  from: Pointer,
  places: Pointer,
  values: Pointer | undefined,
): Statement => {
  const { bytes, float, integer, all } = kinds[type]
  const lanes = 16 / bytes
  const extremes = scope.locals('v128', 4)
  const [extreme] = extremes
  const choose = by === 'max' ? float.pseudoMax : float.pseudoMin
  const pick = (best: Local<'v128'>, x: Code<'v128'>) => best.set(choose(best.get, x))
  const consider = (best: Local<'v128'>, from: Code<'v128'>): Statement => [
    x.set(from),
    pick(best, x.get),
    unordered.set(v128.or(unordered.get, float.notEqual(x.get, x.get))),
  ]
  const swap = (order: readonly number[]) => pick(extreme, v128.shuffle32(extreme.get, extreme.get, order))
  const [at, matches] = scope.locals('i32', 2)
  const [x, unordered] = scope.locals('v128', 2)
  const vectors = { count: Math.floor(length / lanes), steps: [16] }
  const isExtreme = v128.or(float.equal(x.tee(v128.load(at.get)), extreme.get), float.notEqual(x.get, x.get))
  const match = matches.set(integer.bitmask(isExtreme))
  const index = i32.add(
    i32.shiftRightUnsigned(i32.sub(at.get, from.get), i32.const(31 - Math.clz32(bytes))),
    i32.countTrailingZeros(matches.get),
  )
  const first = i32.add(at.get, i32.mul(i32.countTrailingZeros(matches.get), i32.const(bytes)))
  const access = accessOf(bytes)
  return [
    at.set(from.get),
    extremes.map((each) => each.set(v128.load(from.get))),
    unordered.set(all(0)),
    inBlocks(scope, vectors, 4, 0, [at], (rounds) =>
      extremes.slice(0, rounds).map((each, i) => consider(each, v128.load(at.get, 16 * i))),
    ).code,
    consider(extreme, v128.load(from.get, (length - lanes) * bytes)),
    extremes.slice(1).map((each) => pick(extreme, each.get)),
    swap([2, 3, 0, 1]),
    lanes === 4 ? swap([1, 0, 3, 2]) : [],
    // NaN equals nothing: the first NaN is then found
    when(v128.anyTrue(unordered.get), extreme.set(float.const(Number.NaN))),
    at.set(from.get),
    match,
    loopWhile(i32.isZero(matches.get), [shift(at, 16), match]),
    // what is equal may be a zero of the other sign, or another NaN: it is read where the first is
    values === undefined ? [] : access.store(values.get, access.first(first), 0),
    i32.store(places.get, index),
  ]
}
