import { checked } from '../graph/arguments.js'
import { type DType, isFloat } from '../graph/dtype.js'
import type { Node } from '../graph/node.js'
import { type Shape, sizeOf } from '../graph/shape.js'
import { withTracking } from '../graph/tracking.js'
import { makerOf } from '../graph/tuple.js'
import { denseData } from '../graph/value.js'
import { constant } from '../ops/constant.js'
import * as kinds from '../ops/kinds.js'
import { nested } from '../tensor/display.js'
import type { AnyTensor } from '../tensor/tensor.js'
import { sweepBack } from '../transforms/reverse.js'
import { type NameOptions, namesKind, namesOf } from './names.js'
import { historyOf } from './walk.js'

/** The elements of a tensor as plain data. */
export type NestedNumbers = number | readonly NestedNumbers[]

/** A computation as plain data: nothing in it refers to tensors. */
export interface Graph {
  /** In the order of computation: the root is the last. */
  readonly nodes: readonly GraphNode[]
  /** What was computed from what. */
  readonly edges: readonly GraphEdge[]
}

/** A tensor of the computation. */
export interface GraphNode {
  /** Its place in `nodes`. */
  readonly id: number
  /** Parameters collect gradients, constants do not, results were made by an op. */
  readonly kind: 'parameter' | 'constant' | 'result'
  /** The name of the op that made it; null for parameters and constants. */
  readonly op: string | null
  /** Its name, if it was given one; else the op, the number that a constant is, or p1, c1 and so on. */
  readonly label: string
  /** The size of each axis. */
  readonly shape: readonly number[]
  /** What an element is. */
  readonly dtype: DType
  /** A number or nested arrays; absent if it has more elements than the limit. */
  readonly value?: NestedNumbers
  /** The derivative of the root by this node, like its value. Absent where none flows, or if the root is no scalar. */
  readonly gradient?: NestedNumbers
}

/** From an input, by its `id`, to what was computed from it. */
export interface GraphEdge {
  /** The `id` of the input. */
  readonly from: number
  /** The `id` of what was computed from it. */
  readonly to: number
  /** Which input of `to` this is. */
  readonly index: number
}

/** What `graph` and the pictures show of a computation. */
export interface GraphOptions extends NameOptions<AnyTensor> {
  /** Values and gradients of more elements than this are left out. Default 64. */
  readonly limit?: number
  /** Names of ops of one input to leave out; edges lead past them. @example ['broadcastTo', 'reshape'] */
  readonly hide?: readonly string[]
}

/**
 * How a tensor was computed, as plain data. If it is a scalar, with the derivative of it by every node on the way.
 * Only what a parameter (or a running differentiation) takes part in is remembered: elsewhere the history is cut.
 *
 * @throws GradientError if a parameter was given a new value since: call this before the optimizer's step
 * @example const { nodes, edges } = graph(loss, { names: { x, w } })
 */
export const graph = checked(
  'graph',
  { root: kinds.tensor, options: { names: namesKind, limit: kinds.amount, hide: kinds.strings } },
  (root: AnyTensor, { names, limit = 64, hide = [] }: GraphOptions = {}): Graph => {
    const last = root as Node
    const history = historyOf(last)
    const labels = namesOf(history, names as Record<string, Node> | undefined, (op) => op)
    const gradients = gradientsOf(last)
    const isHidden = (node: Node) => {
      const { op, inputs } = makerOf(node)
      return op !== null && inputs.length === 1 && hide.includes(op.name)
    }
    const shown = history.filter((node) => node === last || !isHidden(node))
    const ids = new Map(shown.map((node, id) => [node, id]))
    const plain = (node: Node): NestedNumbers | undefined =>
      sizeOf(node.sizes) > limit ? undefined : (nested(denseData(node.value), node.sizes) as NestedNumbers)

    return {
      nodes: shown.map((node, id): GraphNode => {
        const value = plain(node)
        const gradient = gradients.has(node) ? plain(gradients.get(node)!) : undefined
        return {
          id,
          kind: node.op !== null ? 'result' : node.tracking !== 0 ? 'parameter' : 'constant',
          op: makerOf(node).op?.name ?? null,
          label: labels.get(node)!,
          shape: [...(node.sizes as Shape)],
          dtype: node.dtype,
          ...(value === undefined ? {} : { value }),
          ...(gradient === undefined ? {} : { gradient }),
        }
      }),
      edges: shown.flatMap((node, to) =>
        makerOf(node).inputs.map((input, index): GraphEdge => {
          let source = input
          while (!ids.has(source)) source = makerOf(source).inputs[0]!
          return { from: ids.get(source)!, to, index }
        }),
      ),
    }
  },
)

/** The derivatives of a scalar by all that it was made of; none for any other root. */
const gradientsOf = (root: Node): Map<Node, Node> => {
  const found = new Map<Node, Node>()
  if (sizeOf(root.sizes) !== 1 || !isFloat(root.dtype) || root.tracking === 0) return found
  const isLeaf = (node: Node) => node.op === null && node.tracking !== 0
  withTracking(0, () =>
    sweepBack([[root, constant(root, 1, root.sizes)]], isLeaf, (node, cotangent) => {
      found.set(node, cotangent)
    }),
  )
  return found
}
