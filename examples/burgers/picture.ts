import { noGrad, tensor } from '@adjoint/autograd'
import { fieldPlot } from '../report/field-plot.js'
import { columnsHtml, figureHtml, listHtml, page } from '../report/page.js'
import { linesPlot } from '../report/plot.js'
import { responsive } from '../report/responsive.js'
import type { Exact, Learned } from './learned.js'
import type { Flow } from './model.js'

/** What the network has found, as a page of HTML. */
export const picture = (learned: Learned, next: readonly string[]): string => {
  const { model, exact, milestones, points } = learned
  const last = milestones.at(-1)!
  const found = exact.t.map((time) => solutionAt(model, exact.x, time))
  const wrong = errors(found, exact)
  const step = Number((Math.max(...wrong.flat().map(Math.abs)) / 4).toPrecision(1))
  const faults = [1, 2, 3, 4].map((i) => (i - 0.5) * step)
  return page(
    'A network that solves an equation',
    "Burgers' equation says how the speed u of a fluid along a line changes: what is fast overtakes what is slow, and friction " +
      'keeps the front from breaking. The network was shown no solution, only the equation.',
    [
      { value: `${(100 * last.error).toFixed(2)} %`, label: 'of the exact solution is what it is wrong by' },
      { value: String(model.viscosity), label: 'is the viscosity: about as narrow is the front' },
      { value: points.toLocaleString('en'), label: 'random places and times at which the equation was asked for' },
      { value: `${last.processorSeconds.toFixed(0)} s`, label: 'of one processor core' },
    ],
    [
      {
        title: 'A wave becomes a front',
        text: [
          'u over all places and times. Whole lines, in blue, are where the fluid moves to the right; broken ones, in orange, ' +
            'where it moves to the left. Both run into the middle.',
        ],
        body: columnsHtml(
          figureHtml(
            responsive((width) => fieldOf(found, width, width < 400 ? 260 : 340, speeds), 590),
            'The network. Lines are 0.2 apart.',
          ),
          figureHtml(
            responsive((width) => fieldOf(wrong, width, width < 400 ? 260 : 340, faults), 380),
            `The network less the exact solution; lines are ${step} apart.`,
          ),
        ),
      },
      {
        title: 'At four times',
        text: ['Lines are the network, dots the exact solution, an integral that the network knows nothing of.'],
        body: figureHtml(
          responsive((width) => slicesPlot(learned, width)),
          'What begins as a sine is a step in the end.',
        ),
      },
      {
        title: 'How it learned',
        text: [],
        body: columnsHtml(
          figureHtml(
            responsive(
              (width) =>
                linesPlot([{ label: 'error', points: milestones.map(({ epoch, error }) => [epoch, 100 * error]) }], {
                  x: 'epoch',
                  y: '% that u is wrong by',
                  width,
                  height: 280,
                  logarithmic: true,
                }),
              560,
            ),
            'Against the exact solution, which the training does not see.',
          ),
          figureHtml(
            responsive(
              (width) =>
                linesPlot(
                  [
                    {
                      label: 'loss',
                      color: 'var(--adjoint)',
                      points: milestones.map(({ epoch, residual }) => [epoch, residual]),
                    },
                  ],
                  { x: 'epoch', y: 'residual squared', width, height: 280, logarithmic: true },
                ),
              400,
            ),
            'What the equation leaves, which is the loss. It is no measure of the error: compare the two.',
          ),
        ),
      },
      { title: 'What to try next', text: [], body: listHtml(next) },
    ],
  )
}

const speeds = [0.1, 0.3, 0.5, 0.7, 0.9]

const solutionAt = (model: Flow, x: readonly number[], time: number): number[] =>
  noGrad(() => [...model.at(tensor([...x]), tensor(x.map(() => time))).data])

const errors = (found: readonly (readonly number[])[], { u }: Exact): number[][] =>
  found.map((row, i) => row.map((value, j) => value - u[i]![j]!))

const fieldOf = (
  values: readonly (readonly number[])[],
  width: number,
  height: number,
  levels: readonly number[],
): string => fieldPlot({ values, x: [-1, 1], y: [0, 1] }, { x: 'x', y: 't', width, height, levels })

const slicesPlot = ({ model, exact }: Learned, width: number): string => {
  const shown = [0, 0.2, 0.5, 1].map((time) => Math.round(time * (exact.t.length - 1)))
  const colors = ['var(--soft)', 'var(--tangent)', 'var(--local)', 'var(--value)']
  const lines = shown.map((row, i) => ({
    label: '',
    color: colors[i]!,
    points: solutionAt(model, exact.x, exact.t[row]!).map((value, j) => [exact.x[j]!, value] as const),
  }))
  const every = Math.ceil(exact.x.length / 60)
  const dots = shown.flatMap((row) =>
    exact.u[row]!.flatMap((value, j) => (j % every === 0 ? [[exact.x[j]!, value] as const] : [])),
  )
  return linesPlot(lines, { x: 'x', y: 'u', width, height: 340, dots, radius: 3 })
}
