import { parameter, type Tensor, zeros } from '@adjoint/autograd'
import type { Subject } from '../../../autograd/test/misuse/walk.js'
import * as nn from '../../src/index.js'
import { type Entry, model, none } from './entries.js'

const groups = [{ path: 'bias' }]
const of = (options: object, may: Readonly<Record<string, string>> = {}): Entry => ({
  args: () => [model(), { learningRate: 0.1, ...options, groups }],
  options: { groups: 'array', ...may },
})
const common = { betas: [0.9, 0.99], epsilon: 0, weightDecay: 0, maximize: true }

export const classes: Readonly<Record<string, Entry>> = {
  Adamax: of(common),
  NAdam: of({ ...common, momentumDecay: 0.1, decoupled: true }),
  RAdam: of({ ...common, decoupled: true }),
  Adagrad: of({ rateDecay: 0.1, initial: 0.1, epsilon: 0, weightDecay: 0, maximize: true }),
  Adadelta: of({ rho: 0.5, epsilon: 0, weightDecay: 0, maximize: true }, { rho: '-number' }),
  RMSprop: of(
    { rho: 0.5, momentum: 0.1, epsilon: 0, weightDecay: 0, centered: true, maximize: true },
    { rho: '-number' },
  ),
  Rprop: of({ etas: [0.5, 1.2], sizes: [0.1, 1], maximize: true }),
  ASGD: of({ decay: 0.1, power: 0.5, averageFrom: 3, weightDecay: 0, maximize: true }),
  Lion: of({ betas: [0.9, 0.99], weightDecay: 0, maximize: true }),
  Adafactor: of({ decay: 0.5, epsilons: [0, 0], clip: 1, weightDecay: 0, maximize: true }),
  Muon: {
    args: () => [
      [parameter(zeros([2, 3]))],
      { learningRate: 0.1, momentum: 0.5, weightDecay: 0, nesterov: false, likeAdam: true, maximize: true },
    ],
    options: { momentum: '-number' },
  },
  LBFGS: {
    args: () => [
      model(),
      {
        learningRate: 0.1,
        iterations: 3,
        evaluations: 0,
        gradientTolerance: 0,
        changeTolerance: 0,
        history: 3,
        strongWolfe: true,
      },
    ],
  },
  Scheduler: {
    args: () => [new nn.Adam(model()), () => 1, { groups: { default: () => 1 } }],
    options: { groups: 'bare' },
  },
}

const place = parameter(zeros([2]))
const lbfgs = new nn.LBFGS([place])
const scheduler = new nn.Scheduler(new nn.Adam(model()), nn.schedules.plateau())
type Any = (...args: never[]) => unknown
const calling =
  (thing: object, name: string): Subject['call'] =>
  (...args) =>
    (Reflect.get(thing, name) as Any).apply(thing, args)

export const methods: Readonly<Record<string, Subject>> = {
  'LBFGS.step': {
    args: () => [() => place.sub(1).square().sum() as Tensor],
    // a function may give anything; what it gives is checked
    may: ['-function'],
    call: calling(lbfgs, 'step'),
  },
  'LBFGS.stateDict': { ...none, call: calling(lbfgs, 'stateDict') },
  'LBFGS.loadStateDict': {
    args: () => [lbfgs.stateDict(), { strict: true, byPosition: true }],
    may: ['required'],
    call: calling(lbfgs, 'loadStateDict'),
  },
  'Scheduler.step': { ...none, call: calling(scheduler, 'step') },
  'Scheduler.observe': { args: () => [0.5], call: calling(scheduler, 'observe') },
  'Scheduler.stateDict': { ...none, call: calling(scheduler, 'stateDict') },
  'Scheduler.loadStateDict': {
    args: () => [scheduler.stateDict()],
    may: ['required'],
    call: calling(scheduler, 'loadStateDict'),
  },
}
