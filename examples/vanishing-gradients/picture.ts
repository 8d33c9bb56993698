import { page } from '../report/page.js'
import { brief, type PanelLine, panel, panels } from '../report/panels.js'
import { runningMean } from '../report/plot.js'
import type { Results } from './measure.js'

const indexed = (values: readonly number[]): [number, number][] => values.map((value, i) => [i + 1, value])

/** The mean of each so many values: the course without the noise. */
const smoothed = (values: readonly number[], window: number): [number, number][] => {
  const points: [number, number][] = []
  for (let end = window; end <= values.length; end += window) {
    const sum = values.slice(end - window, end).reduce((sum, value) => sum + value, 0)
    points.push([end, sum / window])
  }
  return points
}

/** A line for each kind of network; the number behind it is that of its first layer. */
const byLayer = (gradients: Readonly<Record<string, readonly number[]>>): PanelLine[] =>
  Object.entries(gradients).map(([label, norms]) => ({ label, points: indexed(norms), note: brief(norms[0]!) }))

const layers = { x: 'layer', y: '↑ norm of the gradient', logarithmic: true }

export const picture = (results: Results): string => {
  const { depth, curves, inits, depths, sigmoid, small, time, clipped, training } = results
  const through = Object.entries(depths).map(
    ([label, points]): PanelLine => ({ label, points, note: brief(points.at(-1)![1]) }),
  )
  const descents = [
    { label: 'as they are', losses: clipped.without.losses },
    { label: 'clipped to norm 1', losses: clipped.with.losses },
  ].map(({ label, losses }) => ({ label, points: runningMean(indexed(losses), 8), note: brief(losses.at(-1)!) }))
  const learned = Object.entries(training).map(([label, { losses, share }]) => ({
    label,
    points: smoothed(losses, Math.max(1, Math.floor(losses.length / 40))),
    note: `${(100 * share).toFixed(0)} %`,
  }))
  const lead =
    'What comes back to a layer is a product with a factor for each layer behind it. Unless these are near 1, it ' +
    `vanishes or explodes: here in networks of up to ${depth} layers of 32 units that are given handwritten digits, before any training.`
  const facts = [
    { value: brief(curves.sigmoid![0]!), label: `is the gradient of the first of ${depth} layers of sigmoids` },
    {
      value: brief(inits['too large, 3 × Xavier']![0]!),
      label: 'with ReLU, where weights begin three times too large',
    },
    { value: brief(sigmoid.BatchNorm![0]!), label: 'with sigmoids, BatchNorm in front of each' },
    { value: brief(inits.Kaiming![0]!), label: 'with ReLU, where weights begin as Kaiming has them' },
  ]
  const sections = [
    {
      title: 'Through depth',
      text: [
        'The number behind each name is the gradient of the first layer. A sigmoid passes on at most a quarter. Xavier weights ' +
          'keep what goes through tanh; ReLU halves its square at each layer, which Kaiming weights make up for.',
      ],
      body: panels(
        panel(byLayer(curves), { title: 'Three curves, Xavier weights', ...layers }),
        panel(byLayer(inits), { title: 'ReLU, five ways to begin', ...layers }),
        panel(through, { title: 'The first layer, by depth', x: 'layers', y: '↑ its gradient', logarithmic: true }),
      ),
    },
    {
      title: 'What cures it',
      text: [
        'A cure for one is none for another. LayerNorm helps weights that are too small, but not sigmoids, whose outputs hardly depend on ' +
          'the image after some layers. BatchNorm, which takes out what all images have in common, cures sigmoids, and explodes behind ReLU. ' +
          'A residual layer passes what comes back through an edge of factor 1.',
        `Below, ${Object.keys(training).length} networks of ${results.trainedDepth} layers are trained alike. Always guessing has a loss of ln 10 = 2.30. ` +
          'The number is the share of the digits read in the end.',
      ],
      body: panels(
        panel(byLayer(sigmoid), { title: 'Sigmoid', ...layers }),
        panel(byLayer(small), { title: 'ReLU, weights too small', ...layers }),
        panel(learned, { title: 'Who learns', x: 'step', y: '↑ loss', range: [0, 3] }),
      ),
    },
    {
      title: 'Through time',
      text: [
        'A recurrent network is as deep as its sequence is long, with the same weights at each step. The number is what the first input ' +
          'still does to the last output. Weights that turn and do not stretch (gain 1) keep most; an LSTM keeps what its forget gate lets through.',
        'Where gradients explode, a step goes as far as they are long. Clipping keeps its direction and bounds its length: two numbers of a ' +
          'sequence are to be added, from weights of gain 1.5. Always guessing has a loss of 1/6.',
      ],
      body: panels(
        panel(byLayer(time), {
          title: 'From each input to the last output',
          x: 'step',
          y: '↑ norm of the derivative',
          logarithmic: true,
        }),
        panel(descents, {
          title: 'Steps of rate 0.1',
          x: 'step',
          y: '↑ loss',
          logarithmic: true,
          range: [0.01, 1e6],
          spread: 'tenfold',
        }),
      ),
    },
  ]
  return page('Gradients that vanish, and gradients that explode', lead, facts, sections)
}
