import type { IndexSet } from './index-set.js'

/** What stands at an index, and how the index is written. */
export interface Noun {
  readonly one: string
  readonly many: string
  readonly write: (index: number) => string
  /** Stands after all: ` of axis 0`. */
  readonly after: string
}

export const elements = (write: (index: number) => string, after = ''): Noun => ({
  ...{ one: 'element', many: 'elements', write, after },
})

/** Rows and columns are the last two axes; others have no name that is known. */
export const nounOf = (rank: number, axis: number): Noun => {
  const write = (index: number) => String(index)
  if (rank === 1) return elements((index) => `[${index}]`)
  if (axis === rank - 1) return { one: 'column', many: 'columns', write, after: '' }
  if (axis === rank - 2) return { one: 'row', many: 'rows', write, after: '' }
  const guess = axis === 0 ? ' (the batch?)' : axis === 1 ? ' (the channels?)' : ''
  return { one: 'index', many: 'indices', write, after: ` of axis ${axis}${guess}` }
}

/** `a`, `a and b`, `a, b and c` */
export const listed = (words: readonly string[], and = 'and'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`

const ordinal = (n: number): string => ['second', 'third', 'fourth', 'fifth'][n - 2] ?? `${n}th`

/** `rows 2 to 4` */
export const inWords = (set: IndexSet, { one, many, write, after }: Noun): string => {
  switch (set.kind) {
    case 'all':
      return `all ${many}${after}`
    case 'one':
      return `${one} ${write(set.at)}${after}`
    case 'ends':
      return `the first and the last ${one}${after}`
    case 'from':
      return `${many} from ${write(set.at)} on${after}`
    case 'to':
      return `${many} up to ${write(set.at)}${after}`
    case 'but':
      return `every ${one} but ${write(set.at)}${after}`
    case 'range':
      return `${many} ${write(set.from)} to ${write(set.to)}${after}`
    case 'every':
      return `every ${ordinal(set.step)} ${one}${after}${set.from === 0 ? '' : `, from ${write(set.from)} on`}`
    case 'few':
      return `${many} ${listed(set.list.map(write))}${after}`
  }
}

/** `in rows 2 to 4`, `at elements from [3] on` */
export const placed = (set: IndexSet, noun: Noun): string =>
  `${noun.one === 'row' || noun.one === 'column' ? 'in' : 'at'} ${inWords(set, noun)}`
