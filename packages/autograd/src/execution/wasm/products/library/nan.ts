import {
  type Callable,
  countDown,
  f32x4,
  f64x2,
  i32,
  increase,
  loopWhile,
  type ModuleBuilder,
  range,
  v128,
} from '../../assembler/index.js'
import type { Numeric } from './numeric.js'

/** Whether any of so many elements side by side is NaN. Parameters: the address of the first, and their number. */
export type HasNaN = Callable<readonly ['i32', 'i32'], 'i32'>

export const defineHasNaN = (module: ModuleBuilder, numeric: Numeric): HasNaN =>
  module.addFunction(['i32', 'i32'], 'i32', (scope, at, left) => {
    const { bytes, lanes, splat } = numeric
    const { notEqual } = numeric.type === 'float32' ? f32x4 : f64x2
    const [x, unordered] = scope.locals('v128', 2)
    const note = unordered.set(v128.or(unordered.get, notEqual(x.get, x.get)))
    const vectors = (count: number) =>
      loopWhile(i32.greaterEqual(left.get, i32.const(count * lanes)), [
        range(count, (i) => [x.set(v128.load(at.get, 16 * i)), note]),
        increase(at, i32.const(16 * count)),
        increase(left, i32.const(-count * lanes)),
      ])
    return [
      [vectors(4), vectors(1)],
      countDown(left, 1, [x.set(splat(at.get)), note, increase(at, i32.const(bytes))]),
      v128.anyTrue(unordered.get),
    ]
  })
