import { numberAt, numbersFor, wordsAt } from '../execution/random.js'
import { checkedBy, checker } from '../graph/arguments.js'
import { holds } from '../graph/dtype.js'
import { AdjointError } from '../graph/errors.js'
import type { Random as Kernel } from '../graph/kernel.js'
import { checkShape, type Shape, sizeOf } from '../graph/shape.js'
import { drawFrom, type Generator, refuseInCompiled, tracer } from '../graph/tracer.js'
import { denseValue, share, type Value } from '../graph/value.js'
import * as kinds from '../ops/kinds.js'
import { draw, isBelow, scaled, spread, spreadWhole } from '../ops/random.js'
import { dtypeOf } from './creation.js'
import type { CreateOptions, CreateRandom } from './creation-types.js'
import { Tensor } from './tensor.js'

/**
 * Seeded randomness. A generator is a key and a counter: draw number n of a key is a pure function of both (Salmon et
 * al., Parallel random numbers: as easy as 1, 2, 3, 2011), so a run is reproducible bit for bit from its seed. Elements
 * are float32 unless `dtype` says otherwise.
 *
 * @example
 * const random = new Random(7)
 * random.normal([2, 3])   // Tensor<[2, 3]>
 */
export class Random {
  readonly #state: Generator = { key: keyOf(0, 0), counter: 0 }

  constructor(seed = 0) {
    takes.Random(arguments)
    this.seed(seed)
  }

  /** Starts over from a seed. @throws ShapeError unless it is an integer below 2^53 */
  seed(seed: number): void {
    takes.seed(arguments)
    refuseInCompiled('random.seed', 'seed the generator outside')
    if (!Number.isSafeInteger(seed)) {
      throw new AdjointError(`random.seed: ${seed} is not an integer below 2^53; use one.`)
    }
    this.#state.key = keyOf(Math.floor(seed / 2 ** 32), seed)
    this.#state.counter = 0
  }

