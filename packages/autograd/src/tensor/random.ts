import { checkedBy, checker } from '../graph/arguments.js'
import { allocate, type DType, holds, type TypedArray } from '../graph/dtype.js'
import { AdjointError } from '../graph/errors.js'
import { checkShape, type Shape, sizeOf } from '../graph/shape.js'
import { refuseInCompiled, tracer } from '../graph/tracer.js'
import { denseValue, type Value } from '../graph/value.js'
import * as kinds from '../ops/kinds.js'
import { log1p } from '../rules/math/logarithm.js'
import { cos, sin } from '../rules/math/trigonometric.js'
import { dtypeOf } from './creation.js'
import type { CreateOptions, CreateRandom } from './creation-types.js'
import { Tensor } from './tensor.js'
import { threefry } from './threefry.js'

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
  #key: readonly [number, number] = [0, 0]
  #counter = 0
  #pair: [number, number] = [0, 0]
  #spare = false

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
    this.#key = [Math.floor(seed / 2 ** 32) >>> 0, seed >>> 0]
    this.#counter = 0
    this.#spare = false
  }

  /** An independent generator: what it draws does not change what this one draws later, beyond this call. */
  split(): Random {
    takes.split(arguments)
    refuseInCompiled('random.split', 'split the generator outside')
    const child = new Random()
    child.#key = [this.#next(), this.#next()]
    return child
  }

  #next(): number {
    this.#spare = !this.#spare
    if (!this.#spare) return this.#pair[1]
    const counter = this.#counter++
    this.#pair = threefry(this.#key, [Math.floor(counter / 2 ** 32) >>> 0, counter >>> 0])
    return this.#pair[0]
  }

  /** One number in [0, 1), with 53 random bits. */
  number(): number {
    takes.number(arguments)
    refuseInCompiled('random.number', 'draw a tensor: random.uniform([])')
    return this.#number()
  }

  #number(): number {
    return ((this.#next() >>> 5) * 2 ** 26 + (this.#next() >>> 6)) / 2 ** 53
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
      requireOption(
        'uniform',
        `dtype ${dtype}`,
        dtype !== 'bool',
        'a dtype of numbers; random.bernoulli() draws truth values',
      )
      if (dtype === 'int32') {
        const whole = holds(dtype, low) && holds(dtype, high - 1) && end !== undefined
        requireOption('uniform', bounds, whole, 'integers for int32, and give high')
        return this.#fill('uniform', shape, options, () => low + Math.floor((high - low) * this.#number()))
      }
      const round = dtype === 'float32' ? Math.fround : Number
      const fits = Number.isFinite(round(low)) && Number.isFinite(round(high)) && Number.isFinite(high - low)
      requireOption('uniform', bounds, fits, `bounds that are finite as ${dtype}, and so is their difference`)
      // rounding may reach high, which is excluded
      const last = Math.max(round(low), below(high, dtype === 'float32' ? dtype : 'float64'))
      return this.#fill('uniform', shape, options, () => Math.min(round(low + (high - low) * this.#number()), last))
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
      const { dtype } = options
      requireOption('normal', `dtype ${dtype}`, dtype !== 'int32' && dtype !== 'bool', "'float32' or 'float64'")
      let second = 0
      return this.#fill('normal', shape, options, (i) => {
        // they come in pairs
        if (i % 2 === 1) return mean + standardDeviation * second
        const radius = Math.sqrt(-2 * log1p(-this.#number()))
        const angle = 2 * Math.PI * this.#number()
        second = radius * sin(angle)
        return mean + standardDeviation * radius * cos(angle)
      })
    },
  ) as CreateRandom<NormalOptions>

  /** Ones with probability `p` (default 1/2), else zeros. @example random.bernoulli([4], { p: 0.9 })   // Tensor<[4]> */
  readonly bernoulli = checkedBy(takes.bernoulli, (shape: Shape, { p = 0.5, ...options }: BernoulliOptions = {}) => {
    requireOption('bernoulli', `p ${p}`, p >= 0 && p <= 1, 'a probability from 0 to 1')
    return this.#fill('bernoulli', shape, options, () => (this.#number() < p ? 1 : 0))
  }) as CreateRandom<BernoulliOptions>

  /** The integers below n in random order (Fisher and Yates), int32. @example random.permutation(5)   // Tensor<[5]> */
  permutation<N extends number>(n: N): Tensor<[N]> {
    takes.permutation(arguments)
    checkShape('random.permutation', [n])
    const drawn = this.#draw([n], 'int32', (out) => {
      for (let i = 0; i < n; i++) out[i] = i
      for (let i = n - 1; i > 0; i--) {
        const j = Math.floor(this.#number() * (i + 1))
        const kept = out[i]!
        out[i] = out[j]!
        out[j] = kept
      }
    })
    return drawn as unknown as Tensor<[N]>
  }

  #fill(name: string, shape: Shape, options: CreateOptions, draw: (i: number) => number): Tensor {
    const dtype = dtypeOf(`random.${name}`, options)
    return this.#draw([...checkShape(`random.${name}`, shape)], dtype, (out) => {
      for (let i = 0; i < out.length; i++) out[i] = draw(i)
    })
  }

  /** A compiled function draws anew at each call. */
  #draw(shape: Shape, dtype: DType, fill: (out: TypedArray) => void): Tensor {
    const draw = (): Value => {
      const out = allocate(dtype, sizeOf(shape))
      fill(out)
      return denseValue(out, shape, dtype)
    }
    return new Tensor(tracer === null ? draw() : tracer.draw({ shape, dtype }, { draw, mark: () => this.#mark() }))
  }

  #mark(): () => void {
    const [key, counter, pair, spare] = [this.#key, this.#counter, this.#pair, this.#spare]
    return () => {
      this.#key = key
      this.#counter = counter
      this.#pair = pair
      this.#spare = spare
    }
  }
}

const requireOption = (name: string, given: string, holds: boolean, wanted: string): void => {
  if (!holds) throw new AdjointError(`random.${name}: ${given} given; use ${wanted}.`)
}

/** The largest number of a float dtype that is below x. */
const below = (x: number, dtype: 'float32' | 'float64'): number => {
  const floats = dtype === 'float32' ? new Float32Array([x]) : new Float64Array([x])
  const [nearest] = floats as unknown as [number]
  if (nearest < x) return nearest
  if (nearest === 0) return dtype === 'float32' ? -(2 ** -149) : -(2 ** -1074)
  // neighbours differ by 1 as integers
  const down = nearest > 0 ? -1 : 1
  if (dtype === 'float32') new Int32Array(floats.buffer)[0]! += down
  else new BigInt64Array(floats.buffer)[0]! += BigInt(down)
  return floats[0]!
}

export interface UniformOptions extends CreateOptions {
  readonly low?: number
  readonly high?: number
}
export interface NormalOptions extends CreateOptions {
  readonly mean?: number
  readonly standardDeviation?: number
}
export interface BernoulliOptions extends CreateOptions {
  readonly p?: number
}

const creation = { dtype: kinds.dtype }
const takes = {
  Random: checker('Random', { seed: kinds.optional(kinds.number) }),
  seed: checker('random.seed', { seed: kinds.number }),
  split: checker('random.split', {}),
  number: checker('random.number', {}),
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
}

/** The generator that everything draws from unless told otherwise. @example random.seed(0) */
export const random = new Random()
