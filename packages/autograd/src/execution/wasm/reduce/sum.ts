import {
  type Code,
  countDown,
  f32,
  f64,
  f64x2,
  i32,
  increase,
  type Local,
  loopWhile,
  type Statement,
  select,
  v128,
} from '../assembler/index.js'
import { addExactly, addVectorsExactly, corrected, correctedVector, joinSingles, run } from '../elementwise/exact.js'
import type { FloatType } from '../math/vector.js'
import { type Fold, vectors } from './fold.js'
import { eachLine, eachStrip } from './loops.js'

/** The vectors at an address as float64: two for one of float32. */
const loadDoubles = (
  type: FloatType,
  address: Code<'i32'>,
  offset: number,
  element: Local<'v128'>,
): readonly [Statement, Code<'v128'>[]] =>
  type === 'float64'
    ? [[], [v128.load(address, offset)]]
    : [
        element.set(v128.load(address, offset)),
        [f64x2.promoteLow(element.get), f64x2.promoteLow(v128.shuffle64(element.get, element.get, [1, 0]))],
      ]

/** How sums are given. */
export interface SumOptions {
  /** By the divisor. */
  readonly isDivided: boolean
  /** As float64, whatever the type of the elements; of lines only. */
  readonly isWide: boolean
}

/** Sums of float64 precision and more, whatever the type of the elements. */
export const sumOf = (type: FloatType, { isDivided, isWide }: SumOptions): Fold => {
  const bytes = type === 'float32' ? 4 : 8
  const perVector = type === 'float32' ? 2 : 1
  const loadElement = (at: Code<'i32'>) => (type === 'float32' ? f64.promote(f32.load(at)) : f64.load(at))
  const store = (to: Code<'i32'>, x: Code<'f64'>) =>
    type === 'float32' && !isWide ? f32.store(to, f32.demote(x)) : f64.store(to, x)

  const addVectors = (
    sums: readonly Local<'v128'>[],
    at: Code<'i32'>,
    count: number,
    element: Local<'v128'>,
  ): Statement =>
    Array.from({ length: count }, (_, i) => {
      const [before, parts] = loadDoubles(type, at, 16 * i, element)
      return [
        before,
        parts.map((part, j) => {
          const sum = sums[i * perVector + j]!
          return sum.set(f64x2.add(sum.get, part))
        }),
      ]
    })

  return {
    lines: (scope, lines) => {
      const [sum, lost, term] = scope.locals('f64', 3)
      const [left, block] = scope.locals('i32', 2)
      const sums = vectors(scope, 4)
      const element = scope.local('v128')
      // four float64 sums at a time, which do not wait for each other
      const atOnce = (4 / perVector) * (16 / bytes)
      const limit = i32.const(run * 8)
      const stretch = (at: Local<'i32'>): Statement => [
        left.set(lines.length),
        loopWhile(i32.greater(left.get, i32.const(0)), [
          block.set(select(i32.less(left.get, limit), left.get, limit)),
          left.set(i32.sub(left.get, block.get)),
          sums.map((each) => each.set(f64x2.const(0))),
          loopWhile(i32.greaterEqual(block.get, i32.const(atOnce)), [
            addVectors(sums, at.get, 4 / perVector, element),
            increase(at, i32.const((16 * 4) / perVector)),
            block.set(i32.sub(block.get, i32.const(atOnce))),
          ]),
          element.set(f64x2.add(f64x2.add(sums[0]!.get, sums[1]!.get), f64x2.add(sums[2]!.get, sums[3]!.get))),
          term.set(f64.add(f64x2.extractLane(element.get, 0), f64x2.extractLane(element.get, 1))),
          countDown(block, 1, [term.set(f64.add(term.get, loadElement(at.get))), increase(at, i32.const(bytes))]),
          addExactly(scope, sum, lost, term),
        ]),
      ]
      return eachLine(scope, lines, isWide ? 8 : bytes, {
        before: [sum.set(f64.const(0)), lost.set(f64.const(0))],
        stretch,
        after: (to) => store(to.get, isDivided ? f64.div(corrected(sum, lost), lines.divisor) : corrected(sum, lost)),
      })
    },

    rows: (scope, rows) =>
      eachStrip(scope, rows, bytes, 4, (width, from, to) => {
        const count = width * perVector
        const [sums, lost, terms] = [vectors(scope, count), vectors(scope, count), vectors(scope, count)]
        const element = scope.local('v128')
        const [left, block, at] = scope.locals('i32', 3)
        const limit = i32.const(run)
        const results = sums.map((sum, i) => {
          const total = correctedVector(sum, lost[i]!)
          return isDivided ? f64x2.div(total, f64x2.splat(rows.divisor)) : total
        })
        return [
          [...sums, ...lost].map((each) => each.set(f64x2.const(0))),
          at.set(from.get),
          left.set(rows.count),
          loopWhile(i32.greater(left.get, i32.const(0)), [
            block.set(select(i32.less(left.get, limit), left.get, limit)),
            left.set(i32.sub(left.get, block.get)),
            terms.map((term) => term.set(f64x2.const(0))),
            countDown(block, 1, [addVectors(terms, at.get, width, element), increase(at, rows.distance)]),
            terms.map((term, i) => addVectorsExactly(scope, sums[i]!, lost[i]!, term)),
          ]),
          Array.from({ length: width }, (_, i) => {
            const result = type === 'float64' ? results[i]! : joinSingles(results[2 * i]!, results[2 * i + 1]!)
            return v128.store(to.get, result, 16 * i)
          }),
        ]
      }),
  }
}
