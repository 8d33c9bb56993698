import { toSvg } from '@adjoint/autograd/inspect'
import { narrow } from '../digits/check.js'
import type { run as runDigits } from '../digits/index.js'
import { read } from '../digits/index.js'
import type { run as runWorkedExample } from '../worked-example/index.js'
import { printed } from '../worked-example/printed.js'
import { inputs } from '../xor/by-hand.js'
import type { run as runXor } from '../xor/index.js'
import { digitsPicture, type Guess } from './digits-picture.js'
import { columnsHtml, figureHtml, page, preHtml, type Section, tableHtml } from './page.js'
import { linesPlot, runningMean } from './plot.js'
import { responsive } from './responsive.js'

export interface Results {
  readonly worked: ReturnType<typeof runWorkedExample>
  readonly xor: ReturnType<typeof runXor>
  readonly digits: Awaited<ReturnType<typeof runDigits>>
}

/** What the demo found, as one page of HTML. */
export const report = ({ worked, xor, digits }: Results): string => {
  const percent = `${(100 * digits.accuracy).toFixed(2)} %`
  const lead =
    'adjoint records a computation as a graph and differentiates the graph. This page shows the same machine at three ' +
    'sizes: a network of five neurons worked out by hand, one that learns XOR, and one that reads handwritten digits.'
  const facts = [
    { value: percent, label: `of ${count(digits.test.labels.size)} unseen digits read right` },
    { value: `${digits.seconds.toFixed(1)} s`, label: `of training, ${digits.epochs} epochs` },
    { value: digits.check.verdict, label: 'gradient check of its kind of network' },
    { value: largestDifference(xor).toExponential(0), label: 'most that XOR gradients differ from those by hand' },
  ]
  return page('What adjoint does', lead, facts, [workedSection(worked), xorSection(xor), ...digitSections(digits)], {
    beside: true,
  })
}

const count = (n: number): string => n.toLocaleString('en')
const largestDifference = (xor: Results['xor']): number => Math.max(...xor.rows.map(({ difference }) => difference))

const workedSection = ({ exact, adjoint, updates, explanation, picture }: Results['worked']): Section => ({
  title: 'One step of learning, by hand',
  text: [
    'A network of two inputs, two hidden neurons and one output, as introductory texts work it out. The second column is ' +
      'what such a text prints, which rounds on the way and slips in places; the third follows its formulas in full ' +
      "precision; the last is adjoint's, which was given the pass forward and nothing else.",
    `The error falls from ${exact.error.toFixed(7)} to ${exact.errorAfter.toFixed(7)}. ` +
      `It takes ${updates} such updates to reach the output of .61 that the text reports after one.`,
  ],
  body: `${figureHtml(
    responsive((width) => toSvg(picture, { width, title: 'One sweep back' })),
    'Up in a box its value, down in it the derivative of E by it. On an edge the derivative of one step: along an edge one multiplies, where edges meet one adds.',
  )}${tableHtml(
    ['', 'printed', 'exact', 'adjoint', 'on the printed number'],
    printed.map(({ quantity, symbol, text, remark }) => [
      symbol,
      text,
      exact[quantity].toFixed(7),
      adjoint[quantity].toFixed(7),
      remark,
    ]),
    { remarks: true },
  )}
<p class="above">The sweep back in words: a line a step, and below it what arrives where. dE/da1 is delta3 with the other sign.</p>
${preHtml(explanation)}`,
})

const xorSection = ({ rows, predictions, curve, curveStep, picture }: Results['xor']): Section => {
  const points = curve.map((loss, i) => [i * curveStep, loss] as const)
  const losses = linesPlot([{ label: 'error', points }], {
    x: 'epoch',
    y: 'mean squared error',
    width: 480,
    height: 280,
  })
  const differences = tableHtml(
    ['epoch', 'by hand', 'adjoint', 'gradients differ by'],
    rows.map(({ epoch, hand, adjoint, difference }) => [
      count(epoch),
      hand.toFixed(6),
      adjoint.toFixed(6),
      difference.toExponential(1),
    ]),
  )
  const answers = tableHtml(
    ['case', 'prediction'],
    inputs.map(([a, b], i) => [`${a} xor ${b}`, predictions[i]!.toFixed(3)]),
  )
  return {
    title: 'XOR, and the graph that learns it',
    text: [
      'Every box is a step of the computation, recorded while it ran. Values flow one way; then derivatives of the error E flow ' +
        'back through the same boxes, each step applying its own rule. Shown are the four cases at once, before the first epoch.',
    ],
    body: columnsHtml(
      figureHtml(
        responsive((width) => toSvg(picture, { width: Math.min(width, 560), title: 'A network that learns XOR' })),
        'Up in a box its values, down the derivatives of E by them. A cut corner is a number below zero.',
      ),
      figureHtml(losses, 'Ten thousand epochs of plain gradient descent.') + differences + answers,
    ),
  }
}

const digitSections = ({ check, losses, epochs, accuracy, model, test }: Results['digits']): Section[] => {
  const readings = read(model, test)
  const guess = (index: number): Guess => ({ ...readings[index]!, ink: test.images.at(index).data })
  const wrong = readings.filter(({ truth, prediction }) => truth !== prediction)
  const surest = wrong.toSorted((a, b) => b.probability - a.probability).slice(0, 24)
  const stepsPerEpoch = losses.length / epochs
  const points = losses.map((loss, i) => [(i + 1) / stepsPerEpoch, loss] as const)
  const plot = linesPlot([{ label: 'mean of 35', points: runningMean(points, 35) }], {
    x: 'epoch',
    y: 'loss',
    width: 900,
    height: 320,
    logarithmic: true,
    dots: points,
  })
  return [
    {
      title: 'Are the gradients right?',
      text: [
        `Before the network for digits is trained, derivatives are checked on one of the same build with ${narrow} hidden ` +
          'neurons and four images: reverse mode, forward mode and differences in float64 must agree, for first and ' +
          'second derivatives.',
      ],
      body: preHtml(String(check)),
    },
    {
      title: 'Reading digits',
      text: [
        `The network has 784 inputs, a hidden layer and ten outputs. It learned from 10,000 images of the MNIST database ` +
          `and reads ${(100 * accuracy).toFixed(2)} % of 10,000 others right.`,
      ],
      body:
        figureHtml(
          plot,
          'The cross entropy of each batch of a hundred images, each moved by up to a pixel at random.',
        ) +
        '<h3>The first of the test images</h3>' +
        digitsPicture(Array.from({ length: 24 }, (_, i) => guess(i))) +
        `<h3>The surest of its ${wrong.length} mistakes</h3>` +
        digitsPicture(surest.map(({ index }) => guess(index))),
    },
  ]
}
