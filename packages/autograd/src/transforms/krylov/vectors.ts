// Vectors of the spaces in which linear systems are solved: always float64, whatever the tensors are.

export type Vector = Float64Array

export const dot = (a: Vector, b: Vector): number => {
  let total = 0
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!
  return total
}

/** The Euclidean norm; the largest element comes out first, so that squares neither overflow nor vanish. */
export const norm = (a: Vector): number => {
  let largest = 0
  for (let i = 0; i < a.length; i++) {
    const size = Math.abs(a[i]!)
    if (Number.isNaN(size)) return size
    if (size > largest) largest = size
  }
  if (largest === 0 || !Number.isFinite(largest)) return largest
  let total = 0
  for (let i = 0; i < a.length; i++) total += (a[i]! / largest) ** 2
  return largest * Math.sqrt(total)
}

/** y + factor x, in y. */
export const addTo = (y: Vector, factor: number, x: Vector): void => {
  for (let i = 0; i < y.length; i++) y[i]! += factor * x[i]!
}

export const scaled = (factor: number, x: Vector): Vector => x.map((element) => factor * element)

export const difference = (a: Vector, b: Vector): Vector => a.map((element, i) => element - b[i]!)
