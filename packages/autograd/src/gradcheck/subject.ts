import { isFloat } from '../graph/dtype.js'
import { GradientError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { noGrad, requireSync } from '../graph/tracking.js'
import { leavesOf, mapTree } from '../graph/tree.js'
import { denseData, share } from '../graph/value.js'
import { sum } from '../ops/broadcast.js'
import { cast } from '../ops/cast.js'
import { elementwise } from '../ops/elementwise.js'
import { type Fn, jvp, vjp } from '../transforms/grad.js'
import { type Coordinates, coordinatesOf, toTensors, toVector } from './coordinates.js'
import { pathsOf, refuseHidden } from './names.js'

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
type Program = (tensors: readonly Node[]) => readonly Node[]

/** A subject made of tensor ops, of which other subjects can be derived. */
export interface TensorSubject extends Subject {
  readonly program: Program
  readonly like: Node
}

const subjectFrom = (
  program: Program,
  inputs: Coordinates,
  outputs: Coordinates,
  point: Float64Array,
  like: Node,
): TensorSubject => {
  const list = ((...tensors: Node[]) => program(tensors)) as Fn
  return {
    program,
    like,
    inputs,
    outputs,
    point,
    value: (at) =>
      toVector(
        noGrad(() => program(toTensors(at, inputs, like))),
        outputs,
        'the result',
      ),
    forward: (at, direction) => {
      const [, tangents] = jvp(list, toTensors(at, inputs, like), toTensors(direction, inputs, like))
      return toVector(tangents as Node[], outputs, 'the tangents')
    },
    reverse: (at, cotangent) => {
      const [, pullback] = vjp(list, ...toTensors(at, inputs, like))
      return toVector(pullback(toTensors(cotangent, outputs, like)) as Node[], inputs, 'the cotangents')
    },
  }
}

/** Of each call its own: what f writes to a buffer is gone after it. */
const inFloat64 = (buffer: Node): Node =>
  buffer.dtype === 'float32' ? cast(buffer, 'float64') : buffer.make(share(buffer.value))

/** `f` as a function of one vector: of all elements of the float tensors in `inputs`, as float64. */
export const subjectOf = (f: Fn, inputs: readonly unknown[]): TensorSubject => {
  const leaves = leavesOf(inputs, 'gradcheck: input', { other: refuseHidden }).filter(({ node }) => isFloat(node.dtype))
  const paths = pathsOf(leaves)
  const like = leaves[0]?.node
  if (like === undefined) {
    throw new GradientError(
      'gradcheck: the inputs hold no float tensor to differentiate by; pass an array of arguments for f, ' +
        'each a tensor, or an array or plain object of tensors.',
    )
  }
  const from = coordinatesOf(
    leaves.map(({ node }, i) => ({ path: `input${paths[i]}`, shape: node.sizes, dtype: 'float64' })),
  )
  const point = new Float64Array(from.size)
  from.leaves.forEach(({ offset }, i) => {
    point.set(denseData(leaves[i]!.node.value), offset)
  })
  const outputsOf = (tensors: readonly Node[]) => {
    let next = 0
    const replace = (leaf: Node) => (isFloat(leaf.dtype) ? tensors[next++]! : leaf)
    const args = mapTree(inputs, 'gradcheck: input', replace, { buffer: inFloat64 })
    const result = requireSync('gradcheck', f(...(args as never[])))
    return leavesOf(result, 'gradcheck: the result').filter(({ node }) => isFloat(node.dtype))
  }
  const results = noGrad(() => outputsOf(toTensors(point, from, like)))
  if (results.length === 0)
    throw new GradientError(
      'gradcheck: f returned no float tensor, so it has no derivative; return one, or a tree of tensors.',
    )
  const to = coordinatesOf(
    results.map(({ node, path }) => ({ path: `output${path}`, shape: node.sizes, dtype: node.dtype })),
  )
  return subjectFrom((tensors) => outputsOf(tensors).map(({ node }) => node), from, to, point, like)
}

/** The gradient of `<cotangent, f>` by reverse mode, as a function of the inputs of f. */
export const gradientOf = (subject: TensorSubject, cotangent: Float64Array): TensorSubject => {
  const { program, inputs, outputs, point, like } = subject
  const gradient: Program = (tensors) => {
    const [, pullback] = vjp(((...args: Node[]) => program(args)) as Fn, ...tensors)
    return pullback(toTensors(cotangent, outputs, like)) as Node[]
  }
  const to = coordinatesOf(inputs.leaves.map((leaf) => ({ ...leaf, path: `gradient by ${leaf.path}` })))
  return subjectFrom(gradient, inputs, to, point, like)
}

/** `<cotangent, J direction>` by forward mode, as a function of the inputs of f: its gradient is the Hessian's product. */
export const slopeOf = (subject: TensorSubject, cotangent: Float64Array, direction: Float64Array): TensorSubject => {
  const { program, inputs, outputs, point, like } = subject
  const weights = toTensors(cotangent, outputs, like)
  const slope: Program = (tensors) => {
    const list = ((...args: Node[]) => program(args)) as Fn
    const [, tangents] = jvp(list, tensors, toTensors(direction, inputs, like))
    const terms = (tangents as Node[]).map((tangent, i) => sum(elementwise.mul(tangent, weights[i]!)))
    return [terms.reduce((a, b) => elementwise.add(a, b))]
  }
  const dtype = outputs.leaves.some((leaf) => leaf.dtype === 'float64') ? 'float64' : 'float32'
  return subjectFrom(slope, inputs, coordinatesOf([{ path: 'slope', shape: [], dtype }]), point, like)
}
