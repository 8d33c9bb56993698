import { isBatching, whereItStands } from './batched.js'
import { activeTracking, withOwnBit, withTracking } from './tracking.js'
import type { Value } from './value.js'
import { watcher } from './watcher.js'

// Forward mode keeps no graph: a node that depends on what is being differentiated by gets its tangent as it is made, and
// remembers what it was made of only where something else tracks it as well.

/** A forward differentiation. It is known by itself and not by its bit, which others had before and will have. */
export interface Forward {
  readonly bit: number
  /** The latest id when it began. */
  readonly start: number
  /** Called with each node that depends on what it differentiates by and keeps nothing of its past. */
  readonly left: Left | null
}

/** A node as forward mode sees it. */
interface Moving {
  readonly id: number
  readonly tracking: number
  readonly inputs: readonly Moving[]
  readonly op: {
    readonly name: string
    jvp(tangents: readonly (Moving | null)[], node: Moving): Moving | null
  } | null
  readonly replacedAt: number
  readonly stored: Value | null
  tangents: Tangents | null
  forget(): void
}

/** The tangents of a node that are not zero, one for each forward differentiation that it takes part in. */
export interface Tangents {
  readonly along: Forward
  readonly tangent: Moving | Refusal
  readonly others: Tangents | null
}

/** There is no tangent: what to throw if somebody wants it. */
class Refusal {
  constructor(readonly reason: () => unknown) {}
}

// those in progress, the oldest first
const forwards: Forward[] = []

// a method, so that it may be one of nodes
type Left = { call(node: Moving): void }['call']

/** The bits of the forward differentiations in progress. */
export let forwardBits = 0

// those whose tangents are being made, one within the other
const pushing: Forward[] = []

/**
 * Begins to watch what happens: it returns whether what happens now only makes tangents for differentiations older than one,
 * given by its bit.
 */
export const watchTangents = (bit: number): (() => boolean) => {
  const start = pushing.length
  return () => {
    for (let i = start; i < pushing.length; i++) if (pushing[i]!.bit <= bit) return true
    return false
  }
}

/** Runs `f` as a forward differentiation, with a bit of its own. */
export const withForward = <R>(
  transform: string,
  start: number,
  f: (forward: Forward) => R,
  left: Forward['left'] = null,
): R =>
  withOwnBit(transform, (bit) => {
    const forward = { bit, start, left }
    forwards.push(forward)
    forwardBits |= bit
    try {
      return f(forward)
    } finally {
      forwards.pop()
      forwardBits &= ~bit
    }
  })

export const setTangent = (node: Moving, along: Forward, tangent: Moving | Refusal): void => {
  node.tangents = { along, tangent, others: node.tangents }
}

/** Whoever wants the tangent of what is made of the node meets this error. */
export const refuseTangent = (node: Moving, along: Forward, reason: () => unknown): void =>
  setTangent(node, along, new Refusal(reason))

/** The same for all forward differentiations in progress that have one of these bits. */
export const refuseTangents = (node: Moving, bits: number, reason: () => unknown): void => {
  for (const along of forwards) if ((along.bit & bits) !== 0) refuseTangent(node, along, reason)
}

/** Whether a node moves along something that somebody of these bits tracks. */
export const movesAlong = ({ tangents }: Pick<Moving, 'tangents'>, bits: number): boolean => {
  for (let at = tangents; at !== null; at = at.others) {
    if (!(at.tangent instanceof Refusal) && (at.tangent.tracking & bits) !== 0) return true
  }
  return false
}

/** Takes back what was set last. */
export const forgetTangent = (node: Moving, along: Forward): void => {
  if (node.tangents?.along === along) node.tangents = node.tangents.others
}

/** @throws whatever the rule of an op threw instead of giving it */
export const tangentOf = <N extends Moving>(node: N, along: Forward): N | null => {
  const found = known(node, along)
  if (found instanceof Refusal) throw found.reason()
  return found as N | null
}

const known = (node: Moving, along: Forward): Moving | Refusal | null => {
  // what was assigned to it since then is a constant
  if (node.replacedAt > along.start) return null
  for (let at = node.tangents; at !== null; at = at.others) if (at.along === along) return at.tangent
  return null
}

/** Gives a node that was just made its tangents; then it forgets what it was made of, unless something else tracks it. */
export const advance = (node: Moving): void => {
  // The oldest differentiation first: the tangents of a newer one are made of this node, and have tangents along the older
  // ones in turn. An older one need not see a newer one.
  for (let i = 0; i < forwards.length; i++) move(node, forwards[i]!)
  settle(node)
}

/** The same of several that are made of each other, in this order. */
export const advanceAll = (nodes: readonly Moving[]): void => {
  for (const along of forwards) for (const node of nodes) move(node, along)
  for (const node of nodes) settle(node)
}

const move = (node: Moving, along: Forward): void => {
  if ((node.tracking & along.bit) === 0) return
  const tangent = pushed(node, along)
  if (tangent !== null) setTangent(node, along, tangent)
}

const settle = (node: Moving): void => {
  if ((node.tracking & ~forwardBits) !== 0) return
  node.forget()
  for (let i = 0; i < forwards.length; i++) {
    const { bit, left } = forwards[i]!
    if (left !== null && (node.tracking & bit) !== 0) left(node)
  }
}

const pushed = (node: Moving, along: Forward): Moving | Refusal | null => {
  const { inputs } = node
  const incoming = new Array<Moving | null>(inputs.length)
  let isConstant = true
  for (let i = 0; i < inputs.length; i++) {
    const tangent = known(inputs[i]!, along)
    if (tangent instanceof Refusal) return tangent
    if (tangent !== null) isConstant = false
    incoming[i] = tangent
  }
  if (isConstant) return null
  pushing.push(along)
  try {
    const rule = () => withTracking(activeTracking() & (along.bit - 1), () => node.op!.jvp(incoming, node))
    const push = () => (watcher === null ? rule() : watcher.rule(node, rule))
    return isBatching ? whereItStands(node, push) : push()
  } catch (reason) {
    return new Refusal(() => reason)
  } finally {
    pushing.pop()
  }
}
