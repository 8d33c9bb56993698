import { elementwiseUpdate } from './elementwise-update.js'
import { amount } from './hyper.js'
import { Optimizer } from './optimizer.js'
import type { OptimizerRule } from './rule.js'
import { slopeOf } from './slope.js'
import { numberFor, oneMore, zerosFor } from './state.js'
import type { GroupOptions, Trainable } from './trainable.js'

/** What `ASGD` steps by. */
export interface ASGDNumbers {
  /** How far the first step goes. Default 0.01. */
  learningRate: number
  /** How much the parameter shrinks at a step, as a factor of the rate; the rate fades by it too. Default 1e-4. */
  decay: number
  /** The rate after n steps is learningRate / (1 + decay learningRate n)^power. Default 0.75. */
  power: number
  /** After how many steps averaging begins; until then the average is the parameter. Default 1,000,000. */
  averageFrom: number
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  weightDecay: number
}

/** What `ASGD` is made with, and each of its groups. */
export interface ASGDOptions extends Readonly<Partial<ASGDNumbers>> {
  /** Make the loss large instead of small. Default false. */
  readonly maximize?: boolean
  /** Parameters with numbers of their own. */
  readonly groups?: readonly GroupOptions<ASGDOptions>[]
}

type Names = 'learningRate' | 'decay' | 'power' | 'averageFrom' | 'weightDecay'

/** Averaged gradient descent as a rule. */
export const asgd: OptimizerRule = {
  name: 'ASGD',
  hyper: {
    learningRate: amount(1e-2),
    decay: amount(1e-4),
    power: amount(0.75),
    averageFrom: amount(1e6),
    weightDecay: amount(0),
  },
  choices: { maximize: false },
  update: ({ maximize }) => {
    const slope = slopeOf(maximize)
    return elementwiseUpdate<Names, 'steps' | 'average', 'rate' | 'share', 'moved'>({
      name: 'asgd',
      state: { steps: numberFor(0), average: zerosFor },
      scalars: {
        steps: oneMore,
        rate: (m, { learningRate, decay, power, steps }) =>
          m.div(learningRate, m.pow(m.add(1, m.mul(m.mul(decay, learningRate), m.sub(steps, 1))), power)),
        share: (m, { averageFrom, steps }) => m.div(1, m.maximum(1, m.sub(m.sub(steps, 1), averageFrom))),
      },
      elements: {
        moved: (m, x) => {
          const kept = m.mul(x.parameter, m.sub(1, m.mul(x.decay, x.rate)))
          return m.sub(kept, m.mul(x.rate, slope(m, x)))
        },
        average: (m, { average, moved, share }) =>
          m.select(m.equal(share, 1), moved, m.add(average, m.mul(share, m.sub(moved, average)))),
        parameter: (_m, { moved }) => moved,
      },
    })
  },
}

/**
 * Gradient descent that averages where it has been (Polyak and Juditsky, Acceleration of stochastic approximation by
 * averaging, 1992), in PyTorch's form. The average is in the state: `stateDict()['weight.average']`.
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new ASGD(model, { learningRate: 0.05, averageFrom: 1000 })
 */
export class ASGD extends Optimizer<ASGDNumbers> {
  constructor(...given: [parameters: Trainable<ASGDOptions>, options?: ASGDOptions]) {
    super(asgd, ...given)
  }
}
