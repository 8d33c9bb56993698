import { isFloat } from '../../graph/dtype.js'
import type { Node } from '../../graph/node.js'
import { unravel } from '../../graph/shape.js'
import { denseData, share, type Value } from '../../graph/value.js'
import { examplesOf, wholeValue } from '../../inspect/trace/examples.js'
import type { Random } from '../../tensor/random.js'
import { type Fn, jvp, vjp } from '../../transforms/grad.js'
import { coordinatesOf } from '../subject/coordinates.js'
import type { Parts, Program } from '../subject/subject.js'
import { weights } from '../subject/vectors.js'
import { resultsIn, type Step } from './tape.js'

/** How many examples a step computed at once, in functions that are mapped. */
export const examplesIn = (step: Step): number => axesOf(step).reduce((a, b) => a * b, 1)

const axesOf = ({ values }: Step): readonly number[] => examplesOf(values[0]!)

/** What a value is for one of the examples. */
const exampleOf = (value: Value, axes: readonly number[], example: number): Value => {
  if (axes.length === 0) return value
  const { data, dtype, shape, strides, offset } = share(wholeValue(value, axes))
  const index = unravel(example, axes)
  const start = index.reduce((at, place, axis) => at + place * strides[axis]!, offset)
  const rest = axes.length
  return { data, dtype, shape: shape.slice(rest), strides: strides.slice(rest), offset: start, shared: true }
}

/**
 * One op as a function of those of its inputs by which it is differentiated, at what they were; null where it gives no floats.
 *
 * @param example of a function that is mapped; 0 where none is
 * @param spend is told of each run
 */
export const partsOfStep = (
  step: Step,
  like: Node,
  example: number,
  spend: (elements: number) => void,
): Parts | null => {
  const axes = axesOf(step)
  const given = step.given.map(({ value }) => like.make(share(exampleOf(value, axes, example))))
  const places = [...step.given.keys()].filter((i) => step.given[i]!.isTracked)
  const leaf = ({ sizes, dtype }: Node, path: string) => ({ path, shape: sizes, dtype })
  const inputs = coordinatesOf(places.map((i) => leaf(given[i]!, `${step.op.name}.input[${i}]`)))
  const floats = step.results.flatMap((node, i) => (isFloat(node.dtype) ? [i] : []))
  const outputs = coordinatesOf(
    floats.map((i) => leaf(step.results[i]!, step.results.length === 1 ? step.op.name : `${step.op.name}[${i}]`)),
  )
  if (inputs.size === 0 || outputs.size === 0) return null
  const point = new Float64Array(inputs.size)
  inputs.leaves.forEach(({ offset }, k) => {
    point.set(denseData(given[places[k]!]!.value), offset)
  })
  const program: Program = (tensors) => {
    spend(inputs.size + outputs.size)
    const all = resultsIn(step.apply(given.map((node, i) => tensors[places.indexOf(i)] ?? node)))
    return floats.map((i) => all[i]!)
  }
  return { program, inputs, outputs, point, like, captured: [] }
}

/** The value that was recorded. */
export const recordedValue = (step: Step, { outputs }: Parts, example: number): Float64Array => {
  const axes = axesOf(step)
  const floats = step.values.filter(({ dtype }) => isFloat(dtype))
  const vector = new Float64Array(outputs.size)
  outputs.leaves.forEach(({ offset }, i) => {
    vector.set(denseData(exampleOf(floats[i]!, axes, example)), offset)
  })
  return vector
}

/** The derivative of an op as a function: of its inputs, and of what comes back (`vjp`) or moves along (`jvp`). */
export const derivativeOf = (parts: Parts, rule: 'vjp' | 'jvp', random: Random): Parts => {
  const { inputs, outputs, program, point } = parts
  const f = ((...args: Node[]) => program(args)) as Fn
  const name = inputs.leaves[0]!.path.replace(/\.input\[\d+\]$/, '')
  const [seeds, results] = rule === 'vjp' ? [outputs, inputs] : [inputs, outputs]
  const seed = rule === 'vjp' ? 'cotangent' : 'tangent'
  const derivative: Program = (all) => {
    const at = all.slice(0, inputs.leaves.length)
    const along = all.slice(inputs.leaves.length)
    if (rule === 'jvp') return jvp(f, at, along)[1] as Node[]
    return vjp(f, ...at)[1](along) as Node[]
  }
  const called = seeds.leaves.map((leaf, i) => ({
    ...leaf,
    path: `${name}.${seed}${seeds.leaves.length === 1 ? '' : `[${i}]`}`,
  }))
  return {
    ...parts,
    program: derivative,
    inputs: coordinatesOf([...inputs.leaves, ...called]),
    outputs: coordinatesOf(
      results.leaves.map((leaf) => ({
        ...leaf,
        path: `${seed === 'tangent' ? 'tangent of' : 'cotangent of'} ${leaf.path}`,
      })),
    ),
    point: Float64Array.of(...point, ...weights(seeds.size, random)),
  }
}
