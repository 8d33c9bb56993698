import {
  type AnyTensor,
  type Arg,
  type ArgumentCheck,
  type CreateOptions,
  defaultDType,
  random as globalRandom,
  kinds,
  type Out,
  type Random,
  Tensor,
} from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { OptionError, requireCount } from '../../errors.js'
import { type Initializer, xavierUniform } from '../../init.js'
import * as kind from '../../kinds.js'
import { isObject } from '../../kinds.js'
import { Module } from '../../module/module.js'
import { swapped, type TorchLayout, type TorchSource, transposed } from '../../state/torch.js'
import { Dropout } from '../dropouts/dropout.js'
import type { Linear } from '../linear.js'
import { slopesOf } from './alibi.js'
import { type AttendOptions, attended, type Parts, projected, type WithCache, weighed } from './attended.js'
import { cacheKind, emptyCache, type KeyValueCache, type KeyValues, keyValuesKind } from './cache.js'
import { projection, sizeOfHeads } from './heads.js'
import { type RotaryOptions, RotaryPositions } from './rotary.js'
import type { Timed } from './timed.js'

/** What a `MultiheadAttention` is made of. */
export interface MultiheadAttentionOptions<K extends number = number, V extends number = number> extends CreateOptions {
  /** The features of keys (PyTorch's kdim). Default as queries. */
  readonly keyFeatures?: K
  /** The features of values (PyTorch's vdim). Default as keys. */
  readonly valueFeatures?: V
  /**
   * How many heads keys and values have; so many queries' heads in a row share one (Ainslie et al., GQA, 2023). Default as
   * many as queries.
   */
  readonly keyHeads?: number
  /** The features of each head. Default features / heads. */
  readonly headFeatures?: number
  /** Whether the four Linear layers have a bias. Default true. */
  readonly bias?: boolean
  /** The probability of a weight to be dropped in training. Default 0. */
  readonly dropout?: number
  /** Whether queries and keys are turned by their positions, or how: see `RotaryPositions`. Default false. */
  readonly rotary?: boolean | RotaryOptions
  /**
   * Whether scores fall with the distance of query and key, in each head at a rate of its own, in the place of positions that are
   * added (Press et al., Train short, test long: ALiBi, 2022). Default false.
   */
  readonly alibi?: boolean
  /** The first weights. Default `xavierUniform()`. Biases start as zeros. */
  readonly init?: Initializer
  /** Where weights and what is dropped come from. Default the global `random`. */
  readonly random?: Random
}

const takes = checker('MultiheadAttention', {
  features: kind.count,
  heads: kind.count,
  options: {
    keyFeatures: kind.count,
    valueFeatures: kind.count,
    keyHeads: kind.count,
    headFeatures: kind.count,
    bias: kinds.boolean,
    dropout: kind.numberAs('a probability from 0 to 1'),
    rotary: kinds.kind('true or false, or options of RotaryPositions', isRotary),
    alibi: kinds.boolean,
    init: kind.initializer,
    ...kind.creation,
  },
})
/** Whether to turn by positions, or how. */
export function isRotary(thing: unknown): boolean {
  return typeof thing === 'boolean' || (isObject(thing) && Object.getPrototypeOf(thing) === Object.prototype)
}

const options = {
  mask: kinds.tensor,
  keyMask: kinds.tensor,
  causal: kinds.boolean,
  cache: cacheKind,
  memory: keyValuesKind,
}
const another = kinds.optional(kinds.tensor)
const takesMany = (name: string): ArgumentCheck[] => [
  checker(name, { query: kinds.tensor, options }),
  checker(name, { query: kinds.tensor, key: another, options }),
  checker(name, { query: kinds.tensor, key: another, value: another, options }),
]
const takesInputs = takesMany('MultiheadAttention.forward')
const takesForWeights = takesMany('MultiheadAttention.weights').slice(0, 2)
const takesCapacity = checker('MultiheadAttention.cache', { capacity: kind.count, batch: kinds.optional(kinds.shape) })
const takesKey = checker('MultiheadAttention.project', { key: kinds.tensor, value: kinds.optional(kinds.tensor) })

