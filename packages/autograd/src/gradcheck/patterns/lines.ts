import { sizeOf } from '../../graph/shape.js'
import { type IndexSet, simplestSet } from './index-set.js'
import { type Candidate, indexAlong, type Seen, written } from './seen.js'
import { elements, placed } from './words.js'

// Diagonals and triangles, chess boards, and what goes by the order in memory: elements that one number tells apart.

/** A number of each element, and what is said of those whose numbers are in a set. */
interface Coordinate {
  readonly of: (position: number) => number
  readonly size: number
  readonly says: (set: IndexSet) => Candidate | null
}

const well = 8

/** How far right of the diagonal an element is. */
const diagonal = ({ shape, axes }: Seen): Coordinate => {
  const [rows, columns] = axes.slice(-2) as [number, number]
  const [row, column] = [indexAlong(shape, rows), indexAlong(shape, columns)]
  const main = shape[rows]! - 1
  const known: Record<string, string> = {
    'one 0': 'on the diagonal',
    'but 0': 'off the diagonal',
    'from 1': 'above the diagonal',
    'from 0': 'on and above the diagonal',
    'to -1': 'below the diagonal',
    'to 0': 'on and below the diagonal',
  }
  const signs: Record<string, string> = { one: '=', from: '>=', to: '<=' }
  const says = (set: IndexSet): Candidate | null => {
    if (set.kind === 'range' && main - set.from === set.to - main) {
      return { says: `only within ${set.to - main} of the diagonal`, ways: set.ways }
    }
    if (set.kind !== 'one' && set.kind !== 'from' && set.kind !== 'to' && set.kind !== 'but') return null
    const offset = set.at - main
    const name = known[`${set.kind} ${offset}`]
    if (name !== undefined) return { says: `only ${name}`, ways: well }
    const sign = signs[set.kind]
    return sign === undefined ? null : { says: `only where column - row ${sign} ${offset}`, ways: well * set.ways }
  }
  return { of: (position) => column(position) - row(position) + main, size: main + shape[columns]!, says }
}

const antidiagonal = ({ shape, axes }: Seen): Coordinate => {
  const [rows, columns] = axes.slice(-2) as [number, number]
  const [row, column] = [indexAlong(shape, rows), indexAlong(shape, columns)]
  const last = shape[columns]! - 1
  return {
    of: (position) => column(position) + row(position),
    size: shape[rows]! + last,
    says: (set) =>
      set.kind === 'one' && set.at === last
        ? { says: 'only on the diagonal from top right to bottom left', ways: 2 * well }
        : null,
  }
}

/** Whether the sum of the indices is odd. */
const chessBoard = ({ shape, axes }: Seen): Coordinate => {
  const along = axes.map((axis) => indexAlong(shape, axis))
  return {
    of: (position) => along.reduce((sum, index) => sum + index(position), 0) % 2,
    size: 2,
    says: (set) =>
      set.kind === 'one'
        ? {
            says: `only at every second element, as on a chess board, from ${['the first', 'the second'][set.at]} on`,
            ways: well,
          }
        : null,
  }
}

const order = ({ shape }: Seen): Coordinate => ({
  of: (position) => position,
  size: sizeOf(shape),
  says: (set) =>
    set.kind === 'few' || set.kind === 'one'
      ? null
      : {
          says: `only ${placed(
            set,
            elements((position) => written(position, shape), ' in the order of memory'),
          )}`,
          ways: 2 * set.ways,
        },
})

const coordinates = [diagonal, antidiagonal, chessBoard, order]

/** Vectors have nothing of it that the indices of one axis do not say. */
export const linePatterns = (seen: Seen, wrong: readonly number[], right: readonly number[]): Candidate[] =>
  seen.axes.length < 2
    ? []
    : coordinates.flatMap((make) => {
        const { of, size, says } = make(seen)
        const set = simplestSet(new Set(wrong.map(of)), new Set(right.map(of)), size)
        const found = set === null ? null : says(set)
        return found === null ? [] : [found]
      })
