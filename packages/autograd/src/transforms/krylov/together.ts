import type { Asking, Factor } from './method.js'
import type { Vector } from './vectors.js'

/** What factors make of as many vectors as there are systems, one behind the other. */
export type Products = Readonly<Record<Factor, ((all: Vector) => Vector) | null>>

const factors = ['matrix', 'transpose', 'preconditioner'] as const

/**
 * Solves systems side by side: each goes its own way and takes as long as it takes, but what some ask for at a time is one
 * product.
 *
 * @param size of the vectors of one system
 * @returns the solutions, one behind the other
 */
export const solveTogether = (systems: readonly Asking<Vector>[], size: number, products: Products): Vector => {
  const solutions = new Float64Array(systems.length * size)
  const goOn = (i: number, image?: Vector) => {
    const { done, value } = image === undefined ? systems[i]!.next() : systems[i]!.next(image)
    if (!done) return value
    solutions.set(value, i * size)
    return null
  }
  const waiting = systems.map((_, i) => goOn(i))
  while (waiting.some((request) => request !== null)) {
    for (const factor of factors) {
      const asking = [...waiting.keys()].filter((i) => waiting[i]?.by === factor)
      if (asking.length === 0) continue
      const all = new Float64Array(systems.length * size)
      for (const i of asking) all.set(waiting[i]!.vector, i * size)
      const images = products[factor]!(all)
      for (const i of asking) waiting[i] = goOn(i, images.subarray(i * size, (i + 1) * size))
    }
  }
  return solutions
}
