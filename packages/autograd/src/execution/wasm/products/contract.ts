import { bytesPerElement } from '../../../graph/dtype.js'
import type { Contract } from '../../../graph/kernel.js'
import { sizeOf } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import { problemOf } from '../../products.js'
import { repeat } from '../assembler/index.js'
import type { KernelFunction, Strided, Target } from '../loops/kernel.js'
import type { FloatType } from '../math/vector.js'
import { fill } from '../movement/fill.js'
import { emitAnnihilation } from './annihilation.js'
import { emitGemm, emitMatvec } from './by-library.js'
import { emitDirect } from './direct.js'
import { numericOf } from './library/numeric.js'
import { type ProductFunctions, productWorkspace } from './library/products.js'
import { methodOf, partsOf } from './method.js'
import { totalsBytes, totalsOf } from './totals.js'

export interface ContractOptions {
  /** Default 'mul'. */
  readonly by?: Contract['by']
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
  { by = 'mul', summed = false, workspace }: ContractOptions & { readonly workspace: number },
): KernelFunction => {
  const numeric = numericOf(floatType(out), options.fused)
  return module.addFunction(repeat<'i32', number>('i32', 3), null, (scope, first, second, result) => {
    if (isEmpty(a, out)) return fill(scope, out.dtype, 0, sizeOf(out.shape), result!)
    const { problem, method, blockDepth, isLong, libraryBytes } = layoutOf(a, b, out, summed)
    const addresses = problem.swapped ? { a: second!, b: first!, c: result! } : { a: first!, b: second!, c: result! }
    const totals = isLong ? totalsOf(scope, problem, addresses.c, workspace + libraryBytes) : null
    const product =
      method === 'gemm'
        ? emitGemm(scope, products, problem, addresses, blockDepth, totals, workspace)
        : method === 'matvec'
          ? emitMatvec(scope, numeric, products, problem, addresses, blockDepth, totals)
          : emitDirect(scope, numeric, problem, addresses, method, blockDepth, totals)
    return by === 'mul' ? product : [product, emitAnnihilation(scope, numeric, problem, addresses, sizeOf(out.shape))]
  })
}

/** The bytes of working memory that the product needs. */
export const contractWorkspace = (a: Strided, b: Strided, out: Spec, { summed = false }: ContractOptions): number => {
  if (isEmpty(a, out)) return 0
  const { problem, isLong, libraryBytes } = layoutOf(a, b, out, summed)
  return libraryBytes + (isLong ? totalsBytes(problem) : 0)
}

const layoutOf = (a: Strided, b: Strided, out: Spec, summed: boolean) => {
  const type = floatType(out)
  const bytes = bytesPerElement(type)
  const problem = problemOf(a, b, out.shape, summed, bytes)
  const method = methodOf(problem, bytes)
  const libraryBytes = method === 'gemm' ? productWorkspace(type) : 0
  return { problem, method, libraryBytes, ...partsOf(problem, method, bytes) }
}

/** There is nothing to sum. */
const isEmpty = (a: Strided, out: Spec): boolean => sizeOf(a.shape) === 0 || sizeOf(out.shape) === 0

const floatType = ({ dtype }: Spec): FloatType => {
  if (dtype === 'float32' || dtype === 'float64') return dtype
  throw new TypeError(`no compiled products of ${dtype}`)
}
