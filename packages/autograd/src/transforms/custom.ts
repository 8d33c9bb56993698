import { isFloat } from '../graph/dtype.js'
import { ArgumentError, GradientError, ShapeError } from '../graph/errors.js'
import { refuseForeignTensor } from '../graph/foreign.js'
import { type Cotangents, latestId, link, Node, type Op, type Recorded } from '../graph/node.js'
import { formatShape, sameShape } from '../graph/shape.js'
import { activeTracking, requireSync } from '../graph/tracking.js'
import { rebuild } from '../graph/tree.js'
import { UnknownValue } from '../graph/unknown.js'
import { type Spec, share, specOf } from '../graph/value.js'
import { applying } from '../graph/watcher.js'
import { shown } from '../graph/words.js'
import { sum } from '../ops/broadcast.js'
import { stopGradient, zerosLike } from '../ops/constant.js'
import { elementwise } from '../ops/elementwise.js'
import { nodesBetween } from './between.js'
import { asOneNode } from './checkpoint/checkpoint.js'
import { type Fn, grad, vjp } from './grad.js'
import { aliasOf, requireTensors } from './scope.js'
import { applied } from './user-rule.js'
import { plainly } from './without-rules.js'

/** An op with a forward computation and derivative rules of its user's. */
export interface CustomOp {
  readonly name: string
  /** The value. Only the rules below say how it is differentiated. */
  readonly forward: (...inputs: Node[]) => Node | readonly [output: Node, residuals: unknown]
  /** Whether forward gives something for the rules beside its output. */
  readonly residuals?: boolean | undefined
  /** The cotangents of the inputs, given that of the output; null where there is none. */
  readonly vjp?:
    | ((cotangent: Node, inputs: Node[], output: Node, residuals: unknown) => readonly (Node | null)[])
    | undefined
  /** The tangent of the output, given those of the inputs. */
  readonly jvp?: ((tangents: Node[], inputs: Node[], output: Node, residuals: unknown) => Node) | undefined
  /** Inputs, by their positions, that it has no derivative by. */
  readonly nondifferentiable?: readonly number[] | undefined
}

/** What forward left for the rules. */
interface Residuals {
  /** A tree with others in place of the tensors. */
  readonly form: unknown
  /** The tensors, as they are made of the inputs. */
  readonly leaves: readonly Node[]
}

/**
 * A function that records `custom` as one node. One rule is enough for both modes: either is the transpose of the other,
 * and linear in what it is given, so differentiating the one yields the other.
 */
export const customOp = (custom: CustomOp): ((...inputs: Node[]) => Node) => {
  const { name, forward } = custom
  const still = new Set(custom.nondifferentiable)
  const refusals = {
    forward:
      `${name}: its forward closes over a tensor that is differentiated, and no rule of the op says how; make it an argument ` +
      'of the op, or close over stopGradient() of it.',
    vjp: refusalOf(custom, 'vjp'),
    jvp: refusalOf(custom, 'jvp'),
  }

  const cotangentsOf = (cotangent: Node, node: Recorded<Residuals | null>): Cotangents => {
    const rule = custom.vjp
    if (rule === undefined) return transposed(cotangent, node)
    const like = node.inputs.map((input, i) => (still.has(i) ? null : specOf(input)))
    const given = readerOf(node)
    const run = ([seed, ...read]: readonly Node[]) => {
      const all = requireSync(`${name}.vjp`, rule(seed!, ...given(read)))
      requireCotangents(name, all, like)
      return all
    }
    return applied({ op: name, run, refusal: refusals.vjp }, [cotangent, ...readOf(node)])
  }

  const tangentOf = (tangents: readonly Node[], node: Recorded<Residuals | null>): Node => {
    const rule = custom.jvp
    if (rule === undefined) return pushed(tangents, node)
    const count = tangents.length
    const like = specOf(node)
    const given = readerOf(node)
    const run = (nodes: readonly Node[]) => {
      const tangent = rule(nodes.slice(0, count), ...given(nodes.slice(count)))
      requireLike(name, 'jvp rule returned', requireSync(`${name}.jvp`, tangent), like)
      return [tangent]
    }
    return applied({ op: name, run, refusal: refusals.jvp }, [...tangents, ...readOf(node)])[0]!
  }

  /** The vjp as the transpose of the jvp rule. */
  const transposed = (cotangent: Node, node: Recorded<Residuals | null>): Cotangents => {
    if (custom.jvp === undefined) throw missing(name)
    const alongTangents = ((...tangents: Node[]) => tangentOf(tangents, node)) as Fn
    const [, pullback] = vjp(alongTangents, ...node.inputs.map((input) => zerosLike(input)))
    return pullback(cotangent) as Node[]
  }

  /** The jvp as the transpose of the vjp rule (the "double backward trick"). */
  const pushed = (tangents: readonly Node[], node: Recorded<Residuals | null>): Node => {
    if (custom.vjp === undefined) throw missing(name)
    const along = ((cotangent: Node) =>
      cotangentsOf(cotangent, node)
        .flatMap((found, i) => (found === null ? [] : [sum(elementwise.mul(found, tangents[i]!))]))
        .reduce((total, term) => elementwise.add(total, term), zerosLike(node, { shape: [], dtype: node.dtype }))) as Fn
    return grad(along, {}, name)(zerosLike(node)) as Node
  }

  /** Of what the op gives, and of what its forward closes over. */
  const closing: Op<null> = {
    name,
    vjp: (cotangent, { inputs }, wants) =>
      inputs.map((_, i) => (!wants(i) ? null : i === 0 ? cotangent : refuse(refusals.forward))),
    jvp: ([tangent, ...others]) => (others.every((each) => each === null) ? tangent! : refuse(refusals.forward)),
  }

  const op: Op<Residuals | null> = {
    name,
    vjp: cotangentsOf,
    jvp: (tangents, node) =>
      tangentOf(
        tangents.map((tangent, i) => tangent ?? zerosLike(node.inputs[i]!)),
        node,
      ),
  }

  const outputOf = (inputs: readonly Node[]): Node => {
    const run = (nodes: readonly Node[]): readonly Node[] => {
      const output: unknown = requireSync(`${name}.forward`, forward(...nodes))
      if (output instanceof Node) return [output]
      throw new ShapeError(
        `${name}: forward returned ${shown(output)}; it must return a tensor` +
          `${Array.isArray(output) ? ', or [output, residuals] with residuals: true' : ''}.`,
      )
    }
    const plain = inputs.map((input) => input.make(share(input.value)))
    return applied({ op: name, run, refusal: refusals.forward }, plain)[0]!
  }

  /** Residuals have derivatives, which only those of the rules ask for: forward runs again then, and is not kept. */
  const withResiduals = (inputs: readonly Node[]): readonly [output: Node, residuals: Residuals] => {
    let tree: unknown
    const run = (nodes: readonly Node[]): readonly Node[] => {
      const once = () => requireSync(`${name}.forward`, forward(...nodes))
      const found = asOneNode(nodes[0]!, nodes, once)
      if (!Array.isArray(found) || found.length !== 2 || !(found[0] instanceof Node)) {
        throw new ShapeError(
          `${name}: forward returned ${shown(found)}; with residuals: true it must return [output, residuals].`,
        )
      }
      tree = found[1]
      const residuals = requireTensors(`${name}: residuals`, tree, 'give tensors, and close over what is none.')
      // whoever has one may give it another value
      return [found[0], ...residuals.map(({ node }) => (node.op === null ? aliasOf(node) : node))]
    }
    const [output, ...leaves] = applied({ op: name, run, refusal: refusals.vjp }, inputs) as readonly Node[]
    const form = rebuild(
      tree,
      leaves.map((leaf) => leaf.make(new UnknownValue(specOf(leaf)))),
    )
    return [output!, { form, leaves }]
  }

  /** The output by the ops that forward is made of. */
  const plain = (inputs: readonly Node[]): Node => {
    const found = requireSync(`${name}.forward`, forward(...inputs))
    return found instanceof Node ? found : found[0]
  }
  const rules = (['vjp', 'jvp'] as const).filter((rule) => custom[rule] !== undefined)

  const apply = (inputs: readonly Node[]): Node => {
    const moving = inputs.map((input, i) => (still.has(i) ? stopGradient(input) : input))
    const asWritten = plainly(name, rules, () => plain(moving))
    if (asWritten !== null) return asWritten
    const before = latestId()
    const [output, residuals] = custom.residuals === true ? withResiduals(moving) : [outputOf(moving), null]
    const made = link(share(output.value), op, moving, residuals)
    const others = residuals === null ? [output].filter(isTracked) : trackedBeside(moving, output, before)
    return others.length === 0 ? made : link(share(made.value), closing, [made, ...others], null)
  }

  return (...inputs) => {
    requireInputs(name, inputs, still)
    return applying(op, inputs, apply)
  }
}

