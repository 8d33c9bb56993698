import type { Random } from '../../tensor/random.js'
import type { Comparison } from '../comparison/agreement.js'
import type { Place } from '../differences/slopes.js'
import { positionOf } from '../subject/coordinates.js'
import type { Mode } from '../subject/mode.js'
import { added, shifted, swapped, transposed } from './arrangement.js'
import { clipped } from './bounds.js'
import { gather } from './evidence.js'
import { inForward, looselyInForward } from './forward.js'
import type { Hypothesis } from './hypothesis.js'
import { knownFactor, signInFactor } from './known-factor.js'
import { isRandom, nonlinearity } from './linearity.js'
import { onlySome } from './parts.js'
import { reversedWindows, summedTooFar } from './places.js'
import { singlePrecision } from './precision.js'
import { missingReduction } from './reductions.js'
import { constantFactor, notFinite, signFlip, zero } from './scaling.js'
import { absolute, conjugate } from './signs.js'
import { missingTerm, partlyConstant, sharedFactor } from './terms.js'

/** Why a derivative is wrong: it explains the numbers at two points. */
export interface Diagnosis {
  /** The mistake, in a word or two. */
  readonly cause: string
  /** The mode whose derivative is wrong. */
  readonly mode: Mode
  /** The path of the input whose derivative is wrong. */
  readonly input: string
  /** What is wrong and what would explain it, in a sentence. */
  readonly says: string
}

/** The most specific first: what is said is the first that explains everything that is wrong. */
const hypotheses: readonly Hypothesis[] = [
  notFinite,
  zero,
  signFlip,
  constantFactor,
  singlePrecision,
  conjugate,
  absolute,
  clipped,
  missingReduction,
  transposed,
  swapped,
  added,
  shifted,
  reversedWindows,
  summedTooFar,
  ...inForward,
  signInFactor,
  knownFactor,
  sharedFactor,
  missingTerm,
  onlySome,
  ...looselyInForward,
  partlyConstant,
]

/** A cause of what a mode gets wrong, of one input. */
export interface Finding {
  readonly cause: string
  readonly input: string
  readonly says: string
  /** How that was made sure of. */
  readonly proof: string
}

/** The causes that explain what a mode gets wrong, one for each input whose derivative is wrong. */
export const diagnose = (
  place: Place,
  mode: Mode,
  order: 1 | 2,
  wrong: readonly Comparison[],
  random: Random,
): Finding[] => {
  const { inputs, outputs } = place.subject
  const suspects = {
    rows: wrong.flatMap(({ worst }) => positionOf(outputs, worst?.output ?? '') ?? []),
    columns: wrong.flatMap(({ worst }) => positionOf(inputs, worst?.input ?? '') ?? []),
  }
  if (isRandom(place, mode, random)) {
    const says =
      'the gradient is random: it differs from call to call for the same inputs, as the rule draws numbers or holds on to something. ' +
      'Make it a function of what it is given'
    return [{ cause: 'random gradient', input: 'any input', says, proof: 'seen in several calls' }]
  }
  return inputs.leaves.flatMap((leaf) => {
    if (leaf.size === 0) return []
    const bent = nonlinearity(place, mode, leaf, random)
    if (bent !== null) return [{ ...bent, input: leaf.path, proof: 'seen with several of them' }]
    const evidence = gather(place, mode, order, leaf, suspects, random)
    if (evidence === null) return []
    for (const { cause, explain } of hypotheses) {
      const says = explain(evidence)
      if (says !== null) return [{ cause, input: leaf.path, says, proof: 'confirmed at a second point' }]
    }
    return []
  })
}
