import { noGrad, tensor } from '@adjoint/autograd'
import { columnsHtml, figureHtml, listHtml, page, tableHtml } from '../report/page.js'
import { linesPlot } from '../report/plot.js'
import { responsive } from '../report/responsive.js'
import { nameOf } from './costs.js'
import type { Learned, Trained } from './learned.js'
import { further, interval, observations, observe } from './model.js'
import { pendulum } from './pendulum.js'
import type { Field, States } from './solver.js'

const learnedSeconds = observations * interval
const seconds = further * learnedSeconds

/** What the models have found, as a page of HTML. */
export const picture = (learned: Learned, next: readonly string[]): string => {
  const { network, linear, costs, steps } = learned
  const [all, thrifty] = [costs[0]!, costs.at(-1)!]
  return page(
    'A law of motion, learned',
    `A network says how the angle and the speed of a pendulum change; a solver adds it up. It has learned from ${learnedSeconds} ` +
      `seconds of noisy swings, and foretells ${seconds} seconds of others.`,
    [
      {
        value: network.error.later.toFixed(3),
        label: `radians (a second) wrong, from ${learnedSeconds} to ${seconds} seconds`,
      },
      { value: linear.error.later.toFixed(3), label: 'with a linear law, which is right for small swings' },
      {
        value: `${(all.memory / thrifty.memory).toFixed(0)} times`,
        label: `less memory for a gradient through ${steps} steps, if little is kept`,
      },
      {
        value: `${(network.processorSeconds + linear.processorSeconds).toFixed(0)} s`,
        label: 'of one processor core, for both',
      },
    ],
    [
      {
        title: 'Swings that it has not seen',
        text: [
          'Dots are the pendulum. The blue line is what the network makes of the start alone, the orange one the linear law.',
        ],
        body: columnsHtml(
          figureHtml(
            responsive((width) => anglesPlot(learned, width), 590),
            `A swing from 2.3 radians, which is higher than level. Both laws were learned from ${learnedSeconds} seconds; to the right is the future.`,
          ),
          figureHtml(
            responsive((width) => phasePlot(network, width), 380),
            'Angle and speed of five swings by the network: friction leads each of them to rest.',
          ),
        ),
      },
      {
        title: 'What a gradient takes',
        text: [
          `Through ${steps} steps of the solver, 16 swings at once. The more is kept of the way there, the less is computed again on the ` +
            'way back; the gradient is the same.',
        ],
        body: tableHtml(
          ['kept', 'MiB', 'ms', 'differs by'],
          costs.map((cost) => [
            nameOf(cost),
            cost.memory.toFixed(2),
            cost.milliseconds.toFixed(1),
            cost.difference === 0 ? '0' : cost.difference.toExponential(0),
          ]),
        ),
      },
      {
        title: 'How it learned',
        text: [],
        body: figureHtml(
          responsive(
            (width) =>
              linesPlot([lossesOf('network', network, 'var(--value)'), lossesOf('linear', linear, 'var(--adjoint)')], {
                x: 'epoch',
                y: 'loss',
                width,
                height: 300,
                logarithmic: true,
              }),
            760,
          ),
          'The mean square of what differs from the observations. Their noise alone is 0.0009.',
        ),
      },
      { title: 'What to try next', text: [], body: listHtml(next) },
    ],
  )
}

const lossesOf = (label: string, { losses }: Trained, color: string) => ({
  label,
  color,
  points: losses.map((loss, epoch) => [epoch + 1, loss] as const),
})

/** Angles and speeds of a motion, the start among them. */
const motionOf = (field: Field, angle: number, speed: number, between: number): [angle: number, speed: number][] =>
  noGrad(() => {
    const count = further * observations
    const start = tensor([[angle, speed]]) as States
    const { data } = observe(field, start, count, between)
    return [
      [angle, speed],
      ...Array.from({ length: count }, (_, i) => [data[2 * i]!, data[2 * i + 1]!] as [number, number]),
    ]
  })

const anglesPlot = ({ network, linear }: Learned, width: number): string => {
  const start = [2.3, 0] as const
  const line = (field: Field, between: number) =>
    motionOf(field, ...start, between).map(([angle], i) => [i * interval, angle] as const)
  return linesPlot(
    [
      {
        label: '',
        points: [
          [learnedSeconds, -3],
          [learnedSeconds, 3],
        ],
        color: 'var(--line)',
      },
      { label: '', points: line((states) => linear.model.change(states), 2), color: 'var(--adjoint)' },
      { label: '', points: line((states) => network.model.change(states), 2), color: 'var(--value)' },
    ],
    { x: 'seconds', y: 'angle', width, height: 320, dots: line(pendulum, 20), radius: 2.5 },
  )
}

const phasePlot = ({ model }: Trained, width: number): string => {
  const starts = [
    [-2.4, 0],
    [2, 0],
    [0, 1.4],
    [-1, -0.5],
    [1.5, 1.2],
  ] as const
  const lines = starts.map(([angle, speed]) => ({
    label: '',
    color: 'var(--value)',
    points: motionOf((states) => model.change(states), angle, speed, 2),
  }))
  const dots = starts.flatMap(([angle, speed]) => motionOf(pendulum, angle, speed, 20))
  return linesPlot(lines, { x: 'angle', y: 'speed', width, height: 320, dots, radius: 2 })
}