/**
 * What each query finds among values, by their keys, in several heads: with q, k, v the projections of query, key and value,
 * divided among heads, it is output(joined(softmax(q k^T / sqrt(size)) v)) (Vaswani et al., Attention is all you need, 2017).
 * Its parts are the Linear layers `query`, `key`, `value` and `output`.
 *
 * Inputs are [..., time, features], the batch first, with any axes before (PyTorch's default has time first: `batch_first`).
 * `forward(x)` is self-attention, `forward(x, memory)` cross-attention with the memory as keys and values, and
 * `forward(query, key, value)` is all of it; options may follow each.
 *
 * In a bool mask true is what may be seen, as in `scaledDotProductAttention`; in those of PyTorch's module true is what may
 * not. A query that may see nothing finds zeros, and has the gradient 0; PyTorch's is NaN.
 *
 * With a cache, forward adds the keys and values of its input to those before, which its queries see as well, and gives the
 * next cache beside the output: token by token it is what the whole sequence gives with `causal: true`. The cache has a fixed
 * capacity, so that a compiled step is traced once and not for each length; each step costs as much as a full one. Generate within
 * `noGrad()`: what may be differentiated outside runs uncompiled.
 *
 * Of a PyTorch checkpoint `in_proj_weight` [3 features, features] has the transposes of the weights of query, key and value
 * below each other, `in_proj_bias` their biases, and `out_proj` is the output, transposed.
 *
 * @throws OptionError where heads do not divide; ShapeError for other features, and for a mask of another shape, by name;
 *   DTypeError for a mask of int32; IndexOutOfRangeError where a cache has no room
 * @example
 * const attention = new MultiheadAttention(8, 2)
 * attention.forward(zeros([3, 5, 8]), { causal: true })   // Tensor<[3, 5, 8]>
 * attention.forward(zeros([3, 5, 8]), zeros([3, 7, 8]))   // Tensor<[3, 5, 8]>
 * @example
 * const attention = new MultiheadAttention(8, 2, { rotary: true })
 * let cache = attention.cache(16, [3])
 * for (let token = 0; token < 5; token++) {
 *   cache = attention.forward(zeros([3, 1, 8]), { cache }).cache
 * }
 * cache.length   // 5
 */
export class MultiheadAttention<E extends number, K extends number = E, V extends number = K> extends Module {
  /** For the compiler only: the shape of what it is given, over which `out` speaks. */
  declare readonly in: unknown
  /** For the compiler only: what self-attention makes of a shape. */
  declare readonly out: Timed<this['in'], E, E>
  /** The features of queries, and of what it gives. */
  readonly features: E
  /** How many heads queries have. */
  readonly heads: number
  /** How many heads keys and values have. */
  readonly keyHeads: number
  /** The features of each head. */
  readonly headFeatures: number
  /** Makes queries. */
  readonly query: Linear<E, number>
  /** Makes keys. */
  readonly key: Linear<K, number>
  /** Makes values. */
  readonly value: Linear<V, number>
  /** Takes what all heads have found. */
  readonly output: Linear<number, E>
  /** Drops weights. */
  readonly dropout: Dropout
  /** Turns queries and keys; null without. */
  readonly rotary: RotaryPositions<number> | null
  /** How fast scores fall with distance, [heads, 1, 1]; null without `alibi`. A constant: it is not trained. */
  readonly slopes: Tensor | null

  constructor(features: E, heads: number, options: MultiheadAttentionOptions<K, V> = {}) {
    takes(arguments)
    super()
    requireCount('MultiheadAttention', 'features', features)
    const {
      keyFeatures = features as number as K,
      keyHeads = heads,
      bias = true,
      dropout = 0,
      rotary = false,
    } = options
    const { valueFeatures = keyFeatures as number as V, init = xavierUniform() } = options
    const { alibi = false, random = globalRandom, dtype = defaultDType() } = options
    requireCount('MultiheadAttention', 'keyFeatures', keyFeatures)
    requireCount('MultiheadAttention', 'valueFeatures', valueFeatures)
    const size = sizeOfHeads('MultiheadAttention', features, heads, keyHeads, options.headFeatures)
    this.features = features
    this.heads = heads
    this.keyHeads = keyHeads
    this.headFeatures = size
    const made = { bias, init, random, dtype }
    this.query = projection(features, heads * size, made)
    this.key = projection(keyFeatures, keyHeads * size, made)
    this.value = projection(valueFeatures, keyHeads * size, made)
    this.output = projection(heads * size, features, made) as Linear<number, E>
    this.dropout = new Dropout(dropout, { random })
    this.rotary = rotary === false ? null : rotaryOf(size, rotary)
    this.slopes = alibi ? slopesOf(heads) : null
  }

