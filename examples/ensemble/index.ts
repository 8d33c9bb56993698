/**
 * Many networks at once: sixteen small ones, which differ only in where they began and in the order in which they saw the
 * images, are trained as one program. `vmap` runs the code of one network over parameters that have an axis more.
 *
 * Together they read digits better than any of them alone, promise less than one that has learned its images by heart, and
 * disagree about what is no digit (Lakshminarayanan, Pritzel and Blundell, Simple and scalable predictive uncertainty
 * estimation using deep ensembles, 2017).
 */
import { Random } from '@adjoint/autograd'
import { Adam, fit, type Progress } from '@adjoint/nn'
import { loadDigits } from '../data/mnist.js'
import { openCheckpoint, requireFinished } from '../support/checkpoint.js'
import { writePicture } from '../support/picture.js'
import { progressBar } from '../support/progress.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { stopwatch } from '../support/stopwatch.js'
import { table } from '../support/table.js'
import { chanceOfTelling, judge, probabilitiesOf, sureness, together } from './judgement.js'
import type { Learned } from './learned.js'
import { createMember, Ensemble } from './model.js'
import { oddImages } from './odd.js'
import { OwnOrders } from './own-orders.js'
import { picture } from './picture.js'
import { lossOfAll, race } from './speed.js'

const learningRate = 0.002
const batchSize = 50

export const run = async ({
  short = false,
  print = console.log,
  progress,
  checkpoint,
  signal,
}: RunOptions & { progress?: Progress } = {}) => {
  const [size, hidden, epochs] = short ? [4, 16, 8] : [16, 32, 20]
  const train = loadDigits('train', short ? 1_000 : 10_000)
  const test = loadDigits('test', short ? 500 : 10_000)
  const random = new Random(0)
  const create = (width: number) => Array.from({ length: size }, () => createMember(random, width))

  const few = {
    images: train.images.slice(0, 0, short ? 1_000 : 4_000),
    labels: train.labels.slice(0, 0, short ? 1_000 : 4_000),
  }
  const races = (short ? [hidden] : [2, 8, hidden]).map((width) =>
    race(create(width), new OwnOrders(few, size, batchSize, random), learningRate),
  )
  print(
    `A step of ${size} networks, each compiled, in milliseconds at best, and how far their parameters then differ:\n`,
  )
  print(
    `${table(
      ['hidden neurons', 'by vmap', 'in a loop', 'ratio', 'difference'],
      races.map(({ hidden, together, apart, difference }) => [
        String(hidden),
        together.toFixed(2),
        apart.toFixed(2),
        (apart / together).toFixed(2),
        difference === 0 ? '0' : difference.toExponential(0),
      ]),
    )}\n`,
  )

  const ensemble = new Ensemble(create(hidden))
  const { notes, saving } = await openCheckpoint(checkpoint, 'ensemble', { seconds: 0 })
  const now = stopwatch(0, notes.seconds)
  const history = await fit(ensemble, {
    data: new OwnOrders(train, size, batchSize, random),
    loss: lossOfAll,
    optimizer: new Adam(ensemble, { learningRate }),
    epochs,
    onBatch: () => {
      notes.seconds = now().processorSeconds
    },
    ...saving,
    ...(signal && { signal }),
    ...(progress && { progress }),
  })
  requireFinished(history)

  const learned: Learned = {
    ...measure(ensemble, test, random),
    races,
    losses: history.loss.map((loss) => loss / size),
    processorSeconds: notes.seconds,
    trained: train.labels.size,
    test,
  }
  printLearned(learned, print)
  const file = writePicture(import.meta.dirname, 'ensemble.html', picture(learned, next))
  print(`\nWhat to try next:\n${next.map((idea) => `- ${idea}`).join('\n')}\n\nThe picture is in ${file}\n`)
  return { ...learned, ensemble, file }
}

/** What members say, alone and together, of digits and of what is none. */
const measure = (ensemble: Ensemble, { images, labels }: Learned['test'], random: Random) => {
  const probabilities = probabilitiesOf(ensemble, images)
  const members = Array.from({ length: ensemble.size }, (_, i) => judge(probabilities.at(i), labels))
  const growing = Array.from({ length: ensemble.size }, (_, i) => judge(together(probabilities, i + 1), labels))
  const some = images.slice(0, 0, Math.min(1_000, labels.size))
  const known = probabilitiesOf(ensemble, some)
  const odd = Object.entries(oddImages(some, random)).map(([name, pictures]) => {
    const said = probabilitiesOf(ensemble, pictures)
    const [alone, all] = [sureness(said.at(0)), sureness(together(said))]
    return {
      name,
      images: pictures,
      said,
      alone: { sure: mean(alone), told: chanceOfTelling(sureness(known.at(0)), alone) },
      all: { sure: mean(all), told: chanceOfTelling(sureness(together(known)), all) },
    }
  })
  return { probabilities, members, growing, odd }
}

const mean = (numbers: ArrayLike<number>): number =>
  Array.from(numbers).reduce((sum, number) => sum + number, 0) / numbers.length

const printLearned = ({ members, growing, odd }: Learned, print: (text: string) => void): void => {
  const all = growing.at(-1)!
  const average = (of: (judgement: typeof all) => number) => mean(members.map(of))
  print(
    `\n${table(
      ['', 'unseen digits right', 'loss', 'promises too much or too little by'],
      [
        [
          'one network, on average',
          percent(average((m) => m.accuracy)),
          average((m) => m.loss).toFixed(4),
          percent(average((m) => m.calibrationError)),
        ],
        ['the best of them', percent(Math.max(...members.map((m) => m.accuracy))), '', ''],
        [`all ${members.length} together`, percent(all.accuracy), all.loss.toFixed(4), percent(all.calibrationError)],
      ],
    )}`,
  )
  print(
    '\nHow sure the first network is of what is no digit, and all of them together; and how often that tells it from a digit:\n',
  )
  print(
    table(
      ['', 'alone', 'together', 'told alone', 'told together'],
      odd.map(({ name, alone, all }) => [
        name,
        percent(alone.sure),
        percent(all.sure),
        percent(alone.told),
        percent(all.told),
      ]),
    ),
  )
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const next = [
  'Make the networks narrower (hidden: 4): the loop then loses more time between its small steps, and vmap gains more.',
  'Let all members see one order (the same permutation for each): do they still differ, and enough?',
  'Stop after three epochs: is one network then as well calibrated as all of them?',
  'Give each member the gradient of the mean probability instead of its own loss: does the ensemble get better, or its members?',
]

await runAsScript(import.meta.url, (options) => run({ ...options, progress: progressBar() }))
