import { GradientError } from '../graph/errors.js'
import type { Node, Recorded } from '../graph/node.js'
import { elementwise } from '../ops/elementwise.js'
import { nodesBetween } from './between.js'

/**
 * Reverse accumulation (Griewank and Walther, Evaluating Derivatives, 2nd ed., section 3.2): from the roots' cotangents
 * those of every node between them and the wanted nodes. Each op gives the cotangents of its inputs by calls of ops,
 * which are recorded in turn where an outer differentiation tracks them: so derivatives have derivatives.
 */
export const cotangents = (
  roots: readonly (readonly [Node, Node])[],
  isWanted: (node: Node) => boolean,
): Map<Node, Node> => {
  const found = new Map<Node, Node>()
  const accumulate = (node: Node, cotangent: Node): void => {
    const before = found.get(node)
    found.set(node, before === undefined ? cotangent : elementwise.add(before, cotangent))
  }
  const order = nodesBetween(
    roots.map(([root]) => root),
    isWanted,
  )
  const between = new Set(order)
  for (const [root, cotangent] of roots) accumulate(root, cotangent)
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]! as Recorded
    const cotangent = found.get(node)
    if (cotangent === undefined || isWanted(node)) continue
    node.inputs.forEach((input, index) => {
      requireUnchanged(input, node)
      if (!between.has(input)) return
      const contribution = node.op.vjp(index, cotangent, node)
      if (contribution !== null) accumulate(input, contribution)
    })
  }
  return found
}

/** A rule may read its inputs: they must still be what the op saw. */
export const requireUnchanged = (input: Node, node: Recorded): void => {
  if (input.replacedAt > node.id) {
    throw new GradientError(
      `${node.op.name}: its input ${input} was given a new value after this was computed (by an optimizer step or ` +
        'assign), so the derivative no longer belongs to it. Differentiate before the update, or compute again.',
    )
  }
}
