import type { Shape } from '../../graph/shape.js'
import { type IndexSet, simplestSet } from './index-set.js'
import { type Candidate, indexAlong, type Seen } from './seen.js'
import { inWords, listed, nounOf, placed } from './words.js'

// Rows, columns, planes, blocks, borders, corners: elements whose index along each axis is one of some, and all others.

/** An axis and the indices along it. */
interface Side {
  readonly axis: number
  readonly set: IndexSet
}

/** The simplest block with all of `inside` and nothing of `outside`, as its sides that are not whole; null if there is none. */
const blockOf = ({ shape, axes }: Seen, inside: readonly number[], outside: readonly number[]): Side[] | null => {
  const along = axes.map((axis) => indexAlong(shape, axis))
  const within = along.map((index) => new Set(inside.map(index)))
  const sides = axes.map((axis, a): Side | null => {
    // what is in line with elements inside says where the side ends
    const isInLine = (position: number) => along.every((index, b) => b === a || within[b]!.has(index(position)))
    const set = simplestSet(within[a]!, new Set(outside.filter(isInLine).map(along[a]!)), shape[axis]!)
    return set === null ? null : { axis, set }
  })
  if (!sides.every((side) => side !== null)) return null
  const isInside = (position: number) => sides.every(({ set }, a) => set.has(along[a]!(position)))
  const limited = sides.filter(({ set }) => set.kind !== 'all')
  return limited.length === 0 || outside.some(isInside) ? null : limited
}

/** The indices that are not in a set. */
const complement = ({ axis, set }: Side, shape: Shape): Side | null => {
  const size = shape[axis]!
  const indices = Array.from({ length: size }, (_, index) => index)
  const rest = indices.filter((index) => !set.has(index))
  const opposite = simplestSet(new Set(rest), new Set(indices.filter(set.has)), size)
  return opposite === null ? null : { axis, set: opposite }
}

const waysOf = (sides: readonly Side[], { axes }: Seen): number =>
  sides.reduce((ways, { set }) => ways * axes.length * set.ways, 2)

const wordsOf =
  ({ shape }: Seen) =>
  ({ axis, set }: Side): string =>
    inWords(set, nounOf(shape.length, axis))

const areEnds = (sides: readonly (Side | null)[]): boolean =>
  sides.length > 1 && sides.every((side) => side?.set.kind === 'ends')

/** The wrong elements as a block, if they are one. */
const blocks = (seen: Seen, wrong: readonly number[], right: readonly number[]): Candidate[] => {
  const sides = blockOf(seen, wrong, right)
  if (sides === null || (seen.shape.length === 1 && sides[0]!.set.kind === 'few')) return []
  const ways = waysOf(sides, seen)
  if (areEnds(sides)) return [{ says: 'only at the corners', ways: 4 }]
  if (areEnds(sides.map((side) => complement(side, seen.shape)))) {
    return [{ says: 'only in the interior, and right at the border', ways: 4 }]
  }
  const [side] = sides
  if (sides.length === 1) return [{ says: `only ${placed(side!.set, nounOf(seen.shape.length, side!.axis))}`, ways }]
  return [{ says: `only in the block of ${listed(sides.map(wordsOf(seen)))}`, ways }]
}

/** The wrong elements as all but a block. */
const surroundings = (seen: Seen, wrong: readonly number[], right: readonly number[]): Candidate[] => {
  const sides = blockOf(seen, right, wrong)
  if (sides === null || sides.length === 1) return []
  const beyond = sides.map((side) => complement(side, seen.shape))
  if (areEnds(beyond)) return [{ says: 'only at the border', ways: 4 }]
  const ways = waysOf(sides, seen)
  if (areEnds(sides)) return [{ says: 'everywhere but at the corners', ways: 4 }]
  return beyond.every((side) => side !== null)
    ? [{ says: `only in ${listed(beyond.map(wordsOf(seen)), 'or')}`, ways }]
    : [{ says: `everywhere but in the block of ${listed(sides.map(wordsOf(seen)))}`, ways }]
}

export const blockPatterns = (seen: Seen, wrong: readonly number[], right: readonly number[]): Candidate[] => [
  ...blocks(seen, wrong, right),
  ...surroundings(seen, wrong, right),
]
