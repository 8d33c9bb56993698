import type { Tensor } from '@adjoint/autograd'
import { Linear } from '../layers/linear.js'
import { Convolution } from '../layers/windows/convolution.js'
import { TransposedConvolution } from '../layers/windows/transposed.js'
import { withCotangents } from '../module/hooks.js'
import type { Module } from '../module/module.js'
import { tensorsIn } from '../module/tensors-in.js'
import { type Curve, curveOf } from './curves.js'
import { type Elements, elementsOf, norm } from './norms.js'

/** What the forwards of one module gave, and what came back to them. */
export interface Sight {
  calls: number
  readonly outputs: Tensor[]
  readonly cotangents: Tensor[]
  readonly curved: Curved[]
}

/** An output that has gone through a curve. */
interface Curved {
  readonly curve: Curve
  readonly output: Tensor
  readonly input: Tensor | undefined
  /** Along which axis its units stand. */
  readonly axis: number
}

const isFloat = ({ dtype }: Tensor): boolean => dtype === 'float32' || dtype === 'float64'

/** Takes down what the forwards of modules give and what comes back to them, by module. */
export const lookAt = (modules: Iterable<Module>): Map<Module, Sight> => {
  const sights = new Map<Module, Sight>()
  /** How many axes of places stand behind the channels; null where features are last. */
  let places: number | null = null
  for (const module of modules) {
    const sight: Sight = { calls: 0, outputs: [], cotangents: [], curved: [] }
    sights.set(module, sight)
    const curve = curveOf(module)
    module.afterForward((output, inputs) => {
      sight.calls++
      const tensors = tensorsIn(output).filter(isFloat)
      sight.outputs.push(...tensors)
      if (module instanceof Linear) places = null
      if (module instanceof Convolution || module instanceof TransposedConvolution) {
        places = module.weight.shape.length - 2
      }
      const [first] = tensors
      if (curve !== null && first !== undefined) {
        const axis = Math.max(0, first.shape.length - 1 - (places ?? 0))
        sight.curved.push({ curve, output: first, input: tensorsIn(inputs)[0], axis })
      }
      if (tensors.length === 0) return undefined
      return withCotangents('gradientFlow', output, (cotangent) => {
        sight.cotangents.push(cotangent)
        return cotangent
      })
    })
  }
  return sights
}

/** The elements of all tensors; null where there are none, or some have none. */
const allOf = (tensors: readonly Tensor[]): Elements[] | null => {
  const arrays = tensors.map(elementsOf)
  return arrays.length > 0 && arrays.every((array) => array !== null) ? (arrays as Elements[]) : null
}

/** The root of the mean of the squares of the outputs. */
export const activationOf = ({ outputs }: Sight): number | null => {
  const arrays = allOf(outputs)
  if (arrays === null) return null
  const count = arrays.reduce((sum, { length }) => sum + length, 0)
  return count === 0 ? null : norm(arrays) / Math.sqrt(count)
}

export const cotangentOf = ({ cotangents }: Sight): number | null => {
  const arrays = allOf(cotangents)
  return arrays && norm(arrays)
}

/** The share of elements at which a curve with bounds is flat. */
export const saturationOf = ({ curved }: Sight): number | null => {
  let [flat, count] = [0, 0]
  for (const { curve, output, input } of curved) {
    if (curve.isFlat === undefined) return null
    const y = elementsOf(output)
    const x = input && elementsOf(input)
    if (y === null || x === null) return null
    count += y.length
    for (let i = 0; i < y.length; i++) if (curve.isFlat(y[i]!, x?.[i] ?? 0)) flat++
  }
  return count === 0 ? null : flat / count
}

/** The share of units whose output was 0 for all that they have seen. */
export const deathOf = ({ curved }: Sight): number | null => {
  const alive: boolean[] = []
  for (const { curve, output, axis } of curved) {
    const y = elementsOf(output)
    if (!curve.dies || y === null) return null
    const units = output.shape[axis] ?? 1
    const inner = output.shape.slice(axis + 1).reduce((product, size) => product * size, 1)
    for (let unit = 0; unit < units; unit++) alive[unit] ??= false
    for (let i = 0; i < y.length; i++) if (y[i] !== 0) alive[Math.floor(i / inner) % units] = true
  }
  return alive.length === 0 ? null : alive.filter((is) => !is).length / alive.length
}
