import { countOperations, type DType, kinds, noGrad, type Shape, type Tensor, zeros } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { withModes } from './modes.js'
import { type Module, standIn } from './module.js'
import { runnable } from './runnable.js'
import { type SummaryRow, tableOf } from './summary-text.js'
import { tensorsIn } from './tensors-in.js'

/** What `summary` gives: data, and by `toString()` a table. */
export interface Summary {
  /** A row for each module, the model first, in the order of `namedModules()`. */
  readonly rows: readonly SummaryRow[]
  /** The table as text. */
  toString(): string
}

/** Of what the input is. */
export interface SummaryOptions {
  /** Default 'float32'; labels and indices are 'int32'. */
  readonly dtype?: DType
}

const takes = checker('summary', {
  model: runnable,
  inputs: kinds.kind('the shape of the input, such as [32, 784], or an array of what forward takes', Array.isArray),
  options: { dtype: kinds.dtype },
})

/**
 * The parts of a model: what goes in and comes out, parameters, operations and bytes. The model runs once, in evaluation
 * mode and unrecorded, and stays as it is.
 *
 * @param inputs the shape of the one tensor that forward takes, which is then zeros; or an array of all that it takes
 * @throws what forward throws for such an input
 * @example
 * const { rows } = summary(new Sequential(new Linear(4, 3), new ReLU()), [2, 4])
 * rows[0].parameters   // 15
 * rows[0].flops        // 2 * 2 * 4 * 3 + 2 * 3 + 2 * 3
 * rows[1].outputs      // [[2, 3]]
 */
export function summary(
  model: Module & { forward(...inputs: never): unknown },
  inputs: Shape | readonly unknown[],
  options: SummaryOptions = {},
): Summary {
  takes(arguments)
  const isShape = inputs.every((size) => typeof size === 'number')
  const given = isShape ? [zeros([...(inputs as Shape)], { dtype: options.dtype ?? 'float32' })] : inputs
  const copy = standIn<Module>(model, {}, true)
  const calls = new Map<Module, Call>()
  const modules = copy.namedModules()
  countOperations((soFar) => {
    for (const module of modules.values()) calls.set(module, watch(module, soFar))
    const evaluation = new Map([...modules.values()].map((module) => [module, false]))
    noGrad(() => withModes(evaluation, () => (copy as unknown as Runs).forward(...given)))
  })
  const own = model.namedModules()
  const rows = [...modules].map(([path, part]) => rowOf(path, own.get(path)!, calls.get(part)!))
  return { rows, toString: () => tableOf(rows) }
}

interface Runs {
  forward(...inputs: readonly unknown[]): unknown
}

interface Call {
  calls: number
  inputs: readonly Shape[]
  outputs: readonly Shape[]
  flops: number
  outputBytes: number
}

const bytesOf = (tensors: Iterable<Tensor>): number => {
  let bytes = 0
  for (const { size, dtype } of tensors) bytes += size * (dtype === 'float64' ? 8 : dtype === 'bool' ? 1 : 4)
  return bytes
}

/** Takes down what the forwards of a module do. */
const watch = (module: Module, soFar: () => number): Call => {
  const call: Call = { calls: 0, inputs: [], outputs: [], flops: 0, outputBytes: 0 }
  const begun: number[] = []
  module.beforeForward((inputs) => {
    call.calls++
    call.inputs = tensorsIn(inputs).map(({ shape }) => shape)
    begun.push(soFar())
    return undefined
  })
  module.afterForward((output) => {
    const tensors = tensorsIn(output)
    call.outputs = tensors.map(({ shape }) => shape)
    call.outputBytes += bytesOf(tensors)
    call.flops += soFar() - begun.pop()!
    return undefined
  })
  return call
}

const rowOf = (path: string, module: Module, call: Call): SummaryRow => {
  const parameters = module.parameters()
  const sizeOf = (tensors: readonly Tensor[]): number => tensors.reduce((sum, { size }) => sum + size, 0)
  const text = `${module}`
  return {
    path,
    kind: module.constructor.name,
    name: text.includes('\n') ? module.constructor.name : text,
    ...call,
    parameters: sizeOf(parameters),
    trainable: sizeOf(parameters.filter(({ requiresGrad }) => requiresGrad)),
    stateBytes: bytesOf([...parameters, ...module.namedBuffers().values()]),
  }
}
