import { unravel } from '../../graph/shape.js'
import { type Entry, type Evidence, explains, isNothing, type Look } from './evidence.js'
import type { Hypothesis } from './hypothesis.js'

/** Of what comes back from several outputs only a part is counted. */
export const missingReduction: Hypothesis = {
  cause: 'broadcast reduction',
  explain: (evidence) => ofOutputs(evidence) ?? ofElements(evidence),
}

const ofOutputs = (evidence: Evidence): string | null => {
  const { leaf, subject, isWhole, looks } = evidence
  if (!isWhole || subject.outputs.leaves.length > 1) return null
  const keptIn = (look: Look) =>
    new Set(
      contributing(look)
        .filter(({ analytic }) => analytic !== 0)
        .map(({ row }) => row),
    )
  const kept = keptIn(looks[0]!)
  const isIt = kept.size > 0 && explains(evidence, (_, { row, numeric }) => (kept.has(row) ? numeric : 0))
  if (!isIt) return null
  const counts = countsBy(looks[0]!, 'column', ({ row }) => kept.has(row))
  const [first] = counts
  if (first === undefined || first.all < 2) return null
  if (counts.some(({ all, some }) => all !== first.all || some !== first.some || some === 0)) return null
  const { path, shape } = subject.outputs.leaves[0]!
  const where = sliceOf([...kept], shape)
  const which = where === null ? `${first.some} of them` : `${path} ${where}`
  return (
    `each element of ${leaf.path} goes into ${first.all} outputs, and only what comes back from ${which} is counted: ` +
    'the sum over all of them is missing, as over what is broadcast'
  )
}

/** Of several elements that go into an output by a sum, one alone has a derivative. */
const ofElements = (evidence: Evidence): string | null => {
  const { leaf, isWhole, looks } = evidence
  if (!isWhole) return null
  const kept = new Set(
    contributing(looks[0]!)
      .filter(({ analytic }) => analytic !== 0)
      .map(({ column }) => column),
  )
  const isIt = kept.size > 0 && explains(evidence, (_, { column, numeric }) => (kept.has(column) ? numeric : 0))
  if (!isIt) return null
  const counts = countsBy(looks[0]!, 'row', ({ column }) => kept.has(column))
  const isOne = counts.length > 0 && counts.every(({ some, all }) => some === 1 && all > 2)
  if (!isOne) return null
  const where = sliceOf(
    [...kept].map((column) => column - leaf.offset),
    leaf.shape,
  )
  if (where === null) return null
  return `the derivative reaches ${leaf.path} ${where} only: broadcast it over all that was summed`
}

const contributing = (look: Look): readonly Entry[] => look.entries.filter(({ numeric }) => !isNothing(look, numeric))

/** Of the entries of each column or row that are not 0: how many there are, and how many have a property. */
const countsBy = (look: Look, of: 'column' | 'row', has: (entry: Entry) => boolean) => {
  const counts = new Map<number, { all: number; some: number }>()
  for (const entry of contributing(look)) {
    const count = counts.get(entry[of]) ?? { all: 0, some: 0 }
    counts.set(entry[of], { all: count.all + 1, some: count.some + Number(has(entry)) })
  }
  return [...counts.values()]
}

/** The one index along an axis that positions have in common, and all that have it: `[0, :]`; null if there is none. */
const sliceOf = (positions: readonly number[], shape: readonly number[]): string | null => {
  const indices = positions.map((position) => unravel(position, shape))
  const size = shape.reduce((a, b) => a * b, 1)
  for (const [axis, side] of shape.entries()) {
    if (side < 2 || indices.length !== size / side) continue
    const first = indices[0]![axis]!
    if (indices.every((index) => index[axis] === first)) {
      return `[${shape.map((_, k) => (k === axis ? first : ':')).join(', ')}]`
    }
  }
  return null
}
