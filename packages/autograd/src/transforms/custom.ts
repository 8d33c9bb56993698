import { GradientError, ShapeError } from '../graph/errors.js'
import { refuseForeignTensor } from '../graph/foreign.js'
import { type Cotangents, link, Node, type Op, type Recorded } from '../graph/node.js'
import { formatShape, sameShape } from '../graph/shape.js'
import { requireSync, withTracking } from '../graph/tracking.js'
import { type Spec, share, specOf } from '../graph/value.js'
import { shown } from '../graph/words.js'
import { sum } from '../ops/broadcast.js'
import { zerosLike } from '../ops/constant.js'
import { elementwise } from '../ops/elementwise.js'
import { type Fn, grad, vjp } from './grad.js'
import { applied } from './user-rule.js'

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
  const refusals = { vjp: refusalOf(custom, 'vjp'), jvp: refusalOf(custom, 'jvp') }

  const cotangentsOf = (cotangent: Node, node: Recorded): Cotangents => {
    const rule = custom.vjp
    if (rule === undefined) return transposed(cotangent, node)
    const like = node.inputs.map(specOf)
    const run = ([given, ...nodes]: readonly Node[]) => {
      const all = requireSync(`${name}.vjp`, rule(given!, nodes.slice(0, -1), nodes.at(-1)!))
      requireCotangents(name, all, like)
      return all
    }
    return applied({ op: name, run, refusal: refusals.vjp }, [cotangent, ...node.inputs, node])
  }

  const tangentOf = (tangents: readonly Node[], node: Recorded): Node => {
    const rule = custom.jvp
    if (rule === undefined) return pushed(tangents, node)
    const count = tangents.length
    const like = specOf(node)
    const run = (nodes: readonly Node[]) => {
      const tangent = rule(nodes.slice(0, count), nodes.slice(count, -1), nodes.at(-1)!)
      requireLike(name, 'jvp rule returned', requireSync(`${name}.jvp`, tangent), like)
      return [tangent]
    }
    return applied({ op: name, run, refusal: refusals.jvp }, [...tangents, ...node.inputs, node])[0]!
  }

  /** The vjp as the transpose of the jvp rule. */
  const transposed = (cotangent: Node, node: Recorded): Cotangents => {
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
    return grad(along, {}, name)(zerosLike(node)) as Node
  }

  const op: Op<null> = {
    name,
    vjp: cotangentsOf,
    jvp: (tangents, node) =>
      tangentOf(
        tangents.map((tangent, i) => tangent ?? zerosLike(node.inputs[i]!)),
        node,
      ),
  }
  return (...inputs) => {
    if (inputs.length === 0 || !inputs.every((input) => input instanceof Node)) {
      inputs.forEach((input, i) => {
        refuseForeignTensor(`${name}: argument ${i + 1}`, input)
      })
      throw new ShapeError(`${name}: its arguments must be tensors; close over anything else.`)
    }
    const run = (nodes: readonly Node[]): readonly Node[] => {
      const output: unknown = requireSync(`${name}.forward`, forward(...nodes))
      if (output instanceof Node) return [output]
      throw new ShapeError(`${name}: forward returned ${shown(output)}; it must return a tensor.`)
    }
    // nothing that it looks at is tracked
    const plain = inputs.map((input) => input.make(share(input.value)))
    const [output] = withTracking(0, () => applied({ op: name, run, refusal: '' }, plain))
    return link(share(output!.value), op, inputs, null)
  }
}

const refusalOf = ({ name, vjp, jvp }: CustomOp, rule: 'vjp' | 'jvp'): string => {
  const [mode, other, missing] =
    rule === 'vjp'
      ? (['reverse', 'forward', jvp === undefined ? 'jvp' : null] as const)
      : (['forward', 'reverse', vjp === undefined ? 'vjp' : null] as const)
  return (
    `${name}: its ${rule} rule looks at elements (by data, item(), toArray() or assign()), and what it makes of them has ` +
    `no derivative: the op is once differentiable${missing === null ? '' : `, in ${mode} mode`}. Write the rule with ` +
    `tensor ops for second order${missing === null ? '' : `, or give customOp a ${missing} rule for ${other} mode`}.`
  )
}

// a rule in a compiled function outlives the nodes that it was traced with

const missing = (name: string): GradientError =>
  new GradientError(
    `${name}: it has neither a vjp nor a jvp rule; give customOp one of them to differentiate through it.`,
  )

const requireCotangents = (name: string, all: readonly (Node | null)[], like: readonly Spec[]): void => {
  if (!Array.isArray(all)) {
    throw new GradientError(
      `${name}: its vjp rule returned ${shown(all)}; return an array of one cotangent for each input, null where it has ` +
        'no derivative.',
    )
  }
  if (all.length !== like.length) {
    throw new GradientError(
      `${name}: its vjp rule returned ${all.length} cotangents for ${like.length} inputs; ` +
        'return one for each input, null where it has no derivative.',
    )
  }
  all.forEach((found: Node | null, i) => {
    if (found !== null) requireLike(name, `vjp rule returned, for input ${i},`, found, like[i]!)
  })
}

const requireLike = (name: string, what: string, found: unknown, like: Spec): void => {
  if (!(found instanceof Node)) {
    refuseForeignTensor(`${name}: what its ${what.replace(/,$/, '')}`, found)
    throw new GradientError(`${name}: its ${what} ${String(found)} where a tensor belongs.`)
  }
  if (!sameShape(found.sizes, like.shape)) {
    throw new GradientError(
      `${name}: its ${what} shape ${formatShape(found.sizes)} where ${formatShape(like.shape)} belongs; ` +
        'sum over what was broadcast.',
    )
  }
  if (found.dtype !== like.dtype) {
    throw new GradientError(`${name}: its ${what} dtype ${found.dtype} where ${like.dtype} belongs; cast it.`)
  }
}
