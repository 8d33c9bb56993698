import { bytesPerElement, type DType } from '../../../graph/dtype.js'
import type { Shape } from '../../../graph/shape.js'
import type { Strided } from '../loops/kernel.js'
import { denseInBytes, inBytes, type Loop, loopsOver, type Pointer } from '../loops/nest.js'
import type { Vector } from '../math/vector.js'
import type { Evaluation } from './evaluation.js'
import { loadLanes } from './lanes.js'
import type { Operand } from './operand.js'
import { levelsOf, type Place } from './places.js'

/** An operand of a kernel over some shape: strides are in bytes. */
export interface Stream {
  readonly dtype: DType
  readonly pointer: Pointer
  readonly strides: readonly number[]
}

export const inputStream = ({ dtype, strides }: Strided, pointer: Pointer): Stream => ({
  dtype,
  pointer,
  strides: inBytes(strides, bytesPerElement(dtype)),
})

export const denseStream = (shape: Shape, dtype: DType, pointer: Pointer): Stream => ({
  dtype,
  pointer,
  strides: denseInBytes(shape, bytesPerElement(dtype)),
})

/** The fewest loops over a shape, but at least one. */
export const loopsOfStreams = (shape: Shape, streams: readonly Stream[]): Loop[] => {
  const loops = loopsOver(
    shape,
    streams.map(({ strides }) => strides),
  )
  return loops.length > 0 ? loops : [{ count: 1, steps: streams.map(() => 0) }]
}

/** Gives the program's results at a place. */
export type Evaluate = (place: Place) => Operand[]

/** `streams` are in the order of the places; `inputs` are those that the program's input of that number reads. */
export const evaluating = (
  v: Vector,
  evaluation: Evaluation,
  loops: readonly Loop[],
  streams: readonly Stream[],
  inputs: ReadonlyMap<number, number>,
): Evaluate => {
  const levels = levelsOf(loops, streams.length)
  return (place) =>
    evaluation.at((input) => {
      const i = inputs.get(input)!
      const { dtype, pointer } = streams[i]!
      const lanes = place[i]!
      return { key: lanes.join(), level: levels[i]!, load: () => loadLanes(v, dtype, pointer.get, lanes) }
    })
}
