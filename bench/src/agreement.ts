/** What is wrong with the figures of a contender, given those of adjoint for the same runs; null if nothing is. */
export const disagreement = (
  expected: readonly (readonly number[])[],
  figures: readonly (readonly number[])[],
  tolerance: number,
): string | null => {
  // a slow contender makes fewer runs
  for (const [run, own] of figures.slice(0, expected.length).entries()) {
    for (const [i, figure] of own.entries()) {
      const other = expected[run]![i]!
      const allowed = tolerance * Math.max(Math.abs(figure), Math.abs(other))
      // not `>`: NaN agrees with nothing
      if (Math.abs(figure - other) <= allowed) continue
      return `run ${run + 1} gave ${figure} where adjoint has ${other} (figure ${i}, tolerance ${tolerance})`
    }
    if (own.length !== expected[run]!.length) return `run ${run + 1} gave ${own.length} figures`
  }
  return null
}
