import type { Node } from '../../graph/node.js'
import { withTracking } from '../../graph/tracking.js'
import { denseData } from '../../graph/value.js'
import type { Random } from '../../tensor/random.js'
import { leafCotangents } from '../../transforms/reverse.js'
import { type Element, elementOf, namesIn } from '../comparison/agreement.js'
import { toTensors } from '../subject/coordinates.js'
import { type Parts, subjectFrom } from '../subject/subject.js'
import { largest, weights } from '../subject/vectors.js'
import { examplesIn, partsOfStep } from './step-subject.js'
import type { Step } from './tape.js'

/** What the vjp of a step gives where it stands, for a random cotangent. */
export interface InPlace {
  readonly step: Step
  readonly parts: Parts
  readonly v: Float64Array
  readonly cotangents: Float64Array
}

/** To be asked once all steps have run, and before any is applied again. */
export const inPlace = (step: Step, like: Node, random: Random): readonly InPlace[] => {
  const tracked = step.given.flatMap(({ node, isTracked }) => (isTracked ? [node] : []))
  const wanted = new Set(tracked)
  if (step.results.length > 1 || examplesIn(step) !== 1 || wanted.size < tracked.length) return []
  const parts = partsOfStep(step, like, 0, () => {})
  if (parts === null) return []
  const { inputs, outputs } = parts
  const v = weights(outputs.size, random)
  const root = [step.results[0]!, toTensors(v, outputs, like)[0]!] as const
  const cotangents = new Float64Array(inputs.size)
  try {
    const found = withTracking(0, () => leafCotangents([root], (node) => wanted.has(node)))
    inputs.leaves.forEach(({ offset }, k) => {
      const cotangent = found.get(tracked[k]!)
      if (cotangent !== undefined) cotangents.set(denseData(cotangent.value), offset)
    })
  } catch {
    return []
  }
  return [{ step, parts, v, cotangents }]
}

/**
 * The element by which that differs most from what it gives by itself; null if it does not. A rule that keeps something in a
 * variable has what the last call left there.
 */
export const keptIn = ({ parts, v, cotangents }: InPlace): Element | null => {
  const alone = subjectFrom(parts).reverse(parts.point, v)
  const scale = largest([...alone, ...cotangents])
  const error = (j: number) => Math.abs(cotangents[j]! - alone[j]!)
  const worst = cotangents.reduce((most, _, j) => (error(j) > error(most) ? j : most), 0)
  if (!(error(worst) > 1e-9 * scale)) return null
  return elementOf(namesIn(parts.inputs)(worst), 'a random cotangent', cotangents[worst]!, alone[worst]!, 1e-13 * scale)
}
