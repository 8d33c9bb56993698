import { type Random, stack, type Tensor } from '@adjoint/autograd'
import { binaryCrossEntropyWithLogits, Linear, Module, ReLU, Sequential } from '@adjoint/nn'
import { pixels } from '../data/mnist.js'

type Images = Tensor<[number, 784]>
/** Places in the space of codes, [n, size]. */
export type Codes = Tensor<[number, number]>

/**
 * A variational autoencoder (Kingma and Welling, Auto-encoding variational Bayes, 2014): an encoder says where an image lies
 * in a space of a few numbers, and how sure it is; a decoder makes images of places there.
 */
export class Vae extends Module {
  readonly size: number
  private readonly encoder
  private readonly decoder
  private readonly random: Random

  /** @param size how many numbers stand for an image @param random draws the first weights, and where codes are read */
  constructor(size: number, hidden: number, random: Random) {
    super()
    this.size = size
    this.random = random
    this.encoder = new Sequential(
      new Linear(pixels, hidden, { random }),
      new ReLU(),
      new Linear(hidden, 2 * size, { random }),
    )
    this.decoder = new Sequential(
      new Linear(size, hidden, { random }),
      new ReLU(),
      new Linear(hidden, pixels, { random }),
    )
  }

  /** Where images lie, and the logarithm of the variance there, [n, size] each. */
  encode(images: Images): { readonly mean: Codes; readonly logVariance: Codes } {
    const both = this.encoder.forward(images.sub(0.13).div(0.31))
    return { mean: both.slice(1, 0, this.size), logVariance: both.slice(1, this.size, 2 * this.size) }
  }

  /** The images that stand at places, with ink from 0 to 1. */
  decode(codes: Codes): Images {
    return this.decoder.forward(codes).sigmoid()
  }

  /**
   * What images cost, in nats, [n, 2]: to say which pixels have ink once the code is known, and to say the code. Their sum is
   * a bound on the negative logarithm of the probability of the image.
   */
  forward(images: Images): Tensor<[number, 2]> {
    const { mean, logVariance } = this.encode(images)
    // a draw from the encoder's distribution as a function of its numbers and of noise that depends on nothing: so the
    // derivative by those numbers goes through it
    const noise = this.random.normal(mean.shape)
    const codes = mean.add(noise.mul(logVariance.div(2).exp()))
    const reconstruction = binaryCrossEntropyWithLogits(this.decoder.forward(codes), images, { reduction: 'none' })
    return stack([reconstruction.sum(1), divergence(mean, logVariance).sum(1)], -1)
  }
}

/** The divergence of normal distributions from the standard one, by number of the code (appendix B of the paper). */
export const divergence = (mean: Codes, logVariance: Codes): Codes =>
  mean.square().add(logVariance.exp()).sub(logVariance).sub(1).div(2)

/** The mean of what images cost. */
export const bound = (costs: Tensor<[number, 2]>): Tensor<[]> => costs.sum(-1).mean()
