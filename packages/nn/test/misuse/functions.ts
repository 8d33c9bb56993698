import { Random, tensor, zeros } from '@adjoint/autograd'
import * as nn from '../../src/index.js'
import { data, type Entry, labels, model, pair, probabilities, signs, weighing, weighted, weights } from './entries.js'
import * as insight from './insight.js'
import { others } from './others.js'
import * as training from './training.js'

export const functions: Readonly<Record<string, Entry>> = {
  ...training.functions,
  accuracy: pair(weights, labels, { axis: -1, ignoreIndex: -100 }),
  mse: pair(weights, weights, { reduction: 'sum' }),
  crossEntropy: pair(weights, labels, { ...weighing, labelSmoothing: 0.1 }),
  nll: pair(weights, labels, weighing),
  binaryCrossEntropy: weighted(probabilities, 'sum'),
  binaryCrossEntropyWithLogits: weighted(weights, 'none'),
  l1: pair(weights, weights, { reduction: 'sum' }),
  smoothL1: pair(weights, weights, { reduction: 'sum', beta: 0.5 }),
  huber: pair(weights, weights, { reduction: 'sum', delta: 0.5 }),
  logCosh: pair(weights, weights, { reduction: 'sum' }),
  poissonNll: pair(weights, weights, { reduction: 'sum', logInput: false, full: true, epsilon: 0.1 }),
  gaussianNll: { args: () => [weights(), weights(), weights(), { reduction: 'sum', full: true, epsilon: 0.1 }] },
  klDivergence: pair(weights, weights, { reduction: 'batchMean', logTarget: true }),
  ctc: {
    args: () => [
      zeros([2, 1, 3]),
      tensor([[1]], { dtype: 'int32' }),
      tensor([2], { dtype: 'int32' }),
      tensor([1], { dtype: 'int32' }),
      { reduction: 'sum', blank: 0, zeroInfinity: true },
    ],
  },
  multiMargin: pair(weights, labels, { reduction: 'sum', weights: tensor([1, 2, 3]), p: 2, margin: 0.5 }),
  multilabelMargin: pair(weights, () => zeros([2, 3], { dtype: 'int32' }), { reduction: 'sum' }),
  multilabelSoftMargin: pair(weights, weights, { reduction: 'sum', weights: tensor([1, 2, 3]) }),
  hinge: pair(weights, signs, { reduction: 'sum', margin: 0.5 }),
  hingeEmbedding: pair(weights, signs, { reduction: 'sum', margin: 0.5 }),
  softMargin: pair(weights, signs, { reduction: 'sum' }),
  marginRanking: { args: () => [weights(), weights(), signs(), { reduction: 'sum', margin: 0.5 }] },
  cosineSimilarity: pair(weights, weights, { axis: 0, epsilon: 0.1 }),
  cosineEmbedding: { args: () => [weights(), weights(), tensor([1, -1]), { reduction: 'sum', margin: 0.5 }] },
  contrastive: {
    args: () => [weights(), weights(), tensor([1, -1]), { reduction: 'sum', margin: 0.5, order: 1, epsilon: 0.1 }],
  },
  pairwiseDistance: pair(weights, weights, { order: 1, epsilon: 0.1, keepDims: true }),
  triplet: {
    args: () => [weights(), weights(), weights(), { reduction: 'sum', margin: 2, order: 1, epsilon: 0.1, swap: true }],
  },
  infoNce: pair(weights, weights, { reduction: 'sum', temperature: 0.5, symmetric: true }),
  dice: pair(weights, weights, { reduction: 'sum', smooth: 0.5 }),
  focal: pair(weights, weights, { reduction: 'sum', gamma: 1, alpha: 0.5 }),
  ...insight.functions,
  batches: others.Batches!,
  mapBatches: {
    args: () => [data(), () => data()[0], { random: new Random(1) }],
    may: ['array strings'],
  },
  prefetch: { args: () => [data(), { ahead: 3 }], may: ['array strings'] },
  evaluate: {
    args: () => [
      model(),
      data(),
      { loss: nn.mse },
      {
        compile: true,
        signal: new AbortController().signal,
        progress: { start: () => {}, update: () => {}, stop: () => {} },
      },
    ],
    may: ['', '', 'data bare'],
  },
  fit: {
    args: () => {
      const net = model()
      const controller = new AbortController()
      return [
        net,
        {
          data: data(),
          loss: nn.mse,
          optimizer: new nn.SGD(net, { learningRate: 0.1 }),
          epochs: 1,
          validation: data(),
          metrics: { error: nn.mse },
          earlyStopping: { patience: 3, minDelta: 0, restoreBest: true },
          onBatch: () => {},
          onEpoch: () => {},
          progress: { start: () => {}, update: () => {}, stop: () => {} },
          ...training.stepOptions(net),
          save: () => {},
          randoms: [new Random(1)],
          signal: controller.signal,
        },
      ]
    },
    may: ['', 'required'],
    options: {
      ...Object.fromEntries(['data', 'loss', 'optimizer', 'epochs'].map((name) => [name, 'required'])),
      // without validation data there is nothing to measure metrics on
      validation: 'required',
      metrics: 'bare',
      clip: 'bare',
      randoms: 'array',
    },
  },
  buffer: { args: () => [weights(), { persistent: false }] },
  summary: { args: () => [model(), [2, 3], { dtype: 'float32' }] },
  functionalCall: {
    args: () => {
      const linear = model()
      return [linear, linear.stateDict(), weights()]
    },
    may: ['', 'data bare'],
    forwards: true,
  },
}
