import { sizeOf } from '../../../graph/shape.js'
import type { TraceEdge, TraceGroup, TraceNode } from '../../trace/schema.js'

// What is to be drawn of a trace: fewer boxes than it has nodes, and each knows what it stands for.

/** A box of a drawing. */
export interface Item {
  /** The node whose numbers it shows. Null for a group with no result, or several. */
  readonly node: TraceNode | null
  /** Of a closed group, that group; and which of its parts, from 1 on, where others are drawn between them. */
  readonly group: TraceGroup | null
  readonly part: number
  /** All nodes that it stands for, by their places in the trace. */
  readonly members: readonly number[]
  /** Parameters that only a closed group uses, and which are inside it therefore. */
  readonly parameters: readonly TraceNode[]
  /** Where numbers are among the inputs of an op: these, and null for each input with an edge. Null where there are none. */
  readonly numbers: readonly (string | null)[] | null
  /** Whether it is what the trace is about. */
  readonly isOutput: boolean
}

/** An edge of a drawing. */
export interface Line {
  /** By their places among the items. */
  readonly from: number
  readonly to: number
  /** The edges of the trace that it stands for: from a node to its use, through what is folded away; or all into a group. */
  readonly edges: readonly number[]
  /** The edge whose local derivative is that of the whole line; null where that is no edge of the trace. */
  readonly local: TraceEdge | null
  /** Whether an adjoint comes back along it. */
  readonly isActive: boolean
}

export interface Scene {
  readonly items: readonly Item[]
  readonly lines: readonly Line[]
}

export const sizeOfShape = (shape: readonly number[] | null): number => sizeOf(shape ?? [])
