import { numberText } from '../listing/digits.js'
import { inputsOf } from '../listing/step-text.js'
import { isSummary, summarized } from '../trace/quantity.js'
import type { TraceNode } from '../trace/schema.js'
import type { Finding, Thresholds } from './finding.js'
import type { Readings } from './readings.js'

/** A layer on the way back, and the size of a typical element of its adjoint: the root of the mean of the squares. */
interface Layer {
  readonly node: TraceNode
  readonly size: number
}

/**
 * Stretches over which adjoints vanish or explode: from the loss along the way of the largest adjoints, from one node into which
 * a parameter goes to another. What lies behind the last layer is left out: there a loss is small because little is wrong.
 */
export const stretches = ({ trace, step }: Readings, output: TraceNode, thresholds: Thresholds): readonly Finding[] => {
  const layers = layersOf(trace, output)
  const found: Finding[] = []
  const tell = (kind: 'vanishing' | 'exploding', from: Layer, to: Layer): void => {
    const factor = to.size / from.size
    found.push({
      kind,
      nodes: layers.slice(layers.indexOf(from), layers.indexOf(to) + 1).map(({ node }) => node.name),
      numbers: { from: from.size, to: to.size, factor, layers: layers.indexOf(to) - layers.indexOf(from) },
      text:
        `From ${step(from.node)} back to ${step(to.node)} the adjoint of a typical element goes from ${numberText(from.size, 3)} to ` +
        `${numberText(to.size, 3)}, which is ${numberText(factor, 2)} times, over ${layers.indexOf(to) - layers.indexOf(from)} layers. ` +
        (kind === 'vanishing'
          ? 'Use another initialization, functions that are steeper, normalization, or connections that skip layers.'
          : 'Use smaller weights, normalization, or clip the gradients.'),
    })
  }
  const least = extreme(layers, (a, b) => a < b)
  const most = extreme(layers, (a, b) => a > b)
  if (least !== null && least[1].size < thresholds.vanishing * least[0].size) tell('vanishing', ...least)
  if (most !== null && most[1].size > thresholds.exploding * most[0].size) tell('exploding', ...most)
  return found
}

const layersOf = (trace: Readings['trace'], output: TraceNode): readonly Layer[] => {
  const layers: Layer[] = []
  const isResult = ({ op, adjoint }: TraceNode) => op !== null && adjoint !== undefined
  for (let node: TraceNode | undefined = output; node !== undefined; ) {
    const inputs: readonly TraceNode[] = inputsOf(trace, node)
    const size = sizeOf(node)
    if (size > 0 && inputs.some(({ kind }) => kind === 'parameter')) layers.push({ node, size })
    let next: TraceNode | undefined
    for (const input of inputs) {
      // through an op of several results as well
      if ((isResult(input) || input.shape === null) && !(normOf(input) <= (next === undefined ? -1 : normOf(next))))
        next = input
    }
    node = next
  }
  return layers
}

const normOf = ({ adjoint }: TraceNode): number => (adjoint === undefined ? 0 : summarized(adjoint).norm)

const sizeOf = ({ adjoint }: TraceNode): number => {
  if (adjoint === undefined) return 0
  const { norm, size, notFinite } = isSummary(adjoint) ? adjoint : summarized(adjoint)
  return notFinite > 0 || size === 0 ? 0 : norm / Math.sqrt(size)
}

/** Of two layers, one further back than the other, those with the least or largest ratio. */
const extreme = (layers: readonly Layer[], isBetter: (a: number, b: number) => boolean): [Layer, Layer] | null => {
  let start = layers[0]
  let best: [Layer, Layer] | null = null
  for (const layer of layers.slice(1)) {
    if (best === null || isBetter(layer.size / start!.size, best[1].size / best[0].size)) best = [start!, layer]
    if (isBetter(start!.size, layer.size)) start = layer
  }
  return best
}
