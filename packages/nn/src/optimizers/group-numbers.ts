import { type DType, full, guard, refuseInCompiled, type Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { OptionError } from '../errors.js'
import { type HyperTable, type HyperValue, kindOf, partsOf, requireHyper } from './hyper.js'

/** A number, and the leaf tensor of it that steps compute with once it is no constant of theirs any more. */
interface Place {
  readonly hyper: string
  value: number
  readonly tensor: Tensor
  isFree: boolean
}

/**
 * The numbers that a group of parameters is changed by. One that has never been set since is a constant of compiled steps;
 * the others, and the learning rate, are tensors that they read: setting those makes no new program.
 */
export class GroupNumbers {
  readonly #owner: string
  readonly #table: HyperTable
  readonly #settled: Readonly<Record<string, string>>
  readonly #places = new Map<string, Place>()
  // what a compiled step depends on
  #constants: ReadonlyMap<string, number> | null = null
  // of the step that is being made: they may be of its trace
  #made: Map<string, Tensor> | null = null

  constructor(
    owner: string,
    table: HyperTable,
    values: Readonly<Record<string, HyperValue>>,
    settled: Readonly<Record<string, string>> = {},
  ) {
    this.#owner = owner
    this.#table = table
    this.#settled = settled
    for (const [name, spec] of Object.entries(table)) {
      for (const [part, value] of partsOf(name, spec, values[name]!)) {
        const tensor = full([], value, { dtype: 'float64' }) as Tensor
        this.#places.set(part, { hyper: name, value, tensor, isFree: name === 'learningRate' })
      }
    }
  }

  /** What a hyperparameter is now. */
  get(name: string): HyperValue {
    return guard(() => {
      const values = this.#partsOf(name).map(({ value }) => value)
      return values.length === 1 ? values[0]! : ([values[0]!, values[1]!] as const)
    })
  }

  /** @throws OptionError for a value outside its range, or one that has to stay 0; CompileError inside a compiled function */
  set(name: string, value: HyperValue): void {
    refuseInCompiled(`${this.#owner}.${name}`, 'set it outside, between the calls')
    this.check(name, value)
    const spec = this.#table[name]!
    for (const [part, number] of partsOf(name, spec, value)) {
      const place = this.#places.get(part)!
      if (Object.is(place.value, number)) continue
      place.value = number
      place.tensor.assign(full([], number, { dtype: 'float64' }) as Tensor)
      if (!place.isFree) this.#constants = null
      place.isFree = true
    }
  }

  /** Throws what `set` would. */
  check(name: string, value: HyperValue): void {
    const spec = this.#table[name]!
    checker(this.#owner, { [name]: kindOf({ ...spec, preset: undefined }) })([value])
    requireHyper(this.#owner, name, spec, value)
    const reason = this.#settled[name]
    if (
      reason === undefined ||
      partsOf(name, spec, value).every(([part, each]) => each === this.#places.get(part)!.value)
    )
      return
    const now = this.get(name)
    const remedy = now === 0 ? `with a ${name} above 0` : 'anew for another'
    throw new OptionError(
      `${this.#owner}: ${name} was ${now} when this was made, so that ${reason}; make the optimizer ${remedy}.`,
    )
  }

  /** The numbers that have not been set since, by what rules call them. A set of them is one object. */
  get constants(): ReadonlyMap<string, number> {
    this.#constants ??= new Map(
      [...this.#places].filter(([, { isFree }]) => !isFree).map(([part, { value }]) => [part, value]),
    )
    return this.#constants
  }

  /** A number as a tensor without axes. */
  tensor(part: string, dtype: DType): Tensor {
    const place = this.#places.get(part)!
    const make = () =>
      place.isFree ? place.tensor.cast(dtype) : (full([], place.value, { dtype: dtype as 'float64' }) as Tensor)
    return this.once(`${part} ${dtype}`, make)
  }

  /** What is made once a step, for all parameters of the group. */
  once(key: string, make: () => Tensor): Tensor {
    const made = this.#made?.get(key) ?? make()
    this.#made?.set(key, made)
    return made
  }

  /** Makes what is made once a step anew. */
  during<R>(step: () => R): R {
    guard(() => this.constants)
    this.#made = new Map()
    try {
      return step()
    } finally {
      this.#made = null
    }
  }

  #partsOf(name: string): Place[] {
    return [...this.#places.values()].filter(({ hyper }) => hyper === name)
  }
}
