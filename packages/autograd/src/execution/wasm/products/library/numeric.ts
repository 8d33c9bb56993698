import { type Code, choose, f32, f32x4, f64, f64x2, type Statement, v128 } from '../../assembler/index.js'
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
  const { add, mul, relaxedMulAdd } = single ? f32x4 : f64x2
  return {
    type,
    fused,
    bytes: single ? 4 : 8,
    lanes: single ? 4 : 2,
    tileRows: fused ? mostTileRows : 4,
    zero: single ? f32x4.const(0) : f64x2.const(0),
    splat: single ? v128.load32Splat : v128.load64Splat,
    addProduct: (sum, a, b) => (fused ? relaxedMulAdd(a, b, sum) : add(sum, mul(a, b))),
    add,
    ...(single ? singleElements : doubleElements),
  }
}

type Elements = Pick<Numeric, 'copy' | 'accumulate' | 'storeFirst'>

const singleElements: Elements = {
  copy: (to, from, offset = 0) => f32.store(to, f32.load(from, offset), offset),
  accumulate: (to, from) => f32.store(to, f32.add(f32.load(to), f32.load(from))),
  storeFirst: (to, x, adds) =>
    f32.store(to, f32.add(choose('f32', adds, f32.load(to), f32.const(0)), f32x4.extractLane(x, 0))),
}
const doubleElements: Elements = {
  copy: (to, from, offset = 0) => f64.store(to, f64.load(from, offset), offset),
  accumulate: (to, from) => f64.store(to, f64.add(f64.load(to), f64.load(from))),
  storeFirst: (to, x, adds) =>
    f64.store(to, f64.add(choose('f64', adds, f64.load(to), f64.const(0)), f64x2.extractLane(x, 0))),
}
