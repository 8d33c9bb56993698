import { withRandomRounding } from '../../execution/random-rounding.js'
import type { Node } from '../../graph/node.js'
import { noGrad } from '../../graph/tracking.js'
import { sum } from '../../ops/broadcast.js'
import { elementwise } from '../../ops/elementwise.js'
import { type Fn, jvp, pull, vjp } from '../../transforms/grad.js'
import { inScope } from '../../transforms/scope.js'
import { type PlainCall, withoutRules } from '../../transforms/without-rules.js'
import { restoring } from './captured.js'
import { type Coordinates, coordinatesOf, toTensors, toVector } from './coordinates.js'
import type { Doubt } from './doubt.js'
import type { Precision } from './precision.js'

/** A function from one vector to another. */
export interface Computed {
  value(point: Float64Array): Float64Array
  /** Runs it where each op rounds otherwise, at random; null where it is made of no ops. */
  readonly rounded: (<R>(draw: number, run: () => R) => R) | null
  readonly precision: Precision
}

/** What is checked: a function, and its Jacobian J as both modes apply it. */
export interface Subject extends Computed {
  readonly inputs: Coordinates
  readonly outputs: Coordinates
  readonly point: Float64Array
  /** J u */
  forward(point: Float64Array, direction: Float64Array): Float64Array
  /** J' v */
  reverse(point: Float64Array, cotangent: Float64Array): Float64Array
  /** The gradient of `<cotangent, f>` by reverse mode as a function of the same inputs; null where nothing can differentiate it. */
  readonly gradientOf: ((cotangent: Float64Array) => Subject) | null
  /** `<cotangent, J direction>` by forward mode as a function of the same inputs: its gradient is the Hessian's product. */
  readonly slopeOf: ((cotangent: Float64Array, direction: Float64Array) => Subject) | null
  /** Hands out what the function is made of at a point, the rules of its custom ops left aside; null where that is not known. */
  readonly plainly: (<T>(point: Float64Array, use: (plain: Plain) => T) => T) | null
  /** What it is made of; absent where those are no tensor ops. */
  readonly parts?: Parts
}

/** What a function is made of, custom ops being what their forwards do. */
export interface Plain {
  readonly calls: readonly PlainCall[]
  readonly roots: readonly Node[]
  readonly leaves: readonly Node[]
  /** J' v of that. */
  readonly reverse: (cotangent: Float64Array) => Float64Array
}

/** A subject, what was done to have it, and what it leaves out that cannot be varied. */
export interface Made {
  readonly subject: Subject
  readonly notes: readonly string[]
  readonly doubts: readonly Doubt[]
}

/** A function of the float tensors alone; whatever else stands in the trees is carried along. */
export type Program = (tensors: readonly Node[]) => readonly Node[]

/** What a subject of tensor ops is made of. */
export interface Parts {
  readonly program: Program
  readonly inputs: Coordinates
  readonly outputs: Coordinates
  readonly point: Float64Array
  readonly like: Node
  /** What f closes over, and is varied: the last of the inputs. The program lets them pose as these. */
  readonly captured: readonly Node[]
}

export const subjectFrom = (parts: Parts): Subject => {
  const { program, inputs, outputs, point, like, captured } = parts
  const list = ((...tensors: Node[]) => program(tensors)) as Fn
  return {
    inputs,
    outputs,
    point,
    parts,
    gradientOf: (cotangent) => gradientOf(parts, cotangent),
    slopeOf: (cotangent, direction) => slopeOf(parts, cotangent, direction),
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
    rounded: withRandomRounding,
    precision: 'float64',
    plainly: (at, use) =>
      restoring(captured, () => {
        const run = () => inScope('gradcheck', toTensors(at, inputs, like), list)
        const [{ leaves, inside }, calls] = withoutRules(run)
        const roots = inside as readonly Node[]
        const reverse = (cotangent: Float64Array): Float64Array => {
          const seeds = toTensors(cotangent, outputs, like)
          const found = pull(
            roots.map((root, i) => [root, seeds[i]!]),
            leaves,
          )
          return toVector(found, inputs, 'the cotangents')
        }
        return use({ calls, roots, leaves, reverse })
      }),
  }
}

const gradientOf = (parts: Parts, cotangent: Float64Array): Subject => {
  const { program, inputs, outputs, like } = parts
  const gradient: Program = (tensors) => {
    const [, pullback] = vjp(((...args: Node[]) => program(args)) as Fn, ...tensors)
    return pullback(toTensors(cotangent, outputs, like)) as Node[]
  }
  const to = coordinatesOf(inputs.leaves.map((leaf) => ({ ...leaf, path: `gradient by ${leaf.path}` })))
  return subjectFrom({ ...parts, program: gradient, outputs: to })
}

const slopeOf = (parts: Parts, cotangent: Float64Array, direction: Float64Array): Subject => {
  const { program, inputs, outputs, like } = parts
  const weights = toTensors(cotangent, outputs, like)
  const slope: Program = (tensors) => {
    const list = ((...args: Node[]) => program(args)) as Fn
    const [, tangents] = jvp(list, tensors, toTensors(direction, inputs, like))
    const terms = (tangents as Node[]).map((tangent, i) => sum(elementwise.mul(tangent, weights[i]!)))
    return [terms.reduce((a, b) => elementwise.add(a, b))]
  }
  const dtype = outputs.leaves.some((leaf) => leaf.dtype === 'float64') ? 'float64' : 'float32'
  return subjectFrom({ ...parts, program: slope, outputs: coordinatesOf([{ path: 'slope', shape: [], dtype }]) })
}
