// Neumaier's sums: what rounding loses at each addition is collected apart.

/** What `next`, the rounded sum, lacks. */
export const lostBy = (sum: number, term: number, next: number): number =>
  Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum

/** At an infinity what was lost is NaN, and the sum is right. */
export const corrected = (sum: number, lost: number): number => (Number.isFinite(sum) ? sum + lost : sum)

export class Sum {
  private sum = 0
  private lost = 0

  add(term: number): void {
    const next = this.sum + term
    this.lost += lostBy(this.sum, term, next)
    this.sum = next
  }

  total(): number {
    return corrected(this.sum, this.lost)
  }
}

/** Many sums side by side. */
export const addExactly = (sums: Float64Array, lost: Float64Array, terms: Float64Array, size: number): void => {
  for (let i = 0; i < size; i++) {
    const next = sums[i]! + terms[i]!
    lost[i]! += lostBy(sums[i]!, terms[i]!, next)
    sums[i] = next
  }
}
export const correct = (sums: Float64Array, lost: Float64Array, size: number): void => {
  for (let i = 0; i < size; i++) sums[i] = corrected(sums[i]!, lost[i]!)
}
