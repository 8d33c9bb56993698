import type { Exact } from './learned.js'

const nodes = 800
const reach = 7

/**
 * The solution of Burgers' equation that begins as -sin(pi x), by the transform of Cole and Hopf: a quotient of two
 * integrals of analytic functions over a normal distribution, which the rule of trapezoids computes to rounding.
 */
export const exactSolution = (x: number, t: number, viscosity: number): number => {
  if (t === 0) return -Math.sin(Math.PI * x)
  const spread = Math.sqrt(4 * viscosity * t)
  const places = Array.from({ length: nodes + 1 }, (_, i) => (2 * reach * i) / nodes - reach)
  const exponents = places.map((z) => -z * z - Math.cos(Math.PI * (x - spread * z)) / (2 * Math.PI * viscosity))
  const greatest = exponents.reduce((most, exponent) => Math.max(most, exponent))
  let [above, below] = [0, 0]
  places.forEach((z, i) => {
    const weight = Math.exp(exponents[i]! - greatest)
    above += weight * Math.sin(Math.PI * (x - spread * z))
    below += weight
  })
  return -above / below
}

/** The exact solution on a grid over all places and times. */
export const exactOn = (places: number, times: number, viscosity: number): Exact => {
  const x = Array.from({ length: places }, (_, i) => (2 * i) / (places - 1) - 1)
  const t = Array.from({ length: times }, (_, i) => i / (times - 1))
  return { x, t, u: t.map((time) => x.map((place) => exactSolution(place, time, viscosity))) }
}
