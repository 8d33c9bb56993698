/**
 * Three readers learn to tell the next character of a text from those before: counts of n characters in a row, a network with a
 * memory (LSTM), and a small transformer, which looks back at all that it has read. The text is what Abraham Lincoln wrote to
 * Congress as a president; the last tenth of each message is kept to measure on.
 *
 * The measure is perplexity: among how many equally likely characters a reader chooses, as it were. Who tells well what comes
 * next can also write, by drawing one character after another.
 */
import { Random } from '@adjoint/autograd'
import type { Progress } from '@adjoint/nn'
import { type Corpus, loadLincoln } from '../data/lincoln.js'
import { writePicture } from '../support/picture.js'
import { progressBar } from '../support/progress.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { stopwatch } from '../support/stopwatch.js'
import { table } from '../support/table.js'
import { learn } from './learn.js'
import { beginning, type Counted, type Learned } from './learned.js'
import { LstmModel, TransformerModel } from './models.js'
import { Ngrams } from './ngram.js'
import { picture } from './picture.js'
import { type Reader, write } from './reader.js'
import { sideBySide, stretches, windows } from './stretches.js'

type Options = RunOptions & { readonly progress?: Progress }

const rows = 16

/** How much there is of it: characters of a message, of a window and of a sample, the models, and how they learn. */
const scales = {
  short: {
    length: 6_000,
    time: 32,
    measured: 16,
    sample: 40,
    lstm: { time: 32, features: 48, dropout: 0, epochs: 3, learningRate: 0.02 },
    transformer: { layers: 1, features: 32, dropout: 0, epochs: 2, learningRate: 0.01 },
  },
  whole: {
    length: Number.POSITIVE_INFINITY,
    time: 128,
    measured: 32,
    sample: 400,
    lstm: { time: 64, features: 256, dropout: 0.4, epochs: 14, learningRate: 0.005 },
    transformer: { layers: 2, features: 96, dropout: 0.1, epochs: 9, learningRate: 0.003 },
  },
}

export const run = async ({ short = false, print = console.log, ...options }: Options = {}) => {
  const scale = short ? scales.short : scales.whole
  const corpus = loadLincoln(scale.length)
  const { alphabet, train } = corpus
  const { time, measured } = scale
  const held = {
    validation: windows(corpus.validation, { time, batchSize: measured }),
    test: windows(corpus.test, { time, batchSize: measured }),
  }
  const first = Array.from(beginning, (character) => alphabet.indexOf(character))
  const sampleOf = (reader: Reader): string =>
    write(reader, first, scale.sample, { random: new Random(3), temperature: 0.7 })
      .map((character) => alphabet[character])
      .join('')

  const counted = count(corpus, held, sampleOf)
  print(`${train.length.toLocaleString('en')} characters to learn from, ${alphabet.length} different ones`)
  const lessons = { validation: held.validation.data, test: held.test.data, sampleOf, print, ...options }
  const lstm = await learn(
    'lstm',
    new LstmModel(alphabet.length, rows, { ...scale.lstm, random: new Random(0) }),
    sideBySide(train, { rows, time: scale.lstm.time }),
    { ...scale.lstm, perBatch: rows * scale.lstm.time },
    lessons,
  )
  const random = new Random(1)
  const transformer = await learn(
    'transformer',
    new TransformerModel(alphabet.length, time, { ...scale.transformer, random }),
    stretches(train, { time, step: time / 2, batchSize: rows, random }),
    { ...scale.transformer, perBatch: rows * time },
    lessons,
  )

  const learned: Learned = { corpus, counted, lstm, transformer }
  printLearned(learned, print)
  const file = writePicture(import.meta.dirname, 'text.html', picture(learned, next))
  print(`\nWhat to try next:\n${next.map((idea) => `- ${idea}`).join('\n')}\n\nThe picture is in ${file}\n`)
  return { ...learned, file }
}

/** The characters of a text that count. */
interface Range {
  readonly from: number
  readonly to: number
}

const orders = [1, 2, 3, 4, 5, 6, 7]

const count = (
  { alphabet, train, validation, test }: Corpus,
  held: { readonly validation: Range; readonly test: Range },
  sampleOf: (reader: Reader) => string,
): Counted => {
  const now = stopwatch()
  const ngrams = new Ngrams(train, alphabet.length, orders.length)
  const perplexities = orders.map((n) => ngrams.perplexity(validation, n, held.validation))
  const n = orders[perplexities.indexOf(Math.min(...perplexities))]!
  return {
    ngrams,
    validation: perplexities,
    n,
    test: ngrams.perplexity(test, n, held.test),
    processorSeconds: now().processorSeconds,
    sample: sampleOf(ngrams.reader(n)),
  }
}

const printLearned = ({ counted, lstm, transformer }: Learned, print: (text: string) => void): void => {
  const { validation, n, test, processorSeconds, sample } = counted
  print('\nPerplexity of characters that no reader has seen:\n')
  const rows = [
    ...validation.map((perplexity, i) =>
      i + 1 === n
        ? [`${n}-grams`, perplexity.toFixed(2), test.toFixed(2), processorSeconds.toFixed(0)]
        : [`${i + 1}-grams`, perplexity.toFixed(2), '', ''],
    ),
    ...Object.entries({ LSTM: lstm, transformer }).map(([name, trained]) => [
      name,
      trained.validation.at(-1)!.toFixed(2),
      trained.test.toFixed(2),
      trained.processorSeconds.toFixed(0),
    ]),
  ]
  print(table(['reader', 'validation', 'test', 'processor seconds'], rows))
  print('\nWhat they write:')
  for (const [name, text] of [
    [`${n}-grams`, sample],
    ['LSTM', lstm.sample],
    ['transformer', transformer.sample],
  ]) {
    print(`\n${name}: ${beginning}${text}`)
  }
}

const next = [
  'Take the state away from the LSTM in training (null in the place of what was kept): what do the first characters of a batch lack?',
  'Give the transformer 16 characters to look back at, and then 256: from where on does more no longer help?',
  'Average the probabilities of the n-grams and of a network, which err in different places: is the mean better than both?',
  'Draw at the temperatures 0.3 and 1.2 (in sampleOf): what becomes of the words?',
  'Learn from the first 2,000 characters of each message, and then from all: how much text does it take until a network beats counting?',
]

await runAsScript(import.meta.url, (options) => run({ ...options, progress: progressBar() }))
