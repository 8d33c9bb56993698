import type { Gather, Kernel, Look, Scatter } from '../../graph/kernel.js'
import { type Shape, sizeOf } from '../../graph/shape.js'
import type { Spec, Value } from '../../graph/value.js'
import { type Axes, allOf, type Batch, type Input, reshaped, specOfAll, wholeAxis } from './batch.js'
import { forExamples } from './each.js'
import { batchedLoop } from './rounds.js'

/** The axes of each example, behind that of the examples. */
const behind = (axes: Axes): Axes => [
  wholeAxis(0),
  ...axes.map((axis) => (axis.source === null ? axis : { ...axis, source: axis.source + 1 })),
]

/** Kinds that know of batches, or are told of one more axis. */
const widened: {
  readonly [K in Exclude<Kernel['kind'], 'gather' | 'scatter' | 'random' | 'loop' | 'call'>]: (
    kernel: Extract<Kernel, { readonly kind: K }>,
  ) => Kernel
} = {
  map: (kernel) => kernel,
  contract: (kernel) => kernel,
  reshape: (kernel) => kernel,
  reduce: (kernel) => ({ ...kernel, axes: kernel.axes.map((axis) => axis + 1) }),
  argReduce: (kernel) => ({ ...kernel, axis: kernel.axis + 1 }),
  cumulate: (kernel) => ({ ...kernel, axis: kernel.axis + 1 }),
  sort: (kernel) => ({ ...kernel, axis: kernel.axis + 1 }),
  search: (kernel) => kernel,
  layout: ({ kind, axes, fixed }) => ({ kind, axes: behind(axes), ...(fixed && { fixed: [0, ...fixed] }) }),
  fold: ({ kind, axes }) => ({ kind, axes: behind(axes) }),
  assemble: (kernel) => ({
    ...kernel,
    starts: kernel.starts.map((start) => [0, ...start]),
    steps: kernel.steps.map((step) => [1, ...step]),
  }),
}

/** A gather or scatter along the axis that is one further behind. */
const behindExamples = <K extends Gather | Scatter>(kernel: K): K => ({
  ...kernel,
  axis: kernel.axis + 1,
  hidden: (kernel.hidden ?? 0) + 1,
})

/** The results of all examples, along the first axis. At least one input differs between examples. */
export const runBatched = (
  kernel: Kernel,
  inputs: readonly Input[],
  outs: readonly Spec[],
  batch: Batch,
): readonly Value[] => {
  const all = () => inputs.map((input) => allOf(input, batch))
  switch (kernel.kind) {
    case 'gather':
      return [gather(kernel, inputs, outs[0]!, batch)]
    case 'scatter':
      return [scatter(kernel, inputs, outs[0]!, batch)]
    case 'random':
      // its counters have the axis
      return [batch.run(kernel, [inputs[0]!.value, allOf(inputs[1]!, batch)], specOfAll(outs[0]!, batch))]
    case 'loop':
      return batchedLoop(kernel, inputs, outs, batch, runBatched)
    case 'call': {
      const run = forExamples(batch.size, inputs, kernel.run, outs) as Look<Value>
      const given = inputs.map(({ value }) => value)
      const wide = outs.map((out) => specOfAll(out, batch))
      return batch.runAll({ kind: 'call', run }, given, wide)
    }
    default: {
      const widen = widened[kernel.kind] as (kernel: Kernel) => Kernel
      return batch.runAll(
        widen(kernel),
        all(),
        outs.map((out) => specOfAll(out, batch)),
      )
    }
  }
}

/**
 * Indices that differ between examples. Where x does not, all are looked up in it at once; else each example's in its own x:
 * they are laid along all lines of x, and `along` picks from each line.
 */
const gather = (kernel: Gather, [x, index]: readonly Input[], out: Spec, batch: Batch): Value => {
  const whole = specOfAll(out, batch)
  const wide = behindExamples(kernel)
  if (kernel.mode === 'along') return batch.run(wide, [allOf(x!, batch), allOf(index!, batch)], whole)
  if (index!.areEqual) return batch.run(wide, [x!.value, index!.value], whole)
  if (x!.areEqual) {
    const [before, after] = aroundAxis(x!.value.shape, kernel.axis)
    const found = { shape: [...before, ...index!.value.shape, ...after], dtype: out.dtype }
    const picked = batch.run(kernel, [x!.value, index!.value], found)
    if (before.length === 0) return picked
    // the axis of the examples to the front
    const axes = whole.shape.map((_, i) => wholeAxis(i === 0 ? before.length : i <= before.length ? i - 1 : i))
    return batch.run({ kind: 'layout', axes }, [picked], whole)
  }
  const { lines, places } = alongLines(x!.value.shape.slice(1), kernel.axis, index!.value, batch)
  const picked = batch.run({ ...wide, mode: 'along' }, [x!.value, places], { shape: lines, dtype: out.dtype })
  return reshaped(picked, whole.shape, batch)
}

const scatter = (kernel: Scatter, [base, index, source]: readonly Input[], out: Spec, batch: Batch): Value => {
  const whole = specOfAll(out, batch)
  const wide = behindExamples(kernel)
  const [bases, sources] = [allOf(base!, batch), allOf(source!, batch)]
  if (kernel.mode === 'along') return batch.run(wide, [bases, allOf(index!, batch), sources], whole)
  if (index!.areEqual) return batch.run(wide, [bases, index!.value, sources], whole)
  const { lines, places } = alongLines(out.shape, kernel.axis, index!.value, batch)
  return batch.run({ ...wide, mode: 'along' }, [bases, places, reshaped(sources, lines, batch)], whole)
}

const aroundAxis = (shape: Shape, axis: number): readonly [before: Shape, after: Shape] => [
  shape.slice(0, axis),
  shape.slice(axis + 1),
]

/** Indices of each example, of shape [size, ...], laid along the axis of all lines of an x of this shape. */
const alongLines = (x: Shape, axis: number, index: Value, batch: Batch) => {
  const [before, after] = aroundAxis(x, axis)
  const count = sizeOf(index.shape.slice(1))
  const lines = [batch.size, ...before, count, ...after]
  const flat = reshaped(index, [batch.size, count], batch)
  const axes = lines.map((_, i) => wholeAxis(i === 0 ? 0 : i === before.length + 1 ? 1 : null))
  return { lines, places: batch.run({ kind: 'layout', axes }, [flat], { shape: lines, dtype: index.dtype }) }
}