/** Of what a forward gave that was given tracked inputs: what else somebody differentiates by that it was made of. */
const trackedBeside = (inputs: readonly Node[], output: Node, before: number): readonly Node[] => {
  if (!isTracked(output)) return []
  if (!inputs.some(isTracked)) return [output]
  return nodesBetween([output], ({ id }) => id <= before).nodes.filter(
    (node) => node.id <= before && !inputs.includes(node),
  )
}
const isTracked = ({ tracking }: Node): boolean => (tracking & activeTracking()) !== 0

/** What a rule reads of a node. */
const readOf = (node: Recorded<Residuals | null>): readonly Node[] => [
  ...node.inputs,
  ...(node.attrs?.leaves ?? []),
  node,
]

/** From that to what the rule is given: it outlives the node in a compiled function, and does not keep it. */
const readerOf = ({ inputs: { length }, attrs }: Recorded<Residuals | null>) => {
  const form = attrs?.form
  return (read: readonly Node[]): [inputs: Node[], output: Node, residuals: unknown] => [
    read.slice(0, length),
    read.at(-1)!,
    rebuild(form, read.slice(length, -1)),
  ]
}

const requireInputs = (name: string, inputs: readonly unknown[], still: ReadonlySet<number>): void => {
  if (inputs.length === 0 || !inputs.every((input) => input instanceof Node)) {
    inputs.forEach((input, i) => {
      refuseForeignTensor(`${name}: argument ${i + 1}`, input)
    })
    throw new ShapeError(`${name}: its arguments must be tensors; close over anything else.`)
  }
  for (const position of still) {
    if (position >= inputs.length) {
      throw new ArgumentError(
        `${name}: nondifferentiable names input ${position}, but it was called with ${inputs.length} (from 0 on); name those it has.`,
      )
    }
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

const refuse = (reason: string): never => {
  throw new GradientError(reason)
}

const missing = (name: string): GradientError =>
  new GradientError(
    `${name}: it has neither a vjp nor a jvp rule; give customOp one of them to differentiate through it.`,
  )

const requireCotangents = (name: string, all: readonly (Node | null)[], like: readonly (Spec | null)[]): void => {
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
    if (found === null) return
    const spec = like[i] ?? null
    if (spec === null || !isFloat(spec.dtype)) {
      throw new GradientError(
        `${name}: its vjp rule returned ${shown(found)} for input ${i}, which ${
          spec === null ? 'is declared nondifferentiable' : `is ${spec.dtype} and has no derivative`
        }; return null there.`,
      )
    }
    requireLike(name, `vjp rule returned, for input ${i},`, found, spec)
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
