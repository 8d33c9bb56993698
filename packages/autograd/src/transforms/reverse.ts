import { isBatching, ranElsewhere, requireHere, whereItRan } from '../graph/batched.js'
import { GradientError } from '../graph/errors.js'
import type { Cotangents, Node, Recorded, Wants } from '../graph/node.js'
import { tracer } from '../graph/tracer.js'
import { activeTracking } from '../graph/tracking.js'
import { watcher } from '../graph/watcher.js'
import { Arrivals } from './arrivals.js'
import { nodesBetween } from './between.js'

/**
 * Reverse accumulation (Griewank and Walther, Evaluating Derivatives, 2nd ed., section 3.2): from the roots' cotangents
 * those of every node between them and the wanted nodes. Each op gives the cotangents of its inputs by calls of ops,
 * which are recorded in turn where an outer differentiation tracks them: so derivatives have derivatives. Where nothing
 * does, and nobody watches, those of elementwise ops are mere values.
 *
 * @returns the cotangents of the wanted nodes; one that no root depends on has none
 */
export const leafCotangents = (
  roots: readonly (readonly [Node, Node])[],
  isWanted: (node: Node) => boolean,
): Map<Node, Node> =>
  watcher?.sweep === undefined ? sweep(roots, isWanted) : watcher.sweep(() => sweep(roots, isWanted))

const sweep: typeof leafCotangents = (roots, isWanted) => {
  if (isBatching) for (const [root] of roots) requireHere(root)
  const { nodes, inputPlaces, rootPlaces } = nodesBetween(
    roots.map(([root]) => root),
    isWanted,
  )
  const leaves = new Map<Node, Node>()
  const arrivals = new Arrivals(nodes)
  roots.forEach(([, cotangent], i) => {
    if (rootPlaces[i]! >= 0) arrivals.add(rootPlaces[i]!, cotangent)
  })
  const active = activeTracking()
  const needsNodes = watcher !== null || tracer !== null
  let inputsEnd = inputPlaces.length
  const wants: Wants = (index) => inputPlaces[inputsEnd + index]! >= 0
  for (let place = nodes.length - 1; place >= 0; place--) {
    const node = nodes[place]! as Recorded
    const { inputs, op } = node
    inputsEnd -= inputs.length
    const value = arrivals.valueAt(place)
    const cotangent = value === undefined ? arrivals.nodeAt(place) : undefined
    if (value === undefined && cotangent === undefined) continue
    if (watcher !== null) watcher.arrived?.(node, cotangent!)
    if (isWanted(node)) {
      leaves.set(node, arrivals.nodeAt(place)!)
      arrivals.clear(place)
      continue
    }
    let tracking = node.tracking | (cotangent === undefined ? 0 : cotangent.tracking)
    for (let i = 0; i < inputs.length; i++) {
      requireUnchanged(inputs[i]!, node)
      tracking |= inputs[i]!.tracking
    }
    if (op.pull !== undefined && !needsNodes && (tracking & active) === 0 && !ranElsewhere(node)) {
      const given = value ?? cotangent!.value
      let isOwn = value !== undefined && arrivals.isOwnAt(place)
      arrivals.clear(place)
      let last = inputs.length - 1
      while (inputPlaces[inputsEnd + last]! < 0) last--
      for (let i = 0; i <= last; i++) {
        const inputPlace = inputPlaces[inputsEnd + i]!
        if (inputPlace < 0) continue
        const contribution = op.pull(given, node, i)
        if (contribution === null) continue
        // what is passed on here and used again is nobody's own
        if (contribution === given && i < last) isOwn = false
        arrivals.addValue(inputPlace, contribution, isOwn || contribution !== given)
      }
      continue
    }
    const whole = cotangent ?? arrivals.nodeAt(place)!
    arrivals.clear(place)
    const contributions =
      ranElsewhere(node) || watcher !== null ? contributionsElsewhere(whole, node, wants) : op.vjp(whole, node, wants)
    for (let i = 0; i < inputs.length; i++) {
      const inputPlace = inputPlaces[inputsEnd + i]!
      const contribution = contributions[i]!
      if (inputPlace < 0 || contribution === null) continue
      arrivals.add(inputPlace, contribution)
      if (watcher !== null) watcher.passed?.(node, i, contribution)
    }
  }
  return leaves
}

// apart, so that the loop makes no closures

const contributionsElsewhere = (cotangent: Node, node: Recorded, wants: Wants): Cotangents =>
  whereItRan(node, () => {
    const rule = () => node.op.vjp(cotangent, node, wants)
    return watcher === null ? rule() : watcher.rule(node, rule)
  })

/** A rule may read its inputs: they must still be what the op saw. */
export const requireUnchanged = (input: Node, node: Recorded): void => {
  if (input.replacedAt >= node.id) {
    throw new GradientError(
      `${node.op.name}: its input ${input} was given a new value after this was computed (by an optimizer step or ` +
        'assign), so the derivative no longer belongs to it. Differentiate before the update, or compute again.',
    )
  }
}
