import { OptionError } from '../errors.js'
import { gradientOf } from './decoupled.js'
import { elementwiseUpdate } from './elementwise-update.js'
import { amount, pair } from './hyper.js'
import { Optimizer } from './optimizer.js'
import type { Given, OptimizerRule } from './rule.js'
import { filledFor, zerosFor } from './state.js'
import type { GroupOptions, Trainable } from './trainable.js'

/** What `Rprop` steps by. */
export interface RpropNumbers {
  /** The size of the first step of each element. Default 0.01. It stays what it was. */
  learningRate: number
  /** By which the size of a step is multiplied when the gradient turns, and when it does not. Default [0.5, 1.2]. */
  etas: readonly [down: number, up: number]
  /** Between what sizes steps stay. Default [1e-6, 50]. */
  sizes: readonly [least: number, most: number]
}

/** What `Rprop` is made with, and each of its groups. */
export interface RpropOptions extends Readonly<Partial<RpropNumbers>> {
  /** Make the loss large instead of small. Default false. */
  readonly maximize?: boolean
  /** Parameters with numbers of their own. */
  readonly groups?: readonly GroupOptions<RpropOptions>[]
}

/** Throws unless a step becomes smaller where it should, and larger. */
const requireOrder = (owner: string, { etas, sizes }: Given): void => {
  const [down, up] = etas as readonly [number, number]
  const [least, most] = sizes as readonly [number, number]
  if (!(down < 1 && up > 1)) {
    throw new OptionError(`${owner}: etas are [${down}, ${up}]; use one below 1 and one above.`)
  }
  if (least > most) throw new OptionError(`${owner}: sizes are [${least}, ${most}]; give the least first.`)
}

type Names = 'learningRate' | 'down' | 'up' | 'least' | 'most'

/** Rprop as a rule. */
export const rprop: OptimizerRule = {
  name: 'Rprop',
  hyper: {
    learningRate: amount(1e-2),
    etas: pair(['down', 'up'], amount(), [0.5, 1.2]),
    sizes: pair(['least', 'most'], amount(), [1e-6, 50]),
  },
  choices: { maximize: false },
  check: requireOrder,
  update: ({ maximize, learningRate }) => {
    const slope = gradientOf(maximize)
    return elementwiseUpdate<Names, 'size' | 'before', never, 'agreement'>({
      name: 'rprop',
      state: { size: filledFor(learningRate as number), before: zerosFor },
      settled: { learningRate: 'the first steps have that size' },
      elements: {
        agreement: (m, x) => m.mul(m.sign(slope(m, x)), m.sign(x.before)),
        size: (m, { size, agreement, down, up, least, most }) => {
          const factor = m.select(m.less(0, agreement), up, m.select(m.less(agreement, 0), down, 1))
          return m.minimum(m.maximum(m.mul(size, factor), least), most)
        },
        // where the gradient has turned, the step is left out, and the next one has none to compare with
        before: (m, x) => m.select(m.less(x.agreement, 0), 0, slope(m, x)),
        parameter: (m, { parameter, before, size }) => m.sub(parameter, m.mul(m.sign(before), size)),
      },
    })
  },
}

/**
 * Steps by the sign of the gradient alone, each element's of a size of its own that grows while the sign stays (Riedmiller and
 * Braun, A direct adaptive method for faster backpropagation learning: the RPROP algorithm, 1993). For gradients of all
 * examples, not of batches.
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new Rprop(model, { learningRate: 0.01 })
 */
export class Rprop extends Optimizer<RpropNumbers> {
  constructor(...given: [parameters: Trainable<RpropOptions>, options?: RpropOptions]) {
    super(rprop, ...given)
  }
}
