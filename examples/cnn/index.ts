/**
 * A convolutional network reads handwritten digits: sixteen filters of 5 x 5 pixels, thirty-two of 3 x 3 over those, and a
 * linear layer learn from all 60,000 training images of the MNIST database (LeCun, Bottou, Bengio and Haffner, 1998), and are
 * tested on the 10,000 others. A filter is the same at every place, so that what it has learned in one corner holds in all.
 *
 * The picture shows the filters, what is left of a digit behind them, which digits are taken for which, the surest mistakes
 * with the derivative of the loss by every pixel, and how the error fell.
 */
import { Random } from '@adjoint/autograd'
import { AdamW, accuracy, batches, crossEntropy, evaluate, fit, type Progress, schedules } from '@adjoint/nn'
import { loadDigits } from '../data/mnist.js'
import { readingsOf, surestMistakes } from '../data/readings.js'
import { Shifted } from '../data/shifted.js'
import { openCheckpoint, requireFinished } from '../support/checkpoint.js'
import { writePicture } from '../support/picture.js'
import { progressBar } from '../support/progress.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { stopwatch } from '../support/stopwatch.js'
import { table } from '../support/table.js'
import type { Learned } from './learned.js'
import { createModel } from './model.js'
import { parametersOf, picture } from './picture.js'

/** What the model must read right of the test images. */
export const goal = 0.99

export const run = async ({
  short = false,
  print = console.log,
  progress,
  checkpoint,
  signal,
}: RunOptions & { progress?: Progress } = {}) => {
  const epochs = 4
  const train = loadDigits('train', short ? 1_200 : 60_000)
  const test = loadDigits('test', short ? 500 : 10_000)
  const random = new Random(0)
  const model = createModel(random)
  const batchSize = short ? 50 : 100
  const data = new Shifted(batches(train.images, train.labels, { batchSize, shuffle: true, random }), random)
  const unseen = batches(test.images, test.labels, { batchSize: 500 })
  const optimizer = new AdamW(model, { learningRate: 0.01, weightDecay: 0.01 })
  const cycle = schedules.oneCycle({ steps: epochs * data.length, rise: 0.25, from: 0.1, to: 0.001 })

  const { notes, saving } = await openCheckpoint(checkpoint, 'cnn', {
    losses: [] as number[],
    milestones: [{ epoch: 0, seconds: 0, processorSeconds: 0, ...(await evaluate(model, unseen, { accuracy })) }],
  })
  const { losses, milestones } = notes
  const { seconds, processorSeconds } = milestones.at(-1)!
  const now = stopwatch(seconds, processorSeconds)
  print(`A network of ${parametersOf(model)} parameters learns from ${train.labels.size} images.\n`)
  const history = await fit(model, {
    data,
    loss: crossEntropy,
    optimizer,
    schedule: cycle,
    epochs,
    validation: unseen,
    metrics: { accuracy },
    onBatch: ({ loss }) => {
      losses.push(loss)
    },
    onEpoch: ({ epoch, validation }) => {
      milestones.push({ epoch, ...now(), accuracy: validation!.accuracy })
    },
    ...saving,
    ...(signal && { signal }),
    ...(progress && { progress }),
  })
  requireFinished(history)

  const readings = readingsOf((images) => model.eval().forward(images), test)
  const learned = { model, test, losses, milestones, readings }
  printLearned(learned, print)
  const file = writePicture(import.meta.dirname, 'cnn.html', picture(learned, next))
  print(`\nWhat to try next:\n${next.map((idea) => `- ${idea}`).join('\n')}\n\nThe picture is in ${file}\n`)
  return { ...learned, file }
}

const printLearned = ({ milestones, readings }: Learned, print: (text: string) => void): void => {
  const rows = milestones.map(({ epoch, accuracy, seconds, processorSeconds }) => [
    String(epoch),
    percent(accuracy),
    seconds.toFixed(1),
    processorSeconds.toFixed(1),
  ])
  print(`\n${table(['epoch', 'unseen images right', 'seconds', 'processor seconds'], rows)}`)
  for (const bar of [0.985, goal]) {
    const passed = milestones.find(({ accuracy }) => accuracy >= bar)
    if (passed) print(`${percent(bar)} was passed after ${passed.processorSeconds.toFixed(1)} s of processor time.`)
  }
  const pairs = new Map<string, number>()
  for (const { truth, prediction } of surestMistakes(readings)) {
    const pair = `${truth} for ${prediction}`
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
  }
  const common = [...pairs].sort(([, a], [, b]) => b - a).slice(0, 3)
  print(`Most often it took ${common.map(([pair, times]) => `a ${pair} (${times} times)`).join(', ')}.`)
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`

const next = [
  'Leave out the shifts (data: batches(...) instead of Shifted). Which of the two losses falls, on the training images or on the others?',
  'Leave out the norms, or halve the epochs: which of the two costs more?',
  'Give it 1,000 training images instead of 60,000, and compare with the network of examples/digits, which has no filters.',
  'Freeze the first block as it was drawn (model.layers[0].freeze()): how much is lost if its filters are never trained?',
]

await runAsScript(import.meta.url, async (options) => {
  const { milestones } = await run({ ...options, progress: progressBar() })
  if (!options.short && milestones.at(-1)!.accuracy < goal) process.exitCode = 1
})
