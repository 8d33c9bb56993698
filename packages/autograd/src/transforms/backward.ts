import { isFloat } from '../graph/dtype.js'
import { GradientError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape, sizeOf } from '../graph/shape.js'
import { activeTracking, parameterBit, withTracking } from '../graph/tracking.js'
import { watcher } from '../graph/watcher.js'
import { sharedConstant } from '../ops/constant.js'
import { leafCotangents } from './reverse.js'

/** What `backward` does beside. */
export interface BackwardOptions {
  /** Record the gradients' own computation, so that they can be differentiated again. Default false. */
  readonly createGraph?: boolean
}

/** The gradients of a scalar by every leaf it was made of that requires one. */
export const gradients = (loss: Node, { createGraph = false }: BackwardOptions = {}): Map<Node, Node> => {
  if (sizeOf(loss.sizes) !== 1) {
    throw new GradientError(
      `backward: the loss has shape ${formatShape(loss.sizes)}, and only a scalar has a gradient. ` +
        'Reduce it with .sum() or .mean(), or use jacobian() or vjp().',
    )
  }
  if (!isFloat(loss.dtype)) throw new GradientError(`backward: the loss is ${loss}, which has no derivative.`)
  if ((loss.tracking & parameterBit) === 0) {
    throw new GradientError(
      'backward: nothing that this loss was computed from requires a gradient. Make the weights with parameter(...), ' +
        'and compute the loss outside noGrad() and checkpoint(), and without detach() or stopGradient(). A compiled step calls ' +
        'backward() itself.',
    )
  }
  const isLeaf = (node: Node): boolean => node.op === null && (node.tracking & parameterBit) !== 0
  const recording = createGraph ? activeTracking() : 0
  watcher?.found(() => 'the loss', loss.value)
  const found = withTracking(recording, () =>
    leafCotangents([[loss, sharedConstant(loss, 1, loss.sizes, loss.dtype)]], isLeaf),
  )
  if (watcher !== null)
    for (const [leaf, gradient] of found) watcher.found(() => `the gradient of ${leaf}`, gradient.value)
  return found
}
