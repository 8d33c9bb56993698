/** Distance between neighbouring numbers at x, in float32 or float64. */
const ulp = (x: number, type: 'float32' | 'float64'): number => {
  const [digits, lowest] = type === 'float32' ? [23, -126] : [52, -1022]
  const exponent = x === 0 ? lowest : Math.max(lowest, Math.floor(Math.log2(Math.abs(x))))
  return 2 ** (exponent - digits)
}

/** How far `actual` is from `exact`, in units in the last place: 0 for the same special value. */
export const ulpError = (actual: number, exact: number, type: 'float32' | 'float64'): number => {
  const rounded = type === 'float32' ? Math.fround(exact) : exact
  if (Object.is(actual, rounded)) return 0
  if (!Number.isFinite(actual) || !Number.isFinite(rounded)) return Infinity
  if (actual === 0 && rounded === 0) return Infinity // the wrong zero
  return Math.abs(actual - exact) / ulp(exact, type)
}
