import type { Kernel, Layout } from '../../graph/kernel.js'
import { requireSize, type Shape } from '../../graph/shape.js'
import type { Spec, Value } from '../../graph/value.js'

/** What a kernel of a kind does where its inputs have a further axis in front, that of the examples. */
export interface Batch {
  /** How many examples there are. */
  readonly size: number
  /** Runs a kernel of one result. */
  run(kernel: Kernel, inputs: readonly Value[], out: Spec): Value
  runAll(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[]
}

/** An input: the examples, along the first axis; or, if they are equal, one of them. */
export interface Input {
  readonly value: Value
  readonly areEqual: boolean
}

export type Axes = Layout['axes']

export const wholeAxis = (source: number | null): Axes[number] => ({ source, start: 0, step: 1 })
export const specOfAll = ({ shape, dtype }: Spec, { size }: Batch): Spec => {
  const whole = [size, ...shape]
  requireSize('vmap', whole)
  return { shape: whole, dtype }
}

/** All examples; equal ones as one that is seen again and again. */
export const allOf = ({ value, areEqual }: Input, batch: Batch): Value =>
  areEqual
    ? seenAlong(
        value,
        value.shape.map((_, axis) => axis),
        specOfAll(value, batch).shape,
        batch,
      )
    : value

/** A value seen along more axes: `places` are those of its own among the last of them. */
const seenAlong = (value: Value, places: readonly number[], shape: Shape, batch: Batch): Value => {
  const added = shape.length - value.shape.length
  const axes = shape.map((_, axis) => wholeAxis(axis < added ? null : places[axis - added]!))
  return batch.run({ kind: 'layout', axes }, [value], { shape, dtype: value.dtype })
}

export const reshaped = (value: Value, shape: Shape, batch: Batch): Value =>
  batch.run({ kind: 'reshape' }, [value], { shape, dtype: value.dtype })

/** With the first two axes in each other's place. */
export const swapped = (value: Value, batch: Batch): Value => {
  const { shape, dtype } = value
  const axes = shape.map((_, axis) => wholeAxis(axis < 2 ? 1 - axis : axis))
  return batch.run({ kind: 'layout', axes }, [value], { shape: [shape[1]!, shape[0]!, ...shape.slice(2)], dtype })
}
