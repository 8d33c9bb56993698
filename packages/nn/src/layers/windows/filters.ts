import {
  type CreateOptions,
  defaultDType,
  random as globalRandom,
  kinds,
  parameter,
  type Random,
  type SpatialRank,
  type Tensor,
} from '@adjoint/autograd'
import { OptionError, requireCount } from '../../errors.js'
import { type Fans, type Initializer, kaimingUniform, uniform } from '../../init.js'
import * as kind from '../../kinds.js'
import { initial } from '../initial.js'

/** How the weights of a convolution begin. */
export interface FilterOptions extends CreateOptions {
  /** Whether to add a bias, a number for each output channel. Default true. */
  readonly bias?: boolean
  /** The first weights. Default `kaimingUniform({ a: Math.sqrt(5) })`, as in PyTorch. */
  readonly init?: Initializer
  /** Default the global `random`. */
  readonly random?: Random
}

export const filterKinds = { groups: kind.count, bias: kinds.boolean, init: kind.initializer, ...kind.creation }

/** Throws unless these channels are a positive number, and the groups divide it. */
export const requireGroups = (owner: string, name: 'inputs' | 'outputs', channels: number, groups: number): void => {
  requireCount(owner, name, channels)
  requireCount(owner, 'groups', groups)
  if (channels % groups === 0) return
  throw new OptionError(
    `${owner}: ${channels} ${name} do not fall into ${groups} groups of equal size; use a number of groups that divides them.`,
  )
}

/** A weight of this shape, and a bias, evenly spread over ±1/sqrt(fanIn). */
export const filters = (
  owner: string,
  shape: readonly number[],
  fans: Fans,
  outputs: number,
  options: FilterOptions,
): { readonly weight: Tensor; readonly bias: Tensor<[number]> | null } => {
  const {
    bias = true,
    init = kaimingUniform({ a: Math.sqrt(5) }),
    random = globalRandom,
    dtype = defaultDType(),
  } = options
  const weight = initial(owner, init, shape, { ...fans, random, dtype })
  const bound = 1 / Math.sqrt(fans.fanIn)
  return {
    weight: weight as Tensor,
    bias: bias ? parameter(uniform(-bound, bound)([outputs], { random, dtype })) : null,
  }
}

/** x with a number added to each channel. */
export const addToChannels = (x: Tensor, bias: Tensor | null, rank: SpatialRank): Tensor =>
  bias === null ? x : (x.add(bias.reshape([-1, ...new Array<number>(rank).fill(1)]) as never) as Tensor)
