/** The integer whose order is that of the floating-point numbers. */
const rank = (x: number): bigint => {
  const bits = new BigInt64Array(new Float64Array([x]).buffer)[0]!
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits
}

/** How many floating-point numbers lie between the two. */
export const unitsApart = (a: number, b: number): number => Math.abs(Number(rank(a) - rank(b)))
