import type { Random } from '../../tensor/random.js'
import type { Place } from '../differences/slopes.js'
import type { Leaf } from '../subject/coordinates.js'
import type { Mode } from '../subject/mode.js'
import { weights, within } from '../subject/vectors.js'

// A derivative is linear in what it is given: the cotangent of the result, or the tangent of the input.

type Given = (vector: Float64Array) => Float64Array

const scaledBy = (x: Float64Array, factor: number): Float64Array => x.map((each) => factor * each)
const sumOf = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, i) => x + b[i]!)
const sizeOf = (x: Float64Array): number => Math.sqrt(x.reduce((total, each) => total + each * each, 0))
const isSame = (a: Float64Array, b: Float64Array, slack = 1e-6): boolean => {
  const size = Math.max(sizeOf(a), sizeOf(b))
  return a.every((x, i) => Math.abs(x - b[i]!) <= slack * size)
}

/** Whether what a mode gives for the same point and the same vector differs from call to call. */
export const isRandom = ({ subject, point }: Place, mode: Mode, random: Random): boolean => {
  const { inputs, outputs } = subject
  const vector = weights((mode === 'reverse' ? outputs : inputs).size, random)
  const call = () => (mode === 'reverse' ? subject.reverse(point, vector) : subject.forward(point, vector))
  const first = call()
  return [1, 2, 3, 4, 5].some(() => call().some((x, i) => !Object.is(x, first[i])))
}

/** What is wrong with a derivative by one input that is not linear, as a cause and in words; null if it is linear. */
export const nonlinearity = (
  { subject, point }: Place,
  mode: Mode,
  leaf: Leaf,
  random: Random,
): { readonly cause: string; readonly says: string } | null => {
  const { inputs, outputs } = subject
  const { offset, size } = leaf
  const isReverse = mode === 'reverse'
  const draw = () =>
    isReverse ? weights(outputs.size, random) : within(weights(inputs.size, random), offset, offset + size)
  const derivative: Given = isReverse
    ? (v) => subject.reverse(point, v).slice(offset, offset + size)
    : (u) => subject.forward(point, u)
  const given = isReverse ? 'cotangent' : 'tangent'
  const [v, w] = [draw(), draw()]
  const once = derivative(v)
  const isScaled = (factor: number, by: number) => isSame(derivative(scaledBy(v, factor)), scaledBy(once, by))
  const [nothing, minus, thrice] = [derivative(scaledBy(v, 0)), derivative(scaledBy(v, -1)), derivative(scaledBy(v, 3))]
  if (!once.every(Number.isFinite)) return null
  const isAdditive = isSame(derivative(sumOf(v, w)), sumOf(once, derivative(w)))
  if (isAdditive && isSame(thrice, scaledBy(once, 3)) && isScaled(1e6, 1e6) && isScaled(1e-6, 1e-6)) return null

  const of = isReverse ? 'the cotangent of the result' : 'the tangent of the input'
  const clip = clipOf(derivative, v)
  if (clip !== null) return { cause: 'clipped', says: clip }
  if (isSame(once, derivative(w)) && isSame(once, thrice)) {
    return {
      cause: 'cotangent ignored',
      says: `it does not depend on the ${given}, which is ignored: multiply by ${of}`,
    }
  }
  if (isSame(minus, once) && isSame(thrice, scaledBy(once, 3))) {
    return { cause: 'absolute value', says: `it uses the absolute value of the ${given}: multiply by ${of} as it is` }
  }
  if (isSame(minus, scaledBy(once, -1)) && isSame(thrice, once)) {
    return {
      cause: 'cotangent ignored',
      says: `the size of the ${given} is ignored, only its sign or direction counts: multiply by ${of} as it is`,
    }
  }
  if (isSame(thrice, scaledBy(once, 9)) && isSame(minus, once)) {
    return {
      cause: 'cotangent ignored',
      says: `it is not linear in the ${given}: that is squared. Multiply by ${of} once`,
    }
  }
  if (
    sizeOf(nothing) > 0 &&
    isSame(sumOf(thrice, scaledBy(nothing, -1)), scaledBy(sumOf(once, scaledBy(nothing, -1)), 3))
  ) {
    return {
      cause: 'cotangent ignored',
      says: `it is not linear in the ${given}: a part of it does not depend on the ${given}. Multiply all of it by ${of}`,
    }
  }
  return {
    cause: 'cotangent ignored',
    says: `it is not linear in the ${given} (a maximum, a choice or a power of it?): a derivative adds and scales with ${of}`,
  }
}

/** A derivative that stops growing with what it is given, in words. */
const clipOf = (derivative: Given, v: Float64Array): string | null => {
  const [large, larger] = [derivative(scaledBy(v, 1e6)), derivative(scaledBy(v, 1e8))]
  const small = scaledBy(derivative(scaledBy(v, 1e-6)), 1e6)
  if (!isSame(small, scaledBy(derivative(scaledBy(v, 1e-8)), 1e8), 1e-6) || sizeOf(small) === 0) return null
  const stopped = large.filter((x, i) => x !== 0 && x === larger[i])
  if (stopped.length > 0) {
    const bounds = [...new Set(stopped)].sort((a, b) => a - b)
    if (bounds.length <= 2) return `it is clipped at ${bounds.join(' and ')}: leave that to the optimizer`
  }
  const norm = sizeOf(larger)
  if (norm > 0 && Math.abs(sizeOf(large) - norm) <= 1e-6 * norm) {
    return `its norm is clipped to ${Number(norm.toPrecision(4))}: leave that to the optimizer`
  }
  return null
}
