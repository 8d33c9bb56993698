import { type Code, f32x4, f64x2, type Local, type Scope, type Statement, v128 } from '../assembler/index.js'

/** D. Knuth's exact sum of two: `lost` collects what rounding takes from `sum`. */
export const addVectorsExactly = (
  scope: Scope,
  sum: Local<'v128'>,
  lost: Local<'v128'>,
  term: Local<'v128'>,
): Statement => {
  const [next, part] = scope.locals('v128', 2)
  const { add, sub } = f64x2
  return [
    next.set(add(sum.get, term.get)),
    part.set(sub(next.get, sum.get)),
    lost.set(add(lost.get, add(sub(sum.get, sub(next.get, part.get)), sub(term.get, part.get)))),
    sum.set(next.get),
  ]
}

/** At an infinity what was lost is NaN, and the sum is right. */
export const correctedVector = (sum: Local<'v128'>, lost: Local<'v128'>): Code<'v128'> =>
  v128.select(
    f64x2.add(sum.get, lost.get),
    sum.get,
    f64x2.less(f64x2.abs(sum.get), f64x2.const(Number.POSITIVE_INFINITY)),
  )

export const joinSingles = (low: Code<'v128'>, high: Code<'v128'>): Code<'v128'> =>
  v128.shuffle64(f32x4.demoteZero(low), f32x4.demoteZero(high), [0, 2])
