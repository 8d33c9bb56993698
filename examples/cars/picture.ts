import { intervalsPlot } from '../report/intervals-plot.js'
import { columnsHtml, figureHtml, listHtml, page, tableHtml } from '../report/page.js'
import { glyphsPlot, linesPlot } from '../report/plot.js'
import { responsive } from '../report/responsive.js'
import { measures } from './data.js'
import type { Estimate, Learned } from './learned.js'
import { heldBy, normalFactor, scoreOf } from './scores.js'

/** What the networks have learned, as a page of HTML. */
export const picture = (learned: Learned, next: readonly string[]): string => {
  const { estimates, folds, processorSeconds, makers } = learned
  const truths = estimates.map(({ car }) => car.milesPerGallon)
  const [networks, linear, logarithmic] = [
    estimates.map(({ mean }) => mean),
    estimates.map((estimate) => estimate.linear),
    estimates.map((estimate) => estimate.logarithmic),
  ].map((all) => scoreOf(truths, all)) as [Score, Score, Score]
  const held = heldBy(estimates, ({ factor }) => factor)
  return page(
    'How far does it go with a gallon?',
    `${estimates.length} cars of the years 1970 to 1982. Every one of them was judged by networks that had learned from the others, in ` +
      `${folds} parts.`,
    [
      { value: networks.r2.toFixed(3), label: `R2 of the networks; of least squares ${linear.r2.toFixed(3)}` },
      { value: networks.meanAbsoluteError.toFixed(2), label: 'miles per gallon wrong on average' },
      { value: percent(held), label: 'of the cars lie in intervals that should hold 80 %' },
      { value: `${processorSeconds.toFixed(0)} s`, label: 'of one processor core, for all parts' },
    ],
    [
      {
        title: 'Judged unseen',
        text: [
          'Each car by what it does and by what the networks said, with the interval that should hold four of five. Cars that it ' +
            'missed are orange diamonds. Those that go far are the hard ones: the intervals know.',
        ],
        body: figureHtml(
          responsive(
            (width) =>
              intervalsPlot(estimates.map(intervalOf), { x: 'miles per gallon', y: 'said', width, height: 420 }),
            900,
          ),
          `As the networks have it, intervals would hold ${percent(heldBy(estimates, () => normalFactor))}; those of a part are as many ` +
            'times wider as the other parts ask for.',
        ),
      },
      {
        title: 'Beside straight lines',
        text: [
          'The same parts, the same numbers; the linear models lack the makers, without which the networks are as good.',
        ],
        body: tableHtml(
          ['model', 'R2', 'mean error'],
          (
            [
              ['least squares', linear],
              ['the same of logarithms', logarithmic],
              ['networks', networks],
            ] as const
          ).map(([name, { r2, meanAbsoluteError }]) => [name, r2.toFixed(3), meanAbsoluteError.toFixed(2)]),
        ),
      },
      {
        title: 'What the networks made of it',
        text: [],
        body: columnsHtml(
          figureHtml(
            responsive((width) => slopesPlot(estimates, width), 560),
            'The derivative of what they say by the weight, at each car: a hundred pounds more cost a light car miles, and a heavy ' +
              'one little. A straight line has one number for all.',
          ),
          figureHtml(
            responsive((width) => makersPlot(learned, width), 400),
            `Two numbers for each of ${makers.length} makers, learned with the rest. Those that are near are treated alike.`,
          ),
        ),
      },
      {
        title: 'How it learned',
        text: [],
        body: figureHtml(
          responsive((width) => curvesPlot(learned, width), 760),
          'How unlikely the truth was held to be, in nats, in the first part: with 392 cars, more of it is soon learning by heart.',
        ),
      },
      { title: 'What to try next', text: [], body: listHtml(next) },
    ],
  )
}

type Score = ReturnType<typeof scoreOf>

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const intervalOf = ({ car, mean, deviation, factor }: Estimate) => ({
  truth: car.milesPerGallon,
  estimate: mean,
  low: mean - factor * deviation,
  high: mean + factor * deviation,
})

const slopesPlot = (estimates: readonly Estimate[], width: number): string => {
  const pounds = measures.indexOf('pounds')
  const dots = estimates.map(({ car, perPound }) => [car.numbers[pounds]!, 100 * perPound] as const)
  const weights = dots.map(([weight]) => weight)
  const zero = {
    label: '',
    color: 'var(--edge)',
    points: [Math.min(...weights), Math.max(...weights)].map((x) => [x, 0] as const),
  }
  return linesPlot([zero], { x: 'pounds', y: 'miles per gallon for 100 pounds more', width, height: 340, dots })
}

const makersPlot = ({ model, makers }: Learned, width: number): string => {
  const { data } = model.makers.weight
  const glyphs = makers.map((text, i) => ({ x: data[2 * i]!, y: data[2 * i + 1]!, text }))
  return glyphsPlot(glyphs, { x: 'first number', y: 'second number', width, height: 340 })
}

const curvesPlot = ({ curves }: Learned, width: number): string =>
  linesPlot(
    (['seen', 'unseen'] as const).map((which) => ({
      label: which,
      color: which === 'seen' ? 'var(--value)' : 'var(--adjoint)',
      points: curves.map((curve, epoch) => [epoch + 1, curve[which]] as const),
    })),
    { x: 'epoch', y: 'nats', width, height: 300 },
  )
