/**
 * Reading handwritten digits: a network with one hidden layer learns from ten thousand images of the MNIST database, and
 * is tested on ten thousand that it has never seen.
 *
 * Before that, its gradients are checked against differences: a wrong derivative rarely stops a network from learning
 * something, so it is better found before than after.
 */
import { Random } from '@adjoint/autograd'
import { AdamW, accuracy, batches, crossEntropy, evaluate, fit, type Progress, schedules } from '@adjoint/nn'
import { type Digits, loadDigits } from '../data/mnist.js'
import { type Reading, readingsOf } from '../data/readings.js'
import { Shifted } from '../data/shifted.js'
import { openCheckpoint, requireFinished } from '../support/checkpoint.js'
import { progressBar } from '../support/progress.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { stopwatch } from '../support/stopwatch.js'
import { checkModel, narrow } from './check.js'
import { createModel, type DigitModel } from './model.js'

/** What the model must read right of the test images. */
export const goal = 0.96

type Options = RunOptions & { progress?: Progress }

export const run = async (options: Options = {}) => {
  const { short = false, print = console.log } = options
  const train = loadDigits('train', short ? 2_000 : 10_000)
  const test = loadDigits('test', short ? 1_000 : 10_000)

  const check = checkModel(train)
  print(`The gradients of the model, with a hidden layer of ${narrow}, checked on 4 images:\n\n${check}\n`)

  const { model, losses, seconds, epochs } = await learn(train, options)
  const scores = await evaluate(model, batches(test.images, test.labels, { batchSize: 500 }), { accuracy })
  print(
    `\nAfter ${epochs} epochs of ${train.labels.size} images, in ${seconds.toFixed(1)} s, it reads ` +
      `${(100 * scores.accuracy).toFixed(2)} % of ${test.labels.size} other images right.`,
  )
  return { check, losses, seconds, epochs, accuracy: scores.accuracy, model, test }
}

export const learn = async (
  { images, labels }: Digits,
  { short = false, checkpoint, signal, progress }: Omit<Options, 'print'>,
) => {
  const epochs = short ? 3 : 7
  const random = new Random(0)
  const model = createModel(random)
  const data = new Shifted(batches(images, labels, { batchSize: 100, shuffle: true, random }), random)
  // what is no matrix is not made smaller; steps become longer, and then shorter than they were
  const optimizer = new AdamW(model, {
    learningRate: 0.01,
    weightDecay: 0.05,
    groups: [{ path: /bias$/, weightDecay: 0 }],
  })
  const { notes, saving } = await openCheckpoint(checkpoint, 'digits', { losses: [] as number[], seconds: 0 })
  const now = stopwatch(notes.seconds)
  const history = await fit(model, {
    data,
    loss: crossEntropy,
    optimizer,
    epochs,
    onBatch: ({ loss }) => {
      notes.losses.push(loss)
      notes.seconds = now().seconds
    },
    schedule: schedules.oneCycle({ steps: epochs * data.length }),
    ...saving,
    ...(signal && { signal }),
    ...(progress && { progress }),
  })
  requireFinished(history)
  return { model, epochs, ...notes }
}

/** What the model takes each image for, and how sure it is. */
export const read = (model: DigitModel, digits: Digits): Reading[] =>
  readingsOf((images) => model.eval().forward(images), digits)

await runAsScript(import.meta.url, async (options) => {
  const { accuracy } = await run({ ...options, progress: progressBar() })
  if (!options.short && accuracy < goal) process.exitCode = 1
})
