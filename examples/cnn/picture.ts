import { grad, type Tensor } from '@adjoint/autograd'
import { crossEntropy } from '@adjoint/nn'
import { type Digits, side } from '../data/mnist.js'
import { confusionsOf, type Reading, surestMistakes } from '../data/readings.js'
import { confusionPicture } from '../report/confusion-picture.js'
import { digitPicture, digitsPicture, signedPicture, tintPicture } from '../report/digits-picture.js'
import { columnsHtml, figureHtml, listHtml, page } from '../report/page.js'
import { linesPlot, runningMean } from '../report/plot.js'
import { responsive } from '../report/responsive.js'
import type { Learned } from './learned.js'
import type { ConvolutionalModel } from './model.js'

/** What the network has learned, as a page of HTML. */
export const picture = (learned: Learned, next: readonly string[]): string => {
  const { model, test, milestones, readings } = learned
  const last = milestones.at(-1)!
  const mistakes = surestMistakes(readings)
  return page(
    'A convolutional network reads digits',
    'Sixteen small filters look for strokes at every place of an image, thirty-two others look for parts of digits among ' +
      'what those have found, and a linear layer adds the evidence up.',
    [
      {
        value: `${(100 * last.accuracy).toFixed(2)} %`,
        label: `of ${count(test.labels.size)} unseen digits read right`,
      },
      {
        value: `${last.processorSeconds.toFixed(0)} s`,
        label: `of one processor core, ${milestones.length - 1} epochs`,
      },
      { value: count(parametersOf(model)), label: 'numbers were learned' },
      { value: String(mistakes.length), label: 'digits are read wrong' },
    ],
    [
      {
        title: 'What the filters look for',
        text: [
          'Each tile shows a filter of 5 x 5 weights, a full square where it asks for ink and one with a cut corner where it ' +
            'asks for paper; the stronger its colour, the more it matters. Below it stands what it finds in three digits: edges of one ' +
            'direction, mostly, on one side of a stroke. Nobody told them to.',
        ],
        body: filtersHtml(learned),
      },
      {
        title: 'What is taken for what',
        text: [],
        body: columnsHtml(
          figureHtml(
            confusionPicture(confusionsOf(readings)),
            'A row is what a digit is, a column what it is taken for. On the diagonal it is right.',
          ),
          figureHtml(
            digitsPicture(firstOfEach(readings).map((reading) => ({ ...reading, ink: inkOf(test, reading) }))),
            'The first digit of each kind, and how sure the network is of it.',
          ),
        ),
      },
      {
        title: `The surest of its ${mistakes.length} mistakes`,
        text: [
          'Below each digit, in orange, stands the derivative of its loss by every pixel: where a little ink, or a little ' +
            'less, would do most to change its mind. It is one more sweep back through the same network, past the weights, to ' +
            'the image.',
        ],
        body: digitsPicture(
          mistakes.slice(0, 16).map((reading) => ({
            ...reading,
            ink: inkOf(test, reading),
            below: `<span class="adjoint">${tintPicture(sensitivity(model, test, reading), side)}</span>`,
          })),
        ),
      },
      { title: 'How it learned', text: [], body: learningHtml(learned) },
      { title: 'What to try next', text: [], body: listHtml(next) },
    ],
  )
}

const count = (n: number): string => n.toLocaleString('en')

export const parametersOf = (model: ConvolutionalModel): number =>
  model.parameters().reduce((sum, { size }) => sum + size, 0)

const inkOf = ({ images }: Digits, { index }: Reading): ArrayLike<number> => images.at(index).data

const firstOfEach = (readings: readonly Reading[]): Reading[] =>
  Array.from({ length: 10 }, (_, digit) => readings.find(({ truth }) => truth === digit)).filter(
    (reading) => reading !== undefined,
  )

/** The derivative of the loss by each pixel, by size, the largest 1. */
const sensitivity = (model: ConvolutionalModel, { images, labels }: Digits, { index }: Reading): number[] => {
  const label = labels.slice(0, index, index + 1)
  const loss = (image: Tensor<[number, 784]>) => crossEntropy(model.eval().forward(image), label)
  const slopes = Array.from(grad(loss)(images.slice(0, index, index + 1)).data, Math.abs)
  const largest = Math.max(...slopes, Number.MIN_VALUE)
  return slopes.map((slope) => slope / largest)
}

const filtersHtml = ({ model, test, readings }: Learned): string => {
  const [strokes] = model.eval().layers
  const filters = strokes.layers[1].weight
  const shown = [4, 7, 2].map((digit) => readings.find(({ truth }) => truth === digit)!.index)
  const maps = shown.map((index) => strokes.forward(test.images.slice(0, index, index + 1)))
  const [, , height, width] = maps[0]!.shape
  const brightest = maps.map((map) => map.max().item())
  const tiles = Array.from({ length: filters.shape[0] }, (_, filter) => {
    const found = maps.map((map, i) => {
      const answers = map.at(0, filter).div(Math.max(brightest[i]!, Number.MIN_VALUE))
      return tintPicture(answers.reshape([height * width]).data, width)
    })
    return `<figure class="filter">${signedPicture(filters.at(filter).flatten().data, 5)}${found.join('')}</figure>`
  })
  const inputs = shown.map((index) => digitPicture(test.images.at(index).data)).join('')
  const legend = `<figure class="filter given"><span>filter</span>${inputs}</figure>`
  return `<div class="filters">${legend}${tiles.join('\n')}</div>`
}

const learningHtml = ({ losses, milestones }: Learned): string => {
  const perEpoch = losses.length / (milestones.length - 1)
  const dots = losses.map((loss, i) => [(i + 1) / perEpoch, loss] as const)
  const mean = runningMean(dots, Math.max(1, Math.round(perEpoch / 10)))
  const errors = milestones.map(({ epoch, accuracy }) => [epoch, 100 * (1 - accuracy)] as const)
  return columnsHtml(
    figureHtml(
      responsive(
        (width) =>
          linesPlot([{ label: 'mean', points: mean }], {
            x: 'epoch',
            y: 'loss of a batch',
            width,
            height: 300,
            logarithmic: true,
            dots,
          }),
        560,
      ),
      'The cross entropy of each batch, moved by up to a pixel at random. The rate of learning rises for one epoch and then falls to nothing.',
    ),
    figureHtml(
      responsive(
        (width) =>
          linesPlot([{ label: 'unseen', points: errors, color: 'var(--adjoint)' }], {
            x: 'epoch',
            y: '% of digits read wrong',
            width,
            height: 300,
            logarithmic: true,
          }),
        400,
      ),
      'Of digits that it has never seen, after each epoch.',
    ),
  )
}
