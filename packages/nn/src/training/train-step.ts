import { type AnyTensor, full, guard, kinds, noGrad, Tensor, verify } from '@adjoint/autograd'
import { checker } from '../checker.js'
import type { Batch } from '../data/batch.js'
import { OptionError, requireCount, requirePositive, TrainingError } from '../errors.js'
import { count, isObject } from '../kinds.js'
import { runnable } from '../module/runnable.js'
import { LBFGS } from '../optimizers/lbfgs.js'
import type { Optimizer } from '../optimizers/optimizer.js'
import { type NumberSchedule, oneOrTable, Scheduler, type ScheduleTable } from '../schedules/scheduler.js'
import { boundNorm, clipGradientValue, gradientNorm, gradientsOf } from './clip.js'
import { diagnosisOf } from './diagnosis.js'
import { type Loss, type Model, outputOf } from './evaluate.js'
import { generatorsOf, restore, statesOf } from './generators.js'
import * as kind from './kinds.js'
import { createMode } from './mode.js'
import { type Program, programOf, settingsOf } from './program.js'
import { warnOfUntrained } from './untrained.js'
import { WeightAverage } from './weight-average.js'

/** Bounds of gradients. */
export interface ClipOptions {
  /** Of the norm of all gradients together: `clipGradientNorm`. */
  readonly norm?: number
  /** Of each element: `clipGradientValue`. */
  readonly value?: number
  /** Bound the norm of each group of the optimizer by itself. Default false. */
  readonly perGroup?: boolean
}

/** What a step does beside the loss, its gradients and the step of the optimizer. */
export interface TrainStepOptions {
  /** Bounds of gradients; a number is one of their norm. */
  readonly clip?: number | ClipOptions
  /** How many batches to add up gradients of before a step of the optimizer, by their mean. Default 1. */
  readonly accumulate?: number
  /** What hyperparameters follow: each step of the optimizer is one of it. */
  readonly schedule?: Scheduler | NumberSchedule | ScheduleTable
  /** A mean of the weights to keep. */
  readonly average?: WeightAverage
  /** Report the norm of the gradients, as a bound of it does. Default false. */
  readonly gradientNorm?: boolean
  /**
   * Run as a compiled program (see `compile`). Default true. It follows tensors and those properties of modules that are
   * numbers, strings or booleans; if `forward` or the loss read other JavaScript values that change during training, read
   * those through `guard`, or say `compile: false`.
   */
  readonly compile?: boolean
}

/** What a step has done. */
export interface StepReport {
  /** The loss of the batch. */
  readonly loss: number
  /** The norm of the gradients before it was bounded, where it was asked for and the optimizer has stepped. */
  readonly gradientNorm?: number
  /** Whether the optimizer has stepped; not where gradients are still being added up. */
  readonly stepped: boolean
}

/** A function that trains on a batch. */
export interface TrainStep {
  (batch: Batch<AnyTensor, AnyTensor>): StepReport
  /** Compiles for such a batch, letting others run; null where that has been done. */
  prepare(batch: Batch<AnyTensor, AnyTensor>): Promise<void> | null
  /** Steps by the gradients of fewer batches than `accumulate`; null where there are none. */
  flush(): Omit<StepReport, 'loss'> | null
  /** Gives back the memory of compiled programs at once. */
  release(): void
  /** What makes the hyperparameters, if a schedule was given. */
  readonly schedule: Scheduler | null
}

export const stepKinds = {
  clip: kinds.kind(
    'a positive number, or { norm, value, perGroup }',
    (thing) => typeof thing === 'number' || (isObject(thing) && !(thing instanceof Tensor) && !Array.isArray(thing)),
  ),
  accumulate: count,
  schedule: kinds.kind(
    'a schedule of the optimizer: schedules.cosine({ steps: 1000 })',
    (thing) => thing instanceof Scheduler || oneOrTable.accepts(thing),
  ),
  average: kinds.instance(WeightAverage, 'a mean of weights: new WeightAverage(model)'),
  gradientNorm: kinds.boolean,
  compile: kinds.boolean,
}
const takes = checker('trainStep', {
  model: runnable,
  loss: kind.loss,
  optimizer: kind.optimizer,
  options: stepKinds,
})
const takesClip = (owner: string) =>
  checker(owner, { clip: { norm: kinds.number, value: kinds.number, perGroup: kinds.boolean } })
const takesBatch = checker('trainStep', { batch: kind.batch })

