import type { DType } from '../../../graph/dtype.js'
import { type Code, f32, f32x4, f64, f64x2, i32, i32x4, type Scope, type Statement, v128 } from '../assembler/index.js'
import { accessOf } from '../loops/elements.js'
import type { Loop, Pointer } from '../loops/nest.js'
import { inPieces, type Place, type Run, type Transfer, transfer } from './transfer.js'

/** What adds elements of a dtype: one at a time, or as many as a vector or half of one holds. */
interface Adder {
  readonly bytes: number
  readonly vector: (a: Code<'v128'>, b: Code<'v128'>) => Code<'v128'>
  readonly single: (from: Place, to: Place) => Statement
}

const singleOf =
  <T extends 'i32' | 'f32' | 'f64'>(type: {
    readonly load: (address: Code<'i32'>, offset?: number) => Code<T>
    readonly store: (address: Code<'i32'>, value: Code<T>, offset?: number) => Statement
    readonly add: (a: Code<T>, b: Code<T>) => Code<T>
  }): Adder['single'] =>
  (from, to) =>
    type.store(
      to.pointer.get,
      type.add(type.load(to.pointer.get, to.offset), type.load(from.pointer.get, from.offset)),
      to.offset,
    )

const adders: { readonly [D in DType]: Adder | null } = {
  float32: { bytes: 4, vector: f32x4.add, single: singleOf(f32) },
  float64: { bytes: 8, vector: f64x2.add, single: singleOf(f64) },
  int32: { bytes: 4, vector: i32x4.add, single: singleOf(i32) },
  bool: null,
}

/** Whether `add` knows a dtype: it does not know truth values. */
export const isAddable = (dtype: DType): boolean => adders[dtype] !== null

/** Adds elements to those of the result. The loops have the pointers `from` and `to`, both are moved. */
export const add = (scope: Scope, loops: readonly Loop[], dtype: DType, from: Pointer, to: Pointer): Statement =>
  transfer(scope, adding(adders[dtype]!), loops, from, to)

const adding = (adder: Adder): Transfer => ({
  bytes: adder.bytes,
  run: (step, count) => {
    if (step === adder.bytes) return neighbours(adder)
    return step === 0 && count * adder.bytes >= 16 ? repeated(adder) : null
  },
})

const neighbours = ({ bytes, vector, single }: Adder): Run => ({
  lanes: 16 / bytes,
  split: (count) => inPieces(count, [16 / bytes, 8 / bytes, 1]),
  piece: (count, from, to) => {
    if (count === 1) return single(from, to)
    const whole = count * bytes === 16
    const load = whole ? v128.load : v128.load64Zero
    const sum = vector(load(to.pointer.get, to.offset), load(from.pointer.get, from.offset))
    return whole ? v128.store(to.pointer.get, sum, to.offset) : v128.store64Lane(to.pointer.get, sum, 0, to.offset)
  },
})

/** One element of the input for all of the result. */
const repeated = ({ bytes, vector, single }: Adder): Run => ({
  lanes: 16 / bytes,
  split: (count) => inPieces(count, [16 / bytes, 1]),
  piece: (count, from, to) => {
    if (count === 1) return single(from, to)
    const sum = vector(v128.load(to.pointer.get, to.offset), accessOf(bytes).splat(from.pointer.get, from.offset))
    return v128.store(to.pointer.get, sum, to.offset)
  },
})
