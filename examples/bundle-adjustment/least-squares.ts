import type { SparseMatrix } from '@adjoint/autograd/scalar'

type Vector = Float64Array

const dot = (a: Vector, b: Vector): number => a.reduce((sum, each, i) => sum + each * b[i]!, 0)

const times = ({ shape: [rows], indptr, indices, values }: SparseMatrix, x: Vector): Vector => {
  const result = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    for (let k = indptr[row]!; k < indptr[row + 1]!; k++) result[row]! += values[k]! * x[indices[k]!]!
  }
  return result
}

const transposedTimes = ({ shape: [rows, columns], indptr, indices, values }: SparseMatrix, y: Vector): Vector => {
  const result = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    for (let k = indptr[row]!; k < indptr[row + 1]!; k++) result[indices[k]!]! += values[k]! * y[row]!
  }
  return result
}

/** (J'J + damping D) step = -J'r by conjugate gradients, with D the diagonal of J'J, which is also the preconditioner. */
export const dampedStep = (jacobian: SparseMatrix, residuals: Vector, damping: number): Vector => {
  const diagonal = new Float64Array(jacobian.shape[1])
  jacobian.indices.forEach((column, k) => {
    diagonal[column]! += jacobian.values[k]! ** 2
  })
  const step = new Float64Array(diagonal.length)
  const left = transposedTimes(jacobian, residuals).map((each) => -each)
  const scaled = () => left.map((each, i) => each / ((1 + damping) * (diagonal[i]! || 1)))
  let direction = scaled()
  let size = dot(left, direction)
  const enough = 1e-12 * size
  for (let round = 0; round < 500 && size > enough; round++) {
    const image = transposedTimes(jacobian, times(jacobian, direction))
    direction.forEach((each, i) => {
      image[i]! += damping * diagonal[i]! * each
    })
    const length = size / dot(direction, image)
    direction.forEach((each, i) => {
      step[i]! += length * each
      left[i]! -= length * image[i]!
    })
    const next = scaled()
    const before = size
    size = dot(left, next)
    direction = next.map((each, i) => each + (size / before) * direction[i]!)
  }
  return step
}
