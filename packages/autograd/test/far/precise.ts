/**
 * Binary floating point of 2400 bits with any exponent, and the elementary functions over it: an oracle that neither
 * overflows nor cancels where float64 does. Every function is its textbook series after a reduction of the argument.
 */
export interface Big {
  /** The value is mantissa * 2^exponent. */
  readonly mantissa: bigint
  readonly exponent: bigint
}

const precision = 2400n
/** Constants are known to so many bits: arguments of sine up to 2^1024 are reduced by them. */
const constantBits = 3600n
/** Beyond 2^20, exp is 0 or infinite for every other number here. */
const farthest = 2n ** 20n

const bitLength = (n: bigint): bigint => BigInt((n < 0n ? -n : n).toString(16).length) * 4n
const shifted = (n: bigint, by: bigint): bigint => (by >= 0n ? n << by : n >> -by)

const big = (mantissa: bigint, exponent: bigint, bits = precision): Big => {
  const surplus = bitLength(mantissa) - bits
  return surplus <= 0n ? { mantissa, exponent } : { mantissa: mantissa >> surplus, exponent: exponent + surplus }
}

export const zero = big(0n, 0n)
export const one = big(1n, 0n)

export const fromNumber = (x: number): Big => {
  if (!Number.isFinite(x)) throw new Error(`${x} is no number of the oracle`)
  let exponent = 0
  let mantissa = x
  while (mantissa !== 0 && Math.abs(mantissa) < 2 ** 52) {
    mantissa *= 2
    exponent--
  }
  while (Math.abs(mantissa) >= 2 ** 53) {
    mantissa /= 2
    exponent++
  }
  // halves are exact: the mantissa is a whole number unless x is subnormal
  return big(BigInt(mantissa), BigInt(exponent))
}

export const toNumber = ({ mantissa, exponent }: Big): number => {
  if (mantissa === 0n) return 0
  const surplus = bitLength(mantissa) - 64n
  const top = Number(shifted(mantissa, -surplus))
  const power = exponent + surplus
  if (power > 2000n) return top * Number.POSITIVE_INFINITY
  if (power < -2000n) return 0
  const half = Math.trunc(Number(power) / 2)
  return top * 2 ** half * 2 ** (Number(power) - half)
}

export const neg = ({ mantissa, exponent }: Big): Big => ({ mantissa: -mantissa, exponent })
export const sign = ({ mantissa }: Big): number => (mantissa > 0n ? 1 : mantissa < 0n ? -1 : 0)
const abs = (x: Big): Big => (sign(x) < 0 ? neg(x) : x)

const top = ({ mantissa, exponent }: Big): bigint => bitLength(mantissa) + exponent

export const add = (a: Big, b: Big): Big => {
  if (a.mantissa === 0n) return b
  if (b.mantissa === 0n) return a
  const apart = top(a) - top(b)
  if (apart > precision + 8n) return a
  if (-apart > precision + 8n) return b
  if (a.exponent < b.exponent) return add(b, a)
  const { exponent } = b
  return big((a.mantissa << (a.exponent - exponent)) + (b.mantissa << (b.exponent - exponent)), exponent)
}
export const sub = (a: Big, b: Big): Big => add(a, neg(b))
export const mul = (a: Big, b: Big): Big => big(a.mantissa * b.mantissa, a.exponent + b.exponent)
export const div = (a: Big, b: Big): Big => {
  const lift = precision + bitLength(b.mantissa)
  return big((a.mantissa << lift) / b.mantissa, a.exponent - b.exponent - lift)
}
export const less = (a: Big, b: Big): boolean => sign(sub(a, b)) < 0
export const timesPower = ({ mantissa, exponent }: Big, power: bigint): Big => ({
  mantissa,
  exponent: exponent + power,
})

export const floor = ({ mantissa, exponent }: Big): Big =>
  exponent >= 0n ? { mantissa, exponent } : big(mantissa >> -exponent, 0n)
const nearest = (x: Big): bigint => {
  const { mantissa, exponent } = floor(add(x, big(1n, -1n)))
  return shifted(mantissa, exponent)
}
const whole = (n: bigint): Big => big(n, 0n)

export const sqrt = (x: Big): Big => {
  if (x.mantissa < 0n) throw new RangeError('the root of a negative number')
  if (x.mantissa === 0n) return x
  const lift = 2n * precision + (x.exponent & 1n)
  const n = x.mantissa << lift
  let root = 1n << (bitLength(n) / 2n + 1n)
  for (let next = (root + n / root) >> 1n; next < root; next = (root + n / root) >> 1n) root = next
  return big(root, (x.exponent - lift) / 2n)
}

