import { unchecked } from '../loops/kernel.js'
import type { FloatType } from '../math/vector.js'
import { contractWorkspace, defineContract } from '../products/contract.js'
import { importProducts, type ProductFunctions } from '../products/library/products.js'
import type { FormOf, ProductSteps } from '../steps.js'

/** The products of one module, which imports what they need of the library. */
export const productSteps = (): ProductSteps => {
  const imported = new Map<FloatType, ProductFunctions>()
  return {
    define: (target, step, workspace) => {
      const type = typeOf(step)
      if (type === null) return null
      const functions = imported.get(type) ?? importProducts(target.module, type)
      imported.set(type, functions)
      const { by, summed, inputs, outs } = step
      return unchecked(defineContract(target, functions, inputs[0], inputs[1], outs[0], { by, summed, workspace }))
    },
    workspace,
  }
}

const workspace = (step: FormOf<'contract'>): number =>
  typeOf(step) === null ? 0 : contractWorkspace(step.inputs[0], step.inputs[1], step.outs[0], { summed: step.summed })

/** Products are of one float type; null for any other. */
const typeOf = ({ inputs: [a, b], outs: [{ dtype }] }: FormOf<'contract'>): FloatType | null =>
  (dtype === 'float32' || dtype === 'float64') && a.dtype === dtype && b.dtype === dtype ? dtype : null
