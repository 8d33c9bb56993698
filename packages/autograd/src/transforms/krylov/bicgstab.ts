import { type Method, onTheRight } from './method.js'
import { addTo, dot, norm } from './vectors.js'

/**
 * The stabilized method of biconjugate gradients, for any matrix in seven vectors (van der Vorst, Bi-CGSTAB: a fast and
 * smoothly converging variant of Bi-CG for the solution of nonsymmetric linear systems, 1992). Two products an iteration.
 */
export const bicgstab: Method = /* @__PURE__ */ onTheRight(function* ({ apply, b, target, budget, epsilon }) {
  const x = new Float64Array(b.length)
  const residual = b.slice()
  const shadow = b.slice()
  const direction = b.slice()
  let rho = dot(shadow, residual)
  let iterations = 0
  const ended = (trouble: string | null) => ({ x, iterations, trouble })
  const isNone = (product: number, size: number) => !(Math.abs(product) > epsilon * epsilon * size)
  while (norm(residual) > target && iterations + 2 <= Math.max(budget, 2)) {
    const image = yield* apply(direction)
    iterations++
    const along = dot(shadow, image)
    if (isNone(along, norm(shadow) * norm(image))) return ended(brokeDown)
    const alpha = rho / along
    addTo(x, alpha, direction)
    addTo(residual, -alpha, image)
    if (norm(residual) <= target) break
    const second = yield* apply(residual)
    iterations++
    const size = dot(second, second)
    const omega = size === 0 ? 0 : dot(second, residual) / size
    addTo(x, omega, residual)
    addTo(residual, -omega, second)
    const next = dot(shadow, residual)
    if (omega === 0 || isNone(next, norm(shadow) * norm(residual))) {
      return ended(norm(residual) <= target ? null : brokeDown)
    }
    const beta = (next / rho) * (alpha / omega)
    for (let i = 0; i < direction.length; i++) {
      direction[i] = residual[i]! + beta * (direction[i]! - omega * image[i]!)
    }
    rho = next
  }
  return ended(null)
})

const brokeDown = "the method broke down, as it may; use method: 'gmres'"