/** The sum of terms until they no longer count. */
const series = (first: Big, next: (term: Big, n: number) => Big): Big => {
  let sum = first
  let term = first
  for (let n = 1; term.mantissa !== 0n && top(sum) - top(term) < precision + 8n; n++) {
    term = next(term, n)
    sum = add(sum, term)
  }
  return sum
}

/** atanh or atan of 1/n as a whole number of 2^-constantBits. */
const inverse = (n: bigint, alternating: boolean): bigint => {
  let power = (1n << (constantBits + 16n)) / n
  let sum = 0n
  for (let k = 1n; power !== 0n; k += 2n, power /= n * n) sum += alternating && k % 4n === 3n ? -power / k : power / k
  return sum >> 16n
}
const ln2Bits = 18n * inverse(26n, false) - 2n * inverse(4801n, false) + 8n * inverse(8749n, false)
const piBits = 4n * (4n * inverse(5n, true) - inverse(239n, true))
export const ln2 = big(ln2Bits, -constantBits)
export const pi = big(piBits, -constantBits)

/** x less the nearest multiple of the constant, and that multiple. */
const reduced = (x: Big, bits: bigint): [rest: Big, multiple: bigint] => {
  const n = nearest(div(x, big(bits, -constantBits)))
  const exponent = x.exponent < -constantBits ? x.exponent : -constantBits
  const rest = (x.mantissa << (x.exponent - exponent)) - ((n * bits) << (-constantBits - exponent))
  return [big(rest, exponent), n]
}

export const exp = (x: Big): Big => {
  if (x.mantissa !== 0n && less(whole(farthest), abs(x))) return timesPower(one, sign(x) > 0 ? 2n ** 40n : -(2n ** 40n))
  const [rest, n] = reduced(x, ln2Bits)
  const halvings = 40n
  const small = timesPower(rest, -halvings)
  let power = series(one, (term, k) => div(mul(term, small), whole(BigInt(k))))
  for (let i = 0n; i < halvings; i++) power = mul(power, power)
  return timesPower(power, n)
}

export const log = (x: Big): Big => {
  if (x.mantissa <= 0n) throw new RangeError('the logarithm of no positive number')
  const power = top(x)
  const part = timesPower(x, -power)
  let y = fromNumber(Math.log(toNumber(part)))
  // Halley's steps, each of which triples the digits; near 1 the first guess has few
  for (let i = 0; i < 6; i++) {
    const e = exp(y)
    y = add(y, div(timesPower(sub(part, e), 1n), add(part, e)))
  }
  return add(y, mul(whole(power), ln2))
}

export const sinCos = (x: Big): [sin: Big, cos: Big] => {
  const [rest, n] = reduced(x, piBits >> 1n)
  const square = neg(mul(rest, rest))
  const over = (term: Big, a: number) => div(mul(term, square), whole(BigInt(a * (a + 1))))
  const s = series(rest, (term, k) => over(term, 2 * k))
  const c = series(one, (term, k) => over(term, 2 * k - 1))
  const turns: readonly [Big, Big][] = [[s, c], [c, neg(s)], [neg(s), neg(c)], [neg(c), s]] // biome-ignore format: by quarter turns
  return turns[Number(((n % 4n) + 4n) % 4n)]!
}

export const atan = (x: Big): Big => {
  if (sign(x) < 0) return neg(atan(neg(x)))
  if (less(one, x)) return sub(timesPower(pi, -1n), atan(div(one, x)))
  const halvings = 20n
  let part = x
  for (let i = 0n; i < halvings; i++) part = div(part, add(one, sqrt(add(one, mul(part, part)))))
  const square = neg(mul(part, part))
  let power = part
  const sum = series(part, (_, k) => {
    power = mul(power, square)
    return div(power, whole(BigInt(2 * k + 1)))
  })
  return timesPower(sum, halvings)
}

export const erf = (x: Big): Big => {
  // from 64 on it is 1 to more digits than there are
  if (less(whole(64n), abs(x))) return whole(BigInt(sign(x)))
  const square = mul(x, x)
  const sum = series(x, (term, k) => div(timesPower(mul(term, square), 1n), whole(BigInt(2 * k + 1))))
  return div(timesPower(mul(sum, exp(neg(square))), 1n), sqrt(pi))
}
