import { bytesPerElement } from '../../../graph/dtype.js'
import type { Contract } from '../../../graph/kernel.js'
import { sizeOf } from '../../../graph/shape.js'
import type { Spec, Value } from '../../../graph/value.js'
import { annihilate } from '../../annihilation.js'
import { type Problem, problemOf, walkBatches } from '../../products.js'
import { mostAdditions } from '../../summation.js'
import { savedByProduct } from '../cost.js'
import type { FloatType } from '../math/vector.js'
import { layValue, placeValue, type Scratch } from '../memory.js'
import { instantiateProducts, productWorkspace } from '../products/library/products.js'
import { isMatvec, partsOf } from '../products/method.js'
import type { Runtime } from '../runtime.js'

const workspaces = { float32: productWorkspace('float32'), float64: productWorkspace('float64') }

type Library = ReturnType<typeof instantiateProducts>

/** Runs products of matrices by the library, whose functions take their sizes: so they serve every shape. */
export const createProducts = (runtime: Runtime, always: boolean) => {
  const { scratch, fused } = runtime
  const libraries: { [T in FloatType]?: { readonly memory: WebAssembly.Memory; readonly functions: Library } } = {}
  const libraryOf = (type: FloatType): Library => {
    let library = libraries[type]
    if (library?.memory !== scratch.memory) {
      library = { memory: scratch.memory, functions: instantiateProducts(type, fused, scratch.memory) }
      libraries[type] = library
    }
    return library.functions
  }

  return ({ by }: Contract, [a, b]: readonly Value[], out: Spec): Value | null => {
    const { dtype } = out
    if (dtype === 'int32' || dtype === 'bool' || a!.dtype !== dtype || b!.dtype !== dtype) return null
    const size = sizeOf(out.shape)
    const work = size * a!.shape.at(-1)!
    if (work === 0 || !(always || savedByProduct(work) > 0)) return null
    scratch.reset()
    const workspace = scratch.take(workspaces[dtype])
    const left = placeValue(scratch, a!)
    const right = placeValue(scratch, b!)
    const to = scratch.take(size * bytesPerElement(dtype))
    if (!scratch.open()) return null
    layValue(scratch, a!, left)
    layValue(scratch, b!, right)
    const library = libraryOf(dtype)
    const bytes = bytesPerElement(dtype)
    const problem = problemOf(
      { shape: a!.shape, strides: left.strides },
      { shape: b!.shape, strides: right.strides },
      out.shape,
      false,
      bytes,
    )
    const [first, second] = problem.swapped ? [right, left] : [left, right]
    if (problem.batches.length === 0)
      multiply(library, scratch, problem, bytes, first.address, second.address, to, workspace)
    else
      walkBatches(problem, first.address, second.address, to, (from, by, at) =>
        multiply(library, scratch, problem, bytes, from, by, at, workspace),
      )
    const isUnordered = by === 'scale' && library.hasNaN(to, size) !== 0
    const product = scratch.read(out, to)
    scratch.close()
    return isUnordered ? annihilate(a!, b!, product) : product
  }
}

/** One product, in blocks of its depth. What is a long sum of float32 is added up in float64. */
const multiply = (
  { gemm, matvecColumns, matvecRows }: Library,
  scratch: Scratch,
  problem: Problem,
  bytes: number,
  from: number,
  by: number,
  to: number,
  workspace: number,
): void => {
  const { m, n, k, a, b, cRow } = problem
  const asVector = isMatvec(problem, bytes)
  const { blockDepth, isLong } = partsOf(problem, asVector ? 'matvec' : 'gemm', bytes)
  const depth = asVector ? blockDepth : isLong ? blockDepth * mostAdditions : k
  const result = isLong ? scratch.view('float32').subarray(to / 4, to / 4 + m * n) : null
  const totals = isLong ? new Float64Array(m * n) : null
  let added = 0
  for (let start = 0; start < k; start += depth) {
    const length = Math.min(depth, k - start)
    const x = from + start * a.column
    const y = by + start * b.row
    const adds = added > 0 ? 1 : 0
    if (!asVector) gemm(m, n, length, x, a.row, a.column, y, b.row, b.column, to, cRow, adds, workspace)
    else if (b.row === bytes) matvecRows(n, length, y, b.column, x, to, adds)
    else matvecColumns(n, length, y, b.row, x, to, adds)
    added += Math.ceil(length / blockDepth)
    if (totals === null || (added < mostAdditions && start + depth < k)) continue
    for (let i = 0; i < totals.length; i++) totals[i]! += result![i]!
    added = 0
  }
  if (totals !== null) result!.set(totals)
}