/**
 * What `fit` does with a batch, for a loop of your own: the loss, its gradients, a step of the optimizer, as one compiled program.
 * The model is in training mode while it runs.
 *
 * What is added up between two steps of the optimizer (`accumulate`) is no part of a state: `flush()` before one is saved.
 *
 * @throws OptionError for an option outside its range. The step throws TrainingError where the loss or the norm of the gradients
 *   is not finite: with the first op that gave such a number, and with nothing changed; what was added up before is
 *   dropped
 * @example
 * const step = trainStep(model, mse, new Adam(model), { clip: 1, schedule: schedules.cosine({ steps: 100 }) })
 * for (let i = 0; i < 3; i++) step({ x: zeros([2, 4]), y: zeros([2, 3]) }).loss
 */
export function trainStep(model: Model, loss: Loss, optimizer: Optimizer, options: TrainStepOptions = {}): TrainStep {
  takes(arguments)
  const inTraining = createMode(model, true)
  const step = createStep('trainStep', model, loss, optimizer, options)
  const run = (batch: Batch<AnyTensor, AnyTensor>): StepReport => {
    takesBatch([batch])
    return inTraining(() => step.run(batch))
  }
  const prepare: TrainStep['prepare'] = (batch) => {
    takesBatch([batch])
    return inTraining(() => step.prepare(batch))
  }
  return Object.assign(run, {
    prepare,
    flush: () => inTraining(step.flush),
    release: step.release,
    schedule: step.schedule,
  })
}

/** Where a batch stands among those of a step of the optimizer. */
type Phase = 'only' | 'first' | 'middle' | 'last'

class NotFinite extends Error {
  constructor(
    readonly what: string,
    readonly value: number,
  ) {
    super(`${what} is ${value}`)
  }
}

/**
 * `trainStep` without its mode.
 *
 * @param owner how messages begin
 * @param place where training is, for messages: ' at epoch 3, batch 7'
 */
export const createStep = (
  owner: string,
  model: Model,
  lossOf: Loss,
  optimizer: Optimizer,
  options: TrainStepOptions,
  place: () => string = () => '',
) => {
  const { accumulate = 1, average, compile: compiles = true } = options
  requireCount(owner, 'accumulate', accumulate)
  requireSteps(owner, optimizer)
  requireOwn(owner, model, average)
  const schedule = schedulerOf(owner, optimizer, options.schedule)
  const bound = boundOf(owner, optimizer, options)
  const settings = settingsOf(model.modules())
  const buffers = compiles ? [] : [...model.namedBuffers().values()]
  let isFirst = true

  /** Bounds gradients and steps by them; gives their norm before, if it is asked for. */
  const apply = (): Tensor | null => {
    const norm = bound()
    optimizer.step()
    average?.update()
    return norm
  }
  const descend = (x: Tensor, y: Tensor, phase: Phase) => {
    for (const read of settings) guard(read)
    const loss = requireLoss(owner, lossOf(outputOf(model, x), y))
    if (loss.size === 1) verify(loss, ([value]) => requireFinite('the loss', value!))
    if (phase === 'only' || phase === 'first') optimizer.zeroGrad()
    const share = accumulate === 1 ? loss : loss.div(accumulate)
    share.backward()
    if (isFirst) {
      isFirst = false
      warnOfUntrained(model, optimizer, loss)
    }
    return { loss, norm: phase === 'only' || phase === 'last' ? apply() : null }
  }
  const finish = (batches: number) => {
    noGrad(() => {
      for (const each of optimizer.parameters) {
        if (each.hasGrad) each.grad = each.grad.mul(accumulate / batches) as never
      }
    })
    return { norm: apply() }
  }
  const run = programOf(owner, descend, compiles)
  // of a sum of fewer batches: seldom needed
  let rest: Program<[batches: number], { norm: Tensor | null }> | null = null

  // batches since the last step of the optimizer
  let gathered = 0
  const phaseOf = (): Phase => {
    if (accumulate === 1) return 'only'
    return gathered === 0 ? 'first' : gathered === accumulate - 1 ? 'last' : 'middle'
  }
  const explained = (batch: Batch<AnyTensor, AnyTensor> | null, error: unknown): unknown => {
    if (!(error instanceof NotFinite)) return error
    const diagnosis = batch === null ? '' : diagnosisOf(model, [batch.x, batch.y], lossOf as never)
    return new TrainingError(
      `${owner}: ${error.what} is ${error.value}${place()}. Try a smaller learning rate (it is ` +
        `${optimizer.groups.map(({ learningRate }) => learningRate).join(', ')}), clip: 1, and look for NaN or Infinity in the ` +
        `data; the parameters are those of the step before.${diagnosis}`,
    )
  }
  const after = (norm: Tensor | null) => {
    gathered = 0
    schedule?.step()
    return norm === null ? {} : { gradientNorm: norm.item() }
  }

  return {
    schedule,
    /** Whether a step of the optimizer has been begun. */
    isGathering: (): boolean => gathered > 0,
    run: (batch: Batch<AnyTensor, AnyTensor>): StepReport => {
      const phase = phaseOf()
      // a compiled call that throws has changed nothing
      const generators = compiles ? [] : generatorsOf(model, null)
      const before = {
        random: statesOf(generators),
        buffers: buffers.map((each) => each.detach()),
        gradients: compiles ? [] : optimizer.parameters.map((each) => (each.hasGrad ? each.grad.detach() : null)),
      }
      try {
        const { loss, norm } = run.call(batch.x as Tensor, batch.y as Tensor, phase)
        const stepped = phase === 'only' || phase === 'last'
        const report = { loss: loss.item(), stepped }
        if (!stepped) {
          gathered++
          return report
        }
        return { ...report, ...after(norm) }
      } catch (error) {
        restore(generators, before.random)
        buffers.forEach((each, i) => {
          each.assign(before.buffers[i]!)
        })
        before.gradients.forEach((gradient, i) => {
          optimizer.parameters[i]!.grad = gradient as never
        })
        // the gradients of batches before it are not to be used without those of this one
        gathered = 0
        throw explained(batch, error)
      }
    },
    flush: (): Omit<StepReport, 'loss'> | null => {
      if (gathered === 0) return null
      try {
        rest ??= programOf(owner, finish, compiles)
        const { norm } = rest.call(gathered)
        return { stepped: true, ...after(norm) }
      } catch (error) {
        gathered = 0
        throw explained(null, error)
      }
    },
    prepare: (batch: Batch<AnyTensor, AnyTensor>): Promise<void> | null =>
      run.prepare(batch.x as Tensor, batch.y as Tensor, phaseOf()),
    release: (): void => {
      run.release()
      rest?.release()
    },
  }
}

