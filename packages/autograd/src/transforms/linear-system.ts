import { allocate } from '../graph/dtype.js'
import type { Evaluate } from '../graph/kernel.js'
import { sizeOf } from '../graph/shape.js'
import { tracer } from '../graph/tracer.js'
import { denseData, denseValue, type Spec, specOf, type Value } from '../graph/value.js'
import { zerosLike } from '../ops/constant.js'
import { elementwise } from '../ops/elementwise.js'
import { pureFunction } from '../program/pure.js'
import { implied, type Nodes } from './implied.js'
import { type MethodName, solveSystem } from './krylov/solve.js'
import type { Product, Vector } from './krylov/vectors.js'

export type Linear = (v: Nodes) => Nodes

/** A matrix, as messages call it. It is made outside of all traces, before it is applied in one. */
export interface Matrix {
  readonly what: string
  readonly make: () => Linear
}

/** A matrix and its transpose. */
export interface MatrixPair {
  /** Of the op that solves with them. */
  readonly name: string
  readonly matrix: Matrix
  readonly transpose: Matrix
  /** Whether the transpose is what a user says: it is checked then. */
  readonly isGiven: boolean
}

export interface SolverOptions {
  /**
   * - `'gmres'` (default): any matrix that is not singular; keeps up to 50 vectors
   * - `'cg'`: symmetric and positive definite
   * - `'bicgstab'`: any, in little memory; it may break down
   */
  readonly method?: MethodName | undefined
  /**
   * How small b - Ax must become, in norm, as a multiple of b. Default 1e-12 in float64 and 1e-6 in float32. Where rounding
   * lets a badly conditioned system get no further, that is enough, as long as something is left of the solution.
   */
  readonly tolerance?: number | undefined
  /** Default ten for each element of b, at most 10,000. */
  readonly maxIterations?: number | undefined
}

const epsilons = { float64: 2 ** -52, float32: 2 ** -23 } as const

/** The solution v of A v = b, differentiable by b and by all tensors that A is made of. */
export const solveLinear = (
  pair: MatrixPair,
  b: Nodes,
  options: SolverOptions,
  initial: Nodes | null = null,
): Nodes => {
  const { name, matrix, transpose, isGiven } = pair
  const apply = matrix.make()
  const like = b.map((node) => zerosLike(node))
  const forward = pureFunction(matrix.what, apply, like)
  const backward = isGiven ? pureFunction(transpose.what, transpose.make(), like) : null
  // met as they are, before a derivative marks them
  const parts = [b, forward.captured, backward?.captured ?? [], initial ?? []]
  const values = parts.map((nodes) => nodes.map(({ value }) => value))
  const specs = b.map(specOf)
  const evaluate: Evaluate = (kernel, inputs, outs) => b[0]!.runAll(kernel, inputs, outs)
  const run = (given: readonly Value[]): readonly Value[] => {
    const rest = given.slice()
    const [right, inForward, inBackward, first] = values.map(({ length }) => rest.splice(0, length))
    const product = (on: typeof forward.on, captured: readonly Value[]): Product => {
      const f = on(captured, evaluate)
      return (v) => flat(f(unflat(v, specs)))
    }
    const solution = solveSystem({
      what: matrix.what,
      ...settings(options, specs),
      apply: product(forward.on, inForward!),
      transposed: backward && product(backward.on, inBackward!),
      b: flat(right!),
      initial: initial && flat(first!),
    })
    return unflat(solution, specs)
  }
  const made = { ...matrix, make: () => apply }
  const solved = tracer === null ? run(values.flat()) : (tracer.call(values.flat(), run, specs) as readonly Value[])
  return implied(solved, b[0]!, {
    name,
    residual: (x) => apply(x).map((image, i) => elementwise.sub(image, b[i]!)),
    parameters: [...new Set([...b, ...forward.captured])],
    solve: (_, right) => solveLinear({ ...pair, matrix: made }, right, options),
    solveTransposed: (_, right) => solveLinear({ ...pair, matrix: transpose, transpose: made }, right, options),
  })
}

const settings = ({ method = 'gmres', tolerance, maxIterations }: SolverOptions, specs: readonly Spec[]) => {
  const dtype = specs.some((spec) => spec.dtype === 'float32') ? 'float32' : 'float64'
  const size = specs.reduce((total, { shape }) => total + sizeOf(shape), 0)
  return {
    method,
    tolerance: tolerance ?? (dtype === 'float64' ? 1e-12 : 1e-6),
    maxIterations: maxIterations ?? Math.min(10 * size, 10_000),
    epsilon: epsilons[dtype],
  }
}

const flat = (values: readonly Value[]): Vector => {
  const out = new Float64Array(values.reduce((total, { shape }) => total + sizeOf(shape), 0))
  let start = 0
  for (const value of values) {
    out.set(denseData(value), start)
    start += sizeOf(value.shape)
  }
  return out
}

const unflat = (vector: Vector, specs: readonly Spec[]): readonly Value[] => {
  let start = 0
  return specs.map(({ shape, dtype }) => {
    const data = allocate(dtype, sizeOf(shape))
    data.set(vector.subarray(start, start + data.length))
    start += data.length
    return denseValue(data, shape, dtype)
  })
}
