import { atLevel } from '../graph/batched.js'
import { isFloat } from '../graph/dtype.js'
import { GradientError } from '../graph/errors.js'
import { type Forward, setTangent, tangentOf, withForward } from '../graph/forward.js'
import { latestId, link, type Node, type Op } from '../graph/node.js'
import { tracer } from '../graph/tracer.js'
import { activeTracking, requireSync, withOwnBit, withTracking } from '../graph/tracking.js'
import { type Leaf, leavesOf, mapTree, type Place, refuseInstance } from '../graph/tree.js'
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
  /** What the function returned beside its result, likewise without marks. */
  readonly auxiliary: unknown
}

/** A leaf of a new differentiation is, to those around it, still made of what it stands for. */
const alias: Op<null> = {
  name: 'alias',
  vjp: (cotangent) => [cotangent],
  jvp: ([tangent]) => tangent!,
}

/** Whether a node stands in for its only input, in a differentiation. */
export const isAlias = ({ op }: Node): boolean => op === alias

type Body = (...args: never[]) => unknown

/** The same value; what tracked the node tracks this one too. */
export const aliasOf = (node: Node): Node => link(share(node.value), alias, [node], null)

/**
 * Runs `f` on stand-ins of the arguments, all of their own tracking bit, so that nested calls stay apart.
 *
 * @param hasAuxiliary whether f returns `[result, auxiliary]`
 */
export const inScope = (transform: string, args: readonly unknown[], f: Body, hasAuxiliary = false): Scope =>
  withOwnBit(transform, (bit) => onStandIns(transform, args, f, bit, { hasAuxiliary }))

/** What a function did whose arguments moved. */
export interface Moved extends Scope {
  /** How a result moves; null stands for zero. */
  readonly tangentOf: (result: Node) => Node | null
}

/** The same in forward mode: the arguments' tensors move along `seeds`, in order. */
export const inMotion = (
  transform: string,
  args: readonly unknown[],
  seeds: readonly (Node | null)[],
  f: Body,
): Moved =>
  withForward(transform, latestId(), (forward) => ({
    ...onStandIns(transform, args, f, forward.bit, { motion: { forward, seeds } }),
    tangentOf: (result) => tangentOf(result, forward),
  }))

interface Motion {
  readonly forward: Forward
  /** Null for what stays. */
  readonly seeds: readonly (Node | null)[]
}

const onStandIns = (
  transform: string,
  args: readonly unknown[],
  f: Body,
  bit: number,
  { motion = null, hasAuxiliary = false }: { readonly motion?: Motion | null; readonly hasAuxiliary?: boolean },
): Scope => {
  const leaves: Node[] = []
  const parts = new Map<Node, Part>()
  const outer = activeTracking() & ~bit
  const standIn = (node: Node, place: Place): Node => {
    const leaf = withTracking(outer, () => aliasOf(tracer === null ? node : atLevel(node, tracer.level)))
    leaf.tracking = (leaf.tracking & outer) | bit
    const seed = motion?.seeds[leaves.length] ?? null
    if (seed !== null) setTangent(leaf, motion!.forward, seed)
    leaves.push(leaf)
    if (place.owner !== null) parts.set(node, { place, owner: place.owner, standIn: leaf })
    return leaf
  }
  const standIns = mapTree(args, `${transform}: argument`, standIn) as never[]
  const run = (): readonly [result: unknown, auxiliary?: unknown] => {
    const result = requireSync(transform, f(...standIns))
    return hasAuxiliary ? requirePair(transform, result) : [result]
  }
  const [inside, beside] = withStandIns(transform, parts, bit, motion?.forward ?? null, run)
  const freed = (node: Node): Node => ((node.tracking & bit) === 0 ? node : withTracking(outer, () => aliasOf(node)))
  const walk = { other: (thing: unknown) => requireSync(transform, thing), buffer: freed }
  const outside = mapTree(inside, `${transform}: the result`, freed, walk)
  const auxiliary = mapTree(beside, `${transform}: the auxiliary`, freed, walk)
  return { leaves, inside, outside, auxiliary }
}

const requirePair = (transform: string, result: unknown): readonly [result: unknown, auxiliary: unknown] => {
  if (Array.isArray(result) && result.length === 2) return result as [unknown, unknown]
  throw new GradientError(
    `${transform}: the function returned ${shown(result)}; with auxiliary: true return [value, auxiliary].`,
  )
}

/** What is to be differentiated by, or is itself differentiated: tensors, and null or undefined where there is none. */
export const requireTensors = (what: string, tree: unknown, remedy: string): Leaf[] => {
  let other: string | null = null
  let isNumber = false
  const refuse = (thing: unknown, place: Place) => {
    if (thing === undefined || thing === null) return
    refuseInstance(what, thing, place)
    isNumber ||= isNumeric(thing)
    other ??= `${what}${place} is ${describe(thing)}: it would come back as if it were its own derivative; ${
      isNumeric(thing) ? 'wrap it with tensor(...), or ' : ''
    }${remedy}${typeof thing === 'number' ? scalarRemedy : ''}`
  }
  const leaves = leavesOf(tree, what, { other: refuse })
  if ((leaves.length > 0 || isNumber) && other !== null) throw new GradientError(other)
  return leaves
}

const scalarRemedy =
  ' (Functions of numbers, in arrays or alone, are differentiated by those of @adjoint/autograd/scalar.)'

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
