import type { Precise } from './algebra.js'
import * as jets from './jets.js'
import { fromNumber } from './precise.js'

// What a function of elements is at a point, and whether what was computed is that.

export type DType = 'float64' | 'float32'

export const limits = {
  float64: [2 ** -1074, Number.MAX_VALUE],
  float32: [2 ** -149, 2 ** 128 * (1 - 2 ** -24)],
} as const
/** Of 1: some units in the last place, as functions and sums of a few terms have them. */
const precision = { float64: 2e-15, float32: 2e-6 } as const

export interface Known {
  readonly operands: readonly number[]
  /** By operand: the value and three derivatives along it. */
  readonly along: readonly (readonly number[])[]
}

/** null outside of the domain. */
export const knownAt = (f: (...operands: Precise[]) => Precise, operands: readonly number[]): Known | null => {
  const along: number[][] = []
  for (const i of operands.keys()) {
    const value = f(...operands.map((x, k) => (k === i ? jets.variable : jets.constant)(fromNumber(x))))
    if (value === null) return null
    along.push(jets.derivatives(value))
  }
  return { operands, along }
}

/** What is wrong at a point, in words. Forgiven is what rounding of the operands does, and of the orders below. */
export const problem = (what: string, got: number, order: number, known: Known, i: number, dtype: DType): string[] => {
  const [least, most] = limits[dtype]
  const { along, operands } = known
  const wanted = along[i]![order]!
  if (Math.abs(wanted) > most) return Math.abs(got) < most / 2 ? [`${what} at ${operands} is ${got}: out of range`] : []
  const size = Math.abs(operands[i]!)
  const moved = along.reduce(
    (sum, jet, k) => sum + (order === 0 || k === i ? Math.abs(jet[order + 1]! * operands[k]!) : 0),
    0,
  )
  // near the origin functions bend within a length of 1
  const length = size < 64 ? Math.min(size, 1) : size
  const below = along[i]!.slice(0, order).reduce((sum, derivative) => (sum + Math.abs(derivative)) / length, 0)
  const scale = Math.abs(wanted) + Math.min(moved, most) + Math.min(below, most)
  // exponentials below the normal range are rounded, also where x times them would be in it
  const lost = 2 * least * Math.min(Math.max(size, 1), 128)
  const isRight = Math.abs(got - wanted) <= precision[dtype] * scale + lost
  return isRight ? [] : [`${what} at ${operands} is ${got} instead of ${wanted}`]
}
