import { type Method, onTheRight } from './method.js'
import { addTo, dot, norm, scaled, type Vector } from './vectors.js'

/** So many vectors are kept; then it begins again. */
const most = 50

/**
 * The generalized minimal residual method, for any matrix (Saad and Schultz, GMRES: a generalized minimal residual algorithm
 * for solving nonsymmetric linear systems, 1986): one cycle. Bases are made orthogonal twice, which keeps them so.
 */
export const gmres: Method = /* @__PURE__ */ onTheRight(function* (task) {
  const { apply, precondition, b, target, budget, epsilon } = task
  const length = Math.min(most, b.length, budget)
  const start = norm(b)
  const basis: Vector[] = [scaled(1 / start, b)]
  // column by column an upper triangle, once the rotations have made it one
  const triangle: number[][] = []
  const rotations: { readonly cosine: number; readonly sine: number }[] = []
  const right = [start]
  let trouble: string | null = null
  while (triangle.length < length && Math.abs(right.at(-1)!) > target) {
    const image = yield* apply(basis.at(-1)!)
    const before = norm(image)
    const column = new Array<number>(basis.length).fill(0)
    for (let round = 0; round < 2; round++) {
      basis.forEach((vector, i) => {
        const part = dot(vector, image)
        column[i]! += part
        addTo(image, -part, vector)
      })
    }
    const left = norm(image)
    const isLast = !(left > 10 * epsilon * before)
    rotations.forEach(({ cosine, sine }, i) => {
      const [upper, lower] = [column[i]!, column[i + 1]!]
      column[i] = cosine * upper + sine * lower
      column[i + 1] = cosine * lower - sine * upper
    })
    const upper = column.at(-1)!
    const diagonal = norm(Float64Array.of(upper, isLast ? 0 : left))
    // what is left of the image lies in the space that is there already, and in what the matrix makes of a part of that
    if (!(diagonal > 10 * epsilon * before)) {
      const whose = precondition === null ? 'the matrix is' : 'the matrix or the preconditioner is'
      trouble = `${whose} singular, so that there is no solution or more than one: it makes nothing new of a direction`
      break
    }
    const rotation = { cosine: upper / diagonal, sine: isLast ? 0 : left / diagonal }
    rotations.push(rotation)
    column[column.length - 1] = diagonal
    triangle.push(column)
    const last = right.pop()!
    right.push(rotation.cosine * last, -rotation.sine * last)
    if (isLast) break
    basis.push(scaled(1 / left, image))
  }
  const x = new Float64Array(b.length)
  const weights = solvedBack(triangle, right)
  weights.forEach((weight, i) => {
    addTo(x, weight, basis[i]!)
  })
  return { x, iterations: triangle.length + (trouble === null ? 0 : 1), trouble }
})

/** Back substitution. */
const solvedBack = (columns: readonly (readonly number[])[], right: readonly number[]): number[] => {
  const found = right.slice(0, columns.length)
  for (let j = columns.length - 1; j >= 0; j--) {
    found[j]! /= columns[j]![j]!
    for (let i = 0; i < j; i++) found[i]! -= columns[j]![i]! * found[j]!
  }
  return found
}
