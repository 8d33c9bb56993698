import type { Problem } from '../../products.js'
import { i32, type Local, type Scope, type Statement } from '../assembler/index.js'
import { loopsOver } from '../loops/nest.js'
import { fill } from '../movement/fill.js'
import { addWide, narrow } from '../movement/wide.js'

/** The float64 sums of what lies in c from time to time. */
export interface Totals {
  readonly begin: Statement
  readonly add: Statement
  /** Lays them into c. */
  readonly end: Statement
}

/** The working memory for them. */
export const totalsBytes = ({ m, n }: Problem): number => (m * n + 2) * 8

export const totalsOf = (scope: Scope, { m, n, cRow }: Problem, c: Local<'i32'>, address: number): Totals => {
  const [at, total] = scope.locals('i32', 2)
  const [inC, inTotals] = [
    [cRow, 4],
    [n * 8, 8],
  ]
  const start = [at.set(c.get), total.set(i32.const(address))]
  return {
    begin: [start, fill(scope, 'float64', 0, m * n, total)],
    add: [start, addWide(scope, loopsOver([m, n], [inC!, inTotals!]), at, total)],
    end: [start, narrow(scope, loopsOver([m, n], [inTotals!, inC!]), total, at)],
  }
}
