import type { Formula } from './formula.js'
import type { Value } from './value.js'

/** An op as those who watch see it. */
export interface WatchedOp {
  readonly name: string
  readonly formula?: Formula | undefined
}

/** A node as those who watch see it. */
export interface Watched {
  readonly id: number
  readonly op: { readonly name: string } | null
  /** Null where somebody else keeps it. */
  readonly stored: Value | null
}

/** A part of a program by its name. */
export interface NamedPart {
  /** What it is a part of: a model, a program, or a loop. */
  readonly kind: 'module' | 'function' | 'round'
  readonly name: string
  /** What it is, where its name does not say it. */
  readonly type?: string
  /** Whether nobody gave it the name: it stands for itself only if it has several steps. */
  readonly implied?: boolean
  /** What the tensors are called that it refers to, as pairs. */
  readonly names?: readonly (readonly [name: string, tensor: object])[]
}

/** Who is told what computes what, while `detectAnomaly` or `trace` runs. What is optional only some ask for. */
export interface Watcher {
  /** Runs an op. */
  op<R>(op: WatchedOp, f: () => R): R
  /** Applies an op, in the place of `op`: by the same function it can be applied to other inputs later. */
  applies?<N extends Watched, R>(op: WatchedOp, inputs: readonly N[], apply: (inputs: readonly N[]) => R): R
  /** Runs the derivative rule of the op that made a node. */
  rule<R>(node: Watched, f: () => R): R
  /** A loss, or a gradient of it, is found. */
  found(what: () => string, value: Value): void
  /** Runs a part of the program that has a name. */
  part?<R>(part: NamedPart, f: () => R): R
  /** Whether loops are to run round by round, as if they were written out, and what is under `checkpoint` as if it were not. */
  readonly unrolls?: boolean
  /** Runs a sweep back. */
  sweep?<R>(f: () => R): R
  /** The sweep has all that arrives at a node, before it passes that on. */
  arrived?(node: Watched, cotangent: Watched): void
  /** The sweep adds what a node passes on to one of its inputs. */
  passed?(node: Watched, index: number, contribution: Watched): void
}

/** Null but for a while: ops look at it each time that they run. */
export let watcher: Watcher | null = null

export const withWatcher = <R>(next: Watcher | null, f: () => R): R => {
  const before = watcher
  watcher = next
  try {
    return f()
  } finally {
    watcher = before
  }
}

/** Applies what is one op to its user, though it is made by several or by none that is recorded as such. */
export const applying = <N extends Watched, R>(
  op: WatchedOp,
  inputs: readonly N[],
  apply: (inputs: readonly N[]) => R,
): R => (watcher?.applies === undefined ? apply(inputs) : watcher.applies(op, inputs, apply))
