import { type Algebra, expand, type NumberFunction, type Primitive, type Rule } from './algebra.js'
import { acos, asin, atan, atan2 } from './math/arcs.js'
import { erf, erfc } from './math/erf.js'
import { exp, expm1 } from './math/exponential.js'
import { acosh, asinh, atanh, cosh, sinh, tanh } from './math/hyperbolic.js'
import { hypot } from './math/hypot.js'
import { log, log1p } from './math/logarithm.js'
import { pow } from './math/power.js'
import { cos, sin, tan } from './math/trigonometric.js'

const truth = (condition: boolean): number => (condition ? 1 : 0)

/** The nearest whole number, halves to the even one; -0 for what rounds up to 0. */
const round = (x: number): number => {
  if (x < 0) return -round(-x)
  const down = Math.floor(x)
  const above = x - down
  return above > 0.5 || (above === 0.5 && down % 2 === 1) ? down + 1 : down
}

/** Up to here a product of integers is exact. */
const largestExact = 2 ** 53

const integerMul = (a: number, b: number): number => {
  const product = a * b
  return product > largestExact || product < -largestExact ? Math.imul(a, b) : product
}

/** By repeated squaring; a negative exponent gives a fraction, whose integer part int32 keeps. */
const integerPow = (base: number, exponent: number): number => {
  if (!(Number.isInteger(base) && Number.isInteger(exponent) && exponent >= 0)) return pow(base, exponent)
  let result = 1
  for (let power = base, left = exponent; left > 0; power = integerMul(power, power), left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = integerMul(result, power)
  }
  return Math.abs(pow(base, exponent)) > largestExact ? result | 0 : result
}

const remainder = (a: number, b: number): number => {
  const rest = a % b
  if (rest === 0) return b < 0 ? -0 : 0
  return rest < 0 === b < 0 || Number.isNaN(rest) ? rest : rest + b
}

/**
 * The reference: what each primitive means. The functions are our own (`math/`): those of JavaScript's Math differ from
 * engine to engine and from version to version in their last bits.
 */
export const numbers: Algebra<number> = {
  constant: (value) => value,
  apply: (rule, ...operands) => rule.numeric?.(...operands) ?? expand(numbers, rule, operands),
  neg: (x) => -x,
  abs: Math.abs,
  sqrt: Math.sqrt,
  exp,
  expm1,
  log,
  log1p,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  asinh,
  acosh,
  atanh,
  erf,
  erfc,
  floor: Math.floor,
  ceil: Math.ceil,
  round,
  trunc: Math.trunc,
  logicalNot: (x) => truth(x === 0),
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow,
  atan2,
  hypot,
  remainder,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  equal: (a, b) => truth(a === b),
  less: (a, b) => truth(a < b),
  lessEqual: (a, b) => truth(a <= b),
  logicalAnd: (a, b) => truth(a !== 0 && b !== 0),
  logicalOr: (a, b) => truth(a !== 0 || b !== 0),
  scale: (g, p) => (g === 0 || p === 0 ? 0 : g * p),
  integerMul,
  integerPow,
  select: (condition, a, b) => (condition !== 0 ? a : b),
}

/** What a primitive is over numbers. */
export const numericOf = ({ name, numeric }: Rule): NumberFunction =>
  numeric ?? (numbers[name as Primitive] as NumberFunction)
