import { type Local, range, type Statement, v128 } from '../assembler/index.js'
import type { Vector } from '../math/vector.js'

/** The first lanes of a vector, with a number in the others. */
export const firstLanes = (
  v: Vector,
  x: Local<'v128'>,
  count: number,
  filling: number,
): { readonly before: Statement; readonly value: Local<'v128'> } => {
  const bytes = 16 / v.count
  const mask = v128.const(range(16, (i) => (i < count * bytes ? 0xff : 0)))
  const value = v.local()
  const first = filling === 0 ? v128.and(x.get, mask) : v128.select(x.get, v.constant(filling), mask)
  return { before: value.set(first), value }
}
