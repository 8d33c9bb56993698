import type { DType } from '../../../graph/dtype.js'
import type { Program } from '../../../rules/program.js'
import { i32, type Local } from '../assembler/index.js'
import type { Motion } from '../elementwise/access.js'
import { type FloatType, Vector } from '../math/vector.js'
import { buildModule, type Runtime, type WasmFunction } from '../runtime.js'
import { emitGrid, type GridInput } from './emit.js'

/** How a map kernel sees one input; null if the program does not use it. */
export type InputForm = { readonly dtype: DType; readonly motion: Motion } | null

/**
 * A function of rows, columns, the output's address, and for each used input its address, the distance between rows,
 * and for the motion `stride` that between neighbours in a row.
 */
export const buildMap = (
  runtime: Runtime,
  program: Program,
  type: FloatType,
  forms: readonly InputForm[],
  out: DType,
): WasmFunction => {
  const exports = buildModule(runtime, (module, options) => {
    const counts: number[] = forms.map((form) => (form === null ? 0 : form.motion === 'stride' ? 3 : 2))
    const total = counts.reduce((sum, count) => sum + count, 3)
    const kernel = module.addFunction(
      new Array<'i32'>(total).fill('i32'),
      null,
      (scope, rows, columns, address, ...rest) => {
        const v = new Vector(scope, type, options)
        const inputs = forms.map((form, i) => inputOf(form, rest.splice(0, counts[i])))
        return emitGrid(v, program, {
          rows: rows!.get,
          columns: columns!.get,
          inputs,
          out: { dtype: out, address: address!.get },
        })
      },
    )
    module.export('map', kernel)
  })
  return exports.map!
}

const inputOf = (form: InputForm, [address, rowStep, step]: readonly Local<'i32'>[]): GridInput | undefined =>
  form === null ? undefined : { ...form, address: address!.get, rowStep: rowStep!.get, step: step?.get ?? i32.const(0) }
