import type { Kernel } from '../../graph/kernel.js'
import { Node } from '../../graph/node.js'
import { type Shape, sizeOf } from '../../graph/shape.js'
import { parameterBit } from '../../graph/tracking.js'
import { Tuple } from '../../graph/tuple.js'
import { specOf } from '../../graph/value.js'
import { nameOf } from '../../tensor/name.js'
import { roundsOf } from '../../transforms/loops/rounds.js'
import { examplesOf, wholeValue } from './examples.js'
import { formulaText } from './formula.js'
import { grouping } from './groups.js'
import { type History, historyOf, opOf, originalOf } from './history.js'
import { levelsOf } from './levels.js'
import { localsOf } from './local.js'
import { allNames } from './naming.js'
import { quantityOf } from './quantity.js'
import type { Recorder } from './recorder.js'
import { isSame } from './same.js'
import type { BackwardStep, Contribution, Local, Quantity, Trace, TraceEdge, TraceNode } from './schema.js'
import { isDifferentiable, type Sweep, sweepFrom } from './sweep.js'
import { type Tangents, tangentsOf } from './tangents.js'

/** What was recorded of a computation. */
export interface Recording {
  readonly outputs: readonly { readonly node: Node; readonly path: string }[]
  /** Leaves that stand for arguments. */
  readonly inputs: ReadonlySet<Node>
  readonly names: ReadonlyMap<Node, string>
  /** Notes of the run; null where only the graph is known. */
  readonly recorder: Recorder | null
}

export interface AssembleOptions {
  readonly limit: number
  readonly locals: boolean
  readonly tangents: Tangents
}

/** A recording as plain data, with what a sweep back over it does. */
export const assemble = (recording: Recording, { limit, locals, tangents }: AssembleOptions): Trace => {
  const { outputs, recorder } = recording
  const history = historyOf(outputs.map(({ node }) => node))
  const { nodes, makerOf } = history
  const isNamed = (node: Node) => recording.names.has(node) || nameOf(node) !== undefined
  const isResult = (node: Node) => opOf(makerOf(node)) !== null
  const kernels = new Map(nodes.map((node) => [node, kernelOf(node, makerOf(node))]))
  const kindOf = (node: Node): string | null => kernels.get(node)?.kind ?? null
  const same = new Set(nodes.filter((node) => isAsItsInput(node, kernels.get(node)!)))
  const names = allNames(nodes, isResult, recording.names, (node) =>
    same.has(node) || isSpread(node, kernels.get(node)!) ? originalOf(node.inputs[0]!) : null,
  )
  const called = (node: Node): string => names.get(node)!
  const ids = new Map(nodes.map((node, id) => [node, id]))
  const first = outputs.length === 1 ? outputs[0]!.node : null
  const sweep = first !== null && isDifferentiable(first) ? sweepFrom(first) : null
  const moved = tangentsOf(history, names, tangents)
  const quantity = ({ value }: Node, examples: readonly number[]): Quantity =>
    quantityOf(wholeValue(value, examples), limit)

  const { groups, groupOf } = grouping(
    recorder,
    nodes.map((node) => (isResult(node) ? (recorder?.groupOf(node) ?? null) : null)),
    (id) => kindOf(nodes[id]!) !== 'reshape' && kindOf(nodes[id]!) !== 'layout',
  )
  const edges: TraceEdge[] = []
  const shownNodes = nodes.map((node, id): TraceNode => {
    const maker = makerOf(node)
    const made = history.inputsOf(node)
    const kernel = kindOf(node)
    const derivatives: readonly (Local | null)[] = locals
      ? localsOf(node, maker, kernel, called, limit)
      : made.map(() => null)
    const own = made.map((input, index) => {
      const edge = { id: edges.length, from: ids.get(input)!, to: id, index, local: derivatives[index]! }
      edges.push(edge)
      return edge.id
    })
    const isTuple = node instanceof Tuple
    const op = opOf(maker)
    const isMade = op !== null
    const examples = isTuple ? [] : examplesOf(node.value)
    const shown: Writable<TraceNode> = {
      id,
      kind: isMade ? 'result' : kindOfLeaf(node, recording, isNamed(node)),
      name: called(node),
      named: isNamed(node),
      op: op?.name ?? null,
      kernel,
      shape: isTuple ? null : [...examples, ...(node.sizes as Shape)],
      dtype: isTuple ? null : node.dtype,
      inputs: own,
      group: groupOf[id]!,
    }
    // what is absent is no property: assigned, for spreads of conditional objects take longer than all the rest
    if (same.has(node)) shown.same = true
    const levels = levelsOf(kernels.get(node)!)
    if (levels !== null) shown.levels = levels
    if (examples.length > 0) shown.examples = examples.length
    if (!isTuple) shown.value = quantity(node, examples)
    const adjoint = sweep?.adjoints.get(node)
    if (adjoint !== undefined) shown.adjoint = quantity(adjoint, examples)
    const tangent = moved.get(node)
    if (tangent !== undefined) shown.tangent = quantity(tangent, examples)
    if (isMade) describeOp(shown, maker, made.map(called))
    if (isMade && recorder !== null) describeRun(shown, node, recorder, ids)
    return shown
  })
  return {
    schema: 'adjoint.trace',
    version: 1,
    nodes: shownNodes,
    edges,
    groups,
    outputs: outputs.map(({ node, path }) => ({ node: ids.get(node)!, path })),
    backward: sweep === null ? [] : backwardSteps(sweep, history, ids, shownNodes, limit),
    limit,
  }
}

