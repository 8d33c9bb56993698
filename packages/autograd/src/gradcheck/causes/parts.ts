import { patternOf } from '../patterns/pattern.js'
import type { Leaf } from '../subject/coordinates.js'
import { type Entry, type Evidence, explains, factorFor, isNothing, type Look, wrongIn } from './evidence.js'
import type { Hypothesis } from './hypothesis.js'
import { numberName } from './number-name.js'

/** Some of the elements or outputs are wrong, and others right: which these are, and by what. */
export const onlySome: Hypothesis = {
  cause: 'only some',
  explain: (evidence) => {
    const which = elementsOf(evidence) ?? outputsOf(evidence)
    if (which === null) return null
    const what = wrongBy(evidence)
    return `it is wrong ${which}${what === null ? '' : `: there ${what}`}`
  },
}

/** Which of the elements are wrong, in words; null if all are, or nothing is to be said of them. */
export const elementsOf = ({ leaf, looks, isWhole, farther, wrongElements }: Evidence): string | null => {
  if (wrongElements === null || wrongElements.size === leaf.size) return null
  const all = isWhole ? [...looks, ...farther().filter(isWhollyKnown)] : looks
  const [given, ...others] = all.map((look) => ({
    wrong: wrongAlong(look, 'column', leaf),
    values: [{ name: leaf.path, at: look.place.point.subarray(leaf.offset, leaf.offset + leaf.size) }],
  }))
  return worded(patternOf(leaf.shape, given!.wrong, { ...given!, elsewhere: others }), leaf)
}

const outputsOf = ({ subject, looks, isWhole }: Evidence): string | null => {
  const [output, ...more] = subject.outputs.leaves
  if (!isWhole || output === undefined || more.length > 0) return null
  const [given, ...others] = looks.map((look) => ({ wrong: wrongAlong(look, 'row', output) }))
  const pattern = worded(patternOf(output.shape, given!.wrong, { elsewhere: others }), output)
  return pattern === null ? null : `for ${output.path} ${pattern}`
}

const worded = (pattern: string | null, leaf: Leaf): string | null =>
  pattern === null || pattern === 'everywhere' || leaf.size < 2 ? null : pattern

const wrongAlong = (look: Look, of: 'column' | 'row', { offset }: Leaf): ((position: number) => boolean) => {
  const found = new Set(wrongIn(look).map((entry) => entry[of] - offset))
  return (position) => found.has(position)
}

const isWhollyKnown = ({ entries, rows, columns }: Look): boolean => entries.length === rows.length * columns.length

/** What the wrong ones have in common. */
const wrongBy = (evidence: Evidence): string | null => {
  const isWrong = ({ isWrong }: Entry) => isWrong
  if (evidence.looks.every((look) => wrongIn(look).every(({ numeric }) => isNothing(look, numeric)))) {
    return 'it should be 0, and what belongs to others comes through: a mask or a branch is not heeded'
  }
  const isPartly = hasRightBeside(evidence)
  if (explains(evidence, () => 0, isWrong)) {
    return isPartly
      ? isOneKept(evidence)
        ? 'what comes back from one of several outputs alone counts, and the others should be added, as where an index stands several times'
        : 'what comes back from some outputs is 0, and should be added'
      : 'it is 0, and something should arrive'
  }
  const factor = factorFor(evidence, (_, { numeric }) => numeric, isWrong)
  if (factor === null) return null
  if (factor === -1) return 'the sign is flipped'
  if (factor === 2 && isPartly) return 'what comes back from some outputs is added twice'
  return `it is ${numberName(factor, evidence.subject.precision)} times the true one`
}

/** Whether an element that is wrong for one output is right for others that it goes into. */
const hasRightBeside = ({ looks }: Evidence): boolean => {
  const look = looks[0]!
  const columns = new Set(wrongIn(look).map(({ column }) => column))
  return look.entries.some(
    ({ column, isWrong, numeric }) => columns.has(column) && !isWrong && !isNothing(look, numeric),
  )
}

/** Whether of what comes back to each wrong element one part is left. */
const isOneKept = ({ looks }: Evidence): boolean => {
  const look = looks[0]!
  return [...new Set(wrongIn(look).map(({ column }) => column))].every(
    (wrong) => look.entries.filter(({ column, analytic }) => column === wrong && analytic !== 0).length === 1,
  )
}
