/** Solves a system of linear equations by elimination, the largest pivot first. */
export const solve = (matrix: readonly ArrayLike<number>[], right: ArrayLike<number>): number[] => {
  const rows = matrix.map((row, i) => [...Array.from(row), right[i]!])
  rows.forEach((_, k) => {
    const best = rows.reduce((at, row, i) => (i > k && Math.abs(row[k]!) > Math.abs(rows[at]![k]!) ? i : at), k)
    const pivot = rows[best]!
    rows[best] = rows[k]!
    rows[k] = pivot
    for (const row of rows.slice(k + 1)) {
      const times = row[k]! / pivot[k]!
      for (let j = k; j < row.length; j++) row[j]! -= times * pivot[j]!
    }
  })
  const x = new Array<number>(rows.length).fill(0)
  for (let k = rows.length - 1; k >= 0; k--) {
    const known = x.reduce((sum, each, j) => (j > k ? sum + each * rows[k]![j]! : sum), 0)
    x[k] = (rows[k]!.at(-1)! - known) / rows[k]![k]!
  }
  return x
}