type Writable<T> = { -readonly [P in keyof T]: T[P] }

const describeOp = (shown: Writable<TraceNode>, maker: Node, inputs: readonly string[]): void => {
  const formula = maker.op!.formula?.value
  if (formula) shown.formula = formulaText(formula, inputs)
  const attributes = attributesOf(maker)
  if (attributes !== undefined) shown.attributes = attributes
  const iterations = roundsOf(maker)
  if (iterations !== undefined) shown.iterations = iterations
}

const describeRun = (
  shown: Writable<TraceNode>,
  node: Node,
  recorder: Recorder,
  ids: ReadonlyMap<Node, number>,
): void => {
  const line = recorder.lineOf(node)
  if (line !== null) shown.source = line
  const of = recorder.adjointOf(node)
  if (of !== undefined) shown.adjointOf = of === null ? null : (ids.get(originalOf(of as Node)) ?? null)
}

const kindOfLeaf = (node: Node, { inputs }: Recording, isNamed: boolean): TraceNode['kind'] =>
  (node.tracking & parameterBit) !== 0 ? 'parameter' : inputs.has(node) || isNamed ? 'input' : 'constant'

/** The kernel that an op runs. */
const kernelOf = (node: Node, { op, inputs, attrs }: Node): Kernel | null => {
  if (op === null || !('kernel' in op)) return null
  const { kernel } = op as { readonly kernel: Kernel | ((...args: unknown[]) => Kernel) }
  return typeof kernel === 'function' ? kernel(inputs, attrs, specOf(node)) : kernel
}

const isAsItsInput = (node: Node, kernel: Kernel | null): boolean => {
  const { inputs } = node
  if (kernel === null || inputs.length !== 1 || node instanceof Tuple || inputs[0] instanceof Tuple) return false
  return isSame(kernel, specOf(inputs[0]!), specOf(node))
}

/** Whether it shows the one element of its input many times. */
const isSpread = ({ inputs, sizes }: Node, kernel: Kernel | null): boolean =>
  kernel?.kind === 'layout' && sizeOf(inputs[0]!.sizes) === 1 && sizeOf(sizes) > 1

/** So many characters of attributes are plain enough to be shown. */
const attributeLimit = 200

/** Whether there are no tensors in it, such as the residuals of a customOp: they may be large, and their elements unknown. */
const isPlain = (thing: unknown, depth = 0): boolean => {
  if (typeof thing !== 'object' || thing === null) return typeof thing !== 'symbol' && typeof thing !== 'bigint'
  if (thing instanceof Node || ArrayBuffer.isView(thing)) return false
  const parts = Object.values(thing)
  return depth < 8 && parts.length <= attributeLimit && parts.every((part) => isPlain(part, depth + 1))
}

const attributesOf = ({ op, attrs }: Node): unknown => {
  if (op === null || attrs === null || attrs === undefined || !isPlain(attrs)) return undefined
  const text = JSON.stringify(attrs)
  if (text === undefined || text === '{}' || text.length > attributeLimit) return undefined
  return JSON.parse(text)
}

const backwardSteps = (
  { steps }: Sweep,
  { nodes, makerOf }: History,
  ids: ReadonlyMap<Node, number>,
  shown: readonly TraceNode[],
  limit: number,
): readonly BackwardStep[] => {
  // an op of several results of which one takes part passes on as that one
  const places = new Map(ids)
  for (const node of nodes) if (makerOf(node) !== node) places.set(makerOf(node), ids.get(node)!)
  return steps.flatMap(({ node, passed }) => {
    if (makerOf(node) !== node) return []
    const place = places.get(node)!
    const contributions = passed.map(
      ({ index, to, amount, total }): Contribution => ({
        edge: shown[place]!.inputs[index]!,
        to: ids.get(to)!,
        amount: quantityOf(wholeValue(amount.value, examplesOf(to.value)), limit),
        total: quantityOf(wholeValue(total.value, examplesOf(to.value)), limit),
      }),
    )
    return [{ node: place, contributions }]
  })
}
