import { bytesPerElement } from '../../../graph/dtype.js'
import { sizeOf } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import { repeat } from '../assembler/index.js'
import { numericOf } from '../contract/numeric.js'
import type { FloatType } from '../vector/vector.js'
import { emitDirect } from './contraction/direct.js'
import { emitGemm, emitMatvec } from './contraction/library.js'
import { methodOf } from './contraction/method.js'
import { problemOf } from './contraction/problem.js'
import { fill } from './fill.js'
import type { KernelFunction, Strided, Target } from './kernel.js'
import { type ProductFunctions, productWorkspace } from './products.js'

export interface ContractOptions {
  /** The products of all batches are added up: the result is `[m, n]`. */
  readonly summed?: boolean
}

/**
 * Matrix products `[...batch, m, k] x [...batch, k, n] -> [...batch, m, n]` of one float type.
 * `workspace` is the address of as many bytes as `contractWorkspace` tells; products may share them.
 */
export const defineContract = (
  { module, options }: Target,
  products: ProductFunctions,
  a: Strided,
  b: Strided,
  out: Spec,
  { summed = false, workspace }: ContractOptions & { readonly workspace: number },
): KernelFunction => {
  const numeric = numericOf(floatType(out), options.fused)
  return module.addFunction(repeat<'i32', number>('i32', 3), null, (scope, first, second, result) => {
    if (isEmpty(a, out)) return fill(scope, out.dtype, 0, sizeOf(out.shape), result!)
    const problem = problemOf(a, b, out, summed)
    const addresses = problem.swapped ? { a: second!, b: first!, c: result! } : { a: first!, b: second!, c: result! }
    const method = methodOf(problem, numeric.bytes)
    switch (method) {
      case 'gemm':
        return emitGemm(scope, products, problem, addresses, workspace)
      case 'matvec':
        return emitMatvec(scope, numeric, products, problem, addresses)
      default:
        return emitDirect(scope, numeric, problem, addresses, method)
    }
  })
}

/** The bytes of working memory that the product needs. */
export const contractWorkspace = (a: Strided, b: Strided, out: Spec, { summed = false }: ContractOptions): number => {
  if (isEmpty(a, out)) return 0
  const type = floatType(out)
  return methodOf(problemOf(a, b, out, summed), bytesPerElement(type)) === 'gemm' ? productWorkspace(type) : 0
}

/** There is nothing to sum. */
const isEmpty = (a: Strided, out: Spec): boolean => sizeOf(a.shape) === 0 || sizeOf(out.shape) === 0

const floatType = ({ dtype }: Spec): FloatType => {
  if (dtype === 'float32' || dtype === 'float64') return dtype
  throw new TypeError(`no compiled products of ${dtype}`)
}
