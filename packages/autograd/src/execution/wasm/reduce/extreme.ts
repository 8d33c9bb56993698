import {
  countDown,
  f32,
  f32x4,
  f64,
  f64x2,
  i32,
  increase,
  type Local,
  loopWhile,
  type Statement,
  v128,
} from '../assembler/index.js'
import type { FloatType } from '../math/vector.js'
import { type Fold, vectors } from './fold.js'
import { eachLine, eachStrip } from './loops.js'

/** The largest or smallest element; NaN if there is one. */
export const extremeOf = (by: 'max' | 'min', type: FloatType): Fold => {
  const single = type === 'float32'
  const bytes = single ? 4 : 8
  const lanes = single ? f32x4 : f64x2
  const pick = lanes[by]
  const none = lanes.const(by === 'max' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)
  const splat = single ? v128.load32Splat : v128.load64Splat

  return {
    lines: (scope, lines) => {
      const found = vectors(scope, 4)
      const [first, ...others] = found
      const left = scope.local('i32')
      const turn = (order: readonly number[]) =>
        first!.set(pick(first!.get, v128.shuffle32(first!.get, first!.get, order)))
      const foldVectors = (at: Local<'i32'>, count: number): Statement =>
        found.slice(0, count).map((each, i) => each.set(pick(each.get, v128.load(at.get, 16 * i))))
      return eachLine(scope, lines, bytes, {
        before: found.map((each) => each.set(none)),
        stretch: (at) => [
          left.set(lines.length),
          ...[4, 1].map((count) => {
            const elements = (count * 16) / bytes
            return loopWhile(i32.greaterEqual(left.get, i32.const(elements)), [
              foldVectors(at, count),
              increase(at, i32.const(16 * count)),
              left.set(i32.sub(left.get, i32.const(elements))),
            ])
          }),
          countDown(left, 1, [first!.set(pick(first!.get, splat(at.get))), increase(at, i32.const(bytes))]),
        ],
        after: (to) => [
          others.map((each) => first!.set(pick(first!.get, each.get))),
          turn([2, 3, 0, 1]),
          single ? turn([1, 0, 3, 2]) : [],
          single
            ? f32.store(to.get, f32x4.extractLane(first!.get, 0))
            : f64.store(to.get, f64x2.extractLane(first!.get, 0)),
        ],
      })
    },

    rows: (scope, rows) =>
      eachStrip(scope, rows, bytes, 4, (width, from, to) => {
        const found = vectors(scope, width)
        const [left, at] = scope.locals('i32', 2)
        return [
          found.map((each) => each.set(none)),
          at.set(from.get),
          left.set(rows.count),
          countDown(left, 1, [
            found.map((each, i) => each.set(pick(each.get, v128.load(at.get, 16 * i)))),
            increase(at, rows.distance),
          ]),
          found.map((each, i) => v128.store(to.get, each.get, 16 * i)),
        ]
      }),
  }
}
