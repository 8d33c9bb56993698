import { DTypeError, random as globalRandom, kinds, type Random, type Takes, type Tensor } from '@adjoint/autograd'
import { requireOption } from '../../errors.js'
import * as kind from '../../kinds.js'
import { Layer } from '../layer.js'
import { requireRank } from '../norms/rules.js'

/** How a dropout chooses. */
export interface DropoutOptions {
  /** Where the choice comes from. Default the global `random`. */
  readonly random?: Random
}

export const dropTakes: Takes = {
  p: kinds.optional(kind.numberAs('a probability from 0 to 1')),
  options: { random: kind.random },
}

/** Throws for integers, which a scale would round. */
export const requireFloats = (layer: Layer, x: Tensor): void => {
  if (x.dtype === 'float32' || x.dtype === 'float64') return
  throw new DTypeError(`${layer}: x is ${x}, and scaled integers would be rounded; cast it to 'float32' or 'float64'.`)
}

/** A layer that drops something in training, anew at each call, and does nothing in evaluation. */
export abstract class Drop extends Layer {
  /** The probability to be dropped. */
  readonly p: number
  /** Where the choice comes from. */
  readonly random: Random

  /** @param ranks how many axes x may have, whose channels are dropped as a whole; null for any, undefined where elements are dropped */
  constructor(
    name: string,
    p: number,
    { random = globalRandom }: DropoutOptions,
    private readonly ranks?: readonly number[] | null,
  ) {
    super()
    requireOption(name, 'p', p, p >= 0 && p <= 1, 'a probability from 0 to 1')
    this.p = p
    this.random = random
  }

  protected run(x: Tensor): Tensor {
    requireFloats(this, x)
    const { ranks } = this
    if (ranks !== undefined) requireRank(this, ranks, x)
    if (!this.training || this.p === 0) return x
    const choices = x.shape.map((size, axis) => (ranks === undefined || axis < 2 ? size : 1))
    return this.dropped(x, this.random.bernoulli(choices, { p: 1 - this.p, dtype: x.dtype }))
  }

  /** @param kept 1 for what is kept, 0 for what is dropped */
  protected abstract dropped(x: Tensor, kept: Tensor): Tensor

  protected override details(): string {
    return `${this.p}`
  }
}
