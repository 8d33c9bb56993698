import type { Node } from '../graph/node.js'
import { noGrad } from '../graph/tracking.js'
import { sum } from '../ops/broadcast.js'
import { elementwise } from '../ops/elementwise.js'
import { type Fn, jvp, vjp } from '../transforms/grad.js'
import { restoring } from './captured.js'
import { type Coordinates, coordinatesOf, toTensors, toVector } from './coordinates.js'

/** What is checked: a function from one vector to another, and its Jacobian J as both modes apply it. */
export interface Subject {
  readonly inputs: Coordinates
  readonly outputs: Coordinates
  readonly point: Float64Array
  value(point: Float64Array): Float64Array
  /** J u */
  forward(point: Float64Array, direction: Float64Array): Float64Array
  /** J' v */
  reverse(point: Float64Array, cotangent: Float64Array): Float64Array
}

/** A function of the float tensors alone; whatever else stands in the trees is carried along. */
export type Program = (tensors: readonly Node[]) => readonly Node[]

/** A subject made of tensor ops, of which other subjects can be derived. */
export interface TensorSubject extends Subject {
  readonly program: Program
  readonly like: Node
  /** What f closes over, and is varied: the last of the inputs. The program lets them pose as these. */
  readonly captured: readonly Node[]
}

export const subjectFrom = (
  program: Program,
  inputs: Coordinates,
  outputs: Coordinates,
  point: Float64Array,
  like: Node,
  captured: readonly Node[],
): TensorSubject => {
  const list = ((...tensors: Node[]) => program(tensors)) as Fn
  return {
    program,
    like,
    captured,
    inputs,
    outputs,
    point,
    value: (at) =>
      restoring(captured, () =>
        toVector(
          noGrad(() => program(toTensors(at, inputs, like))),
          outputs,
          'the result',
        ),
      ),
    forward: (at, direction) =>
      restoring(captured, () => {
        const [, tangents] = jvp(list, toTensors(at, inputs, like), toTensors(direction, inputs, like))
        return toVector(tangents as Node[], outputs, 'the tangents')
      }),
    reverse: (at, cotangent) =>
      restoring(captured, () => {
        const [, pullback] = vjp(list, ...toTensors(at, inputs, like))
        return toVector(pullback(toTensors(cotangent, outputs, like)) as Node[], inputs, 'the cotangents')
      }),
  }
}

/** The gradient of `<cotangent, f>` by reverse mode, as a function of the inputs of f. */
export const gradientOf = (subject: TensorSubject, cotangent: Float64Array): TensorSubject => {
  const { program, inputs, outputs, point, like, captured } = subject
  const gradient: Program = (tensors) => {
    const [, pullback] = vjp(((...args: Node[]) => program(args)) as Fn, ...tensors)
    return pullback(toTensors(cotangent, outputs, like)) as Node[]
  }
  const to = coordinatesOf(inputs.leaves.map((leaf) => ({ ...leaf, path: `gradient by ${leaf.path}` })))
  return subjectFrom(gradient, inputs, to, point, like, captured)
}

/** `<cotangent, J direction>` by forward mode, as a function of the inputs of f: its gradient is the Hessian's product. */
export const slopeOf = (subject: TensorSubject, cotangent: Float64Array, direction: Float64Array): TensorSubject => {
  const { program, inputs, outputs, point, like, captured } = subject
  const weights = toTensors(cotangent, outputs, like)
  const slope: Program = (tensors) => {
    const list = ((...args: Node[]) => program(args)) as Fn
    const [, tangents] = jvp(list, tensors, toTensors(direction, inputs, like))
    const terms = (tangents as Node[]).map((tangent, i) => sum(elementwise.mul(tangent, weights[i]!)))
    return [terms.reduce((a, b) => elementwise.add(a, b))]
  }
  const dtype = outputs.leaves.some((leaf) => leaf.dtype === 'float64') ? 'float64' : 'float32'
  return subjectFrom(slope, inputs, coordinatesOf([{ path: 'slope', shape: [], dtype }]), point, like, captured)
}