  /** Self-attention. */
  forward<Q extends AnyTensor, C extends KeyValueCache | undefined = undefined>(
    query: Arg<Q, Timed<Q['shape'], E, E>>,
    options?: AttendOptions<C>,
  ): WithCache<Out<Timed<Q['shape'], E, E>>, C>
  /** Attention to a memory. */
  forward<Q extends AnyTensor, M extends AnyTensor, C extends KeyValueCache | undefined = undefined>(
    query: Arg<Q, Timed<Q['shape'], E, E>>,
    key: Arg<M, Timed<M['shape'], K, K>> | undefined,
    options?: AttendOptions<C>,
  ): WithCache<Out<Timed<Q['shape'], E, E>>, C>
  /** Attention with values other than what the keys are made of. */
  forward<
    Q extends AnyTensor,
    M extends AnyTensor,
    N extends AnyTensor,
    C extends KeyValueCache | undefined = undefined,
  >(
    query: Arg<Q, Timed<Q['shape'], E, E>>,
    key: Arg<M, Timed<M['shape'], K, K>> | undefined,
    value: Arg<N, Timed<N['shape'], V, V>> | undefined,
    options?: AttendOptions<C>,
  ): WithCache<Out<Timed<Q['shape'], E, E>>, C>
  forward(x: never): unknown {
    return attended(this as unknown as Parts, x, ...inputsOf(arguments))
  }

  /**
   * A cache without keys, with room for `capacity` of them.
   *
   * @param batch the axes of inputs before time and features: [3] for [3, time, features]
   */
  cache(capacity: number, batch: readonly number[] = []): KeyValueCache {
    takesCapacity(arguments)
    const { keyHeads: heads, headFeatures: size } = this
    return emptyCache('MultiheadAttention.cache', capacity, batch, { heads, size, dtype: this.key.weight.dtype })
  }

  /**
   * The keys and values of a memory, to be attended to many times: `forward(query, { memory })`.
   *
   * @param value what values are made of, if not of the same as keys
   */
  project<M extends AnyTensor, N extends AnyTensor = M>(
    key: Arg<M, Timed<M['shape'], K, K>>,
    value?: Arg<N, Timed<N['shape'], V, V>>,
  ): KeyValues
  project(key: never, value: never = key): KeyValues {
    takesKey(arguments)
    return projected(this as unknown as Parts, key, value, 0)
  }

  /**
   * The weight of each key for each query, [..., heads, queries, keys]: what `forward` multiplies values by, if none is
   * dropped.
   *
   * @example new MultiheadAttention(8, 2).weights(zeros([1, 8]), zeros([2, 8]))   // [[[0.5, 0.5]], [[0.5, 0.5]]]
   */
  weights<Q extends AnyTensor>(query: Arg<Q, Timed<Q['shape'], E, E>>, options?: AttendOptions): Tensor
  weights<Q extends AnyTensor, M extends AnyTensor>(
    query: Arg<Q, Timed<Q['shape'], E, E>>,
    key: Arg<M, Timed<M['shape'], K, K>> | undefined,
    options?: AttendOptions,
  ): Tensor
  weights(x: never): Tensor {
    const [key, , options] = inputsOf(arguments, takesForWeights)
    return weighed(this as unknown as Parts, x, key, options)
  }

  protected override torchLayout(): TorchLayout {
    // other sizes than PyTorch's module can have: projections are layers there, by whatever name
    if (this.keyHeads * this.headFeatures !== this.features || this.heads !== this.keyHeads) return {}
    const size: number = this.features
    const isPacked = this.key.inputs === size && this.value.inputs === size
    const rows = (name: string, part: number): TorchSource => ({
      from: [name],
      make: (x) => swapped(x.slice(0, part * size, (part + 1) * size) as Tensor),
    })
    const parts = ['query', 'key', 'value'].flatMap((name, i): [string, TorchSource][] => [
      [`${name}.weight`, isPacked ? rows('in_proj_weight', i) : transposed(`${name[0]}_proj_weight`)],
      [`${name}.bias`, rows('in_proj_bias', i)],
    ])
    return { ...Object.fromEntries(parts), output: 'out_proj' }
  }

  protected override details(): string {
    return `${this.features}, ${this.heads}`
  }
}

const rotaryOf = (size: number, rotary: true | RotaryOptions): RotaryPositions<number> => {
  if (size % 2 !== 0) {
    throw new OptionError(
      `MultiheadAttention: rotary turns pairs of features, and each head has ${size}; choose other features, heads or ` +
        'headFeatures, so that it is an even number.',
    )
  }
  return new RotaryPositions(size, rotary === true ? {} : rotary)
}

type Inputs = readonly [key: Tensor | undefined, value: Tensor | undefined, options: AttendOptions]

/** The inputs after the query, of which any may be left out: options are the last. */
const inputsOf = (args: ArrayLike<unknown>, takes: readonly ArgumentCheck[] = takesInputs): Inputs => {
  const isInput = (thing: unknown): boolean => thing === undefined || thing instanceof Tensor
  const last = [1, 2].find((i) => !isInput(args[i]) && isObject(args[i])) ?? 3
  ;(takes[last - 1] ?? takes.at(-1)!)(args)
  const [, key, value] = Array.from(args).slice(0, last) as (Tensor | undefined)[]
  return [key, value, (args[last] ?? {}) as AttendOptions]
}
