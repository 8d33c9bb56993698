import type { RuleName } from '../../rules/table.js'

/** A function of numbers as TypeScript, and the others that it calls. */
interface Helper {
  readonly code: string
  readonly needs?: readonly RuleName[]
}

/** What Math lacks and no expression gives: short, and to some units in the last place. */
export const given: Readonly<Record<string, Helper>> = {
  scale: {
    // what is 0 stays 0, whatever it meets
    code: '(a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b)',
  },
  round: {
    // halves to the even one
    code: '(x: number): number => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x))',
  },
  remainder: {
    code: `(a: number, b: number): number => {
  const rest = a % b
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest
}`,
  },
  erfc: {
    // Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6 (all its terms are positive) and 7.1.14
    code: `(x: number): number => {
  if (x < 0) return 2 - erfc(-x)
  if (x < 2) return 1 - erf(x)
  let rest = 0
  for (let k = 80; k > 0; k--) rest = k / 2 / (x + rest)
  return Math.exp(-x * x) / ((x + rest) * Math.sqrt(Math.PI))
}`,
    needs: ['erf'],
  },
  erf: {
    code: `(x: number): number => {
  if (Math.abs(x) > 6) return Math.sign(x)
  let term = x
  let sum = x
  for (let k = 1; k < 120; k++) {
    term *= (x * x) / (k + 0.5)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}`,
  },
  erfinv: {
    // S. Winitzki's approximation to two digits, and Halley's steps from there
    code: `(x: number): number => {
  const size = Math.abs(x)
  if (!(size < 1)) return size === 1 ? x * Infinity : NaN
  const w = Math.log((1 - size) * (1 + size)) / 2
  const a = 2 / (0.147 * Math.PI) + w
  let y = Math.sqrt(Math.max(0, Math.sqrt(a * a - (2 * w) / 0.147) - a))
  for (let k = 0; k < 4; k++) {
    const miss = size < 0.5 ? size - erf(y) : erfc(y) - (1 - size)
    const step = (Math.sqrt(Math.PI) / 2) * Math.exp(y * y) * miss
    y += step / (1 - step * y)
  }
  return x < 0 ? -y : y
}`,
    needs: ['erf', 'erfc'],
  },
  besselI: {
    // the same, 9.6.10: all its terms have one sign
    code: `(n: number, x: number): number => {
  const order = Math.abs(Math.round(n))
  if (!(order <= 100)) return NaN
  if (Math.abs(x) > 1000) return x < 0 && order % 2 === 1 ? -Infinity : Infinity
  let term = 1
  for (let k = 1; k <= order; k++) term *= x / (2 * k)
  let sum = term
  for (let k = 1; k < 20 + 1.4 * Math.abs(x); k++) {
    term *= (x * x) / (4 * k * (k + order))
    sum += term
  }
  return sum
}`,
  },
  psi: {
    // the same, 6.3.18 and 6.4.11, from where the recurrence leads up to
    code: `(n: number, x: number): number => {
  // below, the recurrence would take too long
  if (!(n >= 0 && n <= 100 && x > -1e6)) return NaN
  let factorial = 1
  for (let k = 2; k <= n; k++) factorial *= k
  let sum = 0
  let y = x
  for (; y < 12 + n; y++) sum += factorial / y ** (n + 1)
  let term = (factorial * (n + 1)) / (2 * y ** (n + 2))
  let rest = factorial / (2 * y ** (n + 1)) + (n === 0 ? -Math.log(y) : factorial / (n * y ** n))
  const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]
  let j = 0
  for (const each of bernoulli) {
    j += 2
    rest += each * term
    term *= ((n + j) * (n + j + 1)) / (y * y * (j + 1) * (j + 2))
  }
  return n % 2 === 0 ? -(sum + rest) : sum + rest
}`,
  },
}
