/** Up to this size (4 MB) a scratch array is kept for the next use. */
const keptSize = 1 << 19

/** Working memory for one place in the code: at least `size` elements that hold anything. Making arrays is slow. */
export const createScratch = () => {
  let kept = new Float64Array(0)
  return (size: number): Float64Array => {
    if (kept.length >= size) return kept
    const fresh = new Float64Array(Math.max(64, size, Math.min(2 * kept.length, keptSize)))
    if (size <= keptSize) kept = fresh
    return fresh
  }
}
