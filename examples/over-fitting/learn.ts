import { Random, type Tensor, tensor } from '@adjoint/autograd'
import {
  AdamW,
  accuracy,
  batches,
  crossEntropy,
  Dropout,
  evaluate,
  fit,
  gradientFlow,
  Linear,
  type Progress,
  ReLU,
  Sequential,
} from '@adjoint/nn'
import { type Digits, loadDigits, pixels } from '../data/mnist.js'
import { openCheckpoint, requireFinished } from '../support/checkpoint.js'
import type { RunOptions } from '../support/script.js'

/** What a training differs in. */
export interface Setting {
  /** How many digits are learned from. */
  readonly count: number
  /** The share of their labels that are drawn at random. Default 0.3. */
  readonly noise?: number
  /** The probability of dropout behind both hidden layers. Default 0. */
  readonly dropout?: number
  /** How much weights decay: AdamW takes off the learning rate times this, each step. Default 0. */
  readonly decay?: number
  /** End where the loss on other digits has not fallen for so many epochs, with the best weights. Default never. */
  readonly patience?: number
}

/** How the model does after an epoch. */
export interface Row {
  readonly epoch: number
  /** The loss on what it learns from, on as many others with such labels, and on digits with the right labels. */
  readonly train: number
  readonly validation: number
  readonly test: number
  /** The shares that it reads as they are labelled. */
  readonly trainAccuracy: number
  readonly testAccuracy: number
  /** The norm of its weights. */
  readonly weight: number
}

const batchSize = 50
const hidden = 128
const learningRate = 1e-3

const createModel = (dropout: number, random: Random) =>
  new Sequential(
    new Linear(pixels, hidden, { random }),
    new ReLU(),
    new Dropout(dropout, { random }),
    new Linear(hidden, hidden, { random }),
    new ReLU(),
    new Dropout(dropout, { random }),
    new Linear(hidden, 10, { random }),
  )

type Model = ReturnType<typeof createModel>
type Examples = { readonly x: Tensor<[number, typeof pixels]>; readonly y: Tensor<[number]> }

/** Digits, of which trainings take what they need. */
export interface Source {
  /** The first ones are learned from; the last ones, as many as are tested, choose when to stop. */
  readonly train: Digits
  readonly test: Digits
}

export const loadSource = (most: number, tested: number): Source => ({
  train: loadDigits('train', most + tested),
  test: loadDigits('test', tested),
})

/** The digits from one number up to another, some of them with a label that is drawn. */
const some = ({ images, labels }: Digits, first: number, end: number, noise: number): Examples => {
  const random = new Random(first + 1)
  const drawn = Int32Array.from(labels.data.subarray(first, end), (label) =>
    random.number() < noise ? Math.floor(10 * random.number()) : label,
  )
  return { x: images.slice(0, first, end).sub(0.13).div(0.31), y: tensor(drawn) }
}

/** Trains, and tells how it goes: after each of the first ten epochs, and then after every fifth. */
export const learn = async (
  source: Source,
  setting: Setting,
  epochs: number,
  name: string,
  { checkpoint, signal, progress }: RunOptions & { progress?: Progress },
): Promise<Row[]> => {
  const { count, noise = 0.3, dropout = 0, decay = 0, patience } = setting
  const random = new Random(0)
  const train = some(source.train, 0, count, noise)
  // the same for all, so that losses compare
  const tested = source.test.labels.size
  const total = source.train.labels.size
  const others = some(source.train, total - tested, total, noise)
  const test = some(source.test, 0, tested, 0)
  const model = createModel(dropout, random)
  const data = batches(train.x, train.y, { batchSize, shuffle: true, random })
  const validation = batches(others.x, others.y, { batchSize: 500 })
  const few = { x: train.x.slice(0, 0, 50), y: train.y.slice(0, 0, 50) }
  const { notes, saving } = await openCheckpoint(checkpoint, name.replaceAll(/\W+/g, '-'), { rows: [] as Row[] })
  const { rows } = notes
  const history = await fit(model, {
    data,
    loss: crossEntropy,
    optimizer: new AdamW(model, { learningRate, weightDecay: decay }),
    epochs,
    validation,
    ...(patience !== undefined && { earlyStopping: { patience, restoreBest: true } }),
    onEpoch: async ({ epoch, validation }) => {
      if (patience === undefined && epoch > 10 && epoch % 5 > 0) return
      const scores = { ...(await scoresOf(model, train, test)), validation: validation!.loss }
      rows.push({ epoch, ...scores, weight: gradientFlow(model, crossEntropy, few).rows[0]!.weight! })
    },
    ...saving,
    ...(signal && { signal }),
    ...(progress && { progress }),
  })
  requireFinished(history)
  return rows
}

const scoresOf = async (model: Model, train: Examples, test: Examples) => {
  const of = ({ x, y }: Examples) =>
    evaluate(model, batches(x, y, { batchSize: 500 }), { loss: crossEntropy, accuracy })
  const [learned, unseen] = [await of(train), await of(test)]
  return {
    train: learned.loss,
    test: unseen.loss,
    trainAccuracy: learned.accuracy,
    testAccuracy: unseen.accuracy,
  }
}

/** The row in which the loss on other digits is lowest: where early stopping goes back to. */
export const bestOf = (rows: readonly Row[]): Row =>
  rows.reduce((best, row) => (row.validation < best.validation ? row : best))
