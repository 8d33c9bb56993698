import { isFloat } from '../graph/dtype.js'
import { GradientError } from '../graph/errors.js'
import { link, type Node, type Op } from '../graph/node.js'
import { activeTracking, requireSync, withOwnBit } from '../graph/tracking.js'
import { type Leaf, mapTree } from './tree.js'

/** What a differentiated function did: where it began, what came out, and what the caller may keep of that. */
export interface Trace {
  /** The fresh leaves that stood in for the arguments' tensors, in order. */
  readonly leaves: readonly Node[]
  /** The result as the differentiation sees it. */
  readonly inside: unknown
  /** The result without this differentiation's marks: without a past, unless an outer one tracks it. */
  readonly outside: unknown
}

/** A leaf of a new differentiation is, to those around it, still made of what it stands for. */
const alias: Op<null> = {
  name: 'alias',
  compute: ([x]) => x!,
  vjp: (cotangent) => cotangent,
  jvp: ([tangent]) => tangent!,
}

/** Runs `f` on stand-ins of the arguments, all of their own tracking bit, so that nested calls stay apart. */
export const traced = (transform: string, args: readonly unknown[], f: (...args: never[]) => unknown): Trace => {
  const leaves: Node[] = []
  return withOwnBit(transform, (bit) => {
    const outer = activeTracking() & ~bit
    const standIn = (node: Node): Node => {
      const leaf = (node.tracking & outer) === 0 ? node.make(node.value) : link(node.value, alias, [node], null)
      leaf.tracking = (leaf.tracking & outer) | bit
      leaves.push(leaf)
      return leaf
    }
    const inside = requireSync(transform, f(...(mapTree(args, standIn) as never[])))
    const outside = mapTree(inside, (node) => {
      if ((node.tracking & bit) === 0) return node
      node.tracking &= ~bit
      const kept = (node.tracking & outer) === 0 ? node.make(node.value) : link(node.value, alias, [node], null)
      node.tracking |= bit
      return kept
    })
    return { leaves, inside, outside }
  })
}

/** The arguments' tensors, all of which must be floats. */
export const requireFloats = (transform: string, argument: unknown, what: string): void => {
  const leaves: Leaf[] = []
  mapTree(
    argument,
    (node, path) => leaves.push({ node, path }),
    (thing, path) => {
      if (typeof thing !== 'object' || thing === null || ArrayBuffer.isView(thing)) return
      throw new GradientError(
        `${transform}: ${what}${path} is an instance of ${thing.constructor.name}, in which tensors are not looked for; ` +
          'pass arrays and plain objects of tensors.',
      )
    },
  )
  if (leaves.length === 0) {
    throw new GradientError(
      `${transform}: ${what} holds no tensor to differentiate by; pass a tensor, or an array or plain object of tensors.`,
    )
  }
  for (const { node, path } of leaves) {
    if (!isFloat(node.dtype)) {
      throw new GradientError(
        `${transform}: ${what}${path} is ${node} and has no derivative; pass it as a later argument, ` +
          "or cast it to 'float32' or 'float64'.",
      )
    }
  }
}
