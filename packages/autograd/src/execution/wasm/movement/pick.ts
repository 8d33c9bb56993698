import { bytesPerElement } from '../../../graph/dtype.js'
import type { Gather, Scatter } from '../../../graph/kernel.js'
import {
  type Code,
  i32,
  increase,
  type Local,
  leaveWith,
  type Scope,
  type Statement,
  when,
} from '../assembler/index.js'
import type { Strided } from '../loops/kernel.js'
import { eachRound, inBytes, type Loop, loopsOver, type Pointer } from '../loops/nest.js'

/** How elements of a tensor and those picked from it lie to each other. */
interface Picks {
  /** One round for each index; the pointers are those of the tensor, of the indices and of what is picked. */
  readonly picks: readonly Loop[]
  /** What one index picks; the pointers are those of the tensor and of what is picked. */
  readonly rows: readonly Loop[]
  /** The axis that the indices count along, and the distance of neighbours along it in bytes. */
  readonly dim: number
  readonly apart: number
  readonly negatives: Gather['negatives']
}

export const picksOf = (
  { mode, axis, negatives }: Gather | Scatter,
  tensor: Strided,
  indices: Strided,
  picked: Strided,
): Picks => {
  const bytes = bytesPerElement(tensor.dtype)
  const strides = inBytes(tensor.strides, bytes)
  const own = inBytes(indices.strides, bytesPerElement(indices.dtype))
  const before = new Array<number>(axis).fill(0)
  const behind = new Array<number>(tensor.shape.length - axis - 1).fill(0)
  const [places, steps] =
    mode === 'along'
      ? [strides.with(axis, 0), own]
      : [strides.toSpliced(axis, 1, ...own.map(() => 0)), [...before, ...own, ...behind]]
  const loops = loopsOver(picked.shape, [places, steps, inBytes(picked.strides, bytesPerElement(picked.dtype))])
  const depth = loops.findLastIndex(({ count, steps: [, index] }) => index !== 0 || count === 0) + 1
  return {
    picks: loops.slice(0, depth),
    rows: loops.slice(depth).map(({ count, steps: [place, , to] }) => ({ count, steps: [place!, to!] })),
    dim: tensor.shape[axis]!,
    apart: strides[axis]!,
    negatives,
  }
}

/**
 * Visits each index with the place in the tensor that it picks, then does `end`; the function gives 1 if one is out of
 * range, else 0.
 */
export const eachPick = (
  scope: Scope,
  { picks, dim, negatives, apart }: Picks,
  pointers: readonly [tensor: Pointer, indices: Pointer, picked: Pointer],
  visit: (place: Pointer, picked: Pointer) => Statement,
  end: Statement = [],
): Code<'i32'> => {
  const [index, place, other] = scope.locals('i32', 3)
  const [tensor, indices, picked] = pointers
  const body = [
    checkedIndex(index, indices, dim, negatives),
    place.set(i32.add(tensor.get, i32.mul(index.get, i32.const(apart)))),
    other.set(picked.get),
    visit(place, other),
  ]
  return [eachRound(scope, picks, pointers, body), end, i32.const(0)]
}

/** The index, counted from the start of the axis. */
export const checkedIndex = (
  index: Local<'i32'>,
  indices: Pointer,
  dim: number,
  negatives?: Gather['negatives'],
): Statement => [
  index.set(i32.load(indices.get)),
  negatives === 'refused' ? [] : increase(index, i32.and(i32.shiftRight(index.get, i32.const(31)), i32.const(dim))),
  when(i32.greaterEqualUnsigned(index.get, i32.const(dim)), leaveWith(i32.const(1))),
]
