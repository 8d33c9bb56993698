import type { DType } from '../../../graph/dtype.js'
import type { Program } from '../../../rules/program.js'
import { Cache } from '../cache.js'
import type { Motion } from '../elementwise/access.js'
import type { FloatType } from '../math/vector.js'
import type { Runtime, WasmFunction } from '../runtime.js'
import { buildMap, type InputForm } from './kernel.js'

/** Numbers of more digits than this are not exact. */
export const inputLimit = 12
const kernelLimit = 30

const dtypeCode = (dtype: DType): number =>
  dtype === 'float32' ? 0 : dtype === 'float64' ? 1 : dtype === 'int32' ? 2 : 3
const motionCode = (motion: Motion): number => (motion === 'still' ? 0 : motion === 'next' ? 1 : 2)

/** The kernels of one program. */
export class Kernels {
  private readonly byVariant = new Cache<number, WasmFunction>(kernelLimit)

  constructor(
    private readonly runtime: Runtime,
    private readonly program: Program,
    private readonly uses: readonly number[],
  ) {}

  /** The kernel for used inputs of these dtypes and motions. */
  get(type: FloatType, out: DType, dtypes: readonly DType[], motions: readonly Motion[]): WasmFunction {
    // base-16 digits: the arithmetic and the result, then dtype and motion of each input
    let variant = (type === 'float64' ? 4 : 0) + dtypeCode(out)
    for (let i = 0; i < dtypes.length; i++) {
      variant = variant * 16 + dtypeCode(dtypes[i]!) * 4 + motionCode(motions[i]!)
    }
    return this.byVariant.get(variant) ?? this.byVariant.set(variant, this.build(type, out, dtypes, motions))
  }

  private build(type: FloatType, out: DType, dtypes: readonly DType[], motions: readonly Motion[]): WasmFunction {
    const forms: InputForm[] = new Array((this.uses.at(-1) ?? -1) + 1).fill(null)
    this.uses.forEach((index, i) => {
      forms[index] = { dtype: dtypes[i]!, motion: motions[i]! }
    })
    return buildMap(this.runtime, this.program, type, forms, out)
  }
}
