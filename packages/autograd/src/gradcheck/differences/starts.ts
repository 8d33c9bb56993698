import type { Precision } from '../subject/precision.js'
import { largest, masked } from '../subject/vectors.js'

// The first step of all: most functions have no edge or kink nearer than that. It is no round number, so that values
// which are round numbers show how they are rounded.
const largestStep = { float32: 0.413, float64: 0.0517 }
/** An element far from 0 is moved in proportion. */
const relativeStep = { float32: 2 ** -5, float64: 2 ** -12 }
/** And where one is near 0, in proportion too, if larger steps show nothing. */
const nearZero = { float32: 0.17, float64: 0.0213 }
/** No power of two, so that ladders of halving steps share none. */
const shrink = { float32: 5.37, float64: 29.7 }
const smallestStep = { float32: 1e-3, float64: 1e-10 }

/**
 * Where ladders of steps along a direction begin, from large to small: what is smooth is seen best from afar, and what has edges, kinks
 * and ripples from near by only.
 */
export const startsAt = (point: Float64Array, direction: Float64Array, precision: Precision = 'float64'): number[] => {
  const [most, relative, ratio] = [largestStep[precision], relativeStep[precision], shrink[precision]]
  let moved = 0
  let first = Number.POSITIVE_INFINITY
  let near = Number.POSITIVE_INFINITY
  for (let j = 0; j < point.length; j++) {
    if (direction[j] === 0) continue
    moved++
    const size = Number.isFinite(point[j]) ? Math.abs(point[j]!) : 0
    first = Math.min(first, Math.max(most, size * relative))
    if (size > 0) near = Math.min(near, size * nearZero[precision])
  }
  if (moved === 0) return [most]
  first /= Math.sqrt(moved)
  const starts = []
  for (let start = first; start > first * smallestStep[precision]; start /= ratio) starts.push(start)
  for (const start of [near, near / ratio]) if (start < first / ratio) starts.push(start)
  return starts.sort((a, b) => b - a)
}

/** How far from 0 the elements are that move: their sum with a step is rounded. */
export const farthest = (point: Float64Array, direction: Float64Array): number => largest(masked(point, direction))
