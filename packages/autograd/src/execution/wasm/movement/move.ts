import { type Code, f64, i32, memory, range, type Scope, type Statement, v128, when } from '../assembler/index.js'
import { accessOf } from '../loops/elements.js'
import type { Loop, Pointer } from '../loops/nest.js'
import { type Piece, type Place, type Run, type Transfer, transfer } from './transfer.js'
import { transpose, turnedAxis } from './transpose.js'

/** From this many bytes on, a run is left to the engine. */
const long = 1024

/** Copies elements of this many bytes. The loops have the pointers `from` and `to`, both are moved. */
export const move = (scope: Scope, loops: readonly Loop[], bytes: number, from: Pointer, to: Pointer): Statement => {
  if (loops.some(({ count }) => count === 0)) return []
  const turned = turnedAxis(loops, bytes)
  if (turned !== null) return transpose(scope, loops, turned, bytes, from, to)
  const moves = transfer(scope, moving(scope, bytes), loops, from, to)
  const [first, ...others] = loops
  const isRepeated = others.length === 0 && first?.steps[0] === 0 && first.steps[1] === bytes
  if (!isRepeated || first.count * bytes < long) return moves
  const zeros = memory.fill(to.get, i32.const(0), i32.const(first.count * bytes))
  return when(isZero(bytes, from), zeros, moves)
}

const isZero = (bytes: number, { get }: Pointer): Code<'i32'> => {
  if (bytes === 1) return i32.isZero(i32.load8Unsigned(get))
  return i32.isZero(bytes === 4 ? i32.load(get) : i32.or(i32.load(get), i32.load(get, 4)))
}

const moving = (scope: Scope, bytes: number): Transfer => ({
  bytes,
  run: (step, count) => {
    if (step === bytes) return neighbours(bytes)
    if (count * bytes < 16) return null
    if (step === 0) return vectorRun(bytes, ({ pointer, offset }) => accessOf(bytes).splat(pointer.get, offset))
    if (step === -bytes) return reversed(scope, bytes)
    return step === 2 * bytes && bytes > 1 ? vectorRun(bytes, (from) => everySecond(bytes, from)) : null
  },
})

/** Pieces as large as fit. The last one may overlap with that before it. */
const neighbours = (bytes: number): Run => ({
  lanes: 16 / bytes,
  split: (count) => {
    if (count * bytes >= long) return [{ index: 0, count }]
    const unit = [16, 8, 4, 2, 1].find((size) => size <= count * bytes)!
    return overlapping(count, unit / bytes)
  },
  piece: (count, from, to) => moveBytes(count * bytes, from, to),
})

const overlapping = (count: number, size: number): Piece[] =>
  range(Math.ceil(count / size), (i) => ({ index: Math.min(i * size, count - size), count: size }))

const moveBytes = (
  bytes: number,
  { pointer: from, offset }: Place,
  { pointer: to, offset: there }: Place,
): Statement => {
  switch (bytes) {
    case 16:
      return v128.store(to.get, v128.load(from.get, offset), there)
    case 8:
      return f64.store(to.get, f64.load(from.get, offset), there)
    case 4:
      return i32.store(to.get, i32.load(from.get, offset), there)
    case 2:
      return i32.store16(to.get, i32.load16Unsigned(from.get, offset), there)
    case 1:
      return i32.store8(to.get, i32.load8Unsigned(from.get, offset), there)
    default:
      return memory.copy(i32.add(to.get, i32.const(there)), i32.add(from.get, i32.const(offset)), i32.const(bytes))
  }
}

type VectorAt = (from: Place) => ReturnType<typeof v128.load>

/** Vectors that come from elements that are no neighbours. */
const vectorRun = (bytes: number, vectorAt: VectorAt): Run => ({
  lanes: 16 / bytes,
  split: (count) => overlapping(count, 16 / bytes),
  piece: (_, from, to) => v128.store(to.pointer.get, vectorAt(from), to.offset),
})

const everySecond = (bytes: number, { pointer, offset }: Place) => {
  const [low, high] = [v128.load(pointer.get, offset), v128.load(pointer.get, offset + 16)]
  return bytes === 8 ? v128.shuffle64(low, high, [0, 2]) : v128.shuffle32(low, high, [0, 2, 4, 6])
}

const reversed = (scope: Scope, bytes: number): Run => {
  const vector = scope.local('v128')
  const lanes = range(16 / bytes, (i) => 16 / bytes - 1 - i)
  const shuffle = bytes === 8 ? v128.shuffle64 : bytes === 4 ? v128.shuffle32 : v128.shuffle8
  return vectorRun(bytes, ({ pointer, offset }) => {
    const load = vector.tee(v128.load(pointer.get, offset - (16 - bytes)))
    return shuffle(load, vector.get, lanes)
  })
}
