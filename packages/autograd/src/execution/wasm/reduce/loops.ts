import { countDown, i32, increase, type Local, loopWhile, type Scope, type Statement } from '../assembler/index.js'
import type { Lines, Rows } from './fold.js'

/** Visits each stretch of each line: `at` is its start, which the visit may move. */
export const eachLine = (
  scope: Scope,
  lines: Lines,
  resultBytes: number,
  visit: {
    readonly before: Statement
    readonly stretch: (at: Local<'i32'>) => Statement
    readonly after: (to: Local<'i32'>) => Statement
  },
): Statement => {
  const [left, line, to, stretches, stretch, at] = scope.locals('i32', 6)
  return [
    line.set(lines.from),
    to.set(lines.to),
    left.set(lines.count),
    countDown(left, 1, [
      visit.before,
      stretch.set(line.get),
      stretches.set(lines.stretches),
      countDown(stretches, 1, [at.set(stretch.get), visit.stretch(at), increase(stretch, lines.stretchDistance)]),
      visit.after(to),
      increase(line, lines.distance),
      increase(to, i32.const(resultBytes)),
    ]),
  ]
}

/** Visits strips of columns, first wide ones, then such of one vector; `strip` gets how many vectors it is wide. */
export const eachStrip = (
  scope: Scope,
  rows: Rows,
  bytes: number,
  widest: number,
  strip: (vectors: number, from: Local<'i32'>, to: Local<'i32'>) => Statement,
): Statement => {
  const [left, from, to] = scope.locals('i32', 3)
  const lanes = 16 / bytes
  const step = (vectors: number): Statement => [
    strip(vectors, from, to),
    increase(from, i32.const(16 * vectors)),
    increase(to, i32.const(16 * vectors)),
  ]
  return [
    left.set(rows.length),
    from.set(rows.from),
    to.set(rows.to),
    loopWhile(i32.greaterEqual(left.get, i32.const(widest * lanes)), [
      step(widest),
      left.set(i32.sub(left.get, i32.const(widest * lanes))),
    ]),
    countDown(left, lanes, step(1)),
  ]
}
