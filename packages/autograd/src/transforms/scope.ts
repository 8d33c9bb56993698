import { atLevel } from '../graph/batched.js'
import { isFloat } from '../graph/dtype.js'
import { GradientError } from '../graph/errors.js'
import { link, type Node, type Op } from '../graph/node.js'
import { tracer } from '../graph/tracer.js'
import { activeTracking, requireSync, withOwnBit } from '../graph/tracking.js'
import { type Leaf, leavesOf, mapTree, type Place } from '../graph/tree.js'
import { share } from '../graph/value.js'
import { shown } from '../graph/words.js'
import { type Part, withStandIns } from './instances.js'

/** What a differentiated function did: where it began, what came out, and what the caller may keep of that. */
export interface Scope {
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
  vjp: (cotangent) => [cotangent],
  jvp: ([tangent]) => tangent!,
}

/** Runs `f` on stand-ins of the arguments, all of their own tracking bit, so that nested calls stay apart. */
export const inScope = (transform: string, args: readonly unknown[], f: (...args: never[]) => unknown): Scope => {
  const leaves: Node[] = []
  const parts = new Map<Node, Part>()
  return withOwnBit(transform, (bit) => {
    const outer = activeTracking() & ~bit
    const standIn = (given: Node, path: string, { owner }: Place): Node => {
      const node = tracer === null ? given : atLevel(given, tracer.level)
      const leaf =
        (node.tracking & outer) === 0 ? node.make(share(node.value)) : link(share(node.value), alias, [node], null)
      leaf.tracking = (leaf.tracking & outer) | bit
      leaves.push(leaf)
      if (owner !== null) parts.set(given, { path, owner, standIn: leaf })
      return leaf
    }
    const standIns = mapTree(args, `${transform}: argument`, standIn) as never[]
    const inside = withStandIns(transform, parts, bit, () => requireSync(transform, f(...standIns)))
    const freed = (node: Node): Node => {
      if ((node.tracking & bit) === 0) return node
      node.tracking &= ~bit
      const kept =
        (node.tracking & outer) === 0 ? node.make(share(node.value)) : link(share(node.value), alias, [node], null)
      node.tracking |= bit
      return kept
    }
    const outside = mapTree(inside, `${transform}: the result`, freed, {
      other: (thing) => requireSync(transform, thing),
      buffer: freed,
    })
    return { leaves, inside, outside }
  })
}

/** What is to be differentiated by, or is itself differentiated: tensors, and null or undefined where there is none. */
export const requireTensors = (what: string, tree: unknown, remedy: string): Leaf[] => {
  let other: string | null = null
  const refuse = (thing: unknown, path: string) => {
    if (thing === undefined || thing === null) return
    if (typeof thing === 'object' && !ArrayBuffer.isView(thing)) {
      throw new GradientError(
        `${what}${path} is an instance of ${thing.constructor.name}, in which tensors are not looked for; ` +
          'pass arrays and plain objects of tensors, or give the class a method [treeProtocol]() that says what is in it.',
      )
    }
    other ??= `${what}${path} is ${describe(thing)}: it would come back as if it were its own derivative; ${
      isNumeric(thing) ? 'wrap it with tensor(...), or ' : ''
    }${remedy}`
  }
  const leaves = leavesOf(tree, what, { other: refuse })
  if (leaves.length > 0 && other !== null) throw new GradientError(other)
  return leaves
}

const isNumeric = (thing: unknown): boolean => typeof thing === 'number' || ArrayBuffer.isView(thing)

const describe = (thing: NonNullable<unknown>): string =>
  typeof thing === 'function'
    ? 'a function'
    : ArrayBuffer.isView(thing)
      ? `a ${thing.constructor.name}`
      : `the ${typeof thing} ${shown(thing)}`

/** What a scalar is differentiated by: a tree of tensors, all of which must be floats. */
export const requireFloats = (transform: string, argument: unknown, what: string): void => {
  const leaves = requireTensors(`${transform}: ${what}`, argument, 'pass it as a later argument.')
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
