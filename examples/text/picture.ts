import { escape } from '../report/escape.js'
import { columnsHtml, figureHtml, listHtml, page, tableHtml } from '../report/page.js'
import { linesPlot } from '../report/plot.js'
import { responsive } from '../report/responsive.js'
import { beginning, type Learned } from './learned.js'
import { type Reader, surprises } from './reader.js'

/** What the readers have learned, as a page of HTML. */
export const picture = (learned: Learned, next: readonly string[]): string => {
  const { corpus, counted, lstm, transformer } = learned
  return page(
    'Three readers of a text',
    'What comes next? Counts of characters in a row, a network with a memory and a small transformer have read most of what ' +
      'Abraham Lincoln wrote to Congress, 1861 to 1864, and tell the characters of the rest.',
    [
      { value: counted.test.toFixed(2), label: `perplexity of ${counted.n}-grams, smoothed` },
      { value: lstm.test.toFixed(2), label: `of the LSTM, ${count(lstm.parameters)} parameters` },
      { value: transformer.test.toFixed(2), label: `of the transformer, ${count(transformer.parameters)} parameters` },
      { value: String(corpus.alphabet.length), label: 'characters there are: the perplexity of who knows nothing' },
    ],
    [
      {
        title: 'How they learned',
        text: [
          'Perplexity is among how many equally likely characters a reader chooses, as it were. Counting needs to see the ' +
            'text once; the networks read it again and again. Where there is so little of it, counting is hard to beat.',
        ],
        body: learningHtml(learned),
      },
      {
        title: 'What surprises them',
        text: [
          'A passage that none of them has seen. The darker a character, the less it was expected; on a bare ground it was certain. ' +
            'Surprises stand at the beginnings of words; where a word can only end in one way, its end says nothing new.',
        ],
        body: surprisesHtml(learned),
      },
      {
        title: 'Where the transformer looks',
        text: [
          'Each line is a head of its attention, as it stands at the end of this passage and asks what comes next: the darker a ' +
            'character, the more of it is taken along.',
        ],
        body: attentionHtml(learned),
      },
      {
        title: 'What they write',
        text: [
          `All begin with "${beginning.trim()}", and draw each character by its probability, with likely ones made likelier ` +
            '(temperature 0.7).',
        ],
        body: [
          [`${counted.n}-grams`, counted.sample],
          ['LSTM', lstm.sample],
          ['Transformer', transformer.sample],
        ]
          .map(([name, text]) => toldHtml(name!, `<b>${escape(beginning)}</b>${escape(text!)}`))
          .join('\n'),
      },
      { title: 'What to try next', text: [], body: listHtml(next) },
    ],
  )
}

const count = (n: number): string => n.toLocaleString('en')

const learningHtml = ({ counted, lstm, transformer }: Learned): string => {
  const lines = Object.entries({ LSTM: lstm, transformer }).map(([label, { perEpoch, validation }]) => ({
    label,
    points: validation.map((perplexity, i) => [((i + 1) * perEpoch) / 1e6, perplexity] as const),
  }))
  const ends = lines.flatMap(({ points }) => points.map(([x]) => x))
  const best = counted.validation[counted.n - 1]!
  const flat = {
    label: `${counted.n}-grams`,
    points: [
      [0, best],
      [Math.max(...ends), best],
    ] as const,
    color: 'var(--soft)',
  }
  const rows = counted.validation.map((perplexity, i) => [String(i + 1), perplexity.toFixed(2)])
  return columnsHtml(
    figureHtml(
      responsive(
        (width) =>
          linesPlot([flat, ...lines], {
            x: 'million characters read',
            y: 'perplexity',
            width,
            height: 320,
            logarithmic: true,
          }),
        560,
      ),
      'On the text to validate, after each epoch.',
    ),
    figureHtml(
      tableHtml(['n', 'perplexity of n-grams'], rows),
      'More context helps until most of what is met was never counted. The best n was chosen on the text to validate; the perplexities at the top are of another part.',
    ),
  )
}

/** A passage of the text to test, as its characters. */
const passage = ({ corpus }: Learned, from: number, length: number): number[] => {
  const start = corpus.test.indexOf(corpus.alphabet.indexOf(' '), from) + 1
  return [...corpus.test.subarray(start, start + length)]
}

const surprisesHtml = (learned: Learned): string => {
  const { corpus, counted, lstm, transformer } = learned
  const text = passage(learned, 0, 300)
  // they know what comes before
  const lead = text.indexOf(corpus.alphabet.indexOf(' '), 60) + 1
  const readers: [string, Reader][] = [
    [`${counted.n}-grams`, counted.ngrams.reader(counted.n)],
    ['LSTM', lstm.model.reader()],
    ['Transformer', transformer.model.reader()],
  ]
  return readers
    .map(([name, reader]) => {
      const bits = surprises(reader, text).slice(lead - 1)
      const mean = bits.reduce((sum, each) => sum + each, 0) / bits.length
      const characters = text.slice(lead).map((character) => corpus.alphabet[character]!)
      return toldHtml(
        `${name}: ${mean.toFixed(2)} bits a character`,
        tintedHtml(
          characters,
          bits.map((each) => Math.min(1, each / 8)),
        ),
      )
    })
    .join('\n')
}

const attentionHtml = (learned: Learned): string => {
  const { corpus, transformer } = learned
  const text = passage(learned, 0, Math.min(40, transformer.model.context))
  const characters = text.map((character) => corpus.alphabet[character]!)
  const layers = transformer.model.attention(text)
  return layers
    .map((heads, i) => {
      const lines = heads.map((weights) => {
        const largest = Math.max(...weights)
        return tintedHtml(
          characters,
          weights.map((weight) => weight / largest),
        )
      })
      return `<div class="told heads"><h3>Layer ${i + 1}</h3><p>${lines.join('<br>')}</p></div>`
    })
    .join('\n')
}

const toldHtml = (title: string, html: string): string =>
  `<div class="told"><h3>${escape(title)}</h3><p>${html}</p></div>`

/** Characters, each on a ground that is the darker the nearer its share is to 1. */
const tintedHtml = (characters: readonly string[], shares: readonly number[]): string =>
  characters
    .map((character, i) => `<span style="--tint:${Math.round(100 * shares[i]!)}%">${escape(character)}</span>`)
    .join('')
