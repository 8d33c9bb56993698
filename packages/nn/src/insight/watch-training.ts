import type { AnyTensor, Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import type { Batch } from '../data/batch.js'
import { requireCount } from '../errors.js'
import { count } from '../kinds.js'
import { runnable } from '../module/runnable.js'
import type { Loss, Model } from '../training/evaluate.js'
import * as kind from '../training/kinds.js'
import type { FlowRow } from './flow-text.js'
import { flowOf } from './gradient-flow.js'
import { difference, type Elements, norm } from './norms.js'

/** On what a training is measured, and how often. */
export interface WatchOptions {
  /** As `fit` takes it: a function of the output and the targets. */
  readonly loss: Loss
  /** The same examples each time: some hundred of the training data, or of data that are not trained on. */
  readonly batch: Batch<AnyTensor, AnyTensor>
  /** Measure at every so manieth call of `record` only. Default 1. */
  readonly every?: number
}

/** What `gradientFlow` tells of one module after a step, and what the steps since the row before did to it. */
export interface WatchRow extends FlowRow {
  /** How many steps there had been. */
  readonly step: number
  /** The norm of what its parameters have changed by since the row before; null in the first, and where it has none. */
  readonly update: number | null
}

/** The whole model after a step. */
export interface CurveRow {
  /** How many steps there had been. */
  readonly step: number
  /** On the batch that is watched. */
  readonly loss: number
  /** The norm of the gradients of all parameters. */
  readonly gradient: number
  /** The norm of all parameters. */
  readonly weight: number
  /** The norm of what they have changed by since the row before; null in the first. */
  readonly update: number | null
}

/** A training that is being measured. */
export interface Watch {
  /** A row for each module at each step that was measured, step 0 first: how the model was when the watch began. */
  readonly table: readonly WatchRow[]
  /** The learning curve: a row for each step that was measured. */
  readonly curve: readonly CurveRow[]
  /** Counts a step, and measures if it is one of those: call it after each. */
  record(): void
}

const takes = checker('watchTraining', {
  model: runnable,
  options: { loss: { ...kind.loss, optional: false }, batch: { ...kind.batch, optional: false }, every: count },
})
const takesNothing = checker('Watch.record', {})

/**
 * Measures a model while it is trained: after each step what `gradientFlow` tells of the same batch, and how far the parameters
 * have moved. It begins with how the model is now, as step 0.
 *
 * How the steps are made does not matter, by `fit` or a loop, compiled or not: it computes by itself, between them, and
 * changes nothing. Each measurement costs about as much as a step that is not compiled, with the batch that is watched.
 *
 * @throws as `gradientFlow` does, of the first measurement and of later ones
 * @example
 * const model = new Sequential(new Linear(2, 8), new Sigmoid(), new Linear(8, 1))
 * const optimizer = new SGD(model, { learningRate: 0.1 })
 * const [batch] = batches(tensor([[0, 1], [1, 0]]), tensor([[1], [0]]), { batchSize: 2 })
 * const watch = watchTraining(model, { loss: mse, batch })
 * await fit(model, { data: [batch], loss: mse, optimizer, epochs: 2, onBatch: () => watch.record() })
 * watch.curve.map(({ step }) => step)                            // [0, 1, 2]
 * watch.table.filter(({ path }) => path === '2').map(({ update }) => update > 0)   // [false, true, true]
 */
export function watchTraining(model: Model, options: WatchOptions): Watch {
  takes(arguments)
  const { loss, batch, every = 1 } = options
  requireCount('watchTraining', 'every', every)
  const table: WatchRow[] = []
  const curve: CurveRow[] = []
  let step = 0
  let before: ReadonlyMap<Tensor, Elements> | null = null

  const measure = (): void => {
    const flow = flowOf('watchTraining', model, loss, batch)
    const now = new Map(model.parameters().map((parameter) => [parameter, parameter.data.slice()] as const))
    const modules = model.namedModules()
    const rows = flow.rows.map((row): WatchRow => {
      const moved = modules
        .get(row.path)!
        .parameters()
        .flatMap((parameter) => {
          const then = before?.get(parameter)
          return then ? [difference(now.get(parameter)!, then)] : []
        })
      return { step, ...row, update: moved.length === 0 ? null : norm(moved) }
    })
    before = now
    table.push(...rows)
    const { gradient, weight, update } = rows[0]!
    curve.push({ step, loss: flow.loss, gradient: gradient!, weight: weight!, update })
  }

  measure()
  return {
    table,
    curve,
    record(): void {
      takesNothing(arguments)
      step++
      if (step % every === 0) measure()
    },
  }
}
