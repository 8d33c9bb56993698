import { readFileSync } from 'node:fs'
import { Random } from '@adjoint/autograd'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { loadLincoln } from '../data/lincoln.js'
import { run } from '../text/index.js'
import { LstmModel, TransformerModel } from '../text/models.js'
import { Ngrams } from '../text/ngram.js'
import { surprises, write } from '../text/reader.js'
import { sideBySide, uncounted, windows } from '../text/stretches.js'
import { interrupted, numbersOf } from './interrupted.js'

const lines: string[] = []
const whole = run({ short: true, print: (text) => lines.push(text) })

describe('text', () => {
  test('in short mode networks learn more than pairs of characters tell, and a picture is left', async () => {
    const { corpus, counted, lstm, transformer, file } = await whole
    const [single, pairs] = counted.validation as [number, number]
    expect(single).toBeLessThan(corpus.alphabet.length / 3)
    expect(counted.n).toBeGreaterThan(3)
    for (const { validation, test, sample } of [lstm, transformer]) {
      expect(validation.at(-1)).toBeLessThan(validation[0]!)
      for (const perplexity of [validation.at(-1)!, test]) expect(perplexity).toBeLessThan(pairs)
      expect(sample).toHaveLength(40)
    }
    expect(lines.join('\n')).toContain('What to try next')

    const html = readFileSync(file, 'utf8')
    expect(html).not.toMatch(/NaN|undefined/)
    const { document } = parseHTML(html)
    expect(document.querySelectorAll('.told')).toHaveLength(7)
    expect(document.querySelectorAll('.heads br')).toHaveLength(3)
  })

  test('stopped in the middle of the second training and resumed, they learn and write the same to the last bit', async () => {
    const { lstm, transformer } = await whole
    const resumed = await interrupted(run, 150)
    for (const [one, other] of [
      [resumed.lstm, lstm],
      [resumed.transformer, transformer],
    ] as const) {
      expect(one.validation).toEqual(other.validation)
      expect(one.sample).toBe(other.sample)
      expect(numbersOf(one.model)).toEqual(numbersOf(other.model))
    }
  })

  test('stopped while the LSTM trains, its state is saved too', async () => {
    const { lstm } = await whole
    const resumed = await interrupted(run, 50)
    expect(numbersOf(resumed.lstm.model)).toEqual(numbersOf(lstm.model))
  })

  test('n-grams: probabilities by the formula, which add up to 1', () => {
    const ngrams = new Ngrams(Int32Array.of(0, 1, 0, 1, 0, 2), 4, 3)
    // of 6 characters, of 3 kinds: (count + 3 / 4) / 9
    const one = [3.75 / 9, 2.75 / 9, 1.75 / 9, 0.75 / 9]
    expect([...ngrams.after([], 0, 3)]).toEqual(one.map((share) => expect.closeTo(share, 12)))
    // behind 0: twice 1 and once 2, which are 2 kinds
    const two = one.map((share, i) => ([0, 2, 1, 0][i]! + 2 * share) / 5)
    expect([...ngrams.after([3, 0], 2, 3)]).toEqual(two.map((share) => expect.closeTo(share, 12)))
    const text = Int32Array.of(0, 1, 2)
    const bits = surprises(ngrams.reader(2), [...text])
    const perplexity = ngrams.perplexity(text, 2, { from: 1, to: 3 })
    expect(2 ** ((bits[0]! + bits[1]!) / 2)).toBeCloseTo(perplexity, 12)
  })

  test('a reader goes by what it has read, as the whole text at once', () => {
    const random = new Random(0)
    const x = [3, 1, 4, 1, 5, 2, 6, 5]
    const size = { features: 8, dropout: 0.5, random }
    for (const model of [new LstmModel(7, 2, size), new TransformerModel(7, 8, { ...size, layers: 2 })]) {
      const reader = model.eval().reader()
      const step = x.map((character) => [...Array.from(reader(character))])
      const { data } = windows(Int32Array.from([...x, 0, 0, 0, 0, 0]), { time: 8, batchSize: 1 })
      const [first] = [...data]
      const all = model.forward(first!.x as never).softmax(-1)
      for (let i = 0; i < x.length; i++) {
        expect(step[i]).toEqual([...all.at(0, i).data].map((share) => expect.closeTo(share, 5)))
      }
    }
  })

  test('a transformer that has read more than its context goes on, and attends to all before', () => {
    const model = new TransformerModel(5, 8, { features: 8, layers: 2, dropout: 0, random: new Random(0) }).eval()
    const written = write(model.reader(), [1], 30, { random: new Random(1), temperature: 1 })
    expect(written).toHaveLength(30)
    const layers = model.attention([1, 2, 3])
    expect(layers.map((heads) => heads.length)).toEqual([4, 4])
    for (const weights of layers.flat()) expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 5)
  })

  test('rows go on from batch to batch; of windows each character behind the first ones counts once', () => {
    const text = Int32Array.from({ length: 42 }, (_, i) => i)
    const [first, second] = sideBySide(text, { rows: 2, time: 4 })
    expect(first!.x.toArray()).toEqual([
      [0, 1, 2, 3],
      [21, 22, 23, 24],
    ])
    expect(first!.y.toArray()[1]).toEqual([22, 23, 24, 25])
    expect(second!.x.toArray()[0]).toEqual([4, 5, 6, 7])

    const { data, from, to } = windows(text, { time: 8, batchSize: 3 })
    const pairs = [...data].flatMap(({ x, y }) => [...y.data].map((label, i) => [x.data[i]!, label] as const))
    const counting = pairs.filter(([, label]) => label !== uncounted)
    for (const [before, label] of counting) expect(label).toBe(before + 1)
    expect(counting.map(([, label]) => label)).toEqual(Array.from({ length: to - from }, (_, i) => from + i))
  })

  test('the text has three parts that share no character', () => {
    const { alphabet, train, validation, test: last } = loadLincoln()
    expect(alphabet).toHaveLength(74)
    expect(train.length + validation.length + last.length).toBe(163_732)
    expect([...train.subarray(0, 15)].map((character) => alphabet[character]).join('')).toBe('Fellow-Citizens')
  })
})
