import { bytesPerElement, type DType } from '../../../graph/dtype.js'
import { type Code, i32, range, v128 } from '../assembler/index.js'
import { accessOf, gathered } from '../loops/elements.js'
import type { Vector } from '../math/vector.js'
import { type Loaded, loadNeighbours, unpacked } from './access.js'

/**
 * Elements at known distances from a pointer, in bytes. There may be fewer than lanes: what the others hold is not said.
 * Up to 16 bytes after the first byte of an element are read.
 */
export const loadLanes = (v: Vector, dtype: DType, pointer: Code<'i32'>, lanes: readonly number[]): Loaded => {
  const lowest = Math.min(...lanes)
  // offsets in instructions are not negative
  const [from, base] = lowest < 0 ? [i32.add(pointer, i32.const(lowest)), lowest] : [pointer, 0]
  return unpacked(
    v,
    dtype,
    loadElements(
      v,
      dtype,
      from,
      lanes.map((lane) => lane - base),
    ),
  )
}

const loadElements = (v: Vector, dtype: DType, from: Code<'i32'>, lanes: readonly number[]): Code<'v128'> => {
  const bytes = bytesPerElement(dtype)
  const first = Math.min(...lanes)
  if (lanes.length > 1 && lanes.every((lane, i) => lane === first + i * bytes)) {
    return loadNeighbours(v, dtype, from, first)
  }
  if (lanes.every((lane) => lane === first)) return accessOf(bytes).splat(from, first)
  return loadNear(bytes, from, lanes) ?? gathered(bytes, from, lanes)
}

/** Elements that all lie in one or two vectors. */
const loadNear = (bytes: number, from: Code<'i32'>, lanes: readonly number[]): Code<'v128'> | null => {
  const first = Math.min(...lanes)
  const end = Math.max(...lanes) + bytes
  if (end - first > 32) return null
  const second = Math.max(first, end - 16)
  const byteOf = (lane: number) => (lane + bytes <= first + 16 ? lane - first : lane - second + 16)
  if (lanes.some((lane) => lane + bytes > first + 16 && lane < second)) return null
  const order = lanes.flatMap((lane) => range(bytes, (i) => byteOf(lane) + i))
  const whole = range(16, (i) => order[i % order.length]!)
  return v128.shuffle8(v128.load(from, first), v128.load(from, second), whole)
}
