import {
  type Callable,
  type Code,
  countDown,
  i32,
  increase,
  type Local,
  loopWhile,
  type ModuleBuilder,
  repeat,
  type Scope,
  type Statement,
  v128,
  when,
} from '../../assembler/index.js'
import type { Numeric } from './numeric.js'

/**
 * y = A x, or y += A x, for x and y without gaps. Parameters: the sizes m of y and k of x, A, the distance in bytes
 * between those elements of A that are not neighbours, x, y, and whether y is added to.
 */
export type Matvec = Callable<typeof matvecParameters, null>
export const matvecParameters = repeat('i32', 7)

/** Of a matrix whose columns have no gaps: sums of columns, in strips of `widths` vectors that stay in registers. */
export const defineMatvecColumns = (module: ModuleBuilder, numeric: Numeric): Matvec =>
  module.addFunction(matvecParameters, null, (scope, m, k, matrix, step, x, y, adds) => {
    const { bytes, lanes } = numeric
    const strip = (vectors: number): Statement => [
      strips(scope, numeric, vectors, { k, matrix, step, x, y, adds }),
      increase(matrix, i32.const(16 * vectors)),
      increase(y, i32.const(16 * vectors)),
      m.set(i32.sub(m.get, i32.const(vectors * lanes))),
    ]
    const last = [
      singles(scope, numeric, { k, matrix, step, x, y, adds }),
      increase(matrix, i32.const(bytes)),
      increase(y, i32.const(bytes)),
    ]
    return [
      [8, 2, 1].map((vectors) => loopWhile(i32.greaterEqual(m.get, i32.const(vectors * lanes)), strip(vectors))),
      countDown(m, 1, last),
    ]
  })

interface Operands {
  readonly k: Local<'i32'>
  readonly matrix: Local<'i32'>
  readonly step: Local<'i32'>
  readonly x: Local<'i32'>
  readonly y: Local<'i32'>
  readonly adds: Local<'i32'>
}

const strips = (scope: Scope, numeric: Numeric, vectors: number, operands: Operands): Statement => {
  const { bytes, splat, add, addProduct, zero } = numeric
  const { k, matrix, step, x, y, adds } = operands
  const sums = scope.locals('v128', vectors)
  const [left, at, xAt] = scope.locals('i32', 3)
  const element = scope.local('v128')
  return [
    sums.map((sum) => sum.set(zero)),
    at.set(matrix.get),
    xAt.set(x.get),
    left.set(k.get),
    countDown(left, 1, [
      element.set(splat(xAt.get)),
      sums.map((sum, i) => sum.set(addProduct(sum.get, element.get, v128.load(at.get, 16 * i)))),
      increase(at, step.get),
      increase(xAt, i32.const(bytes)),
    ]),
    when(
      adds.get,
      sums.map((sum, i) => sum.set(add(sum.get, v128.load(y.get, 16 * i)))),
    ),
    sums.map((sum, i) => v128.store(y.get, sum.get, 16 * i)),
  ]
}

/** One element of y. */
const singles = (scope: Scope, numeric: Numeric, { k, matrix, step, x, y, adds }: Operands): Statement => {
  const { bytes, splat, addProduct, zero, storeFirst } = numeric
  const [left, at, xAt] = scope.locals('i32', 3)
  const sum = scope.local('v128')
  return [
    sum.set(zero),
    at.set(matrix.get),
    xAt.set(x.get),
    left.set(k.get),
    countDown(left, 1, [
      sum.set(addProduct(sum.get, splat(at.get), splat(xAt.get))),
      increase(at, step.get),
      increase(xAt, i32.const(bytes)),
    ]),
    storeFirst(y.get, sum.get, adds.get),
  ]
}

/** Of a matrix whose rows have no gaps: products of rows with x, four at a time. */
export const defineMatvecRows = (module: ModuleBuilder, numeric: Numeric): Matvec =>
  module.addFunction(matvecParameters, null, (scope, m, k, matrix, step, x, y, adds) => {
    const { bytes } = numeric
    const rows = (count: number): Statement => [
      dots(scope, numeric, count, { k, matrix, step, x, y, adds }),
      increase(matrix, i32.mul(step.get, i32.const(count))),
      increase(y, i32.const(bytes * count)),
    ]
    return [
      loopWhile(i32.greaterEqual(m.get, i32.const(4)), [rows(4), m.set(i32.sub(m.get, i32.const(4)))]),
      countDown(m, 1, rows(1)),
    ]
  })

const dots = (scope: Scope, numeric: Numeric, count: number, operands: Operands): Statement => {
  const { bytes, lanes, addProduct, zero, splat, storeFirst } = numeric
  const { k, matrix, step, x, y, adds } = operands
  const sums = scope.locals('v128', count)
  const tails = scope.locals('v128', count)
  const lines = scope.locals('i32', count)
  const [left, xAt] = scope.locals('i32', 2)
  const element = scope.local('v128')
  const along = (
    sum: readonly Local<'v128'>[],
    load: (address: Code<'i32'>) => Code<'v128'>,
    size: number,
  ): Statement => [
    element.set(load(xAt.get)),
    lines.map((line, i) => [
      sum[i]!.set(addProduct(sum[i]!.get, load(line.get), element.get)),
      increase(line, i32.const(size)),
    ]),
    increase(xAt, i32.const(size)),
  ]
  return [
    [...sums, ...tails].map((sum) => sum.set(zero)),
    lines.map((line, i) => line.set(i32.add(matrix.get, i32.mul(step.get, i32.const(i))))),
    xAt.set(x.get),
    left.set(k.get),
    loopWhile(i32.greaterEqual(left.get, i32.const(lanes)), [
      along(sums, v128.load, 16),
      left.set(i32.sub(left.get, i32.const(lanes))),
    ]),
    // the rest in all lanes alike, of which one counts
    countDown(left, 1, along(tails, splat, bytes)),
    sums.map((sum, i) => [
      sum.set(numeric.add(sum.get, v128.shuffle64(sum.get, sum.get, [1, 0]))),
      lanes === 4 ? sum.set(numeric.add(sum.get, v128.shuffle32(sum.get, sum.get, [1, 0, 3, 2]))) : [],
      sum.set(numeric.add(sum.get, tails[i]!.get)),
      storeFirst(i32.add(y.get, i32.const(i * bytes)), sum.get, adds.get),
    ]),
  ]
}
