import type { AnyTensor, RandomState } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { type Batch, type Data, examplesOf, type Resumable } from '../data/batch.js'
import { lengthOf } from '../data/epoch.js'
import { StateDictError, TrainingError } from '../errors.js'
import { sameShape } from '../shapes.js'
import { createClock } from './clock.js'
import type { Model } from './evaluate.js'
import type { FitOptions } from './fit-options.js'
import { generatorsOf, restore } from './generators.js'
import * as kind from './kinds.js'
import { createMode } from './mode.js'
import type { Position } from './position.js'
import type { Saver } from './saving.js'
import type { createStep } from './train-step.js'

const requireBatch = checker('fit', { batch: kind.batch })

/** What trains for an epoch, and is told where it is. */
export const createEpochs = (
  model: Model,
  step: ReturnType<typeof createStep>,
  { data, loss: { name }, epochs, onBatch, progress, signal }: FitOptions,
  saver: Saver,
) => {
  const clock = createClock()
  const lossName = name || 'loss'
  const position = { epoch: 0, batch: 0 }
  let done = 0

  /** The numbers of an epoch's report; null if the signal has stopped it. */
  const run = async (epoch: number, from: Position | null) => {
    const start = performance.now()
    const resumed = from !== null && from.batch > 0 ? from.begun : undefined
    const random = resumed?.random ?? saver.random()
    let { loss, examples, norm, steps } = resumed ?? { loss: 0, examples: 0, norm: 0, steps: 0 }
    const before = examples
    position.epoch = epoch
    position.batch = resumed === undefined ? 0 : from!.batch
    const length = lengthOf(data)
    done = length !== undefined ? (epoch - 1) * length + position.batch : done + position.batch
    const at = (): Position => ({
      epoch: epoch - 1,
      batch: position.batch,
      begun: { random, loss, examples, norm, steps },
    })
    // before anything is drawn for an epoch
    if (signal?.aborted) {
      await saver.write(resumed === undefined ? { epoch: epoch - 1, batch: 0 } : at())
      return null
    }
    const batches = resumed === undefined ? data : await restOf(data, model, random, position.batch, saver)
    const inTraining = createMode(model, true)
    let last: Batch<AnyTensor, AnyTensor> | null = null
    for await (const next of batches) {
      requireBatch([next])
      position.batch++
      if (!isLike(next, last)) {
        const preparing = inTraining(() => step.prepare(next))
        if (preparing !== null) await preparing
      }
      last = next
      const report = inTraining(() => step.run(next))
      const size = examplesOf(next)
      loss += report.loss * size
      examples += size
      if (report.gradientNorm !== undefined) {
        norm += report.gradientNorm
        steps++
      }
      const { stepped, ...numbers } = report
      const told = { epoch, epochs, batch: position.batch, lossName, ...numbers }
      await onBatch?.(told)
      progress?.update(++done, told)
      const isDue = saver.isDue()
      if (isDue && stepped) await saver.write(at())
      if (clock.isDue()) await clock.breathe()
      // before the next batch is drawn; a step that has been begun is finished
      if (signal?.aborted && !step.isGathering()) {
        await saver.write(at())
        return null
      }
    }
    if (position.batch === 0) {
      throw new TrainingError(
        `fit: the data gave no batches in epoch ${epoch}; an iterator or generator can be read only once: ` +
          'pass an array of batches, or batches(x, y).',
      )
    }
    const rest = inTraining(step.flush)
    if (rest?.gradientNorm !== undefined) {
      norm += rest.gradientNorm
      steps++
    }
    const seconds = (performance.now() - start) / 1000
    return {
      loss: loss / examples,
      seconds,
      examplesPerSecond: (examples - before) / seconds,
      ...(steps > 0 && { gradientNorm: norm / steps }),
    }
  }
  return { run, position }
}

/** Whether what was compiled for one batch serves another. */
const isLike = (batch: Batch<AnyTensor, AnyTensor>, other: Batch<AnyTensor, AnyTensor> | null): boolean =>
  other !== null && isAlike(batch.x, other.x) && isAlike(batch.y, other.y)
const isAlike = (a: AnyTensor, b: AnyTensor): boolean => a.dtype === b.dtype && sameShape(a.shape, b.shape)

/** The batches of an epoch that come after the first ones, with the draws that it began with. */
const restOf = async (
  data: Data,
  model: Model,
  begin: readonly RandomState[],
  batch: number,
  saver: Saver,
): Promise<Data> => {
  const generators = generatorsOf(model, data, saver.parts.randoms)
  const now = saver.random()
  restore(generators, begin)
  try {
    if (typeof (data as Partial<Resumable>).from === 'function') return (data as unknown as Resumable).from(batch)
    const iterator = iteratorOf(data)
    for (let i = 0; i < batch; i++) {
      if ((await iterator.next()).done) {
        throw new StateDictError(
          `fit: the state to resume is at batch ${batch} of an epoch, and the data has only ${i}; give the same data.`,
        )
      }
    }
    return { [Symbol.asyncIterator]: () => iterator }
  } finally {
    restore(generators, now)
  }
}

/** An iterator of either kind of data, which `return` ends. */
async function* iteratorOf(data: Data): AsyncGenerator<Batch<AnyTensor, AnyTensor>> {
  yield* data
}
