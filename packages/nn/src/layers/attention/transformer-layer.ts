import {
  type CreateOptions,
  defaultDType,
  random as globalRandom,
  kinds,
  type Random,
  type Tensor,
} from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireCount } from '../../errors.js'
import type { Initializer } from '../../init.js'
import * as kind from '../../kinds.js'
import { Module } from '../../module/module.js'
import type { TorchLayout } from '../../state/torch.js'
import { Dropout } from '../dropouts/dropout.js'
import { Linear } from '../linear.js'
import { LayerNorm } from '../norms/layer-norm.js'
import { isRotary, MultiheadAttention } from './multihead.js'
import type { RotaryOptions } from './rotary.js'

/** The curve between the two Linear layers at each place. */
export type TransformerActivation = 'relu' | 'gelu' | 'geluTanh' | 'silu' | ((x: Tensor) => Tensor)

/** What a layer of a transformer is made of. */
export interface TransformerLayerOptions extends CreateOptions {
  /** The features between the two Linear layers at each place. Default 4 * features (in PyTorch 2048). */
  readonly feedForward?: number
  /** The curve between them: a name, or a function that keeps the shape. Default 'relu'. */
  readonly activation?: TransformerActivation
  /**
   * The probability of what is dropped in training: weights of attention, what is between the two Linear layers, and what
   * each part adds. Default 0.1.
   */
  readonly dropout?: number
  /** Whether each part takes what is normalized (Xiong et al. 2020), in the place of normalizing sums. Default false. */
  readonly normFirst?: boolean
  /** Added to variances by the LayerNorms. Default 1e-5. */
  readonly epsilon?: number
  /** How many heads keys and values have. Default as many as queries. */
  readonly keyHeads?: number
  /** The features of each head. Default features / heads. */
  readonly headFeatures?: number
  /** Whether queries and keys of self-attention are turned by their positions: see `RotaryPositions`. Default false. */
  readonly rotary?: boolean | RotaryOptions
  /** Whether scores of self-attention fall with distance: see `MultiheadAttention`. Default false. */
  readonly alibi?: boolean
  /** Whether Linear layers have a bias, and LayerNorms a shift. Default true. */
  readonly bias?: boolean
  /** The first weights of all Linear layers. Default those of `MultiheadAttention` and `Linear`. */
  readonly init?: Initializer
  /** Where weights and what is dropped come from. Default the global `random`. */
  readonly random?: Random
}

const curves = ['relu', 'gelu', 'geluTanh', 'silu'] as const
const isCurve = (thing: unknown): boolean => typeof thing === 'function' || curves.includes(thing as 'relu')

/** The kinds of `TransformerLayerOptions`. */
export const layerOptions = {
  feedForward: kind.count,
  activation: kinds.kind(`'${curves.join("', '")}' or a function, such as (x) => x.mish()`, isCurve),
  dropout: kind.numberAs('a probability from 0 to 1'),
  normFirst: kinds.boolean,
  epsilon: kind.numberAs('a small positive number'),
  keyHeads: kind.count,
  headFeatures: kind.count,
  rotary: kinds.kind('true or false, or options of RotaryPositions', isRotary),
  alibi: kinds.boolean,
  bias: kinds.boolean,
  init: kind.initializer,
  ...kind.creation,
}
/** What constructors of layers take. */
export const takesLayer = (owner: string) =>
  checker(owner, { features: kind.count, heads: kind.count, options: layerOptions })

/** What layers of encoders and decoders have in common: self-attention, and a network at each place. */
export abstract class TransformerLayer<E extends number> extends Module {
  /** How many features each element has. */
  readonly features: E
  /** How many heads queries have. */
  readonly heads: number
  /** Whether each part takes what is normalized. */
  readonly normFirst: boolean
  /** Each element attends to the sequence. */
  readonly attention: MultiheadAttention<E>
  /** Normalizes for, or after, the self-attention. */
  readonly attentionNorm: LayerNorm<E>
  /** The first Linear layer at each place. */
  readonly expand: Linear<E, number>
  /** The second one. */
  readonly contract: Linear<number, E>
  /** Normalizes for, or after, the network at each place. */
  readonly feedForwardNorm: LayerNorm<E>
  /** Drops what is between the Linear layers, and what parts add. */
  readonly dropout: Dropout
  /** The curve between the Linear layers. */
  readonly activation: TransformerActivation

  constructor(owner: string, features: E, heads: number, options: TransformerLayerOptions) {
    super()
    requireCount(owner, 'features', features)
    const { feedForward = 4 * features, activation = 'relu', dropout = 0.1, normFirst = false } = options
    requireCount(owner, 'feedForward', feedForward)
    const { rotary = false, alibi = false, bias = true } = options
    const made = madeOf(options)
    this.features = features
    this.heads = heads
    this.normFirst = normFirst
    this.attention = new MultiheadAttention<E>(features, heads, { ...attentionOf(options), rotary, alibi })
    this.attentionNorm = normOf(features, options)
    this.expand = new Linear(features, feedForward, { bias, ...made })
    this.contract = new Linear(feedForward, features, { bias, ...made })
    this.feedForwardNorm = normOf(features, options)
    this.dropout = new Dropout(dropout, { random: made.random })
    this.activation = activation
  }

  protected override torchLayout(): TorchLayout {
    return {
      attention: 'self_attn',
      attentionNorm: 'norm1',
      expand: 'linear1',
      contract: 'linear2',
      feedForwardNorm: 'norm2',
    }
  }

  protected override details(): string {
    return `${this.features}, ${this.heads}`
  }
}

const madeOf = ({ random = globalRandom, dtype = defaultDType(), init }: TransformerLayerOptions) =>
  init === undefined ? { random, dtype } : { random, dtype, init }

/** The options of an attention in such a layer, but for those of positions. */
export const attentionOf = (options: TransformerLayerOptions) => {
  const { dropout = 0.1, bias = true, keyHeads, headFeatures } = options
  return {
    dropout,
    bias,
    ...(keyHeads === undefined ? {} : { keyHeads }),
    ...(headFeatures === undefined ? {} : { headFeatures }),
    ...madeOf(options),
  }
}

/** A LayerNorm of such a layer. */
export const normOf = <E extends number>(features: E, options: TransformerLayerOptions): LayerNorm<E> => {
  const { epsilon = 1e-5, bias = true, dtype = defaultDType() } = options
  return new LayerNorm(features, { epsilon, bias, dtype })
}

interface Runs {
  forward(x: Tensor): Tensor
}
const run = (module: object, x: Tensor): Tensor => (module as Runs).forward(x)

/** x and what a part makes of it, normalized before or after. @param part may give what is not added as a second result */
export const withResidual = <R>(
  { normFirst, dropout }: { readonly normFirst: boolean; readonly dropout: Dropout },
  norm: object,
  x: Tensor,
  part: (x: Tensor) => readonly [Tensor, R],
): [Tensor, R] => {
  const [added, rest] = part(normFirst ? run(norm, x) : x)
  const sum: Tensor = x.add(run(dropout, added))
  return [normFirst ? sum : run(norm, sum), rest]
}

/** The network at each place. */
export const feedForward = (layer: TransformerLayer<number>, x: Tensor): Tensor => {
  const { expand, contract, dropout, activation } = layer
  const [result] = withResidual(layer, layer.feedForwardNorm, x, (input) => {
    const wide = run(expand, input)
    const curved = typeof activation === 'function' ? activation(wide) : wide[activation]()
    return [run(contract, run(dropout, curved)), null]
  })
  return result
}
