/** The length of (a, b), without overflow. C. F. Borges, "An improved algorithm for hypot(a, b)" (2019), without FMA. */
export const hypot = (a: number, b: number): number => {
  const long = Math.max(Math.abs(a), Math.abs(b))
  const short = Math.min(Math.abs(a), Math.abs(b))
  if (Math.abs(a) === Infinity || Math.abs(b) === Infinity) return Infinity
  if (short < long * 2 ** -60) return long
  if (long > 2 ** 510) return lengthOf(long * 2 ** -600, short * 2 ** -600) * 2 ** 600
  if (short < 2 ** -510) return lengthOf(long * 2 ** 600, short * 2 ** 600) * 2 ** -600
  return lengthOf(long, short)
}

const lengthOf = (long: number, short: number): number => {
  const length = Math.sqrt(long * long + short * short)
  if (length === 0) return 0
  if (length <= 2 * short) {
    const over = length - short
    return length - (over * (over - 2 * (long - short)) + long * (2 * over - long)) / (2 * length)
  }
  const over = length - long
  return length - (over * over + (short * (4 * over - short) + 2 * over * (long - 2 * short))) / (2 * length)
}
