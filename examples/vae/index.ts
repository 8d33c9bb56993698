/**
 * A variational autoencoder learns to squeeze images of digits through a few numbers and to make them again, and then makes
 * digits that nobody wrote. Nobody tells it which digit is which.
 *
 * The loss has two parts: how far the image that comes out is from the one that went in, and how much the code says, as the
 * divergence of where it may lie from a standard normal distribution. Two networks are compared: one has two numbers for an
 * image, so that all of its codes fit into one picture, the other sixteen.
 */
import { noGrad, Random } from '@adjoint/autograd'
import { Adam, batches, fit, type Progress, schedules } from '@adjoint/nn'
import { type Digits, loadDigits } from '../data/mnist.js'
import { type CheckpointOptions, openCheckpoint, requireFinished } from '../support/checkpoint.js'
import { writePicture } from '../support/picture.js'
import { progressBar } from '../support/progress.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { stopwatch } from '../support/stopwatch.js'
import { table } from '../support/table.js'
import type { Learned, Trained } from './learned.js'
import { bound, divergence, Vae } from './model.js'
import { picture } from './picture.js'

type Options = RunOptions & { readonly progress?: Progress }

export const run = async ({ short = false, print = console.log, progress, checkpoint, signal }: Options = {}) => {
  const train = loadDigits('train', short ? 2_000 : 60_000)
  const test = loadDigits('test', short ? 500 : 10_000)
  const learn = (name: string, size: number) => {
    const random = new Random(size)
    const settings: Settings = {
      name,
      epochs: short ? 5 : 10,
      learningRate: short ? 0.004 : 0.002,
      random,
      checkpoint,
      ...(signal && { signal }),
      ...(progress && { progress }),
    }
    return trainOn(train, test, new Vae(size, short ? 64 : 256, random), settings)
  }
  const learned: Learned = { narrow: await learn('narrow', 2), wide: await learn('wide', 16), test }
  printLearned(learned, print)
  const file = writePicture(import.meta.dirname, 'vae.html', picture(learned, next))
  print(`\nWhat to try next:\n${next.map((idea) => `- ${idea}`).join('\n')}\n\nThe picture is in ${file}\n`)
  return { ...learned, file }
}

interface Settings {
  /** Of the file of its training. */
  readonly name: string
  readonly epochs: number
  /** At first; it falls to nothing in a straight line. */
  readonly learningRate: number
  readonly random: Random
  readonly checkpoint: CheckpointOptions | undefined
  readonly signal?: AbortSignal
  readonly progress?: Progress
}

const trainOn = async (train: Digits, test: Digits, model: Vae, settings: Settings): Promise<Trained> => {
  const { name, epochs, learningRate, random, checkpoint, signal, progress } = settings
  const data = batches(train.images, train.labels, { batchSize: 100, shuffle: true, random })
  const optimizer = new Adam(model, { learningRate })
  const descent = schedules.linear({ steps: epochs * data.length, to: 0 })
  const { notes, saving } = await openCheckpoint(checkpoint, `vae-${name}`, { seconds: 0 })
  const now = stopwatch(0, notes.seconds)
  const history = await fit(model, {
    data,
    loss: bound,
    optimizer,
    schedule: descent,
    epochs,
    validation: batches(test.images, test.labels, { batchSize: 500 }),
    metrics: {
      reconstruction: (all: ReturnType<Vae['forward']>) => all.at(':', 0).mean(),
      code: (all: ReturnType<Vae['forward']>) => all.at(':', 1).mean(),
    },
    onBatch: () => {
      notes.seconds = now().processorSeconds
    },
    ...saving,
    ...(signal && { signal }),
    ...(progress && { progress }),
  })
  requireFinished(history)
  const costs = history.validation.map(({ reconstruction, code }) => ({ reconstruction, code }))
  const byNumber = noGrad(() => {
    const { mean, logVariance } = model.encode(test.images)
    return [...divergence(mean, logVariance).mean(0).data]
  })
  return { model, costs, byNumber, processorSeconds: notes.seconds }
}

/** Nats above which a number of the code is said to be used. */
const inUse = 0.1

export const usedNumbers = ({ byNumber }: Trained): number => byNumber.filter((cost) => cost > inUse).length

const printLearned = ({ narrow, wide }: Learned, print: (text: string) => void): void => {
  const rows = [narrow, wide].map((trained) => {
    const { reconstruction, code } = trained.costs.at(-1)!
    return [
      String(trained.model.size),
      String(usedNumbers(trained)),
      reconstruction.toFixed(1),
      code.toFixed(1),
      (reconstruction + code).toFixed(1),
      trained.processorSeconds.toFixed(0),
    ]
  })
  print('\nWhat an unseen image costs on average, in nats:\n')
  print(table(['numbers a code', 'in use', 'image given the code', 'code', 'both', 'processor seconds'], rows))
}

const next = [
  'Weigh the cost of the code by 4 (bound: costs.mul([1, 4])): fewer numbers are in use. What are those that are left for?',
  'Leave the noise out (codes = mean) and the cost of the code: images come out sharper, but what do samples look like?',
  'Train on one kind of digit and give it another: what does it cost, and what comes out?',
  'Classify digits by the sixteen numbers instead of the pixels, from 100 labels.',
]

await runAsScript(import.meta.url, (options) => run({ ...options, progress: progressBar() }))