const schedulerOf = (owner: string, optimizer: Optimizer, given: TrainStepOptions['schedule']): Scheduler | null => {
  if (given === undefined) return null
  if (!(given instanceof Scheduler)) return new Scheduler(optimizer, given)
  if (given.optimizer === optimizer) return given
  throw new OptionError(`${owner}: the schedule is one of another optimizer; make it of the one that steps here.`)
}

const requireSteps = (owner: string, optimizer: Optimizer): void => {
  if (!(optimizer instanceof LBFGS)) return
  throw new OptionError(
    `${owner}: LBFGS asks for the loss many times in a step; call optimizer.step(() => loss) in a loop of your own.`,
  )
}

const requireOwn = (owner: string, model: Model, average: WeightAverage | undefined): void => {
  const own = new Set(average === undefined ? [] : model.parameters())
  const other = average?.weights.find((weight) => !own.has(weight))
  if (other === undefined) return
  throw new OptionError(`${owner}: the average is of another model: it has ${other}; make it of this one.`)
}

const requireFinite = (what: string, value: number): void => {
  if (!Number.isFinite(value)) throw new NotFinite(what, value)
}

const requireFiniteNorm = (value: number): void => requireFinite('the norm of the gradients', value)

const requireLoss = (owner: string, loss: unknown): Tensor => {
  if (loss instanceof Tensor) return loss
  const what = loss instanceof Promise ? 'a promise' : `of type ${typeof loss}`
  throw new TrainingError(
    `${owner}: the loss is ${what}; return a tensor without axes from the loss function, as mse does.`,
  )
}

/** What bounds gradients, and gives their norm before where it is asked for. */
const boundOf = (
  owner: string,
  optimizer: Optimizer,
  { clip = {}, gradientNorm: reports = false }: TrainStepOptions,
): (() => Tensor | null) => {
  const limits: ClipOptions = typeof clip === 'number' ? { norm: clip } : clip
  takesClip(owner)([limits])
  const { norm: largest, value, perGroup = false } = limits
  if (largest !== undefined) requirePositive(owner, 'clip.norm', largest)
  if (value !== undefined) requirePositive(owner, 'clip.value', value)
  if (perGroup && largest === undefined) {
    throw new OptionError(`${owner}: clip.perGroup is of a norm; give clip.norm too, or leave it out.`)
  }
  return () => {
    let norm: Tensor | null = null
    if (largest !== undefined && perGroup) {
      const norms = optimizer.groups
        .map(({ parameters }) => parameters.filter(({ hasGrad, requiresGrad }) => hasGrad && requiresGrad))
        .map((having) => boundNorm(having, largest, requireFiniteNorm))
      norm = norms.reduce((sum, each) => sum.add(each.square()), full([], 0, { dtype: 'float64' }) as Tensor).sqrt()
    } else if (largest !== undefined) norm = boundNorm(gradientsOf(owner, optimizer), largest, requireFiniteNorm)
    else if (reports) {
      norm = gradientNorm(optimizer) as Tensor
      verify(norm, ([value]) => requireFiniteNorm(value!))
    }
    if (value !== undefined) clipGradientValue(optimizer, value)
    return norm
  }
}
