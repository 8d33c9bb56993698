import { atLevel, innermostOf, isBatching } from '../graph/batched.js'
import { isFloat } from '../graph/dtype.js'
import { levelOf } from '../graph/level.js'
import type { Node, Op } from '../graph/node.js'
import { withOwnBit } from '../graph/tracking.js'
import { joinAll, type Results, Tuple } from '../graph/tuple.js'
import type { Value } from '../graph/value.js'
import { zerosLike } from '../ops/constant.js'
import { elementwise } from '../ops/elementwise.js'
import { linearMap } from './forward.js'
import { leafCotangents } from './reverse.js'

export type Nodes = readonly Node[]
export type Linear = (v: Nodes) => Nodes

/** What is solved: x, as a function of the parameters, is where the residual is zero. */
export interface Condition {
  /** How the op is called. */
  readonly name: string
  /** As many tensors as x has, and like them. It may run at any time. */
  readonly residual: (x: Nodes) => Nodes
  /** All tensors from outside that the residual reads. */
  readonly parameters: Nodes
  /** v with J v = b, where J is the derivative of the residual by x. */
  readonly solve: (x: Nodes, b: Nodes) => Nodes
  /** u with J' u = b. */
  readonly solveTransposed: (x: Nodes, b: Nodes) => Nodes
}

/**
 * Nodes for the solution of a condition, which somebody has found. Their derivative is by the implicit function theorem:
 * with r(x(p), p) = 0 it is dx = -J⁻¹ dr, where dr is how the residual moves with the parameters while x stays. In the
 * derivative x is the node itself, and all is recorded: so derivatives have derivatives.
 *
 * The residual comes by its parameters as it likes, as arguments or by closing over them: none is replaced, but while it
 * runs for a derivative they take part in it.
 */
export const implied = (
  values: readonly Value[],
  like: Node,
  { name, residual, parameters, solve, solveTransposed }: Condition,
): Nodes => {
  const recorded = (x: Nodes): Nodes => withOwnBit(name, (bit) => takingPart(parameters, bit, () => residual(x)))
  // nothing before these counts: x stays, and each parameter is there by itself
  const endsOf = (x: Nodes) => {
    const ends = new Set([...parameters, ...x])
    return (node: Node) => ends.has(node)
  }
  const op: Op<null> = {
    name,
    vjp: (cotangent, node, wants) => {
      const x = (node as Results).parts
      const weights = solveTransposed(x, filled((cotangent as Tuple).parts, x))
      const roots = recorded(x)
      const seeds = roots.map((root, i) => [root, elementwise.neg(weights[i]!)] as const)
      const found = leafCotangents(seeds, endsOf(x))
      return parameters.map((parameter, i) => (wants(i) ? (found.get(parameter) ?? null) : null))
    },
    jvp: (tangents, node) => {
      const x = (node as Results).parts
      const moved = linearMap(recorded(x), [...parameters, ...x])([...tangents, ...x.map(() => null)])
      if (moved.every((tangent) => tangent === null)) return new Tuple(moved.slice())
      return new Tuple([
        ...solve(
          x,
          filled(moved, x).map((tangent) => elementwise.neg(tangent)),
        ),
      ])
    },
  }
  if (parameters.length === 0) return values.map((value) => like.make(value))
  // what differs between examples may be solved by what does not: each has its own derivative all the same
  const level = isBatching ? levelOf(innermostOf(parameters.map(({ value }) => value))) : null
  const leveled = level === null ? values : values.map((value) => atLevel(like.make(value), level).value)
  return joinAll(leveled, op, parameters, null)
}

const filled = (found: readonly (Node | null)[], like: Nodes): Nodes =>
  found.map((node, i) => node ?? zerosLike(like[i]!))

/** Runs `f` while these nodes take part in the differentiation of a bit. */
const takingPart = <R>(nodes: Nodes, bit: number, f: () => R): R => {
  const before = nodes.map(({ tracking }) => tracking)
  for (const node of nodes) if (isFloat(node.dtype)) node.tracking |= bit
  try {
    return f()
  } finally {
    nodes.forEach((node, i) => {
      node.tracking = before[i]!
    })
  }
}
