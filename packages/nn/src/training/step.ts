import { type AnyTensor, CompileError, compile, guard, Tensor, verify } from '@adjoint/autograd'
import type { Batch } from '../data/batch.js'
import { TrainingError } from '../errors.js'
import type { Optimizer } from '../optimizers/optimizer.js'
import { type Loss, type Model, outputOf } from './evaluate.js'
import { warnOfUntrained } from './untrained.js'

interface StepOptions {
  readonly loss: Loss
  readonly optimizer: Optimizer
  readonly compile?: boolean
}

/** What one batch does to a model: the loss, its gradients and a step of the optimizer. */
export const createStep = (model: Model, { loss: lossOf, optimizer, compile: compiles = true }: StepOptions) => {
  /** Looks at the loss before anything changes. */
  let examine: (loss: number) => void = () => {}
  let isFirst = true
  const settings = settingsOf([...model.modules(), optimizer])

  const train = (x: Tensor, y: Tensor): Tensor => {
    for (const read of settings) guard(read)
    const loss = requireLoss(lossOf(outputOf(model, x), y))
    if (loss.size === 1) verify(loss, ([value]) => examine(value!))
    optimizer.zeroGrad()
    loss.backward()
    if (isFirst) {
      isFirst = false
      warnOfUntrained(model, optimizer, loss)
    }
    optimizer.step()
    return loss
  }
  const predict = (x: Tensor): Tensor => {
    for (const read of settings) guard(read)
    return outputOf(model, x)
  }
  const run = compiles ? compiled(train) : uncompiled(train)
  const forward = compiles ? compiled(predict) : uncompiled(predict)

  return {
    step: ({ x, y }: Batch<AnyTensor, AnyTensor>, look: (loss: number) => void): number => {
      examine = look
      return run.call(x as Tensor, y as Tensor).item()
    },
    /** Compiles for such a batch, letting others run; null where that has been done. */
    prepare: ({ x, y }: Batch<AnyTensor, AnyTensor>): Promise<void> | null => run.prepare(x as Tensor, y as Tensor),
    /** The model's output. */
    forward: forward.call,
    /** Gives back the memory of the compiled programs. */
    finish: (): void => {
      run.release()
      forward.release()
    },
  }
}

const requireLoss = (loss: unknown): Tensor => {
  if (loss instanceof Tensor) return loss
  const what = loss instanceof Promise ? 'a promise' : `of type ${typeof loss}`
  throw new TrainingError(`fit: the loss is ${what}; return a tensor without axes from the loss function, as mse does.`)
}

interface Program<A extends unknown[]> {
  readonly call: (...args: A) => Tensor
  readonly prepare: (...args: A) => Promise<void> | null
  readonly release: () => void
}

const uncompiled = <A extends unknown[]>(call: (...args: A) => Tensor): Program<A> => ({
  call,
  prepare: () => null,
  release: () => {},
})

/** `compile`, with the way out of it that training has. */
const compiled = <A extends unknown[]>(f: (...args: A) => Tensor): Program<A> => {
  const run = compile(f)
  return {
    call: (...args) => {
      try {
        return run(...args)
      } catch (error) {
        throw explained(error)
      }
    },
    prepare: (...args) => {
      try {
        return run.prepare(...args)?.catch((error: unknown) => Promise.reject(explained(error))) ?? null
      } catch (error) {
        throw explained(error)
      }
    },
    release: run.release,
  }
}

const explained = (error: unknown): unknown =>
  error instanceof CompileError
    ? new TrainingError(`fit: this cannot be compiled. ${error.message} Or train with compile: false.`, {
        cause: error,
      })
    : error

/** The properties of objects that are no objects themselves, each as a function that reads it. */
const settingsOf = (objects: readonly object[]): (() => unknown)[] =>
  objects.flatMap((object) =>
    Object.entries(object)
      .filter(([, value]) => value === null || (typeof value !== 'object' && typeof value !== 'function'))
      .map(
        ([name]) =>
          () =>
            (object as Record<string, unknown>)[name],
      ),
  )
