import { concat, type Random, stack, type Tensor } from '@adjoint/autograd'
import { buffer, Embedding, gaussianNll, init, Linear, Module, ModuleList, Sequential, Tanh } from '@adjoint/nn'
import { measures, origins } from './data.js'

/** As `tableOf` makes it. */
export type Table = Tensor<[number, number]>
/** What each network says of each car: the mean and the variance of the miles per gallon, [cars, networks, 2]. */
export type Opinions = Tensor<[number, number, 2]>

/**
 * Several networks that say how far a car goes with a gallon, and how sure they are (Lakshminarayanan, Pritzel and Blundell,
 * Simple and scalable predictive uncertainty estimation using deep ensembles, 2017). They begin differently, and have in
 * common what they learn of the makers.
 */
export class Estimator extends Module {
  /** Two numbers for each maker. */
  readonly makers
  private readonly networks
  private readonly mean
  private readonly deviation
  private readonly scale

  /** @param train what they will learn from: its means and deviations are the scales of what goes in and comes out */
  constructor(train: Table, miles: Tensor<[number]>, makers: number, { members, width, random }: Size) {
    super()
    const numbers = train.slice(1, 0, measures.length)
    this.mean = buffer(numbers.mean(0))
    this.deviation = buffer(numbers.sub(this.mean).square().mean(0).sqrt())
    this.scale = buffer(stack([miles.mean(), miles.sub(miles.mean()).square().mean().sqrt()]))
    this.makers = new Embedding(makers, 2, { init: init.normal(0, 0.1), random })
    this.networks = new ModuleList(
      Array.from({ length: members }, () => {
        const features: number = measures.length + origins.length + 2
        return new Sequential(
          new Linear(features, width, { random }),
          new Tanh(),
          new Linear(width, width, { random }),
          new Tanh(),
          new Linear(width, 2, { random }),
        )
      }),
    )
  }

  forward(table: Table): Opinions {
    const known = measures.length
    const numbers = table.slice(1, 0, known).sub(this.mean).div(this.deviation)
    const origin = table.slice(1, known, known + origins.length)
    const maker = this.makers.forward(table.at(':', known + origins.length).cast('int32'))
    const features = concat([numbers, origin, maker], 1) as Table
    const said = stack(
      [...this.networks].map((network) => network.forward(features)),
      1,
    ) as unknown as Opinions
    const [center, scale] = [this.scale.at(0), this.scale.at(1)]
    const mean = said.at(':', ':', 0).mul(scale).add(center)
    const variance = said.at(':', ':', 1).softplus().mul(scale.square()).add(0.01)
    return stack([mean, variance], -1) as unknown as Opinions
  }
}

export interface Size {
  readonly members: number
  readonly width: number
  readonly random: Random
}

/** How unlikely the truth was held to be by each network, on average. */
export const surprise = (opinions: Opinions, miles: Tensor<[number]>): Tensor<[]> => {
  const means = opinions.at(':', ':', 0)
  const truth = miles.reshape([-1, 1]).broadcastTo(means.shape)
  return gaussianNll(means, truth as typeof means, opinions.at(':', ':', 1), { full: true })
}

/** The mean and the variance of what all networks say, as of one distribution, [cars, 2]. */
export const together = (opinions: Opinions): Tensor<[number, 2]> => {
  const [means, variances] = [opinions.at(':', ':', 0), opinions.at(':', ':', 1)]
  const mean = means.mean(1)
  const variance = variances.add(means.square()).mean(1).sub(mean.square())
  return stack([mean, variance], -1) as unknown as Tensor<[number, 2]>
}