  /** An independent generator: what it draws does not change what this one draws later, beyond this call. */
  split(): Random {
    takes.split(arguments)
    refuseInCompiled('random.split', 'split the generator outside')
    const child = new Random()
    const [first, second] = wordsAt(this.#state.key, this.#state.counter++) as unknown as [number, number]
    child.#state.key = keyOf(first, second)
    return child
  }

  /**
   * Where the generator is: what it draws from here on is a function of that. Plain numbers, so that they can be saved.
   *
   * @example
   * const random = new Random(7)
   * const before = random.state()
   * const first = random.normal([2])
   * random.restore(before)
   * random.normal([2]).sub(first)   // [0, 0]
   */
  state(): RandomState {
    takes.state(arguments)
    refuseInCompiled('random.state', 'look at it outside, between the calls')
    const { data, offset } = this.#state.key
    return { key: [data[offset]!, data[offset + 1]!], counter: this.#state.counter }
  }

  /** Goes on from where a generator was. @throws ArgumentError for what `state()` does not give */
  restore(state: RandomState): void {
    takes.restore(arguments)
    refuseInCompiled('random.restore', 'restore it outside, between the calls')
    this.#state.key = keyOf(...state.key)
    this.#state.counter = state.counter
  }

  /** One number in [0, 1), with 53 random bits. */
  number(): number {
    takes.number(arguments)
    refuseInCompiled('random.number', 'draw a tensor: random.uniform([])')
    return numberAt(this.#state.key, this.#state.counter++)
  }

  /**
   * Elements spread evenly over [low, high). Default [0, 1). As int32: the integers from low up to, not including, high.
   *
   * @example random.uniform([2, 3], { low: -1 })   // Tensor<[2, 3]>
   */
  readonly uniform = checkedBy(
    takes.uniform,
    (shape: Shape, { low = 0, high: end, ...options }: UniformOptions = {}) => {
      const high = end ?? 1
      const bounds = `low ${low} and high ${high}`
      const dtype = dtypeOf('random.uniform', options)
      requireOption('uniform', bounds, low < high, 'a low below high')
      if (dtype === 'bool') {
        throw badOption('uniform', 'dtype bool', 'a dtype of numbers; random.bernoulli() draws truth values')
      }
      if (dtype === 'int32') {
        const whole = holds(dtype, low) && holds(dtype, high - 1) && end !== undefined
        requireOption('uniform', bounds, whole, 'integers for int32, and give high')
        return spreadWhole(this.#draw('uniform', shape), dtype, low, high - low) as Tensor
      }
      const round = dtype === 'float32' ? Math.fround : Number
      const fits = Number.isFinite(round(low)) && Number.isFinite(round(high)) && Number.isFinite(high - low)
      requireOption('uniform', bounds, fits, `bounds that are finite as ${dtype}, and so is their difference`)
      // rounding may reach high, which is excluded
      const last = Math.max(round(low), below(high, dtype))
      return spread(this.#draw('uniform', shape), dtype, low, high - low, last) as Tensor
    },
  ) as CreateRandom<UniformOptions>

  /**
   * Normally distributed elements (Box and Muller, 1958). Default mean 0, standard deviation 1.
   *
   * @example random.normal([2, 3], { standardDeviation: 0.1 })   // Tensor<[2, 3]>
   */
  readonly normal = checkedBy(
    takes.normal,
    (shape: Shape, { mean = 0, standardDeviation = 1, ...options }: NormalOptions = {}) => {
      requireOption('normal', `mean ${mean}`, Number.isFinite(mean), 'a finite number')
      const spreads = standardDeviation >= 0 && Number.isFinite(standardDeviation)
      requireOption('normal', `standardDeviation ${standardDeviation}`, spreads, 'a finite number of at least 0')
      const dtype = dtypeOf('random.normal', options)
      const isFloat = dtype === 'float32' || dtype === 'float64'
      if (!isFloat) throw badOption('normal', `dtype ${dtype}`, "'float32' or 'float64'")
      return scaled(this.#draw('normal', shape), dtype, mean, standardDeviation) as Tensor
    },
  ) as CreateRandom<NormalOptions>

  /** Ones with probability `p` (default 1/2), else zeros. @example random.bernoulli([4], { p: 0.9 })   // Tensor<[4]> */
  readonly bernoulli = checkedBy(takes.bernoulli, (shape: Shape, { p = 0.5, ...options }: BernoulliOptions = {}) => {
    requireOption('bernoulli', `p ${p}`, p >= 0 && p <= 1, 'a probability from 0 to 1')
    return isBelow(this.#draw('uniform', shape, 'bernoulli'), dtypeOf('random.bernoulli', options), p) as Tensor
  }) as CreateRandom<BernoulliOptions>

  /** The integers below n in random order (Fisher and Yates), int32. @example random.permutation(5)   // Tensor<[5]> */
  permutation<N extends number>(n: N): Tensor<[N]> {
    takes.permutation(arguments)
    return this.#draw('permutation', [n]) as unknown as Tensor<[N]>
  }

  /** In a compiled function this draws anew at each call. */
  #draw(distribution: Kernel['distribution'], given: Shape, name: string = distribution): Tensor {
    const shape = [...checkShape(`random.${name}`, given)]
    const [key, counter] = this.#take(numbersFor(distribution, sizeOf(shape)))
    return draw(new Tensor(key), new Tensor(counter), { distribution, shape }) as Tensor
  }

  /** The key, and the counter of the first of so many numbers that nobody else gets. */
  #take(numbers: number): readonly [key: Value, counter: Value] {
    return drawFrom(tracer, this.#state, numbers)
  }
}

const keyOf = (first: number, second: number): Value => share(denseValue(Int32Array.of(first, second), [2], 'int32'))

const badOption = (name: string, given: string, wanted: string): AdjointError =>
  new AdjointError(`random.${name}: ${given} given; use ${wanted}.`)
const requireOption = (name: string, given: string, holds: boolean, wanted: string): void => {
  if (!holds) throw badOption(name, given, wanted)
}

/** The largest number of a float dtype that is below x. */
const below = (x: number, dtype: 'float32' | 'float64'): number => {
  const { number, bits, tiniest } = dtype === 'float32' ? single : double
  number[0] = x
  const nearest = number[0]!
  if (nearest < x) return nearest
  if (nearest === 0) return -tiniest
  // neighbours differ by 1 as integers
  const down = nearest > 0 ? -1 : 1
  if (bits instanceof Int32Array) bits[0]! += down
  else bits[0]! += BigInt(down)
  return number[0]!
}
const single = /* @__PURE__ */ (() => {
  const number = new Float32Array(1)
  return { number, bits: new Int32Array(number.buffer), tiniest: 2 ** -149 }
})()
const double = /* @__PURE__ */ (() => {
  const number = new Float64Array(1)
  return { number, bits: new BigInt64Array(number.buffer), tiniest: 2 ** -1074 }
})()

/** Where a generator is: the two words of its key, and the number of its next draw. */
export interface RandomState {
  /** Two integers of 32 bits. */
  readonly key: readonly [number, number]
  /** How much has been drawn. */
  readonly counter: number
}

const isKey = (thing: unknown): boolean => {
  const isWord = (word: unknown): boolean => Number.isInteger(word) && word === (word as number) >> 0
  return Array.isArray(thing) && thing.length === 2 && thing.every(isWord)
}

/** Where uniform numbers lie, and what they are. */
export interface UniformOptions extends CreateOptions {
  /** The least number that may come. Default 0. */
  readonly low?: number
  /** The bound below which all lie. Default 1; integers need it. */
  readonly high?: number
}
/** How normal numbers spread, and what they are. */
export interface NormalOptions extends CreateOptions {
  /** Their mean. Default 0. */
  readonly mean?: number
  /** Their standard deviation. Default 1. */
  readonly standardDeviation?: number
}
/** How often truth comes, and what it is. */
export interface BernoulliOptions extends CreateOptions {
  /** The probability of a 1. Default 0.5. */
  readonly p?: number
}

const creation = { dtype: kinds.dtype }
const takes = /* @__PURE__ */ (() => ({
  Random: checker('Random', { seed: kinds.optional(kinds.number) }),
  seed: checker('random.seed', { seed: kinds.number }),
  split: checker('random.split', {}),
  number: checker('random.number', {}),
  state: checker('random.state', {}),
  restore: checker('random.restore', {
    state: {
      key: kinds.required(kinds.kind('two integers of 32 bits, as random.state() gives them', isKey)),
      counter: kinds.required(kinds.count),
    },
  }),
  uniform: checker('random.uniform', {
    shape: kinds.shape,
    options: { low: kinds.number, high: kinds.number, ...creation },
  }),
  normal: checker('random.normal', {
    shape: kinds.shape,
    options: { mean: kinds.number, standardDeviation: kinds.number, ...creation },
  }),
  bernoulli: checker('random.bernoulli', { shape: kinds.shape, options: { p: kinds.number, ...creation } }),
  permutation: checker('random.permutation', { n: kinds.number }),
}))()

/** The generator that everything draws from unless told otherwise. @example random.seed(0) */
export const random = /* @__PURE__ */ new Random()
