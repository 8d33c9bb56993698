import { GradientError, kinds, noGrad, refuseInCompiled, Tensor, tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { OptionError, StateDictError, TrainingError } from '../errors.js'
import { state as stateKind } from '../kinds.js'
import { type StateDict, tensorsOf } from '../state/state-dict.js'
import { amount, type HyperSpec } from './hyper.js'
import { addTo, CurvatureHistory, dot, largest, scaled, type Vector } from './lbfgs/history.js'
import { type Place, strongWolfe } from './lbfgs/strong-wolfe.js'
import { Optimizer, type OptimizerLoadOptions } from './optimizer.js'
import type { OptimizerRule } from './rule.js'
import type { Trainable } from './trainable.js'

/** What `LBFGS` steps by. */
export interface LBFGSNumbers {
  /** How far an iteration goes: where there is a line search, what it tries first. Default 1. */
  learningRate: number
  /** How many iterations a step has at most. Default 20. */
  iterations: number
  /** How often a step computes the loss at most. Default 0: one and a quarter times the iterations. */
  evaluations: number
  /** A step ends where no element of the gradient is larger. Default 1e-7. */
  gradientTolerance: number
  /** A step ends where neither a parameter nor the loss changes by more. Default 1e-9. */
  changeTolerance: number
  /** Of how many iterations the curvature is remembered. Default 100. */
  history: number
}

/** What `LBFGS` is made with. */
export interface LBFGSOptions extends Readonly<Partial<LBFGSNumbers>> {
  /** Search along each direction for a place that satisfies the strong Wolfe conditions. Default true; in PyTorch it is not. */
  readonly strongWolfe?: boolean
}

const whole = (least: 0 | 1, preset: number): HyperSpec => ({
  wanted: `an integer of at least ${least}`,
  holds: (value) => Number.isSafeInteger(value) && value >= least,
  preset,
})

/** Its numbers and choices; how it steps takes more than gradients. */
const lbfgs: OptimizerRule = {
  name: 'LBFGS',
  hyper: {
    learningRate: amount(1),
    iterations: whole(1, 20),
    evaluations: whole(0, 0),
    gradientTolerance: amount(1e-7),
    changeTolerance: amount(1e-9),
    history: whole(1, 100),
  },
  choices: { strongWolfe: true },
  update: () => ({ state: {}, next: (parameter) => parameter }),
}

const takes = {
  step: checker('LBFGS.step', {
    closure: kinds.kind(
      'a function that gives the loss, which it calls again and again: () => loss',
      (thing) => typeof thing === 'function',
    ),
  }),
  stateDict: checker('LBFGS.stateDict', {}),
  loadStateDict: checker('LBFGS.loadStateDict', {
    state: stateKind,
    options: { strict: kinds.boolean, byPosition: kinds.boolean },
  }),
}

/** What it remembers, beside the history, of the last iteration. */
interface Last {
  readonly step: Vector
  /** Before it. */
  readonly gradient: Vector
}

const ownKeys = ['iterations', 'scale', 'steps', 'changes', 'lastStep', 'lastGradient'] as const

/**
 * Goes by the curvature of the loss, which it learns from the last gradients (Liu and Nocedal, On the limited memory BFGS
 * method for large scale optimization, 1989). For losses that are the same function at each call: all examples, not batches.
 * It computes in float64, eagerly; the loss may be compiled.
 *
 * `step` calls the loss again and again. What it is given computes the loss, or the gradients too: then it is a compiled function
 * that calls `zeroGrad` and `backward`.
 *
 * @throws OptionError for an option outside its range, and for groups
 * @example
 * const place = parameter(tensor([-1, 2], { dtype: 'float64' }))
 * const optimizer = new LBFGS([place], { changeTolerance: 1e-14 })
 * for (let i = 0; i < 5; i++) optimizer.step(() => place.sub(tensor([3, 4])).square().mul(tensor([1, 20])).sum())
 * place   // [3, 4]
 */
export class LBFGS extends Optimizer<LBFGSNumbers> {
  readonly #isSearching: boolean
  readonly #length: number
  #history = new CurvatureHistory()
  #iterations = 0
  #last: Last | null = null
  #frozen = ''

  constructor(...given: [parameters: Trainable<LBFGSOptions>, options?: LBFGSOptions]) {
    let isSearching = true
    const update: OptimizerRule['update'] = (chosen) => {
      isSearching = chosen.strongWolfe === true
      return lbfgs.update(chosen)
    }
    super({ ...lbfgs, update }, ...given)
    if (this.groups.length > 1) {
      throw new OptionError('LBFGS: it has one direction for all parameters, and no groups; give them as one.')
    }
    this.#isSearching = isSearching
    this.#length = this.parameters.reduce((sum, { size }) => sum + size, 0)
  }

  /**
   * Some iterations, each along one direction.
   *
   * @param closure gives the loss, a tensor without axes, of the parameters as they are
   * @returns the loss before the step
   * @throws GradientError for a loss that does not depend on the parameters; TrainingError for one that is not finite;
   *   CompileError inside a compiled function
   */
  override step(closure?: () => Tensor): Tensor {
    takes.step(arguments)
    refuseInCompiled('LBFGS.step', 'compile the loss that it calls')
    this.#forgetIfOthersAreFrozen()
    const group = this.groups[0]!
    const { learningRate, iterations, gradientTolerance, changeTolerance, history } = group
    const most = group.evaluations === 0 ? Math.floor(iterations * 1.25) : group.evaluations
    const first = this.#evaluate(closure!)
    let { loss, gradient } = first
    const wrong = Number.isFinite(loss) ? `an element of the gradient is ${largest(gradient)}` : `the loss is ${loss}`
    if (!Number.isFinite(loss + largest(gradient))) {
      throw new TrainingError(`LBFGS.step: ${wrong}; start at parameters where it is a number, or use float64.`)
    }
    let evaluations = 1
    for (let i = 1; i <= iterations && largest(gradient) > gradientTolerance; i++) {
      if (this.#last !== null) {
        const change = gradient.map((each, k) => each - this.#last!.gradient[k]!)
        this.#history.add({ step: this.#last.step, change }, history)
      }
      const direction = this.#history.directionFrom(gradient)
      const slope = dot(gradient, direction)
      this.#last = null
      if (slope > -changeTolerance) break
      const isFirst = this.#iterations === 0
      const rate = isFirst
        ? Math.min(1, 1 / gradient.reduce((sum, each) => sum + Math.abs(each), 0)) * learningRate
        : learningRate
      this.#iterations++
      const from = this.#read()
      const before = { loss, gradient }
      let at = rate
      if (this.#isSearching) {
        const found = strongWolfe({
          start: { at: 0, loss, gradient, slope },
          first: rate,
          extent: largest(direction),
          tolerance: changeTolerance,
          most: most - evaluations,
          evaluate: (at): Place => {
            evaluations++
            this.#write(from, at, direction)
            const place = this.#evaluate(closure!)
            const slope = dot(place.gradient, direction)
            // where the gradient is no number it goes back as where the loss is none
            return { at, ...place, loss: Number.isFinite(slope) ? place.loss : Number.NaN, slope }
          },
        })
        ;({ at, loss, gradient } = found)
        this.#write(from, at, direction)
      } else {
        this.#write(from, at, direction)
        if (i < iterations) {
          ;({ loss, gradient } = this.#evaluate(closure!))
          evaluations++
        }
      }
      this.#last = { step: scaled(direction, at), gradient: before.gradient }
      if (evaluations >= most || largest(direction) * Math.abs(at) <= changeTolerance) break
      if (i < iterations && Math.abs(loss - before.loss) < changeTolerance) break
    }
    return first.result
  }

  /**
   * What the optimizer remembers, as tensors by name: its numbers, and its last steps and changes of the gradient, of all
   * parameters one after the other.
   *
   * @example const saved = new LBFGS(model).stateDict()
   */
  override stateDict(): Record<string, Tensor> {
    takes.stateDict(arguments)
    const { pairs, scale } = this.#history
    const own: Record<(typeof ownKeys)[number], Tensor> = {
      iterations: float64([this.#iterations]).reshape([]) as Tensor,
      scale: float64([scale]).reshape([]) as Tensor,
      steps: rowsOf(
        pairs.map(({ step }) => step),
        this.#length,
      ),
      changes: rowsOf(
        pairs.map(({ change }) => change),
        this.#length,
      ),
      lastStep: rowsOf(this.#last === null ? [] : [this.#last.step], this.#length),
      lastGradient: rowsOf(this.#last === null ? [] : [this.#last.gradient], this.#length),
    }
    return { ...super.stateDict(), ...Object.fromEntries(ownKeys.map((key) => [`history.${key}`, own[key]])) }
  }

  /**
   * Takes over the state of another for parameters of the same sizes in the same order.
   *
   * @throws StateDictError for an unknown or missing key, and for another number of elements; CompileError inside a compiled
   *   function
   */
  override loadStateDict(state: StateDict, options: OptimizerLoadOptions = {}): void {
    takes.loadStateDict(arguments)
    refuseInCompiled('LBFGS.loadStateDict', 'call it outside, between the calls')
    const tensors = tensorsOf(state)
    const rest = { ...tensors }
    const [iterations, scale, steps, changes, lastStep, lastGradient] = ownKeys.map((key, i) => {
      const found = tensors[`history.${key}`]
      delete rest[`history.${key}`]
      if ((found as unknown) instanceof Tensor && (i > 1 || found!.size === 1)) return found
      throw new StateDictError(`the optimizer: 'history.${key}' is missing, or no such tensor; pass a state of LBFGS.`)
    }) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
    const rows = [steps, changes, lastStep, lastGradient].map((each) => this.#rowsIn(each))
    if (rows[0]!.length !== rows[1]!.length || rows[2]!.length !== rows[3]!.length) {
      throw new StateDictError('the optimizer: its steps and changes differ in number; pass a state of LBFGS.')
    }
    super.loadStateDict(rest, options)
    this.#history = new CurvatureHistory()
    this.#history.scale = Number(scale.item())
    rows[0]!.forEach((step, i) => {
      this.#history.pairs.push({ step, change: rows[1]![i]! })
    })
    this.#iterations = Number(iterations.item())
    this.#last = rows[2]!.length === 0 ? null : { step: rows[2]![0]!, gradient: rows[3]![0]! }
    this.#frozen = this.#frozenNow()
  }

  /** The loss at the parameters as they are, and its gradient. */
  #evaluate(closure: () => Tensor): { readonly result: Tensor; readonly loss: number; readonly gradient: Vector } {
    this.zeroGrad()
    const result: unknown = closure()
    if (!(result instanceof Tensor) || result.size !== 1) {
      throw new GradientError(
        `LBFGS.step: the closure gives ${String(result)}; return the loss, a tensor without axes.`,
      )
    }
    // a compiled closure has called backward itself
    const isDone = (): boolean => this.parameters.some(({ hasGrad }) => hasGrad)
    if (!isDone()) result.backward()
    if (!isDone()) throw new GradientError('LBFGS.step: the loss depends on no parameter; return one that does.')
    const gradient = new Float64Array(this.#length)
    let offset = 0
    for (const parameter of this.parameters) {
      if (parameter.hasGrad && parameter.requiresGrad) gradient.set(parameter.grad.data, offset)
      offset += parameter.size
    }
    return { result: result.detach() as Tensor, loss: Number(result.item()), gradient }
  }

  #read(): Vector {
    const all = new Float64Array(this.#length)
    let offset = 0
    for (const { data, size } of this.parameters) {
      all.set(data, offset)
      offset += size
    }
    return all
  }

  /** Puts the parameters at from + at direction. */
  #write(from: Vector, at: number, direction: Vector): void {
    const place = from.slice()
    addTo(place, at, direction)
    let offset = 0
    noGrad(() => {
      for (const parameter of this.parameters) {
        const { size, shape, dtype } = parameter
        const own = place.slice(offset, offset + size)
        offset += size
        if (parameter.requiresGrad)
          parameter.assign(
            float64(own)
              .reshape([...shape])
              .cast(dtype) as Tensor,
          )
      }
    })
  }

  #rowsIn(x: Tensor): Vector[] {
    const [count, length] = x.shape
    if (x.shape.length !== 2 || length !== this.#length) {
      throw new StateDictError(
        `the optimizer: rows of ${String(length)} elements are saved, and the parameters have ${this.#length}; pass a state of ` +
          'the same model.',
      )
    }
    const data = Float64Array.from(x.data)
    return Array.from({ length: count! }, (_, i) => data.slice(i * length!, (i + 1) * length!))
  }

  #frozenNow(): string {
    return this.parameters.map(({ requiresGrad }) => (requiresGrad ? '1' : '0')).join('')
  }

  #forgetIfOthersAreFrozen(): void {
    const now = this.#frozenNow()
    if (now === this.#frozen) return
    this.#frozen = now
    this.#history = new CurvatureHistory()
    this.#last = null
    this.#iterations = 0
  }
}

const float64 = (numbers: Vector | number[]): Tensor => tensor(numbers as number[], { dtype: 'float64' }) as Tensor

const rowsOf = (vectors: readonly Vector[], length: number): Tensor => {
  const all = new Float64Array(vectors.length * length)
  for (const [i, vector] of vectors.entries()) all.set(vector, i * length)
  return float64(all).reshape([vectors.length, length]) as Tensor
}
