import { checked } from '../graph/arguments.js'
import { isPlainObject } from '../graph/words.js'
import * as kinds from '../ops/kinds.js'
import type { Fn } from '../transforms/grad.js'
import * as untyped from '../transforms/implicit.js'
import * as solvers from '../transforms/linear-solve.js'
import type { Implicit, LinearSolve } from './implicit-types.js'

const tolerance = /* @__PURE__ */ kinds.numberThat('a number of at least 0', (x) => x >= 0)
const method = /* @__PURE__ */ kinds.oneOf('gmres', 'cg', 'bicgstab')
const solver = {
  method,
  tolerance,
  maxIterations: kinds.count,
  preconditioner: kinds.function,
  solver: kinds.function,
  transposeSolver: kinds.function,
}

/**
 * The solution of a linear system that is known by what it makes of vectors: the x with `matvec(x)` equal to b, a tree like
 * b. It is differentiable to any order, in both modes, by b and by every tensor that `matvec` is made of, as the solution of
 * A x = b and not through the iterations: dx = A⁻¹ (db - dA x). In a compiled function it is a step; the systems of
 * `vmap`'s examples are solved together, each for as long as it takes.
 *
 * `matvec` runs once; what it did is repeated for each vector.
 *
 * @param matvec a linear function from trees like b to trees like b, written with tensor ops
 * @param options
 * - `method`: 'gmres' (default; Saad and Schultz, 1986), 'cg' for a symmetric positive definite matrix (Hestenes and Stiefel,
 *   1952), 'bicgstab' (van der Vorst, 1992)
 * - `tolerance`: how small b - A x must become, in norm and relative to b. Default 1e-12 in float64, 1e-6 in float32
 * - `maxIterations`: products with A. Default ten for each element of b, at most 10,000
 * - `initial`: where to begin, default zeros
 * - `transpose`: the product with the transpose, where there is a better one than what follows from `matvec`
 * - `symmetric`: the transpose is `matvec`, which saves finding it
 * - `preconditioner`: a linear function that is near to the inverse of A and cheap, such as `(v) => v.div(diagonal)`; methods
 *   take fewer iterations with it
 * - `solver`: `(matvec, b) => x` in place of a method, any JavaScript; what it gives must have a residual of at most 1e-6 (in
 *   float32 1e-3) of b, or `tolerance`
 * - `transposeSolver`: the same for the transposed system, for reverse mode: where `solver` does not go by its `matvec`
 * @throws GradientError if it does not converge (with what is left of b, the iterations, and a remedy), for a matrix that is
 * found to be singular, a `matvec` that is found not to be linear or to look at elements, a `transpose` that is not that of
 * `matvec`, or trees that do not fit. A singular matrix goes unnoticed if b has a solution all the same.
 * @example
 * const a = tensor([[4, 1], [2, 3]])
 * linearSolve((v) => a.matmul(v), tensor([6, 8]))   // [1, 2]
 */
export const linearSolve = /* @__PURE__ */ checked(
  'linearSolve',
  {
    matvec: kinds.function,
    b: kinds.anything,
    options: {
      method,
      tolerance,
      maxIterations: kinds.count,
      preconditioner: kinds.function,
      solver: kinds.function,
      transposeSolver: kinds.function,
      initial: kinds.anything,
      transpose: kinds.function,
      symmetric: kinds.boolean,
    },
  },
  solvers.linearSolve as unknown as LinearSolve,
)

const isSolver = (thing: unknown): boolean =>
  isPlainObject(thing) &&
  Object.entries(thing).every(
    ([name, value]) =>
      Object.hasOwn(solver, name) && (value === undefined || solver[name as keyof typeof solver].accepts(value)),
  )

/**
 * The root of a function as a function of its parameters: `implicit(solve, residual)(...args)` is `solve(...args)`, an x with
 * residual(x, ...args) = 0; with `fixedPoint: true` one with f(x, ...args) = x. It is differentiable in both modes and to any
 * order, not through the iterations of `solve` but by the implicit function theorem: dx = -J⁻¹ dr, where J is the
 * derivative of the residual by x and dr its change with the parameters. A derivative costs a linear system, which is solved
 * without forming J (`linearSolve`), and the memory does not grow with the iterations.
 *
 * `solve` may be any JavaScript: nothing in it is recorded, and it may look at elements. `residual` is written with tensor ops.
 * Both may take trees. Parameters may also be closed over: the solution is differentiable by whatever the residual uses.
 *
 * In a compiled function and under `vmap`, a `solve` that looks at elements runs as it is at each call, for each example; what
 * it uses of that function's tensors has to be an argument. As `compile` traces it, it is run on ones to see what it returns,
 * unless `like` says so.
 *
 * @param options
 * - `fixedPoint`: the second function is f, with f(x) = x
 * - `tolerance`: how large the residual may be at what `solve` returns, relative to 1 + the largest element of x. Default 1e-6
 *   in float64, 1e-3 in float32; with Infinity nobody looks
 * - `linear`: `method`, `tolerance`, `maxIterations`, `preconditioner`, `solver` and `transposeSolver` of the linear systems, as for
 *   `linearSolve`; functions among them are given x and the arguments too: `preconditioner: (v, x, a) => v.div(x.mul(2))`
 * - `like`: a function of the arguments that gives tensors of the solution's shapes and dtypes
 * @throws GradientError if the residual at the solution is too large, the linear system cannot be solved, or the residual
 * looks at elements, draws, changes tensors or is no tree like x
 * @example
 * const root = implicit(
 *   (a: Tensor) => tensor(Math.sqrt(a.item())),
 *   (x: Tensor, a: Tensor) => x.square().sub(a),
 * )
 * grad(root)(tensor(4))   // .25
 */
export const implicit = /* @__PURE__ */ checked(
  'implicit',
  {
    solve: kinds.function,
    residual: kinds.function,
    options: {
      fixedPoint: kinds.boolean,
      tolerance,
      linear: /* @__PURE__ */ kinds.kind(
        'an object with any of method, tolerance, maxIterations, preconditioner, solver, transposeSolver',
        isSolver,
      ),
      like: kinds.function,
    },
  },
  ((solve: Fn, residual: Fn, options?: untyped.ImplicitOptions) =>
    untyped.implicit(solve, residual, options)) as unknown as Implicit,
  'pass the arguments to what it returns, implicit(solve, residual)(a)',
)
