import { isFloat } from '../../graph/dtype.js'
import type { Node } from '../../graph/node.js'
import { parameterBit } from '../../graph/tracking.js'
import { nameOf } from '../../tensor/name.js'
import { nodesBetween } from '../../transforms/between.js'
import { aliasOf } from '../../transforms/scope.js'

// Parameters that a function closes over. They are no arguments, so that others cannot be passed in their place: for a call,
// each is made of what stands in for it, as if it were an op's result, and is itself again afterwards.

const isParameter = ({ op, tracking, dtype }: Node): boolean =>
  op === null && (tracking & parameterBit) !== 0 && isFloat(dtype)

/** The leaves that results were made of, and how often each is used. */
export const usesIn = (
  results: readonly Node[],
  isWanted: (node: Node) => boolean = isParameter,
): Map<Node, number> => {
  const { nodes } = nodesBetween(results, isWanted)
  const uses = new Map(nodes.filter(isWanted).map((leaf) => [leaf, 0]))
  const count = (node: Node) => {
    const known = uses.get(node)
    if (known !== undefined) uses.set(node, known + 1)
  }
  results.forEach(count)
  for (const node of nodes) if (!isWanted(node)) node.inputs.forEach(count)
  return uses
}

/** By the names that they were given, where these tell them apart. */
export const capturedPaths = (leaves: readonly Node[]): string[] => {
  const given = leaves.map(nameOf)
  return given.map((name, i) =>
    name === undefined || given.indexOf(name) !== given.lastIndexOf(name) ? `captured[${i}]` : name,
  )
}

/** What a tensor is by itself. What `backward` has collected in it stays with it. */
const selfOf = ({ dtype, op, inputs, attrs, tracking, tangents, stored, keeper, replacedAt }: Node) => ({
  ...{ dtype, op, inputs, attrs, tracking, tangents, stored, keeper, replacedAt },
})

/** The leaf is from now on what stands in for it; it remains a tensor that requires a gradient. */
export const pose = (leaf: Node, standIn: Node): void => {
  const self = selfOf(aliasOf(standIn))
  Object.assign(leaf, { ...self, tracking: self.tracking | parameterBit })
}

/** Runs what lets leaves pose, and what needs what it recorded; they are themselves again afterwards. */
export const restoring = <R>(leaves: readonly Node[], run: () => R): R => {
  if (leaves.length === 0) return run()
  const before = leaves.map(selfOf)
  try {
    return run()
  } finally {
    leaves.forEach((leaf, i) => {
      Object.assign(leaf, before[i])
    })
  }
}
