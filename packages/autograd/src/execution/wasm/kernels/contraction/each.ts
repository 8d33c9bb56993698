import { i32, type Local, type Scope, type Statement } from '../../assembler/index.js'
import type { Batch, Problem } from './problem.js'
import { blocksOf, type Mover, sweep } from './sweep.js'

/** Where the operands and the result of one product lie. */
export interface Addresses {
  readonly a: Local<'i32'>
  readonly b: Local<'i32'>
  readonly c: Local<'i32'>
}

/**
 * The body for every product of all batches and, within it, for every block of depth. Its last argument says whether
 * the product is to be added to c, as another part of the same sum lies there already; it is null if that never is.
 */
export const eachProduct = (
  scope: Scope,
  problem: Problem,
  blockDepth: number,
  { a, b, c }: Addresses,
  body: (depth: number, adds: Local<'i32'> | null) => Statement,
): Statement => {
  const { k, batches } = problem
  const isSummed = batches.some((batch) => batch.c === 0)
  const adds = isSummed || k > blockDepth ? scope.local('i32') : null
  const toAdd = (flag: number): Statement => (adds === null ? [] : adds.set(i32.const(flag)))
  const steps: Mover[] = [
    [a, problem.a.column],
    [b, problem.b.row],
  ]
  const depths = sweep(scope, blocksOf(k, blockDepth), steps, (depth) => [body(depth, adds), toAdd(1)])
  const around = (inner: Statement, batch: Batch): Statement =>
    sweep(
      scope,
      [{ count: batch.count, size: 1 }],
      [
        [a, batch.a],
        [b, batch.b],
        [c, batch.c],
      ],
      () => inner,
    )
  return isSummed ? [toAdd(0), batches.reduceRight(around, depths)] : batches.reduceRight(around, [toAdd(0), depths])
}
