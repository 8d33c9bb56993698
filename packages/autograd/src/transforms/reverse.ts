import { isBatching, ranElsewhere, requireHere, whereItRan } from '../graph/batched.js'
import { GradientError } from '../graph/errors.js'
import type { Cotangents, Node, Recorded, Wants } from '../graph/node.js'
import { Tuple } from '../graph/tuple.js'
import { watcher } from '../graph/watcher.js'
import { elementwise } from '../ops/elementwise.js'
import { nodesBetween } from './between.js'

const { add } = elementwise

/**
 * Reverse accumulation (Griewank and Walther, Evaluating Derivatives, 2nd ed., section 3.2): from the roots' cotangents
 * those of every node between them and the wanted nodes. Each op gives the cotangents of its inputs by calls of ops,
 * which are recorded in turn where an outer differentiation tracks them: so derivatives have derivatives.
 *
 * `visit` sees each node once its cotangent is complete, from the roots down.
 */
export const sweepBack = (
  roots: readonly (readonly [Node, Node])[],
  isWanted: (node: Node) => boolean,
  visit: (node: Node, cotangent: Node, wanted: boolean) => void,
): void => {
  if (watcher?.sweep === undefined) sweep(roots, isWanted, visit)
  else watcher.sweep(() => sweep(roots, isWanted, visit))
}

const sweep: typeof sweepBack = (roots, isWanted, visit) => {
  if (isBatching) for (const [root] of roots) requireHere(root)
  const { nodes, inputPlaces, rootPlaces } = nodesBetween(
    roots.map(([root]) => root),
    isWanted,
  )
  const found = new Array<Node | undefined>(nodes.length).fill(undefined)
  const accumulate = (place: number, cotangent: Node): void => {
    const before = found[place]
    if (before === undefined) found[place] = cotangent
    else if (ranElsewhere(nodes[place]!)) found[place] = togetherElsewhere(nodes[place]!, before, cotangent)
    else found[place] = together(before, cotangent)
  }
  roots.forEach(([, cotangent], i) => {
    if (rootPlaces[i]! >= 0) accumulate(rootPlaces[i]!, cotangent)
  })
  let inputsEnd = inputPlaces.length
  const wants: Wants = (index) => inputPlaces[inputsEnd + index]! >= 0
  for (let place = nodes.length - 1; place >= 0; place--) {
    const node = nodes[place]! as Recorded
    const { inputs } = node
    inputsEnd -= inputs.length
    const cotangent = found[place]
    if (cotangent === undefined) continue
    found[place] = undefined
    if (watcher !== null) watcher.arrived?.(node, cotangent)
    const wanted = isWanted(node)
    visit(node, cotangent, wanted)
    if (wanted) continue
    for (let i = 0; i < inputs.length; i++) requireUnchanged(inputs[i]!, node)
    const contributions =
      ranElsewhere(node) || watcher !== null
        ? contributionsElsewhere(cotangent, node, wants)
        : node.op.vjp(cotangent, node, wants)
    for (let i = 0; i < inputs.length; i++) {
      const inputPlace = inputPlaces[inputsEnd + i]!
      const contribution = contributions[i]!
      if (inputPlace < 0 || contribution === null) continue
      accumulate(inputPlace, contribution)
      if (watcher !== null) watcher.passed?.(node, i, contribution)
    }
  }
}

// apart, so that the loop makes no closures

const contributionsElsewhere = (cotangent: Node, node: Recorded, wants: Wants): Cotangents =>
  whereItRan(node, () => {
    const rule = () => node.op.vjp(cotangent, node, wants)
    return watcher === null ? rule() : watcher.rule(node, rule)
  })

const togetherElsewhere = (node: Node, a: Node, b: Node): Node => whereItRan(node, () => together(a, b))

const together = (a: Node, b: Node): Node => {
  if (!(a instanceof Tuple))
    return add(a, b)
    // made by this sweep, for each part anew
  ;(b as Tuple).parts.forEach((part, i) => {
    const before = a.parts[i]!
    if (part !== null) a.parts[i] = before === null ? part : add(before, part)
  })
  return a
}

/** The cotangents of the wanted nodes; a node that no root depends on has none. */
export const leafCotangents = (
  roots: readonly (readonly [Node, Node])[],
  isWanted: (node: Node) => boolean,
): Map<Node, Node> => {
  const found = new Map<Node, Node>()
  sweepBack(roots, isWanted, (node, cotangent, wanted) => {
    if (wanted) found.set(node, cotangent)
  })
  return found
}

/** A rule may read its inputs: they must still be what the op saw. */
export const requireUnchanged = (input: Node, node: Recorded): void => {
  if (input.replacedAt >= node.id) {
    throw new GradientError(
      `${node.op.name}: its input ${input} was given a new value after this was computed (by an optimizer step or ` +
        'assign), so the derivative no longer belongs to it. Differentiate before the update, or compute again.',
    )
  }
}
