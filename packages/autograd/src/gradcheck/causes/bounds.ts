import { type Evidence, explains, rightIn, wrongIn } from './evidence.js'
import type { Hypothesis } from './hypothesis.js'
import { isSameSigns } from './signs.js'

/** The derivative is what it should be within bounds, and one of these beyond. */
export const clipped: Hypothesis = {
  cause: 'clipped',
  explain: (evidence) => {
    const { looks, farther } = evidence
    const bounds = boundsOf(evidence)
    if (bounds === null) return null
    const [low, high] = bounds
    const clip = (x: number) => Math.min(Math.max(x, low), high)
    if (!explains(evidence, (_, { numeric }) => clip(numeric))) return null
    const all = [...looks, ...farther()]
    const isWithin = all.some((look) => rightIn(look).some(({ numeric }) => numeric !== 0))
    if (!isWithin || !isMoving(evidence)) return null
    // that nothing passes 0 may have another reason, unless it follows the sign
    if (low === 0 || high === 0) {
      const others = farther().filter((look) => !isSameSigns(looks[0]!, look))
      const follows = others.some((look) => look.entries.every((entry) => look.isExplained(entry, clip(entry.numeric))))
      if (!follows) return null
    }
    const at = bounds.filter(Number.isFinite).map((bound) => String(Number(bound.toPrecision(6))))
    return `it is clipped at ${at.join(' and ')}: beyond that it should go on`
  },
}

const boundsOf = ({ looks }: Evidence): readonly [low: number, high: number] | null => {
  const wrong = wrongIn(looks[0]!)
  const above = wrong.find(({ analytic, numeric }) => numeric > analytic)
  const below = wrong.find(({ analytic, numeric }) => numeric < analytic)
  const low = below?.analytic ?? Number.NEGATIVE_INFINITY
  const high = above?.analytic ?? Number.POSITIVE_INFINITY
  return low < high ? [low, high] : null
}

/** Whether what should be there changes from point to point, while the bound does not. */
const isMoving = ({ looks }: Evidence): boolean => {
  const [given, other] = looks
  return wrongIn(given!).every(({ row, column, numeric }) => {
    const there = other!.numericAt(row, column)
    return Math.abs(there - numeric) > 1e-4 * Math.abs(numeric)
  })
}
