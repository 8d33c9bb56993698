/**
 * Regression on a table: how far a car of the seventies goes with a gallon, from six numbers, where it is from, and who made it.
 * There are 392 cars. Each is judged once by networks that were trained without it and its fifth of the cars, and so it is by two
 * linear models; the makers are learned as two numbers each.
 *
 * The networks say a mean and a variance, and five of them begin differently: where they disagree they are unsure. How wide an
 * interval has to be is measured on cars that they have not seen. The derivative by an input says what a pound more costs.
 */
import { grad, noGrad, Random } from '@adjoint/autograd'
import { AdamW, batches, fit, type Progress, schedules } from '@adjoint/nn'
import { openCheckpoint, requireFinished } from '../support/checkpoint.js'
import { writePicture } from '../support/picture.js'
import { progressBar } from '../support/progress.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { stopwatch } from '../support/stopwatch.js'
import { table } from '../support/table.js'
import { type Car, loadCars, measures, milesOf, tableOf } from './data.js'
import type { Estimate, Learned } from './learned.js'
import { linearEstimates, logarithmic, plain } from './linear.js'
import { Estimator, surprise, type Table, together } from './model.js'
import { picture } from './picture.js'
import { factorFor, heldBy, normalFactor, scoreOf, share } from './scores.js'

type Options = RunOptions & { readonly progress?: Progress }
type Judged = Omit<Estimate, 'factor'>

export const run = async (options: Options = {}) => {
  const { short = false, print = console.log } = options
  const folds = short ? 3 : 5
  const cars = loadCars()
  const makers = [...new Set(cars.map(({ maker }) => maker))].sort()
  const order = [...new Random(0).permutation(cars.length).data].map((place) => cars[place]!)
  const parts = Array.from({ length: folds }, (_, fold) => order.filter((_, i) => i % folds === fold))
  print(
    `${cars.length} cars of ${makers.length} makers, in ${folds} parts; each is judged by what has learned from the others.\n`,
  )

  const judged: Awaited<ReturnType<typeof judge>>[] = []
  for (const [fold, others] of parts.entries()) {
    const train = parts.flatMap((part) => (part === others ? [] : part))
    judged.push(await judge(fold, train, others, makers, options))
  }
  const estimates = judged.flatMap(({ estimates }, fold) => {
    const elsewhere = judged.flatMap((part, i) => (i === fold ? [] : part.estimates))
    const factor = factorFor(share, elsewhere)
    return estimates.map((estimate): Estimate => ({ ...estimate, factor }))
  })
  const { model, curves } = judged[0]!
  const processorSeconds = judged.reduce((sum, part) => sum + part.processorSeconds, 0)
  const learned: Learned = { estimates, model, curves, makers, folds, processorSeconds }
  printLearned(learned, print)
  const file = writePicture(import.meta.dirname, 'cars.html', picture(learned, next))
  print(`\nWhat to try next:\n${next.map((idea) => `- ${idea}`).join('\n')}\n\nThe picture is in ${file}\n`)
  return { ...learned, file, models: judged.map(({ model }) => model) }
}

const judge = async (
  fold: number,
  train: readonly Car[],
  others: readonly Car[],
  makers: readonly string[],
  { short = false, checkpoint, signal, progress }: Options,
) => {
  const random = new Random(fold)
  const [x, miles] = [tableOf(train, makers), milesOf(train)]
  const unseen = tableOf(others, makers)
  const [members, width, epochs] = short ? [2, 16, 40] : [5, 24, 100]
  const model = new Estimator(x, miles, makers.length, { members, width, random })
  const data = batches(x, miles, { batchSize: 32, shuffle: true, random, lastBatch: 'drop' })
  const { notes, saving } = await openCheckpoint(checkpoint, `cars-${fold + 1}`, { seconds: 0 })
  const now = stopwatch(0, notes.seconds)
  const history = await fit(model, {
    data,
    loss: surprise,
    optimizer: new AdamW(model, {
      learningRate: 0.005,
      weightDecay: 0.1,
      // few cars are there to say what a maker is, so that it is learned by heart unless it is held back
      groups: [{ name: 'makers', path: /^makers/, weightDecay: 3 }],
    }),
    schedule: schedules.cosine({ steps: epochs * data.length, to: 0.01 }),
    epochs,
    validation: batches(unseen, milesOf(others), { batchSize: others.length }),
    onBatch: () => {
      notes.seconds = now().processorSeconds
    },
    ...saving,
    ...(signal && { signal }),
    ...(progress && { progress }),
  })
  requireFinished(history)

  const said = noGrad(() => together(model.eval().forward(unseen)).data)
  const slopes = grad((x: Table) => together(model.forward(x)).at(':', 0).sum())(unseen)
  const perPound = slopes.at(':', measures.indexOf('pounds')).data
  const lines = [plain, logarithmic].map((scale) => linearEstimates(train, others, scale))
  const estimates = others.map(
    (car, i): Judged => ({
      car,
      mean: said[2 * i]!,
      deviation: Math.sqrt(said[2 * i + 1]!),
      perPound: perPound[i]!,
      linear: lines[0]![i]!,
      logarithmic: lines[1]![i]!,
    }),
  )
  const curves = history.epochs.map(({ loss, validation }) => ({ seen: loss, unseen: validation!.loss }))
  return { model, estimates, curves, processorSeconds: notes.seconds }
}

const printLearned = ({ estimates, processorSeconds }: Learned, print: (text: string) => void): void => {
  const truths = estimates.map(({ car }) => car.milesPerGallon)
  const ways = [
    ['least squares', estimates.map(({ linear }) => linear)],
    ['least squares of logarithms', estimates.map(({ logarithmic }) => logarithmic)],
    ['networks', estimates.map(({ mean }) => mean)],
  ] as const
  print('\nMiles per gallon of cars that were not learned from:\n')
  print(
    table(
      ['model', 'R2', 'mean absolute error'],
      ways.map(([name, all]) => {
        const { r2, meanAbsoluteError } = scoreOf(truths, all)
        return [name, r2.toFixed(3), meanAbsoluteError.toFixed(2)]
      }),
    ),
  )
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  print(
    `\nIntervals that should hold ${percent(share)} of the cars hold ${percent(heldBy(estimates, () => normalFactor))} as the ` +
      `networks have it, and ${percent(heldBy(estimates, ({ factor }) => factor))} with a width that was measured on the other parts.` +
      `\nThe trainings took ${processorSeconds.toFixed(1)} s of a processor.`,
  )
}

const next = [
  'Leave the makers out (model.ts): R2 stays what it was, so that nothing measurable was theirs. What if only they and the year are left?',
  'Stop after 30 epochs: the estimates get a little worse, and the intervals better. Why?',
  'Take one network instead of five: which of the figures moves most?',
  'Estimate gallons per mile, which pounds and cubic inches are more nearly proportional to. What does it do for least squares?',
]

await runAsScript(import.meta.url, (options) => run({ ...options, progress: progressBar() }))
