/**
 * A neural ordinary differential equation (Chen, Rubanova, Bettencourt and Duvenaud, 2018): what is learned is not where a
 * pendulum goes, but the law by which it moves. A network says how angle and speed change, a solver of Runge and Kutta adds
 * that up, and the loss compares what comes out with a few seconds of swings that were observed with noise. If the law is right,
 * it tells swings that were not seen, and what comes after those seconds.
 *
 * The solver is one `scan`, so that gradients go back through each of its steps exactly. What it keeps for that is a choice: the
 * last table shows what memory and time a gradient through a thousand steps takes.
 */
import { noGrad, Random, stack } from '@adjoint/autograd'
import { Adam, batches, fit, mse, type Progress, schedules } from '@adjoint/nn'
import { openCheckpoint, requireFinished } from '../support/checkpoint.js'
import { writePicture } from '../support/picture.js'
import { progressBar } from '../support/progress.js'
import { type RunOptions, runAsScript } from '../support/script.js'
import { stopwatch } from '../support/stopwatch.js'
import { table } from '../support/table.js'
import { measureCosts, nameOf } from './costs.js'
import type { Learned, Trained } from './learned.js'
import { further, interval, linearField, Motion, networkField, observations, observe } from './model.js'
import { pendulum } from './pendulum.js'
import { picture } from './picture.js'
import type { States } from './solver.js'

type Options = RunOptions & { readonly progress?: Progress }

export const run = async (options: Options = {}) => {
  const { short = false, print = console.log } = options
  const network = await learn('network', options)
  const linear = await learn('linear', options)
  const steps = short ? 100 : 1_024
  const learned: Learned = { network, linear, costs: measureCosts(network.model, steps, new Random(2)), steps }
  printLearned(learned, print)
  const file = writePicture(import.meta.dirname, 'neural-ode.html', picture(learned, next))
  print(`\nWhat to try next:\n${next.map((idea) => `- ${idea}`).join('\n')}\n\nThe picture is in ${file}\n`)
  return { ...learned, file }
}

/** Angles up to 2 radians, more than level, and speeds with which none goes over the top. */
export const startsOf = (count: number, random: Random): States => {
  const draw = (most: number) =>
    random
      .uniform([count])
      .mul(2 * most)
      .sub(most)
  return stack([draw(2), draw(1)], -1) as unknown as States
}

const learn = async (
  name: 'network' | 'linear',
  { short = false, checkpoint, signal, progress }: Options,
): Promise<Trained> => {
  const random = new Random(0)
  const [swings, epochs, width] = short ? [40, 250, 16] : [60, 600, 32]
  const starts = startsOf(swings, random)
  // the truth has ten times as many steps as the solver of the model
  const truth = observe(pendulum, starts, observations, 20)
  const seen = truth.add(random.normal(truth.shape).mul(0.03)) as typeof truth
  const model = new Motion(name === 'network' ? networkField(width, random) : linearField(random))
  const data = batches(starts, seen, { batchSize: 20, shuffle: true, random })
  const { notes, saving } = await openCheckpoint(checkpoint, `neural-ode-${name}`, { seconds: 0 })
  const now = stopwatch(0, notes.seconds)
  const history = await fit(model, {
    data,
    loss: mse,
    optimizer: new Adam(model, { learningRate: 0.01 }),
    schedule: schedules.cosine({ steps: epochs * data.length, to: 0.01 }),
    clip: { norm: 1 },
    epochs,
    onBatch: () => {
      notes.seconds = now().processorSeconds
    },
    ...saving,
    ...(signal && { signal }),
    ...(progress && { progress }),
  })
  requireFinished(history)
  return { model, losses: history.loss, error: errorOf(model), processorSeconds: notes.seconds }
}

/** How wrong a model is about swings that it has not seen: while it was trained to look ahead, and after. */
const errorOf = (model: Motion): Trained['error'] =>
  noGrad(() => {
    const starts = startsOf(50, new Random(1))
    const count = further * observations
    const found = observe((states) => model.change(states), starts, count, 2)
    const squares = found.sub(observe(pendulum, starts, count, 20)).square()
    return {
      soon: Math.sqrt(squares.slice(1, 0, observations).mean().item()),
      later: Math.sqrt(squares.slice(1, observations, count).mean().item()),
    }
  })

const printLearned = ({ network, linear, costs, steps }: Learned, print: (text: string) => void): void => {
  const [seconds, end] = [observations * interval, further * observations * interval]
  print('\nHow wrong the models are about 50 swings that they have not seen, in radians and radians a second:\n')
  print(
    table(
      ['law', 'loss', `first ${seconds} s`, `${seconds} to ${end} s`, 'processor seconds'],
      [network, linear].map(({ losses, error, processorSeconds }, i) => [
        i === 0 ? 'a network' : 'linear, as for small swings',
        losses.at(-1)!.toFixed(5),
        error.soon.toFixed(4),
        error.later.toFixed(4),
        processorSeconds.toFixed(1),
      ]),
    ),
  )
  print(`\nA gradient through ${steps} steps, by what is kept for it:\n`)
  print(
    table(
      ['kept', 'MiB', 'ms', 'differs by'],
      costs.map((cost) => [
        nameOf(cost),
        cost.memory.toFixed(2),
        cost.milliseconds.toFixed(1),
        cost.difference === 0 ? '0' : cost.difference.toExponential(0),
      ]),
    ),
  )
}

const next = [
  'Observe the angles and not the speeds (loss: of the first column). Is the law still found?',
  'Give the network only the second half of the law: speed is what changes the angle, and need not be learned.',
  'Start swings with more speed, so that the pendulum goes over the top. Where is the law wrong first?',
  'Leave friction out (pendulum.ts) and look at a minute instead of 12 seconds: what becomes of the energy?',
]

await runAsScript(import.meta.url, (options) => run({ ...options, progress: progressBar() }))
