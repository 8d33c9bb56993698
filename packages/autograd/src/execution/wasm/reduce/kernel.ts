import { repeat } from '../assembler/index.js'
import type { FloatType } from '../math/vector.js'
import { buildModule, type Runtime, type WasmFunction } from '../runtime.js'
import { extremeOf } from './extreme.js'
import type { Fold } from './fold.js'
import { type SumOptions, sumOf } from './sum.js'

export type FoldName = 'add' | 'max' | 'min'

/** The parameters are the fields of `Lines` and of `Rows`, in their order. */
export interface FoldKernels {
  readonly lines: WasmFunction
  readonly rows: WasmFunction
}

const foldOf = (by: FoldName, type: FloatType, options: SumOptions): Fold =>
  by === 'add' ? sumOf(type, options) : extremeOf(by, type)

export const buildFold = (runtime: Runtime, by: FoldName, type: FloatType, options: SumOptions): FoldKernels => {
  const fold = foldOf(by, type, options)
  const exports = buildModule(runtime, (module) => {
    const lines = module.addFunction(
      [...repeat('i32', 7), 'f64'] as const,
      null,
      (scope, count, distance, stretches, stretchDistance, length, from, to, divisor) =>
        fold.lines(scope, {
          count: count.get,
          distance: distance.get,
          stretches: stretches.get,
          stretchDistance: stretchDistance.get,
          length: length.get,
          from: from.get,
          to: to.get,
          divisor: divisor.get,
        }),
    )
    const rows = module.addFunction(
      [...repeat('i32', 5), 'f64'] as const,
      null,
      (scope, count, distance, length, from, to, divisor) =>
        fold.rows(scope, {
          count: count.get,
          distance: distance.get,
          length: length.get,
          from: from.get,
          to: to.get,
          divisor: divisor.get,
        }),
    )
    module.export('lines', lines)
    module.export('rows', rows)
  })
  return { lines: exports.lines!, rows: exports.rows! }
}
