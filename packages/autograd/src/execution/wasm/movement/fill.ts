import { allocate, bytesPerElement, type DType } from '../../../graph/dtype.js'
import { i32, i64x2, memory, range, type Scope, type Statement, v128 } from '../assembler/index.js'
import { inBlocks, type Pointer } from '../loops/nest.js'

/** From this many bytes on, an area is filled by the engine if all its bytes are equal. */
const long = 256

/** Fills so many dense elements, and up to 16 bytes behind them, with a number. */
export const fill = (scope: Scope, dtype: DType, value: number, size: number, to: Pointer): Statement => {
  const total = size * bytesPerElement(dtype)
  const pattern = new Uint8Array(8)
  const element = allocate(dtype, 1)
  element[0] = dtype === 'bool' ? Number(value !== 0) : value
  for (let i = 0; i < 8; i++) pattern[i] = new Uint8Array(element.buffer)[i % element.byteLength]!
  if (total >= long && pattern.every((byte) => byte === pattern[0])) {
    return memory.fill(to.get, i32.const(pattern[0]!), i32.const(total))
  }
  const vector = scope.local('v128')
  const at = scope.local('i32')
  const loop = { count: Math.ceil(total / 16), steps: [16] }
  return [
    at.set(to.get),
    vector.set(i64x2.const(new DataView(pattern.buffer).getBigInt64(0, true))),
    inBlocks(scope, loop, 8, 0, [at], (rounds) => range(rounds, (i) => v128.store(at.get, vector.get, 16 * i))).code,
  ]
}
