import { type Code, f32, f32x4, f64, f64x2, type Scope, type Statement, v128 } from '../assembler/index.js'
import type { Loop, Pointer } from '../loops/nest.js'
import { inPieces, type Place, type Run, type Transfer, transfer } from './transfer.js'

/** Sums of float32 numbers that lie as float64. All loops have the pointers `from` and `to`, both are moved. */

/** Lays float32 numbers among float64 ones. */
export const widen = (scope: Scope, loops: readonly Loop[], from: Pointer, to: Pointer): Statement =>
  transfer(scope, widening, loops, from, to)

/** Adds float32 numbers to float64 ones. */
export const addWide = (scope: Scope, loops: readonly Loop[], from: Pointer, to: Pointer): Statement =>
  transfer(scope, adding, loops, from, to)

/** Lays float64 numbers among float32 ones. */
export const narrow = (scope: Scope, loops: readonly Loop[], from: Pointer, to: Pointer): Statement =>
  transfer(scope, narrowing, loops, from, to)

type Write = (from: Place, to: Place) => Statement

/** Two neighbours at a time, if the input has so many bytes an element; others one by one. */
const transferOf = (inputBytes: number, bytes: number, pair: Write, single: Write): Transfer => {
  const one: Run = {
    lanes: 1,
    split: (count) => inPieces(count, [1]),
    piece: (_, from, to) => single(from, to),
  }
  const two: Run = {
    lanes: 2,
    split: (count) => inPieces(count, [2, 1]),
    piece: (count, from, to) => (count === 2 ? pair(from, to) : single(from, to)),
  }
  return { bytes, run: (step) => (step === inputBytes ? two : one) }
}

const promoted = ({ pointer, offset }: Place): Code<'f64'> => f64.promote(f32.load(pointer.get, offset))
const promotedPair = ({ pointer, offset }: Place): Code<'v128'> =>
  f64x2.promoteLow(v128.load64Zero(pointer.get, offset))

const widening = /* @__PURE__ */ transferOf(
  4,
  8,
  (from, { pointer, offset }) => v128.store(pointer.get, promotedPair(from), offset),
  (from, { pointer, offset }) => f64.store(pointer.get, promoted(from), offset),
)

const adding = /* @__PURE__ */ transferOf(
  4,
  8,
  (from, { pointer, offset }) =>
    v128.store(pointer.get, f64x2.add(v128.load(pointer.get, offset), promotedPair(from)), offset),
  (from, { pointer, offset }) => f64.store(pointer.get, f64.add(f64.load(pointer.get, offset), promoted(from)), offset),
)

const narrowing = /* @__PURE__ */ transferOf(
  8,
  4,
  (from, { pointer, offset }) =>
    v128.store64Lane(pointer.get, f32x4.demoteZero(v128.load(from.pointer.get, from.offset)), 0, offset),
  (from, { pointer, offset }) => f32.store(pointer.get, f32.demote(f64.load(from.pointer.get, from.offset)), offset),
)
