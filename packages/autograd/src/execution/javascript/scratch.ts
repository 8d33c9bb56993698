/** Up to so many bytes (4 MB) a scratch array is kept for the next use. */
const keptBytes = 2 ** 22

type Scratch = Float64Array | Int32Array

/** Working memory for one place in the code: at least `size` elements that hold anything. Making arrays is slow. */
export const createScratch = <A extends Scratch>(Type: {
  new (size: number): A
  readonly BYTES_PER_ELEMENT: number
}): ((size: number) => A) => {
  const keptSize = keptBytes / Type.BYTES_PER_ELEMENT
  let kept = new Type(0)
  return (size) => {
    if (kept.length >= size) return kept
    const fresh = new Type(Math.max(64, size, Math.min(2 * kept.length, keptSize)))
    if (size <= keptSize) kept = fresh
    return fresh
  }
}
