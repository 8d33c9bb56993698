import { rules } from '../../rules/table.js'
import { codeOf, none } from './codes.js'
import type { Recording } from './recording.js'

const add = codeOf(rules.add)
const sub = codeOf(rules.sub)
const mul = codeOf(rules.mul)
const div = codeOf(rules.div)
const neg = codeOf(rules.neg)
const pow = codeOf(rules.pow)
const scale = codeOf(rules.scale)
const select = codeOf(rules.select)

/**
 * A rule at nodes, in its simplest form: as expressions are simplified (`rules/symbols.ts`), what IEEE arithmetic allows, save the
 * sign of a zero; and signs move outwards, where sums take them up.
 */
export const simplified = (recording: Recording, code: number, a: number, b: number, c: number): number => {
  switch (code) {
    case add:
      return sum(recording, a, b)
    case sub:
      return difference(recording, a, b)
    case neg:
      return negative(recording, a)
    case mul:
      return product(recording, mul, a, b)
    case scale:
      return scaled(recording, a, b)
    case div:
      return quotient(recording, a, b)
    case pow:
      return power(recording, a, b)
    case select:
      return choice(recording, a, b, c)
    default:
      return recording.node(code, a, b, c)
  }
}

const is = (recording: Recording, node: number, value: number): boolean =>
  recording.isConstant(node) && recording.value[node] === value

/** x of -x, or none. */
const negated = (recording: Recording, node: number): number =>
  recording.code[node] === neg ? recording.a[node]! : none

const sum = (recording: Recording, a: number, b: number): number => {
  if (is(recording, a, 0)) return b
  if (is(recording, b, 0)) return a
  const minusB = negated(recording, b)
  if (minusB !== none) return difference(recording, a, minusB)
  const minusA = negated(recording, a)
  if (minusA !== none) return difference(recording, b, minusA)
  return commuting(recording, add, a, b)
}

const difference = (recording: Recording, a: number, b: number): number => {
  if (is(recording, b, 0)) return a
  if (is(recording, a, 0)) return negative(recording, b)
  const minusB = negated(recording, b)
  return minusB === none ? recording.node(sub, a, b, none) : sum(recording, a, minusB)
}

const negative = (recording: Recording, a: number): number => {
  const x = negated(recording, a)
  if (x !== none) return x
  if (recording.code[a] === sub) return recording.node(sub, recording.b[a]!, recording.a[a]!, none)
  return recording.node(neg, a, none, none)
}

/** `mul` or `scale`. */
const product = (recording: Recording, code: number, a: number, b: number): number => {
  if (is(recording, a, 1)) return b
  if (is(recording, b, 1)) return a
  if (is(recording, a, -1)) return negative(recording, b)
  if (is(recording, b, -1)) return negative(recording, a)
  const minusA = negated(recording, a)
  const minusB = negated(recording, b)
  if (minusA !== none && minusB !== none) return product(recording, code, minusA, minusB)
  if (minusA !== none) return negative(recording, product(recording, code, minusA, b))
  if (minusB !== none) return negative(recording, product(recording, code, a, minusB))
  return commuting(recording, code, a, b)
}

const scaled = (recording: Recording, g: number, p: number): number => {
  if (is(recording, g, 0) || is(recording, p, 0)) return recording.constant(0)
  const isPlain = recording.isConstant(g) || (recording.isConstant(p) && Number.isFinite(recording.value[p]!))
  return product(recording, isPlain ? mul : scale, g, p)
}

const quotient = (recording: Recording, a: number, b: number): number => {
  if (is(recording, b, 1)) return a
  if (is(recording, b, -1)) return negative(recording, a)
  if (recording.isConstant(b) && isPowerOfTwo(recording.value[b]!)) {
    return product(recording, mul, a, recording.constant(1 / recording.value[b]!))
  }
  return recording.node(div, a, b, none)
}

/** Whether division by it is multiplication by its inverse, to the bit. */
const isPowerOfTwo = (x: number): boolean => {
  const whole = Math.max(Math.abs(x), 1 / Math.abs(x))
  return whole <= largestPower && Number.isInteger(largestPower / whole) && Number.isInteger(whole)
}
const largestPower = 2 ** 52

const power = (recording: Recording, a: number, b: number): number => {
  if (!recording.isConstant(b)) return recording.node(pow, a, b, none)
  const square = () => product(recording, mul, a, a)
  switch (recording.value[b]) {
    case 0:
      return recording.constant(1)
    case 1:
      return a
    case 2:
      return square()
    case 3:
      return product(recording, mul, square(), a)
    case 4:
      return product(recording, mul, square(), square())
    case -1:
      return quotient(recording, recording.constant(1), a)
    default:
      return recording.node(pow, a, b, none)
  }
}

const choice = (recording: Recording, condition: number, a: number, b: number): number => {
  if (recording.isConstant(condition)) return recording.value[condition] !== 0 ? a : b
  if (a === b) return a
  const isSame = (node: number) => recording.code[node] === select && recording.a[node] === condition
  if (isSame(a)) return choice(recording, condition, recording.b[a]!, b)
  if (isSame(b)) return choice(recording, condition, a, recording.c[b]!)
  return factored(recording, condition, a, b) ?? recording.node(select, condition, a, b)
}

/**
 * `c ? scale(g, p) : 0` as `scale(c ? g : 0, p)`: the cotangent of a branch is chosen once, and not for each that it is handed on to,
 * which is where expressions have such choices.
 */
const factored = (recording: Recording, condition: number, a: number, b: number): number | null => {
  const isFirst = is(recording, b, 0)
  if (!isFirst && !is(recording, a, 0)) return null
  const taken = isFirst ? a : b
  const chosen = (x: number): number =>
    isFirst ? choice(recording, condition, x, b) : choice(recording, condition, a, x)
  const [g, p] = [recording.a[taken]!, recording.b[taken]!]
  switch (recording.code[taken]) {
    case neg:
      return negative(recording, chosen(g))
    case scale:
      return scaled(recording, chosen(g), p)
    case mul:
      if (recording.isConstant(p) && Number.isFinite(recording.value[p]!)) return product(recording, mul, chosen(g), p)
      return null
    default:
      return null
  }
}

/** In one order, so that it is there once; constants last, and cotangents first. */
const commuting = (recording: Recording, code: number, a: number, b: number): number =>
  code !== scale && (recording.isConstant(a) || (a > b && !recording.isConstant(b)))
    ? recording.node(code, b, a, none)
    : recording.node(code, a, b, none)
