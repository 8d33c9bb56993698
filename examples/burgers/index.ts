/**
 * A physics-informed network (Raissi, Perdikaris and Karniadakis, Physics-informed neural networks, 2019): a network is a
 * function u(x, t), and its loss is what a differential equation says of it. Nobody shows it a solution. The equation is that
 * of Burgers, u_t + u u_x = 0.01 u_xx: what is higher runs faster, and overtakes what is before it until friction holds them,
 * in a front that is a hundredth wide.
 *
 * The residual holds second derivatives by the place, which are a jvp of a jvp; its gradient by the weights is a backward sweep
 * over those, all in one compiled step. The solution is known exactly otherwise, so that the error can be told.
 */
import { noGrad, Random, tensor, zeros } from '@adjoint/autograd'
import { Adam, fit, mapBatches, mse, type Progress, schedules } from '@adjoint/nn'
import { openCheckpoint, requireFinished } from '../support/checkpoint.js'
import { writePicture } from '../support/picture.js'
import { progressBar } from '../support/progress.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { stopwatch } from '../support/stopwatch.js'
import { table } from '../support/table.js'
import { exactOn } from './exact.js'
import type { Exact, Learned, Milestone } from './learned.js'
import { Flow } from './model.js'
import { picture } from './picture.js'

type Options = RunOptions & { readonly progress?: Progress }

export const run = async ({ short = false, print = console.log, progress, checkpoint, signal }: Options = {}) => {
  const [viscosity, width, epochs, steps, points] = short ? [0.05, 24, 10, 120, 200] : [0.01, 32, 40, 500, 500]
  const random = new Random(0)
  const model = new Flow(viscosity, width, random)
  const data = pointsAnew(steps, points, random)
  const exact = exactOn(short ? 41 : 201, short ? 11 : 51, viscosity)
  const { notes, saving } = await openCheckpoint(checkpoint, 'burgers', { milestones: [] as Milestone[] })
  const { milestones } = notes
  const now = stopwatch(0, milestones.at(-1)?.processorSeconds)
  print(
    `A network of ${width} units in each of three layers learns Burgers' equation at ${steps * points} points an epoch.\n`,
  )
  const history = await fit(model, {
    data,
    // the targets are zeros: nothing is to be left of the equation
    loss: mse,
    optimizer: new Adam(model, { learningRate: 0.005 }),
    schedule: schedules.cosine({ steps: epochs * steps, to: 0.01 }),
    epochs,
    onEpoch: ({ epoch, loss }) => {
      milestones.push({ epoch, residual: loss, error: errorOf(model, exact), processorSeconds: now().processorSeconds })
    },
    ...saving,
    ...(signal && { signal }),
    ...(progress && { progress }),
  })
  requireFinished(history)

  const learned: Learned = { model, exact, milestones, points: epochs * steps * points }
  printLearned(learned, print)
  const file = writePicture(import.meta.dirname, 'burgers.html', picture(learned, next))
  print(`\nWhat to try next:\n${next.map((idea) => `- ${idea}`).join('\n')}\n\nThe picture is in ${file}\n`)
  return { ...learned, file }
}

/** Batches of points, other ones each time; the targets are what shall be left of the equation, which is nothing. */
const pointsAnew = (steps: number, points: number, random: Random) => {
  const [low, range] = [tensor([-1, 0]), tensor([2, 1])]
  const blank = { x: zeros([points, 2]), y: zeros([points]) }
  return mapBatches(
    Array.from({ length: steps }, () => blank),
    ({ x, y }, random) => ({ x: random.uniform(x.shape).mul(range).add(low), y }),
    { random },
  )
}

/** The root of the mean square of what the network is wrong by, over that of the exact solution. */
export const errorOf = (model: Flow, { x, t, u }: Exact): number => {
  const [places, times] = [t.flatMap(() => x), t.flatMap((time) => x.map(() => time))]
  const found = noGrad(() => model.at(tensor(places), tensor(times)).data)
  const squares = u.flat().map((exact, i) => [(found[i]! - exact) ** 2, exact ** 2] as const)
  const [wrong, all] = squares.reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0])
  return Math.sqrt(wrong / all)
}

const printLearned = ({ model, milestones }: Learned, print: (text: string) => void): void => {
  const step = Math.ceil(milestones.length / 10)
  const rows = milestones
    .filter((_, i) => (milestones.length - 1 - i) % step === 0)
    .map(({ epoch, residual, error, processorSeconds }) => [
      String(epoch),
      residual.toExponential(1),
      `${(100 * error).toFixed(2)} %`,
      processorSeconds.toFixed(1),
    ])
  print(table(['epoch', 'residual squared', 'error of u', 'processor seconds'], rows))
  const { error } = milestones.at(-1)!
  print(
    `\nWith a viscosity of ${model.viscosity}, u differs from the exact solution by ${(100 * error).toFixed(2)} % ` +
      '(root of the mean square, of that of the solution).',
  )
}

const next = [
  'Take a viscosity of 0.01 / pi, as in the paper: the front is three times as narrow, and few points lie in it. How small does the residual get, and how wrong is u?',
  'Then draw more of the points near x = 0, where the residual is large (pointsAnew).',
  'Leave the ends and the beginning to the loss (at: return free): three terms, and weights to choose for them.',
  'Give it u at 200 places and make the viscosity a parameter: does it find 0.01?',
]

await runAsScript(import.meta.url, (options) => run({ ...options, progress: progressBar() }))
