// The parts of a floating-point number. Math's functions are not used in this folder, except for those that IEEE 754
// defines to the bit (sqrt, abs, floor, trunc, fround): engines and their versions round all others as they like.

const float = new Float64Array(1)
const words = new Int32Array(float.buffer)
/** Which of the two words has sign and exponent. */
const high = /* @__PURE__ */ (() => {
  float[0] = 1
  return words[1] === 0 ? 0 : 1
})()

/** 2^k for k from -1074 to 1023. */
export const powerOfTwo = (k: number): number => powers[k + 1074]!
const powers = /* @__PURE__ */ (() => {
  const table = new Float64Array(2098)
  let power = 5e-324
  for (let i = 0; i < table.length; i++, power *= 2) table[i] = power
  return table
})()

/** The k for which x / 2^k is from sqrt(1/2) to sqrt(2); x is positive, finite and at least 2^-1022. */
export const exponentOf = (x: number): number => {
  float[0] = x
  return (words[high]! - 0x3fe6a09e) >> 20
}

/** x * 2^k, rounded once; |x| is from 1/2 to 2. */
export const scaleByPower = (x: number, k: number): number => {
  if (k > 1022) return k > 1100 ? x * Infinity : x * 4 * powerOfTwo(1000) * powerOfTwo(k - 1002)
  if (k < -1021) return k < -1100 ? x * 0 : x * powerOfTwo(k + 200) * powerOfTwo(-200)
  return x * powerOfTwo(k)
}

/** What is lost in a * b; both are small enough to be rounded to float32, and 29 bits of their rest are enough. */
export const productError = (a: number, b: number, product: number): number => {
  const aHigh = Math.fround(a)
  const aLow = a - aHigh
  const bHigh = Math.fround(b)
  const bLow = b - bHigh
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
}
