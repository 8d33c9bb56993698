import { Random, zeros } from '@adjoint/autograd'
import type { Subject } from '../../../autograd/test/misuse/walk.js'
import * as nn from '../../src/index.js'
import { data, type Entry, model, none, weights } from './entries.js'

/** What a step takes. */
export const stepOptions = (net: nn.Module) => ({
  clip: 1,
  accumulate: 2,
  schedule: nn.schedules.cosine({ steps: 10 }),
  average: new nn.WeightAverage(net as ReturnType<typeof model>),
  gradientNorm: true,
  compile: false,
})
const withGradient = () => {
  const net = model()
  nn.mse(net.forward(weights()), zeros([2, 1])).backward()
  return net
}
const partsOf = (net: ReturnType<typeof model>, optimizer = new nn.SGD(net, { learningRate: 0.1, momentum: 0.9 })) => ({
  model: net,
  optimizer,
  schedule: new nn.Scheduler(optimizer, () => 1),
  average: new nn.WeightAverage(net),
  data: data(),
  randoms: [new Random(1)],
})
const optionsOfParts = { model: 'required', optimizer: 'required', randoms: 'array', data: 'array strings' }
const average = () => new nn.WeightAverage(model())

export const functions: Readonly<Record<string, Entry>> = {
  trainStep: {
    args: () => {
      const net = model()
      return [net, nn.mse, new nn.SGD(net, { learningRate: 0.1 }), stepOptions(net)]
    },
    options: { clip: 'bare', schedule: 'undefined' },
  },
  clipGradientNorm: { args: () => [withGradient(), 0.1] },
  clipGradientValue: { args: () => [withGradient(), 0.1] },
  gradientNorm: { args: () => [withGradient()] },
  trainingState: {
    args: () => [partsOf(model()), { epoch: 1 }],
    may: [
      'required',
      'undefined null boolean number nan bigint string symbol function object array strings map bare tensor data',
    ],
    options: optionsOfParts,
  },
  loadTrainingState: {
    args: () => {
      const parts = partsOf(model())
      return [nn.trainingState(parts), parts]
    },
    may: ['data', 'required'],
    options: optionsOfParts,
  },
}

export const classes: Readonly<Record<string, Entry>> = {
  WeightAverage: { args: () => [model(), { decay: 0.5, every: 2, from: 3 }] },
}

export const methods: Readonly<Record<string, Subject>> = {
  'WeightAverage.update': { ...none, call: (...args: []) => average().update(...args) },
  'WeightAverage.stateDict': { ...none, call: (...args: []) => average().stateDict(...args) },
  'WeightAverage.loadStateDict': {
    args: () => [average().stateDict()],
    may: ['data'],
    call: (...args: [never]) => average().loadStateDict(...args),
  },
}
