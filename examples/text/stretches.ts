import { type Random, type Tensor, tensor } from '@adjoint/autograd'
import { type Batch, type Batches, batches } from '@adjoint/nn'

type Characters = Tensor<[number, number]>

/** The label of a character that does not count. */
export const uncounted = -1

const ints = (rows: readonly Int32Array[]): Characters =>
  tensor(
    rows.map((row) => [...row]),
    { dtype: 'int32' },
  ) as Characters

/**
 * A text for a model with a state: it is cut into as many rows as a batch has, which are read side by side, `time` characters
 * a batch, so that each batch goes on where the one before has ended.
 */
export const sideBySide = (
  text: Int32Array,
  { rows, time }: { readonly rows: number; readonly time: number },
): Batch<Characters, Characters>[] => {
  const count = Math.floor((Math.floor(text.length / rows) - 1) / time)
  const starts = Array.from({ length: rows }, (_, row) => row * Math.floor(text.length / rows))
  return Array.from({ length: count }, (_, i) => {
    const from = i * time
    return {
      x: ints(starts.map((start) => text.subarray(start + from, start + from + time))),
      y: ints(starts.map((start) => text.subarray(start + from + 1, start + from + time + 1))),
    }
  })
}

/** Stretches of a text for a model without a state, `step` apart, in an order that is drawn. */
export const stretches = (
  text: Int32Array,
  { time, step, batchSize, random }: { time: number; step: number; batchSize: number; random: Random },
): Batches => {
  const count = Math.floor((text.length - 1 - time) / step) + 1
  const [x, y] = [0, 1].map((shift) =>
    ints(Array.from({ length: count }, (_, i) => text.subarray(i * step + shift, i * step + shift + time))),
  )
  return batches(x!, y!, { batchSize, shuffle: true, random, lastBatch: 'drop' }) as never
}

/**
 * A text to measure on: windows that overlap by half, of which the last half counts, so that each character is told from at
 * least half a window before it. `from` and `to` say which characters of the text count.
 */
export const windows = (text: Int32Array, { time, batchSize }: { time: number; batchSize: number }) => {
  const half = time / 2
  const count = batchSize * Math.floor((text.length - 1 - half) / half / batchSize)
  const at = (shift: number) =>
    Array.from({ length: count }, (_, i) => text.slice(i * half + shift, i * half + shift + time))
  const labels = at(1).map((row) => row.fill(uncounted, 0, half))
  return {
    data: batches(ints(at(0)), ints(labels), { batchSize }),
    from: half + 1,
    to: count * half + half + 1,
  }
}
