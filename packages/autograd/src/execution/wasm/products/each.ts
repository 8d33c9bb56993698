import type { Batch, Problem } from '../../products.js'
import { mostAdditions } from '../../summation.js'
import { i32, increase, type Local, type Scope, type Statement, when } from '../assembler/index.js'
import { blocksOf, type Mover, sweep } from './sweep.js'
import type { Totals } from './totals.js'

/** Where the operands and the result of one product lie. */
export interface Addresses {
  readonly a: Local<'i32'>
  readonly b: Local<'i32'>
  readonly c: Local<'i32'>
}

/** The blocks of depth that the body is for. */
export interface Blocks {
  readonly depth: number
  /** Those that the body makes of one by itself; the depth unless given. */
  readonly inner?: number
}

/**
 * The body for every product of all batches and, within it, for every block of depth. Its last argument says whether
 * the product is to be added to c, as another part of the same sum lies there already; it is null if that never is.
 */
export const eachProduct = (
  scope: Scope,
  problem: Problem,
  { depth: blockDepth, inner = blockDepth }: Blocks,
  totals: Totals | null,
  { a, b, c }: Addresses,
  body: (depth: number, adds: Local<'i32'> | null) => Statement,
): Statement => {
  const { k, batches } = problem
  const isSummed = batches.some((batch) => batch.c === 0)
  const adds = isSummed || totals !== null || k > blockDepth ? scope.local('i32') : null
  const toAdd = (flag: number): Statement => (adds === null ? [] : adds.set(i32.const(flag)))
  /** `adds` counts what has been added up in c since that went to the totals. */
  const added = (depth: number): Statement =>
    totals === null || adds === null
      ? toAdd(1)
      : [
          increase(adds, i32.const(Math.ceil(depth / inner))),
          when(i32.greaterEqual(adds.get, i32.const(mostAdditions)), [totals.add, toAdd(0)]),
        ]
  const begin = [toAdd(0), totals === null ? [] : totals.begin]
  const end = totals === null || adds === null ? [] : [when(adds.get, totals.add), totals.end]
  const steps: Mover[] = [
    [a, problem.a.column],
    [b, problem.b.row],
  ]
  const depths = sweep(scope, blocksOf(k, blockDepth), steps, (depth) => [body(depth, adds), added(depth)])
  const around = (inner: Statement, batch: Batch): Statement => inBatch(scope, { a, b, c }, batch, inner)
  return isSummed
    ? [begin, batches.reduceRight(around, depths), end]
    : batches.reduceRight(around, [begin, depths, end])
}

/** The body for each product of a batch. */
export const inBatch = (scope: Scope, { a, b, c }: Addresses, batch: Batch, body: Statement): Statement =>
  sweep(
    scope,
    [{ count: batch.count, size: 1 }],
    [
      [a, batch.a],
      [b, batch.b],
      [c, batch.c],
    ],
    () => body,
  )
