import { i32, type Scope, type Statement, v128 } from '../assembler/index.js'
import { eachRound, inSteps, type Loop, type Pointer, shift } from '../loops/nest.js'
import { turn } from '../loops/square.js'

/** Bytes of an input that are read as a whole before going on: a line of the cache. */
const cacheLine = 64

/** The loop whose neighbours in the input go far apart, while those of the last loop come from far apart; null: none. */
export const turnedAxis = (loops: readonly Loop[], bytes: number): number | null => {
  const lanes = 16 / bytes
  const last = loops.at(-1)
  if (last === undefined || lanes > 4 || last.count < lanes || last.steps[1] !== bytes) return null
  if (last.steps[0] === 0 || Math.abs(last.steps[0]!) <= 2 * bytes) return null
  let found: number | null = null
  for (const [i, { count, steps }] of loops.entries()) {
    if (steps[0] === bytes && count >= lanes && (found === null || count > loops[found]!.count)) found = i
  }
  return found
}

/** Copies elements in blocks that are read along the axis `turned` and written along the last one. */
export const transpose = (
  scope: Scope,
  loops: readonly Loop[],
  turned: number,
  bytes: number,
  from: Pointer,
  to: Pointer,
): Statement => {
  const lanes = 16 / bytes
  const down = loops[turned]!
  const across = loops.at(-1)!
  const outer = loops.filter((loop) => loop !== down && loop !== across)
  const [source, target] = scope.locals('i32', 2)
  const block = turnBlock(scope, bytes, across.steps[0]!, down.steps[1]!, source, target)
  const regions = stretches(down.count, lanes, cacheLine / bytes).flatMap((rows) =>
    stretches(across.count, lanes, lanes).map((columns) => {
      const inner = [
        inSteps(down, rows.count, rows.size),
        inSteps(across, columns.count, lanes),
        inSteps(down, rows.size / lanes, lanes),
      ]
      const startOf = (i: number) => i32.const(rows.start * down.steps[i]! + columns.start * across.steps[i]!)
      return [
        source.set(i32.add(from.get, startOf(0))),
        target.set(i32.add(to.get, startOf(1))),
        eachRound(scope, inner, [source, target], block),
      ]
    }),
  )
  const starts = [lowest(lanes, across.steps[0]!), lowest(lanes, down.steps[1]!)] as const
  return [shift(from, starts[0]), shift(to, starts[1]), eachRound(scope, outer, [from, to], regions)]
}

/** Where the lines of a block run backwards it begins at its last. */
const lowest = (lanes: number, apart: number): number => Math.min(0, (lanes - 1) * apart)

interface Stretch {
  readonly start: number
  readonly count: number
  readonly size: number
}

/** A length cut into large stretches, then small ones, of which the last may overlap with that before it. */
const stretches = (length: number, small: number, large: number): Stretch[] => {
  const whole = length - (length % large)
  const rest = length - whole
  const parts = [
    { start: 0, count: whole / large, size: large },
    { start: whole, count: Math.floor(rest / small), size: small },
    { start: length - small, count: rest % small === 0 ? 0 : 1, size: small },
  ]
  return parts.filter(({ count }) => count > 0)
}

/** A square of elements: its rows are `apart` bytes apart, and those that it is turned into are `apartTo`. */
const turnBlock = (
  scope: Scope,
  bytes: number,
  apart: number,
  apartTo: number,
  from: Pointer,
  to: Pointer,
): Statement => {
  const rows = scope.locals('v128', 16 / bytes)
  const offsets = (distance: number) => rows.map((_, i) => i * distance - lowest(rows.length, distance))
  const [places, targets] = [offsets(apart), offsets(apartTo)]
  return [
    rows.map((row, i) => row.set(v128.load(from.get, places[i]))),
    turn(scope, rows),
    rows.map((row, i) => v128.store(to.get, row.get, targets[i])),
  ]
}
