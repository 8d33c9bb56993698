import { evaluate } from '../graph/batched.js'
import type { Examples, Look } from '../graph/kernel.js'
import { tracer } from '../graph/tracer.js'
import { specOf, type Value } from '../graph/value.js'
import { zerosLike } from '../ops/constant.js'
import { elementwise } from '../ops/elementwise.js'
import { among } from '../program/batching/among.js'
import { type PureFunction, pureFunction } from '../program/pure.js'
import { solvedByUser, type UserSolver } from './by-user.js'
import { type Layout, layoutOf } from './flat.js'
import { implied, type Linear, type Nodes } from './implied.js'
import { type MethodName, solveSystem } from './krylov/solve.js'
import { solveTogether } from './krylov/together.js'
import type { Vector } from './krylov/vectors.js'

/** A matrix, as messages call it. It is made outside of all traces, before it is applied in one. */
export interface Matrix {
  readonly what: string
  readonly make: () => Linear
}

/** A matrix and its transpose. */
export interface MatrixPair {
  readonly matrix: Matrix
  readonly transpose: Matrix
}

/** What a linear system is of. */
export interface LinearSystem extends MatrixPair {
  /** Of the op that solves it. */
  readonly name: string
  /** Whether the transpose is what a user says: it is checked then. */
  readonly isGiven: boolean
  /** Where each tensor is in the tree of unknowns. */
  readonly paths: readonly string[]
  readonly how: Solving
}

export interface MethodOptions {
  /**
   * - `'gmres'` (default): any matrix that is not singular; keeps up to 50 vectors
   * - `'cg'`: symmetric and positive definite
   * - `'bicgstab'`: any, in little memory; it may break down
   */
  readonly method?: MethodName | undefined
  /**
   * How small b - Ax must become, in norm, as a multiple of b. Default 1e-12 in float64 and 1e-6 in float32. Where rounding
   * lets a badly conditioned system get no further, that is enough, as long as something is left of the solution. Of what a
   * solver of one's own gives it is 1e-6 and 1e-3.
   */
  readonly tolerance?: number | undefined
  /** Default ten for each element of b, at most 10,000. */
  readonly maxIterations?: number | undefined
}

/** How systems are solved: by a method of ours, or of a user's. */
export interface Solving extends MethodOptions {
  readonly preconditioner: MatrixPair | null
  readonly solver: UserSolver | null
  /** For the transposed system. */
  readonly transposeSolver: UserSolver | null
}

const epsilons = { float64: 2 ** -52, float32: 2 ** -23 } as const

/** That with the transpose of the matrix. */
export const transposed = ({ matrix, transpose, how, ...rest }: LinearSystem): LinearSystem => {
  const { preconditioner, solver, transposeSolver } = how
  return {
    ...rest,
    matrix: transpose,
    transpose: matrix,
    how: {
      ...how,
      preconditioner: preconditioner && { matrix: preconditioner.transpose, transpose: preconditioner.matrix },
      solver: transposeSolver,
      transposeSolver: solver,
    },
  }
}

/** The solution v of A v = b, differentiable by b and by all tensors that A is made of. */
export const solveLinear = (system: LinearSystem, b: Nodes, initial: Nodes | null = null): Nodes => {
  const { name, matrix, paths, how } = system
  const apply = matrix.make()
  const forward = pureFunction(
    matrix.what,
    apply,
    b.map((node) => zerosLike(node)),
  )
  // met as they are, before a derivative marks them
  for (const node of [...b, ...forward.captured]) node.value
  const solved =
    how.solver === null
      ? solvedByMethod(system, forward, b, initial)
      : solvedByUser(how.solver, { apply, forward, b, paths, tolerance: how.tolerance })
  const again = { ...system, matrix: { ...matrix, make: () => apply } }
  return implied(solved, b[0]!, {
    name,
    residual: (x) => apply(x).map((image, i) => elementwise.sub(image, b[i]!)),
    parameters: [...new Set([...b, ...forward.captured])],
    solve: (_, right) => solveLinear(again, right),
    solveTransposed: (_, right) => solveLinear(transposed(again), right),
  })
}

/** By products: of one system, or of those of many examples together. */
const solvedByMethod = (
  { matrix, transpose, isGiven, paths, how }: LinearSystem,
  forward: PureFunction,
  b: Nodes,
  initial: Nodes | null,
): readonly Value[] => {
  const traced = ({ what, make }: Matrix) =>
    pureFunction(
      what,
      make(),
      b.map((node) => zerosLike(node)),
    )
  const functions = {
    matrix: forward,
    transpose: isGiven ? traced(transpose) : null,
    preconditioner: how.preconditioner && traced(how.preconditioner.matrix),
  }
  const specs = b.map(specOf)
  const layout = layoutOf(specs, paths)
  const { matrix: f, transpose: g, preconditioner: m } = functions
  const parts = [b, initial ?? [], f.captured, g?.captured ?? [], m?.captured ?? []]
  const values = parts.map((nodes) => nodes.map(({ value }) => value))

  const forAll = (sizes: readonly number[], inputs: readonly Examples[]): readonly Value[] => {
    const examples = among(sizes, b[0]!)
    const rest = inputs.slice()
    const [right, first, ...captured] = values.map(({ length }) => rest.splice(0, length))
    const product = (pure: PureFunction | null, given: readonly Examples[]) => {
      if (pure === null) return null
      const on = examples.within(() => pure.on(given.map(examples.one), (...args) => evaluate(b[0]!, ...args)))
      return (all: Vector): Vector => {
        const has = sizes.map(() => true)
        const vectors = layout.valuesOf(all, sizes).map((value) => ({ value, has }))
        return layout.vectorOf(
          examples.within(() => on(vectors.map(examples.one)).map(examples.all)),
          examples.count,
        )
      }
    }
    const vectorAt = (i: number, list: readonly Examples[]) =>
      layout.vectorOf(
        list.map((each) => examples.at(i, each)),
        1,
      )
    const systems = Array.from({ length: examples.count }, (_, i) =>
      solveSystem({
        what: `${matrix.what}${examples.told(i)}`,
        ...settings(how, layout),
        has: { transpose: g !== null, preconditioner: m !== null },
        b: vectorAt(i, right!),
        initial: initial && vectorAt(i, first!),
        placeOf: layout.placeOf,
      }),
    )
    const products = {
      matrix: product(f, captured[0]!),
      transpose: product(g, captured[1]!),
      preconditioner: product(m, captured[2]!),
    }
    return layout.valuesOf(solveTogether(systems, layout.size, products), sizes)
  }
  const alone = (given: readonly Value[]) =>
    forAll(
      [],
      given.map((value) => ({ value, has: [] })),
    )
  const run: Look = Object.assign(alone, { forAll })
  return tracer === null ? alone(values.flat()) : (tracer.call(values.flat(), run, specs) as readonly Value[])
}

const settings = ({ method = 'gmres', tolerance, maxIterations }: Solving, { size, dtype }: Layout) => ({
  method,
  tolerance: tolerance ?? (dtype === 'float64' ? 1e-12 : 1e-6),
  maxIterations: maxIterations ?? Math.min(10 * size, 10_000),
  epsilon: epsilons[dtype],
})
