import type { Batch, Problem } from '../../products.js'
import {
  type Code,
  countDown,
  f32,
  f32x4,
  f64,
  f64x2,
  i32,
  increase,
  range,
  type Scope,
  type Statement,
  select,
  v128,
  when,
} from '../assembler/index.js'
import { inBlocks } from '../loops/nest.js'
import { type Addresses, inBatch } from './each.js'
import { loadLanes } from './lanes.js'
import type { Numeric } from './library/numeric.js'
import { sweep } from './sweep.js'

/** Makes of a product by `mul`, of `size` elements, that by `scale`: see `execution/annihilation.ts`. */
export const emitAnnihilation = (
  scope: Scope,
  numeric: Numeric,
  problem: Problem,
  addresses: Addresses,
  size: number,
): Statement => {
  const { lanes, zero } = numeric
  const { notEqual } = numeric.type === 'float32' ? f32x4 : f64x2
  const [x, unordered] = scope.locals('v128', 2)
  const at = scope.local('i32')
  const look = (vector: Code<'v128'>): Statement => [
    x.set(vector),
    unordered.set(v128.or(unordered.get, notEqual(x.get, x.get))),
  ]
  const vectors = { count: Math.floor(size / lanes), steps: [16] }
  const rest = size % lanes
  return [
    at.set(addresses.c.get),
    unordered.set(zero),
    inBlocks(scope, vectors, 4, 0, [at], (rounds) => range(rounds, (i) => look(v128.load(at.get, 16 * i)))).code,
    rest === 0 ? [] : look(loadLanes(numeric, rest, addresses.c.get, 16 * vectors.count)),
    when(v128.anyTrue(unordered.get), sumAgain(scope, numeric, problem, addresses)),
  ]
}

/** Sums what is NaN in c anew, in float64, without the products that have a factor of 0. */
const sumAgain = (scope: Scope, numeric: Numeric, problem: Problem, { a, b, c }: Addresses): Statement => {
  const { m, n, k, cRow, batches } = problem
  const { bytes } = numeric
  const isSingle = numeric.type === 'float32'
  const load = (address: Code<'i32'>) => (isSingle ? f64.promote(f32.load(address)) : f64.load(address))
  const store = (x: Code<'f64'>) => (isSingle ? f32.store(c.get, f32.demote(x)) : f64.store(c.get, x))
  const isNaN = (x: Code<'f64'>) => f64.notEqual(x, x)
  const [sum, x, y] = scope.locals('f64', 3)
  const [aAt, bAt, left] = scope.locals('i32', 3)

  const overDepth: Statement = [
    [aAt.set(a.get), bAt.set(b.get), left.set(i32.const(k))],
    countDown(left, 1, [
      [x.set(load(aAt.get)), y.set(load(bAt.get))],
      when(
        i32.and(f64.notEqual(x.get, f64.const(0)), f64.notEqual(y.get, f64.const(0))),
        sum.set(f64.add(sum.get, f64.mul(x.get, y.get))),
      ),
      [increase(aAt, i32.const(problem.a.column)), increase(bAt, i32.const(problem.b.row))],
      // NaN is not going to be anything else
      left.set(select(isNaN(sum.get), i32.const(1), left.get)),
    ]),
  ]
  const around = (inner: Statement, batch: Batch): Statement => inBatch(scope, { a, b, c }, batch, inner)
  const summed = batches.filter((batch) => batch.c === 0)
  const separate = batches.filter((batch) => batch.c !== 0)
  const element = when(isNaN(load(c.get)), [
    sum.set(f64.const(0)),
    summed.reduceRight(around, overDepth),
    store(sum.get),
  ])
  const along = (count: number, [a, aStep]: readonly [Addresses['a'], number], cStep: number, inner: Statement) =>
    sweep(
      scope,
      [{ count, size: 1 }],
      [
        [a, aStep],
        [c, cStep],
      ],
      () => inner,
    )
  return separate.reduceRight(
    around,
    along(m, [a, problem.a.row], cRow, along(n, [b, problem.b.column], bytes, element)),
  )
}
