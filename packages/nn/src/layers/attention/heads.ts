import { type CreateOptions, parameter, type Random, zeros } from '@adjoint/autograd'
import { OptionError, requireCount } from '../../errors.js'
import type { Initializer } from '../../init.js'
import { Linear } from '../linear.js'

/** How parameters of an attention begin. */
export interface ProjectionOptions extends Required<CreateOptions> {
  readonly bias: boolean
  readonly init: Initializer
  readonly random: Random
}

/** A Linear layer whose bias starts as zeros. */
export const projection = <I extends number>(
  inputs: I,
  outputs: number,
  options: ProjectionOptions,
): Linear<I, number> => {
  const layer = new Linear<I, number>(inputs, outputs, options)
  if (layer.bias === null) return layer
  return Object.assign(layer, { bias: parameter(zeros([outputs], { dtype: options.dtype })) })
}

/** The size of a head, if `heads` of them divide the features, and groups of them the heads of keys. */
export const sizeOfHeads = (
  owner: string,
  features: number,
  heads: number,
  keyHeads: number,
  size?: number,
): number => {
  requireCount(owner, 'heads', heads)
  requireCount(owner, 'keyHeads', keyHeads)
  if (heads % keyHeads !== 0) {
    throw new OptionError(
      `${owner}: ${heads} heads of queries do not divide among ${keyHeads} heads of keys; use for keyHeads one of ` +
        `${divisorsOf(heads)}.`,
    )
  }
  if (size !== undefined) {
    requireCount(owner, 'headFeatures', size)
    return size
  }
  if (features % heads !== 0) {
    throw new OptionError(
      `${owner}: ${features} features do not divide among ${heads} heads; use for heads one of ${divisorsOf(features)}, or ` +
        'set headFeatures, the features of each.',
    )
  }
  return features / heads
}

const divisorsOf = (n: number): string =>
  Array.from({ length: n }, (_, i) => i + 1)
    .filter((i) => n % i === 0)
    .join(', ')
