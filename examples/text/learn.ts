import type { Tensor } from '@adjoint/autograd'
import {
  AdamW,
  crossEntropy,
  type Data,
  evaluate,
  fit,
  type Model,
  metrics,
  type Progress,
  schedules,
} from '@adjoint/nn'
import { openCheckpoint, requireFinished } from '../support/checkpoint.js'
import type { RunOptions } from '../support/script.js'
import { stopwatch } from '../support/stopwatch.js'
import type { Trained } from './learned.js'
import type { LstmModel, TransformerModel } from './models.js'
import type { Reader } from './reader.js'
import { uncounted } from './stretches.js'

/** What models learn from and are measured on, and who is told. */
export interface Lessons extends Pick<RunOptions, 'checkpoint' | 'signal'> {
  readonly validation: Data
  readonly test: Data
  /** What a reader writes. */
  readonly sampleOf: (reader: Reader) => string
  readonly print: (text: string) => void
  readonly progress?: Progress
}

/** How a model learns. */
export interface Course {
  readonly epochs: number
  /** How many characters a batch has. */
  readonly perBatch: number
  /** The greatest of the one cycle. */
  readonly learningRate: number
}

/** Trains a model; its state is saved in a file of its own. */
export const learn = async <M extends LstmModel | TransformerModel>(
  name: string,
  model: M,
  data: Data & { readonly length: number },
  { epochs, perBatch, learningRate }: Course,
  { validation, test, sampleOf, print, progress, checkpoint, signal }: Lessons,
): Promise<Trained<M>> => {
  const { notes, saving } = await openCheckpoint(checkpoint, `text-${name}`, { seconds: 0 })
  const now = stopwatch(0, notes.seconds)
  const parameters = model.parameters().reduce((sum, { size }) => sum + size, 0)
  print(`\n${name}: ${parameters.toLocaleString('en')} parameters`)
  const perplexity = metrics.perplexity({ ignoreIndex: uncounted })
  const history = await fit(model as Model, {
    data,
    loss: surprise,
    optimizer: new AdamW(model, { learningRate, weightDecay: 0.01 }),
    schedule: schedules.oneCycle({ steps: epochs * data.length, rise: 0.15, from: 0.1, to: 0.01 }),
    clip: 1,
    epochs,
    validation,
    metrics: { perplexity },
    onBatch: () => {
      notes.seconds = now().processorSeconds
    },
    ...saving,
    ...(signal && { signal }),
    ...(progress && { progress }),
  })
  requireFinished(history)
  return {
    model,
    parameters,
    perEpoch: data.length * perBatch,
    validation: history.validation.map((scores) => scores.perplexity),
    test: (await evaluate(model as Model, test, { perplexity })).perplexity,
    processorSeconds: notes.seconds,
    sample: sampleOf(model.eval().reader()),
  }
}

/** The cross entropy of the characters that count. */
const surprise = (scores: Tensor<[number, number, number]>, labels: Tensor<[number, number]>) =>
  crossEntropy(scores, labels, { ignoreIndex: uncounted })
