import { type AnyTensor, ArgumentError, closest, kinds, refuseForeignTensor, Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { ModuleError } from '../errors.js'
import { isIterable, isObject } from '../kinds.js'
import { formatShape, sameShape } from '../shapes.js'
import { Module, standIn } from './module.js'
import { runnable } from './runnable.js'

/** Tensors by dotted path, as `namedParameters()` and `namedBuffers()` have them. */
export interface ModuleState {
  readonly [path: string]: AnyTensor
}

interface Runs {
  forward(...inputs: unknown[]): unknown
}
type Inputs<M> = M extends { forward(...inputs: infer A): unknown } ? A : never
type Output<M> = M extends { forward(...inputs: never): infer Y } ? Y : never

const takes = checker('functionalCall', {
  model: runnable,
  state: kinds.kind(
    'tensors by path: { ...model.stateDict() }',
    (thing) => isObject(thing) && !isIterable(thing) && !(thing instanceof Tensor) && !(thing instanceof Module),
  ),
})

/**
 * What a model gives for inputs, with other tensors in the place of its parameters and buffers: a function of its
 * arguments alone, for every transform. The model stays as it is, and so do its buffers: what `forward` would have given
 * them is the second result.
 *
 * @param state tensors by path, of the shapes and dtypes of the model's; those that are not given are the model's own
 * @returns the output, and all buffers by path
 * @throws ModuleError for a path that the model does not have, and for another shape or dtype
 * @example
 * const model = new Linear(3, 2)
 * const state = Object.fromEntries(model.namedParameters())
 * const [output] = functionalCall(model, state, zeros([4, 3]))
 * output.shape   // [4, 2]
 * @example
 * // an ensemble: the same model with five states, stacked
 * const model = new Linear(3, 2)
 * const weights = { weight: zeros([5, 3, 2]), bias: zeros([5, 2]) }
 * const each = vmap((state: typeof weights, x: Tensor) => functionalCall(model, state, x as never)[0], { in: [0, null] })
 * each(weights, zeros([4, 3])).shape   // [5, 4, 2]
 */
export const functionalCall = <M extends Module & { forward(...inputs: never): unknown }>(
  model: M,
  state: ModuleState,
  ...inputs: Inputs<M>
): [output: Output<M>, buffers: Record<string, Tensor>] => {
  takes([model, state])
  requireState(model, state)
  const copy = standIn(model, state, true)
  const output = (copy as unknown as Runs).forward(...(inputs as unknown[])) as Output<M>
  return [output, Object.fromEntries(copy.namedBuffers())]
}

const requireState = (model: Module, state: ModuleState): void => {
  const own = new Map([...model.namedParameters(), ...model.namedBuffers()])
  for (const [path, given] of Object.entries(state)) {
    const slot = own.get(path)
    refuseForeignTensor(`functionalCall: '${path}'`, given)
    if (slot === undefined) {
      const near = closest(path, own.keys())
      const hint = near === undefined ? 'it has none: leave it out' : `did you mean '${near}'?`
      throw new ModuleError(`functionalCall: ${model.constructor.name} has no parameter or buffer '${path}'; ${hint}`)
    }
    if (!(given instanceof Tensor)) {
      throw new ArgumentError(`functionalCall: '${path}' is no tensor; give one, ${slot}.`)
    }
    if (given.dtype === slot.dtype && sameShape(given.shape, slot.shape)) continue
    throw new ModuleError(
      `functionalCall: '${path}' is ${given.dtype}${formatShape(given.shape)}, and ${model.constructor.name} has ${slot.dtype}${formatShape(slot.shape)} ` +
        'there; give a tensor of that shape and dtype (stacked states belong to vmap: { in: [0, ...] }).',
    )
  }
}
