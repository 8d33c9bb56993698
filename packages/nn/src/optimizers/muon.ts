import { ShapeError, type Tensor } from '@adjoint/autograd'
import { formatShape } from '../shapes.js'
import { amount, fraction } from './hyper.js'
import { Optimizer } from './optimizer.js'
import type { OptimizerRule } from './rule.js'
import { zerosFor } from './state.js'
import type { GroupOptions, Trainable } from './trainable.js'

/** What `Muon` steps by. */
export interface MuonNumbers {
  /** How far a step goes. Default 0.001. */
  learningRate: number
  /** How much of the running mean of the gradient is kept at a step. Default 0.95. */
  momentum: number
  /** At each step parameters shrink by learningRate * weightDecay of themselves. Default 0.1. */
  weightDecay: number
}

/** What `Muon` is made with, and each of its groups. */
export interface MuonOptions extends Readonly<Partial<MuonNumbers>> {
  /** Look ahead along the mean (Nesterov, 1983). Default true. */
  readonly nesterov?: boolean
  /**
   * Steps as large as those of AdamW, so that its rates and decays fit: 0.2 sqrt(max(rows, columns)) (Liu et al., Muon is
   * scalable for LLM training, 2025). Default false: sqrt(max(1, outputs / inputs)).
   */
  readonly likeAdam?: boolean
  /** Make the loss large instead of small. Default false. */
  readonly maximize?: boolean
  /** Parameters with numbers of their own. */
  readonly groups?: readonly GroupOptions<MuonOptions>[]
}

// the coefficients of the post: they lift small singular values fast, and leave all between about 0.7 and 1.2
const [linear, cubic, quintic] = [3.4445, -4.775, 2.0315]
const iterations = 5
/** No gradient is divided by less. */
const least = 1e-7

/** A matrix with singular values near 1 in the place of its own: Newton's iteration, in Schulz' form, of degree 5. */
const orthogonalized = (matrix: Tensor): Tensor => {
  const isTall = matrix.shape[0]! > matrix.shape[1]!
  const lying = (isTall ? matrix.transpose() : matrix) as Tensor
  let x = lying.div(lying.square().sum().sqrt().maximum(least)) as Tensor
  for (let i = 0; i < iterations; i++) {
    const gram = x.matmul(x.transpose()) as Tensor
    const change = gram.mul(cubic).add(gram.matmul(gram).mul(quintic)) as Tensor
    x = x.mul(linear).add(change.matmul(x)) as Tensor
  }
  return (isTall ? x.transpose() : x) as Tensor
}

/** Muon as a rule. */
export const muon: OptimizerRule = {
  name: 'Muon',
  hyper: { learningRate: amount(1e-3), momentum: fraction(0.95), weightDecay: amount(0.1) },
  choices: { nesterov: true, likeAdam: false, maximize: false },
  update: ({ nesterov, likeAdam, maximize }) => ({
    state: {
      mean: (parameter, path) => {
        if (parameter.shape.length === 2) return zerosFor(parameter)
        throw new ShapeError(
          `Muon: ${path} has shape ${formatShape(parameter.shape)}, and only matrices can be made orthogonal; give the others to ` +
            'an optimizer of their own, such as AdamW.',
        )
      },
    },
    next: (parameter, gradient, { mean }, numbers) => {
      const number = (name: string) => numbers.tensor(name, parameter.dtype)
      const [rate, momentum] = [number('learningRate'), number('momentum')]
      const averaged = (with_: Tensor): Tensor => slope.add(with_.sub(slope).mul(momentum)) as Tensor
      const slope = (maximize === true ? gradient.neg() : gradient) as Tensor
      mean!.assign(averaged(mean!))
      const direction = orthogonalized(nesterov === true ? averaged(mean!) : mean!)
      const [rows, columns] = parameter.shape as unknown as [number, number]
      const size = likeAdam === true ? 0.2 * Math.sqrt(Math.max(rows, columns)) : Math.sqrt(Math.max(1, columns / rows))
      const kept = parameter.sub(parameter.mul(rate.mul(number('weightDecay'))))
      return kept.sub(direction.mul(rate.mul(size))) as Tensor
    },
  }),
}

/**
 * Momentum whose steps are made orthogonal, for the matrices of hidden layers (Jordan et al., Muon: an optimizer for hidden
 * layers in neural networks, 2024). Weights are [inputs, outputs], as layers have them. Biases, norms, embeddings and the last
 * layer go to another optimizer.
 *
 * @throws ShapeError for a parameter that is no matrix; OptionError for an option outside its range
 * @example
 * const matrices = [...model.namedParameters()].filter(([, { shape }]) => shape.length === 2)
 * const optimizer = new Muon(new Map(matrices), { learningRate: 0.02 })
 */
export class Muon extends Optimizer<MuonNumbers> {
  constructor(...given: [parameters: Trainable<MuonOptions>, options?: MuonOptions]) {
    super(muon, ...given)
  }
}
