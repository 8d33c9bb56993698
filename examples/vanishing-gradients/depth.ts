import { Random, type Tensor } from '@adjoint/autograd'
import { batches, crossEntropy, evaluate, fit, gradientFlow, init, type Progress, SGD } from '@adjoint/nn'
import { loadDigits } from '../data/mnist.js'
import { openCheckpoint, requireFinished } from '../support/checkpoint.js'
import type { RunOptions } from '../support/script.js'
import { createModel, type Recipe } from './model.js'

type Kind = Omit<Recipe, 'depth'>

const small = init.normal(0, 0.05)
const large = init.xavierNormal({ gain: 3 })
const xavier = init.xavierNormal()
const kaiming = init.kaimingNormal()

/** The curve alone differs. */
export const byCurve: Readonly<Record<string, Kind>> = {
  sigmoid: { curve: 'sigmoid', init: xavier },
  tanh: { curve: 'tanh', init: xavier },
  ReLU: { curve: 'relu', init: xavier },
}

/** The first values of the weights alone differ. */
export const byInit: Readonly<Record<string, Kind>> = {
  'small, N(0, 0.05²)': { curve: 'relu', init: small },
  Xavier: { curve: 'relu', init: xavier },
  Kaiming: { curve: 'relu', init: kaiming },
  'orthogonal, gain √2': { curve: 'relu', init: init.orthogonal({ gain: Math.SQRT2 }) },
  'too large, 3 × Xavier': { curve: 'relu', init: large },
}

/** What may cure the sigmoid. */
export const curesOfSigmoid: Readonly<Record<string, Kind>> = {
  plain: { curve: 'sigmoid', init: xavier },
  LayerNorm: { curve: 'sigmoid', init: xavier, norm: 'layer' },
  BatchNorm: { curve: 'sigmoid', init: xavier, norm: 'batch' },
  residual: { curve: 'sigmoid', init: xavier, residual: true },
}

/** What may cure weights that are too small. */
export const curesOfSmall: Readonly<Record<string, Kind>> = {
  plain: { curve: 'relu', init: small },
  LayerNorm: { curve: 'relu', init: small, norm: 'layer' },
  BatchNorm: { curve: 'relu', init: small, norm: 'batch' },
  residual: { curve: 'relu', init: small, residual: true },
}

/** What is trained. */
export const trained: Readonly<Record<string, Kind>> = {
  'sigmoid, plain': { curve: 'sigmoid', init: xavier },
  'sigmoid, BatchNorm': { curve: 'sigmoid', init: xavier, norm: 'batch' },
  'sigmoid, residual': { curve: 'sigmoid', init: xavier, residual: true },
  'tanh, too large': { curve: 'tanh', init: large },
  'tanh, orthogonal': { curve: 'tanh', init: init.orthogonal() },
  'ReLU, Kaiming': { curve: 'relu', init: kaiming },
}

/** Digits as the first layer likes them: mean 0, standard deviation 1. */
export const digits = (count: number) => {
  const { images, labels } = loadDigits('train', count)
  return { x: images.sub(0.13).div(0.31).cast('float64'), y: labels }
}

type Batch = ReturnType<typeof digits>

/** The norms of the gradients of all layers with weights, the first one first, before any training. */
export const gradientsOf = (kind: Kind, depth: number, batch: Batch): number[] => {
  const model = createModel({ ...kind, depth }, new Random(0))
  const { rows } = gradientFlow(model, crossEntropy, batch)
  return rows.flatMap(({ kind, gradient }) => (kind === 'Linear' && gradient !== null ? [gradient] : []))
}

const correct = (output: Tensor, labels: Tensor): number =>
  output.argmax(-1).equal(labels).cast('float32').mean().item()

/** Trains by plain steps with momentum, and gives the loss at each, and what share of the digits it reads in the end. */
export const train = async (
  kind: Kind,
  depth: number,
  { x, y }: Batch,
  epochs: number,
  name: string,
  { checkpoint, signal, progress }: RunOptions & { progress?: Progress },
) => {
  const random = new Random(0)
  const model = createModel({ ...kind, depth }, random)
  const data = batches(x, y, { batchSize: 50, shuffle: true, random })
  const optimizer = new SGD(model, { learningRate: 0.01, momentum: 0.9 })
  const { notes, saving } = await openCheckpoint(checkpoint, name.replaceAll(/\W+/g, '-'), { losses: [] as number[] })
  const { losses } = notes
  const history = await fit(model, {
    data,
    loss: crossEntropy,
    optimizer,
    epochs,
    onBatch: ({ loss }) => {
      losses.push(loss)
    },
    ...saving,
    ...(signal && { signal }),
    ...(progress && { progress }),
  })
  requireFinished(history)
  const { correct: share } = await evaluate(model, data, { correct })
  return { losses, share, model }
}
