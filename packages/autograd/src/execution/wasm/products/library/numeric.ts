import { type Code, choose, f32, f32x4, f64, f64x2, type Statement } from '../../assembler/index.js'
import { accessOf } from '../../loops/elements.js'
import type { FloatType } from '../../math/vector.js'

/** What products of one float type are written with. */
export interface Numeric {
  readonly type: FloatType
  /** Whether multiplications and additions are. */
  readonly fused: boolean
  /** Of an element. */
  readonly bytes: number
  /** In a vector. */
  readonly lanes: number
  /** The rows of the largest tile: as many as leave every operand in a register, and each product that is not fused. */
  readonly tileRows: number
  readonly zero: Code<'v128'>
  readonly splat: (address: Code<'i32'>, offset?: number) => Code<'v128'>
  /** sum + a * b */
  readonly addProduct: (sum: Code<'v128'>, a: Code<'v128'>, b: Code<'v128'>) => Code<'v128'>
  readonly add: (a: Code<'v128'>, b: Code<'v128'>) => Code<'v128'>
  readonly copy: (to: Code<'i32'>, from: Code<'i32'>, offset?: number) => Statement
  /** The element at `from` added to that at `to`. */
  readonly accumulate: (to: Code<'i32'>, from: Code<'i32'>) => Statement
  /** Stores the first lane, added to what is there if `adds` is not 0. */
  readonly storeFirst: (to: Code<'i32'>, x: Code<'v128'>, adds: Code<'i32'>) => Statement
}

/** The vectors in a row of the largest tile. */
export const tileVectors = 2
export const mostTileRows = 6

export const numericOf = (type: FloatType, fused: boolean): Numeric => {
  const single = type === 'float32'
  const vector = single ? f32x4 : f64x2
  const { add, mul, relaxedMulAdd } = vector
  const bytes = single ? 4 : 8
  return {
    type,
    fused,
    bytes,
    lanes: 16 / bytes,
    tileRows: fused ? mostTileRows : 4,
    zero: vector.const(0),
    splat: accessOf(bytes).splat,
    addProduct: (sum, a, b) => (fused ? relaxedMulAdd(a, b, sum) : add(sum, mul(a, b))),
    add,
    ...(single ? elements('f32', f32, f32x4.extractLane) : elements('f64', f64, f64x2.extractLane)),
  }
}

/** A number by itself. */
interface Scalar<T extends 'f32' | 'f64'> {
  readonly load: (address: Code<'i32'>, offset?: number) => Code<T>
  readonly store: (address: Code<'i32'>, value: Code<T>, offset?: number) => Statement
  readonly add: (a: Code<T>, b: Code<T>) => Code<T>
  readonly const: (value: number) => Code<T>
}

const elements = <T extends 'f32' | 'f64'>(
  type: T,
  { load, store, add, const: constant }: Scalar<T>,
  extractLane: (x: Code<'v128'>, lane: number) => Code<T>,
): Pick<Numeric, 'copy' | 'accumulate' | 'storeFirst'> => ({
  copy: (to, from, offset = 0) => store(to, load(from, offset), offset),
  accumulate: (to, from) => store(to, add(load(to), load(from))),
  storeFirst: (to, x, adds) => store(to, add(choose(type, adds, load(to), constant(0)), extractLane(x, 0))),
})
