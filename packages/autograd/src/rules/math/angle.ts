// The parts of pi / 2: fdlibm, e_rem_pio2.c (copyright 1993 by Sun Microsystems, Inc.; permission to use, copy, modify,
// and distribute is freely granted, provided that this notice is preserved).

/** pi / 2 = first + second + third; the first two have 33 bits, so that their multiples by n < 2^20 are exact. */
export const first = 1.5707963267341256
export const second = 6.077100506303966e-11
export const third = 2.0222662487959506e-21

/** What `reduceAngle` leaves: an angle, and what its rounding lost. (Variables would be allocated at each call.) */
export const angle = /* @__PURE__ */ new Float64Array(2)

/** n, in its lowest bits, where |x| = n pi / 2 + angle[0] + angle[1], |angle[0]| <= pi / 4. x is finite. */
export const reduceAngle = (x: number): number => {
  const size = Math.abs(x)
  if (size <= Math.PI / 4) {
    angle[0] = size
    angle[1] = 0
    return 0
  }
  if (size > 1e6) return reduceExactly(size)
  const n = Math.floor(size * (2 / Math.PI) + 0.5)
  const head = size - n * first
  const low = n * second
  const near = head - low
  const rest = n * third - (head - near - low)
  const reduced = near - rest
  if (Math.abs(reduced) < 2 ** -20) return reduceExactly(size)
  angle[0] = reduced
  angle[1] = near - reduced - rest
  return n & 3
}

/** So many bits after the point that 120 are left of what is near a multiple of pi / 2. */
const precision = 1216n
let halfPi: bigint | undefined

const reduceExactly = (size: number): number => {
  halfPi ??= 8n * arctangentOfInverse(5n) - 2n * arctangentOfInverse(239n)
  let shift = precision
  let whole = size
  // an integer of 53 bits and a power of two
  while (!Number.isInteger(whole)) {
    whole *= 2
    shift--
  }
  const fixed = BigInt(whole) << shift
  const n = (2n * fixed + halfPi) / (2n * halfPi)
  const rest = (fixed - n * halfPi) >> (precision - 200n)
  const rounded = Number(rest)
  angle[0] = rounded * 2 ** -200
  angle[1] = Number(rest - BigInt(rounded)) * 2 ** -200
  return Number(n & 3n)
}

/** In fixed point, with 64 bits more than are kept; J. Machin, 1706: pi = 16 arctan(1/5) - 4 arctan(1/239). */
const arctangentOfInverse = (n: bigint): bigint => {
  let power = (1n << (precision + 64n)) / n
  let sum = 0n
  for (let k = 1n; power !== 0n; k += 4n) {
    sum += power / k
    power /= n * n
    sum -= power / (k + 2n)
    power /= n * n
  }
  return sum >> 64n
}
