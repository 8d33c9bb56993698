/** The solution of a small dense system by elimination with pivots: an oracle that knows nothing of the library. */
export const gauss = (matrix: readonly (readonly number[])[], right: readonly number[]): number[] => {
  const size = right.length
  const rows = matrix.map((row, i) => [...row, right[i]!])
  for (let j = 0; j < size; j++) {
    let pivot = j
    for (let i = j + 1; i < size; i++) if (Math.abs(rows[i]![j]!) > Math.abs(rows[pivot]![j]!)) pivot = i
    ;[rows[j], rows[pivot]] = [rows[pivot]!, rows[j]!]
    for (let i = 0; i < size; i++) {
      if (i === j) continue
      const factor = rows[i]![j]! / rows[j]![j]!
      for (let k = j; k <= size; k++) rows[i]![k]! -= factor * rows[j]![k]!
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!)
}

export const transpose = (matrix: readonly (readonly number[])[]): number[][] =>
  matrix[0]!.map((_, j) => matrix.map((row) => row[j]!))
