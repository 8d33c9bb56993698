import { CompileError, GradientError, ShapeError } from '../graph/errors.js'
import { link, Node, type Op, type Recorded } from '../graph/node.js'
import { formatShape, sameShape } from '../graph/shape.js'
import { tracer } from '../graph/tracer.js'
import { activeTracking, withTracking } from '../graph/tracking.js'
import type { Value } from '../graph/value.js'
import { sum } from '../ops/broadcast.js'
import { zerosLike } from '../ops/constant.js'
import { elementwise } from '../ops/elementwise.js'
import { type Fn, valueAndGrad, vjp } from './grad.js'

/** An op with a forward computation and derivative rules of its user's. */
export interface CustomOp {
  readonly name: string
  /** The value. It runs untracked: only the rules below say how it is differentiated. */
  readonly forward: (...inputs: Node[]) => Node
  /** The cotangents of the inputs, given that of the output; null where there is none. */
  readonly vjp?: ((cotangent: Node, inputs: Node[], output: Node) => readonly (Node | null)[]) | undefined
  /** The tangent of the output, given those of the inputs. */
  readonly jvp?: ((tangents: Node[], inputs: Node[], output: Node) => Node) | undefined
}

/**
 * A function that records `custom` as one node. One rule is enough for both modes: either is the transpose of the other,
 * and linear in what it is given, so differentiating the one yields the other.
 */
export const customOp = (custom: CustomOp): ((...inputs: Node[]) => Node) => {
  const { name, forward } = custom
  // the latest answer, good for the same cotangent while the same differentiations record
  const pulled = new WeakMap<Node, { cotangent: Node; tracking: number; all: readonly (Node | null)[] }>()

  const cotangentsOf = (cotangent: Node, node: Recorded): readonly (Node | null)[] => {
    const last = pulled.get(node)
    const tracking = activeTracking()
    if (last?.cotangent === cotangent && last.tracking === tracking) return last.all
    const all = custom.vjp ? pull(custom.vjp, cotangent, node) : transposed(cotangent, node)
    if (all.length !== node.inputs.length) {
      throw new GradientError(
        `${name}: its vjp rule returned ${all.length} cotangents for ${node.inputs.length} inputs; ` +
          'return one for each input, null where it has no derivative.',
      )
    }
    all.forEach((found, i) => {
      if (found !== null) requireLike(name, `vjp rule returned, for input ${i},`, found, node.inputs[i]!)
    })
    pulled.set(node, { cotangent, tracking, all })
    return all
  }

  const tangentOf = (tangents: readonly Node[], node: Recorded): Node => {
    if (custom.jvp === undefined) return pushed(tangents, node)
    const rule = custom.jvp
    const count = tangents.length
    const [tangent] = applied(
      (nodes) => [rule(nodes.slice(0, count), nodes.slice(count, -1), nodes.at(-1)!)],
      [...tangents, ...node.inputs, node],
    )
    requireLike(name, 'jvp rule returned', tangent, node)
    return tangent as Node
  }

  /** The vjp as the transpose of the jvp rule. */
  const transposed = (cotangent: Node, node: Recorded): readonly (Node | null)[] => {
    if (custom.jvp === undefined) throw missing(name)
    const alongTangents = ((...tangents: Node[]) => tangentOf(tangents, node)) as Fn
    const [, pullback] = vjp(alongTangents, ...node.inputs.map((input) => zerosLike(input)))
    return pullback(cotangent) as Node[]
  }

  /** The jvp as the transpose of the vjp rule (the "double backward trick"). */
  const pushed = (tangents: readonly Node[], node: Recorded): Node => {
    if (custom.vjp === undefined) throw missing(name)
    const along = ((cotangent: Node) =>
      cotangentsOf(cotangent, node)
        .flatMap((found, i) => (found === null ? [] : [sum(elementwise.mul(found, tangents[i]!))]))
        .reduce((total, term) => elementwise.add(total, term), zerosLike(node, { shape: [], dtype: node.dtype }))) as Fn
    return valueAndGrad(along, name)(zerosLike(node))[1] as Node
  }

  const op: Op<null> = {
    name,
    compute: (inputs) => forward(...inputs),
    vjp: (cotangent, node, index) => cotangentsOf(cotangent, node)[index] ?? null,
    jvp: (tangents, node) =>
      tangentOf(
        tangents.map((tangent, i) => tangent ?? zerosLike(node.inputs[i]!)),
        node,
      ),
  }
  return (...inputs) => {
    if (inputs.length === 0 || !inputs.every((input) => input instanceof Node)) {
      throw new ShapeError(`${name}: its arguments must be tensors; close over anything else.`)
    }
    const compute = (nodes: Node[]): readonly Node[] => {
      const output: unknown = forward(...nodes)
      if (output instanceof Node) return [output]
      throw new ShapeError(`${name}: forward returned ${String(output)}; it must return a tensor.`)
    }
    const plain = inputs.map((input) => input.make(input.value))
    const [output] = withTracking(0, () => applied(compute, plain))
    return link(output!.value, op, inputs, null)
  }
}

type Rule = (nodes: Node[]) => readonly (Node | null)[]

const pull = (vjp: NonNullable<CustomOp['vjp']>, cotangent: Node, node: Recorded): readonly (Node | null)[] =>
  applied(([first, ...rest]) => vjp(first!, rest.slice(0, -1), rest.at(-1)!), [cotangent, ...node.inputs, node])

/** What a user's rule gives. In a compiled function, one that looks at elements runs as it is at each call. */
const applied = (rule: Rule, nodes: Node[]): readonly (Node | null)[] => {
  if (tracer === null) return rule(nodes)
  try {
    return rule(nodes)
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    const onValues = (values: readonly Value[]) =>
      rule(values.map((value, i) => nodes[i]!.make(value))).map((result) => result?.value ?? null)
    const results = tracer.call(
      nodes.map(({ value }) => value),
      onValues,
    )
    return results.map((value) => (value === null ? null : nodes[0]!.make(value)))
  }
}

const missing = (name: string): GradientError =>
  new GradientError(
    `${name}: it has neither a vjp nor a jvp rule; give customOp one of them to differentiate through it.`,
  )

const requireLike = (name: string, what: string, found: unknown, like: Node): void => {
  if (!(found instanceof Node)) {
    throw new GradientError(`${name}: its ${what} ${String(found)} where a tensor belongs.`)
  }
  if (!sameShape(found.shape, like.shape)) {
    throw new GradientError(
      `${name}: its ${what} shape ${formatShape(found.shape)} where ${formatShape(like.shape)} belongs; ` +
        'sum over what was broadcast.',
    )
  }
  if (found.dtype !== like.dtype) {
    throw new GradientError(`${name}: its ${what} dtype ${found.dtype} where ${like.dtype} belongs; cast it.`)
  }
}
