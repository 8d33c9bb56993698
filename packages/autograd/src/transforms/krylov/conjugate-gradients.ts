import type { Method } from './method.js'
import { addTo, dot, norm } from './vectors.js'

/**
 * Conjugate gradients, for a matrix that is symmetric and positive definite (Hestenes and Stiefel, Methods of conjugate
 * gradients for solving linear systems, 1952), and a preconditioner that is so too (Saad, Iterative Methods, 9.2.1). One
 * product and five vectors, whatever the number of iterations.
 */
export const conjugateGradients: Method = function* ({ apply, precondition, b, target, budget }) {
  const x = new Float64Array(b.length)
  const residual = b.slice()
  let direction = new Float64Array(b.length)
  let square = 1
  let iterations = 0
  while (norm(residual) > target && iterations < budget) {
    const better = precondition === null ? residual : yield* precondition(residual)
    const next = dot(residual, better)
    if (precondition !== null && !(next > 0)) {
      const trouble = `a residual r with r·Mr = ${next.toPrecision(3)} shows that the preconditioner M is not positive definite; use method: 'gmres'`
      return { x, iterations, trouble }
    }
    direction = better.map((element, i) => element + (next / square) * direction[i]!)
    square = next
    const image = yield* apply(direction)
    iterations++
    const curvature = dot(direction, image)
    if (!(curvature > 0)) {
      const trouble =
        `a direction p with p·Ap = ${curvature.toPrecision(3)} shows that the matrix is not positive definite, or singular; ` +
        "use method: 'gmres'"
      return { x, iterations, trouble }
    }
    const step = square / curvature
    addTo(x, step, direction)
    addTo(residual, -step, image)
  }
  return { x, iterations, trouble: null }
}
