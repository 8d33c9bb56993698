import { type AnyTensor, refuseInCompiled, Tensor, valueAndGrad } from '@adjoint/autograd'
import { checker } from '../checker.js'
import type { Batch } from '../data/batch.js'
import { TrainingError } from '../errors.js'
import { type Module, standIn } from '../module/module.js'
import { runnable } from '../module/runnable.js'
import { createAside } from '../training/aside.js'
import { type Loss, type Model, outputOf } from '../training/evaluate.js'
import * as kind from '../training/kinds.js'
import { createMode } from '../training/mode.js'
import { type FlowRow, tableOf } from './flow-text.js'
import { elementsOf, norm } from './norms.js'
import { activationOf, cotangentOf, deathOf, lookAt, type Sight, saturationOf } from './sight.js'

/** What `gradientFlow` gives: data, and by `toString()` a table. */
export interface GradientFlow {
  /** Of the batch. */
  readonly loss: number
  /** A row for each module, the model first, in the order of `namedModules()`. */
  readonly rows: readonly FlowRow[]
  /** The table as text. */
  toString(): string
}

const takes = checker('gradientFlow', { model: runnable, loss: kind.loss, batch: kind.batch })

/**
 * How a batch goes through a model, and how the derivative of its loss comes back: sizes of what each module gives, of what
 * comes back to it, and of the gradients of its parameters; which curves are flat and which units dead.
 *
 * The model computes the loss once, in training mode, eagerly, and stays as it is: its parameters and their gradients, its
 * buffers, its mode, its generators of random numbers, and steps that were compiled. So it may be asked at any time between the
 * steps of a training, by `fit` too: `onBatch: () => gradientFlow(...)`. It is a step's work without the step.
 *
 * A norm is the root of a sum of squares, of all elements of the batch. The derivative is that of the loss as it is: of a mean over
 * examples, the more examples, the smaller each one's part.
 *
 * @param loss as `fit` takes it: a function of the output and the targets
 * @param batch some examples, { x, y }
 * @throws TrainingError for a loss that is no tensor without axes, and where all parameters are frozen; ModuleError as
 *   `afterForward` throws it; CompileError inside a compiled function
 * @example
 * const model = new Sequential(new Linear(2, 1, { bias: false }), new Tanh())
 * model.apply(init.zeros())
 * const { rows, loss } = gradientFlow(model, mse, { x: tensor([[3, 4]]), y: tensor([[1]]) })
 * loss               // 1
 * // the derivative by the weights is -2 [3, 4]
 * rows[0].gradient   // 10
 */
export function gradientFlow(model: Model, loss: Loss, batch: Batch<AnyTensor, AnyTensor>): GradientFlow {
  takes(arguments)
  return flowOf('gradientFlow', model, loss, batch)
}

/** @param owner whose messages these are */
export const flowOf = (
  owner: string,
  model: Model,
  loss: Loss,
  { x, y }: Batch<AnyTensor, AnyTensor>,
): GradientFlow => {
  refuseInCompiled(owner, 'call it outside, between the steps')
  const parameters = Object.fromEntries([...model.namedParameters()].filter(([, { requiresGrad }]) => requiresGrad))
  if (Object.keys(parameters).length === 0) {
    throw new TrainingError(
      `${owner}: the model has no parameters to train, so there are no gradients; unfreeze() some.`,
    )
  }
  let sights = new Map<string, Sight>()
  const lossAt = (state: Readonly<Record<string, AnyTensor>>, x: AnyTensor): AnyTensor => {
    const copy = standIn<Module>(model, state, true)
    const byModule = lookAt(copy.modules())
    sights = new Map([...copy.namedModules()].map(([path, module]) => [path, byModule.get(module)!]))
    return requireScalar(owner, loss(outputOf(copy as Model, x), y as Tensor))
  }
  const isFloat = x.dtype === 'float32' || x.dtype === 'float64'
  const [value, gradients] = untouched(model, () => {
    // by x as well: what comes back to modules without parameters, at the front, is asked for too
    if (isFloat) {
      const [value, [gradients]] = valueAndGrad(
        (both: [typeof parameters, AnyTensor]) => lossAt(...both) as Tensor<[]>,
      )([parameters, x.detach()])
      return [value, gradients] as const
    }
    return valueAndGrad((state: typeof parameters) => lossAt(state, x) as Tensor<[]>)(parameters)
  })
  const byParameter = new Map(Object.entries(parameters).map(([path, parameter]) => [parameter, gradients[path]!]))
  const rows = [...model.namedModules()].map(([path, module]) => rowOf(path, module, sights.get(path)!, byParameter))
  return { loss: value.item(), rows, toString: () => tableOf(rows) }
}

const requireScalar = (owner: string, loss: unknown): AnyTensor => {
  if (loss instanceof Tensor && loss.shape.length === 0) return loss
  const what = loss instanceof Tensor ? `${loss}` : loss instanceof Promise ? 'a promise' : `of type ${typeof loss}`
  throw new TrainingError(
    `${owner}: the loss is ${what}; return a tensor without axes from the loss function, as mse does.`,
  )
}

/** Calls in training mode, and gives random generators back as they were. */
const untouched = <R>(model: Model, call: () => R): R => createAside(model, [])(() => createMode(model, true)(call))

const rowOf = (path: string, module: Module, sight: Sight, gradients: ReadonlyMap<Tensor, AnyTensor>): FlowRow => {
  const parameters = module.parameters()
  const own = parameters.flatMap((parameter) => gradients.get(parameter) ?? [])
  return {
    path,
    kind: module.constructor.name,
    calls: sight.calls,
    activation: activationOf(sight),
    cotangent: cotangentOf(sight),
    weight: normOf(parameters),
    gradient: normOf(own),
    saturated: saturationOf(sight),
    dead: deathOf(sight),
  }
}

/** null of none. */
const normOf = (tensors: readonly AnyTensor[]): number | null =>
  tensors.length === 0 ? null : norm(tensors.map((tensor) => elementsOf(tensor as Tensor)!))
