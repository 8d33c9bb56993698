import type { Node } from './node.js'
import { activeTracking, parameterBit } from './tracking.js'

// A user's derivative rule is JavaScript and may look at elements. What it makes of them has no past, even where a
// differentiation in progress is tracking them: so somebody has to take note.

interface Watch {
  /** The differentiations that were in progress when it began. */
  readonly tracking: number
  readonly seen: Set<Node>
}

let watch: Watch | null = null

/** The result of `f`, and the nodes tracked by one of the differentiations `tracking` whose elements it looked at. */
export const watched = <R>(tracking: number, f: () => R): { readonly result: R; readonly seen: readonly Node[] } => {
  const before = watch
  const seen = new Set<Node>()
  watch = { tracking, seen }
  try {
    return { result: f(), seen: [...seen] }
  } finally {
    watch = before
  }
}

/** To be called where elements are handed to a user; not where they are printed or verified, which nothing is made of. */
export const noteLook = (node: Node<unknown>): void => {
  if (watch === null) return
  // whoever stands before tensors from outside may track it from here on
  void node.value
  if ((node.tracking & watch.tracking) !== 0) watch.seen.add(node as Node)
}

/** Whether a transform is differentiating the node, and nobody would take note if its elements were looked at. */
export const isLost = (node: Node<unknown>): boolean =>
  (node.tracking & activeTracking() & ~parameterBit & ~(watch?.tracking ?? 0)) !== 0
