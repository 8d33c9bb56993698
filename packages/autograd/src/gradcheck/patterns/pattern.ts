import type { Shape } from '../../graph/shape.js'
import { blockPatterns } from './blocks.js'
import { choices } from './index-set.js'
import { linePatterns } from './lines.js'
import { type Candidate, type Look, type Seen, see, written } from './seen.js'
import { valuePatterns } from './values.js'
import { listed } from './words.js'

/** What else is known of the elements. */
export interface More extends Omit<Look, 'wrong'> {
  /** What was seen at other points: what is said then holds there too, with the values there. */
  readonly elsewhere?: readonly Look[]
}

/** A coincidence would have to be this unlikely before one is named beside another. */
const slack = 4

const simplest = (candidates: readonly Candidate[]): Candidate | null =>
  candidates.reduce<Candidate | null>((best, each) => (best === null || each.ways < best.ways ? each : best), null)

/**
 * Which elements of a tensor are wrong, as words to stand after "wrong": `everywhere`, `only in row 2`, `only where input[0] < 0`;
 * null if nothing is said by that which a list of them would not say as briefly. It is true of all elements that are known. Of
 * several such sentences it is the simplest one, and if both the place and the values tell the elements apart, both are named.
 *
 * @param wrong whether the derivative by the element at a row-major position is wrong
 */
export const patternOf = (
  shape: Shape,
  wrong: (position: number) => boolean,
  { known, values, elsewhere = [] }: More = {},
): string | null => {
  const seen = see(shape, [{ wrong, known, values }, ...elsewhere])
  if (seen.looks.every((look) => look.wrong.length === 0)) return null
  if (seen.looks.every((look) => look.right.length === 0)) return seen.axes.length === 0 ? null : 'everywhere'
  const lists = seen.looks.map((look) => choices(look.wrong.length + look.right.length, look.wrong.length))
  const place = simplest(placePatterns(seen))
  const value = simplest(valuePatterns(seen))
  const found = [
    ...(place === null ? [] : [{ ...place, list: lists[0]! }]),
    ...(value === null ? [] : [{ ...value, list: lists.reduce((a, b) => a * b) }]),
  ].sort((a, b) => a.ways / a.list - b.ways / b.list)
  return (
    found
      .filter(({ ways, list }, i) => ways <= (i === 0 ? slack : 1) * list)
      .map(({ says }) => says)
      .join(', and ') || null
  )
}

/** What the place of an element says: the same elements are wrong at every look. */
const placePatterns = (seen: Seen): Candidate[] => {
  const wrong = new Set(seen.looks.flatMap((look) => look.wrong))
  const right = new Set(seen.looks.flatMap((look) => look.right))
  if ([...wrong].some((position) => right.has(position))) return []
  const [bad, good] = [[...wrong], [...right]]
  return [...few(seen.shape, bad, good), ...blockPatterns(seen, bad, good), ...linePatterns(seen, bad, good)]
}

/** So many elements are as well listed as described. */
const listable = 3

const few = (shape: Shape, wrong: readonly number[], right: readonly number[]): Candidate[] => {
  const list = (positions: readonly number[]) => listed(positions.map((position) => written(position, shape)))
  // several without a rule are named before nothing is, and after every rule
  const waysOf = ({ length }: readonly number[]) =>
    (length > 1 ? slack : 1) * choices(wrong.length + right.length, length)
  if (wrong.length <= listable && wrong.length <= right.length) {
    return [{ says: `only at ${list(wrong)}`, ways: waysOf(wrong) }]
  }
  return right.length <= listable && right.length < wrong.length / 2
    ? [{ says: `everywhere but at ${list(right)}`, ways: waysOf(right) }]
    : []
}

export type { Look }
