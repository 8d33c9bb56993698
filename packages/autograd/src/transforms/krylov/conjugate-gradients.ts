import type { Method } from './method.js'
import { addTo, dot, norm } from './vectors.js'

/**
 * Conjugate gradients, for a matrix that is symmetric and positive definite (Hestenes and Stiefel, Methods of conjugate
 * gradients for solving linear systems, 1952). One product and five vectors, whatever the number of iterations.
 */
export const conjugateGradients: Method = ({ apply, b, target, budget }) => {
  const x = new Float64Array(b.length)
  const residual = b.slice()
  const direction = b.slice()
  let square = dot(residual, residual)
  let iterations = 0
  while (norm(residual) > target && iterations < budget) {
    const image = apply(direction)
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
    const next = dot(residual, residual)
    for (let i = 0; i < direction.length; i++) direction[i] = residual[i]! + (next / square) * direction[i]!
    square = next
  }
  return { x, iterations, trouble: null }
}
