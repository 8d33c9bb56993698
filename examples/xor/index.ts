/**
 * Learning XOR: the smallest problem that a network without a hidden layer cannot solve.
 *
 * A 2-4-1 network of sigmoids learns from all four cases at once, for ten thousand epochs. It is trained twice from
 * the same weights: by a backward pass derived and written by hand, and by adjoint, which derives its own.
 */
import { Random } from '@adjoint/autograd'
import { type Trace, trace } from '@adjoint/autograd/inspect'
import { type RunOptions, runAsScript } from '../support/script.js'
import { table } from '../support/table.js'
import * as byHand from './by-hand.js'
import { type Initial, Network } from './with-adjoint.js'

const learningRate = 0.1
const seed = 0
const curveStep = 20

export const initialWeights = (): Initial => {
  const random = new Random(seed)
  const float64 = { dtype: 'float64' } as const
  return { W1: random.normal([2, 4], float64), W2: random.normal([4, 1], float64) }
}

export const run = ({ short = false, print = console.log }: RunOptions = {}) => {
  const epochs = short ? 1_001 : 10_000
  const reported = short ? [0, 500, 1_000] : [0, 4_000, 8_000]
  const network = new Network(initialWeights())
  const picture = pictureOf(network)
  let weights: byHand.Weights = network.rows('value')
  const rows: { epoch: number; hand: number; adjoint: number; difference: number }[] = []
  const curve: number[] = []
  let milliseconds = 0

  for (let epoch = 0; epoch < epochs; epoch++) {
    const isReported = reported.includes(epoch)
    const difference = isReported ? gradientDifference(network) : 0
    const start = performance.now()
    const adjoint = network.train(learningRate)
    milliseconds += performance.now() - start
    if (epoch % curveStep === 0) curve.push(adjoint)
    if (isReported) {
      const hand = byHand.meanSquaredError(byHand.forward(weights).predictions)
      rows.push({ epoch, hand, adjoint, difference })
    }
    weights = byHand.update(weights, learningRate)
  }

  const predictions = [...network.forward().p.data]
  print('The mean squared error, and how far the two gradients are apart at the same weights:\n')
  print(
    table(
      ['epoch', 'by hand', 'adjoint', 'gradients differ by'],
      rows.map(({ epoch, hand, adjoint, difference }) => [
        String(epoch),
        hand.toFixed(6),
        adjoint.toFixed(6),
        difference.toExponential(1),
      ]),
    ),
  )
  print(`\n${byHand.inputs.map(([a, b], i) => `${a} xor ${b}  ->  ${predictions[i]!.toFixed(3)}`).join('\n')}`)
  print(`\n${epochs} epochs of adjoint took ${(milliseconds / 1000).toFixed(1)} s.\n`)
  return { rows, predictions, byHand: byHand.forward(weights).predictions.flat(), curve, curveStep, picture }
}

/** What the network computes of the four cases now, and the sweep back from its loss. */
const pictureOf = (network: Network): Trace => {
  const { W1, b1, W2, b2 } = network
  const { E, ...others } = network.forward()
  return trace(E, { names: { W1, b1, W2, b2, E, ...others } })
}

/** The largest difference between adjoint's gradients and those of the hand-written pass, at the network's weights. */
export const gradientDifference = (network: Network): number => {
  network.forward().E.backward()
  const automatic = network.rows('grad')
  for (const weights of network.parameters()) weights.zeroGrad()
  const manual = byHand.gradients(network.rows('value'))
  const names = ['W1', 'b1', 'W2', 'b2'] as const
  const differences = names.flatMap((name) =>
    manual[name].flatMap((row, i) => row.map((slope, j) => Math.abs(slope - automatic[name][i]![j]!))),
  )
  return Math.max(...differences)
}

await runAsScript(import.meta.url, run)
