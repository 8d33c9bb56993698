import type { Random } from '../../tensor/random.js'
import { closeEnough, jointBar } from '../comparison/agreement.js'
import { type Place, type Slopes, slopesAlong, someOutputs } from '../differences/slopes.js'
import type { Leaf } from '../subject/coordinates.js'
import type { Mode } from '../subject/mode.js'
import type { Subject } from '../subject/subject.js'
import { largest, unit, weights } from '../subject/vectors.js'
import { isolate } from './isolate.js'

/** The derivative of one output by one element, as a mode gives it and as differences show it. */
export interface Entry {
  /** The output's position. */
  readonly row: number
  /** The element's position. */
  readonly column: number
  readonly analytic: number
  readonly numeric: number
  readonly isWrong: boolean
}

/** What is known of the derivatives by one input at one point. More is computed as it is asked for. */
export interface Look {
  readonly place: Place
  /** The outputs that are looked at. */
  readonly rows: readonly number[]
  /** The elements of the input that are looked at. */
  readonly columns: readonly number[]
  /** Of these, all that differences show. */
  readonly entries: readonly Entry[]
  readonly analyticAt: (row: number, column: number) => number
  /** NaN where differences show nothing. */
  readonly numericAt: (row: number, column: number) => number
  /** Whether a number explains what the mode gives: it leaves next to nothing of what is wrong with it. */
  readonly isExplained: (entry: Entry, by: number) => boolean
  /** Whether two numbers are as close as what is known of an entry's. */
  readonly isNear: (entry: Entry, a: number, b: number) => boolean
}

/** All that is known of a derivative that is wrong. */
export interface Evidence {
  readonly subject: Subject
  readonly mode: Mode
  /** Whether it is the derivative of a gradient. */
  readonly order: 1 | 2
  /** The input by which it is wrong. */
  readonly leaf: Leaf
  /** Whether all outputs and all elements of the input are looked at. */
  readonly isWhole: boolean
  /** The elements whose derivatives are wrong at the point given; null where not all of them are known. */
  readonly wrongElements: ReadonlySet<number> | null
  /** At the point given, then at others. */
  readonly looks: readonly Look[]
  /** At points farther off, where elements have each other's values or the other sign. */
  readonly farther: () => readonly Look[]
}

/** How much of what is wrong a hypothesis may leave. */
const leftOver = 1e-5
/** What is wrong tells something if it is known to be that by so little. */
const certain = 0.1
/** A derivative by an input is looked at whole up to so many elements. */
const whole = 2000
const sample = 20

/** What is known of the derivative by one input; null if it is not wrong at two points, or nothing can be seen there. */
export const gather = (
  place: Place,
  mode: Mode,
  order: 1 | 2,
  leaf: Leaf,
  suspects: { readonly rows: readonly number[]; readonly columns: readonly number[] },
  random: Random,
): Evidence | null => {
  const { subject } = place
  const isWhole = leaf.size * subject.outputs.size <= whole
  const inLeaf = suspects.columns.filter((column) => column >= leaf.offset && column < leaf.offset + leaf.size)
  const rows = chosen(0, subject.outputs.size, isWhole, suspects.rows, random)
  const lookFrom = (at: Place, columns: readonly number[]) => lookAt(at, mode, rows, columns)
  const first = lookFrom(place, chosen(leaf.offset, leaf.size, isWhole, inLeaf, random))
  if (!first.entries.some(({ isWrong }) => isWrong)) return null
  const seen = new Set(wrongIn(first).map(({ column }) => column))
  const isRare = !isWhole && [...seen].every((column) => inLeaf.includes(column))
  const isolated = isRare ? isolate(place, mode, leaf, random) : null
  const unseen = isolated?.filter((column) => !first.columns.includes(column)) ?? []
  const given = unseen.length === 0 ? first : lookFrom(place, [...first.columns, ...unseen])
  const { columns } = given
  const others = (isWhole ? [0.04, 0.11] : [0.04]).flatMap((reach) => {
    const found = attempt(() => lookFrom(moved(place, reach, random), columns))
    return found?.entries.some(({ isWrong }) => isWrong) ? [found] : []
  })
  if (others.length === 0) return null
  const farther = once(() => {
    const points = [place.point.map((x) => -x), rolled(place.point, subject.inputs.leaves)]
    return points.flatMap((point) => attempt(() => lookFrom(at(place, point), columns)) ?? [])
  })
  const wrongElements = isWhole ? seen : isolated === null ? null : new Set(isolated)
  return { subject, mode, order, leaf, isWhole, wrongElements, looks: [given, ...others], farther }
}

const rolled = (point: Float64Array, leaves: readonly Leaf[]): Float64Array => {
  const out = point.slice()
  for (const { offset, size } of leaves) {
    for (let k = 0; k < size; k++) out[offset + k] = point[offset + ((k + 1) % size)]!
  }
  return out
}

const chosen = (
  offset: number,
  size: number,
  isWhole: boolean,
  first: readonly number[],
  random: Random,
): readonly number[] => {
  if (isWhole || size <= sample) return Array.from({ length: size }, (_, k) => offset + k)
  const found = new Set(
    first.flatMap((each) => [each, ...[each - 1, each + 1].filter((k) => k >= offset && k < offset + size)]),
  )
  while (found.size < sample) found.add(offset + Math.floor(random.number() * size))
  return [...found].sort((a, b) => a - b)
}

const at = (place: Place, point: Float64Array): Place => ({ ...place, point, center: place.subject.value(point) })

/** Every element moves, in proportion; zeros move as far as others do. */
const moved = (place: Place, reach: number, random: Random): Place => {
  const { point } = place
  const size = Math.min(largest(point), 1) || 1
  const steps = weights(point.length, random)
  return at(
    place,
    point.map((x, j) => x + reach * steps[j]! * (x === 0 ? size : x)),
  )
}

/** Null where f or a rule throws: other points need not be in its domain. */
const attempt = <T>(run: () => T): T | null => {
  try {
    return run()
  } catch {
    return null
  }
}

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const kept = <T>(make: (key: number) => T): ((key: number) => T) => {
  const known = new Map<number, T>()
  return (key) => {
    const found = known.get(key) ?? make(key)
    known.set(key, found)
    return found
  }
}

/** What differences show of one element: NaN if nothing. */
interface Slope {
  readonly value: number
  readonly bar: number
}

export const lookAt = (place: Place, mode: Mode, rows: readonly number[], columns: readonly number[]): Look => {
  const { subject, point, tolerance } = place
  const { inputs, outputs } = subject
  // a length other than 1, for rules that ignore it
  const rowOf = kept((row) => subject.reverse(point, unit(outputs.size, row, 2)).map((x) => x / 2))
  const columnOf = kept((column) => subject.forward(point, unit(inputs.size, column, 2)).map((x) => x / 2))
  const analyticAt =
    mode === 'reverse'
      ? (row: number, column: number) => rowOf(row)[column]!
      : (row: number, column: number) => columnOf(column)[row]!
  const scaleOf = kept((row) => largest(columns.map((column) => analyticAt(row, column))))
  const slopesIn = (some: readonly number[]) => {
    const site = someOutputs(place, some)
    const position = new Map(some.map((row, k) => [row, k]))
    const by = kept((column): Slopes => {
      const agrees = (k: number, slope: number, bar: number) => {
        const analytic = analyticAt(some[k]!, column)
        return closeEnough(analytic, slope, jointBar(analytic, slope, bar, 0, subject.precision), tolerance)
      }
      return slopesAlong(site, unit(inputs.size, column), { agrees, scale: (k) => scaleOf(some[k]!) })
    })
    return (row: number, column: number): Slope => {
      const { values, bars, doubts } = by(column)
      const k = position.get(row)!
      return { value: doubts.has(k) ? Number.NaN : values[k]!, bar: bars[k]! }
    }
  }
  const among = new Set(rows)
  const inRows = slopesIn(rows)
  const inRow = kept((row) => slopesIn([row]))
  const slopeAt = (row: number, column: number) => (among.has(row) ? inRows : inRow(row))(row, column)
  const numericAt = (row: number, column: number) => slopeAt(row, column).value
  const known = columns.flatMap((column) =>
    rows.flatMap((row) => {
      const [analytic, numeric] = [analyticAt(row, column), numericAt(row, column)]
      return Number.isFinite(numeric) ? [{ row, column, analytic, numeric }] : []
    }),
  )
  const scale = largest(known.flatMap(({ analytic, numeric }) => [analytic, numeric]))
  const isClose = (a: number, b: number, { row, column }: { row: number; column: number }, more = 0) =>
    closeEnough(a, b, jointBar(a, b, slopeAt(row, column).bar + more / tolerance, scale, subject.precision), tolerance)
  // the wrong ones first: what does not explain them is done with at once
  const entries = known
    .map((entry) => ({ ...entry, isWrong: !isClose(entry.analytic, entry.numeric, entry) }))
    .filter(({ isWrong, analytic, numeric, row, column }) => {
      const uncertain = tolerance * slopeAt(row, column).bar
      return !isWrong || uncertain <= certain * Math.abs(analytic - numeric) || Number.isNaN(analytic)
    })
    .sort((a, b) => Number(b.isWrong) - Number(a.isWrong))
  const isExplained = (entry: Entry, by: number) =>
    isClose(entry.analytic, by, entry, leftOver * Math.abs(entry.analytic - entry.numeric))
  const isNear = (entry: Entry, a: number, b: number) => isClose(a, b, entry)
  return { place, rows, columns, entries, analyticAt, numericAt, isExplained, isNear }
}

/** Whether what is predicted is what the mode gives, for each of the entries at every point. */
export const explains = (
  { looks }: Evidence,
  predict: (look: Look, entry: Entry) => number,
  among: (entry: Entry, look: Look) => boolean = () => true,
): boolean =>
  looks.every((look) =>
    look.entries.every((entry) => !among(entry, look) || look.isExplained(entry, predict(look, entry))),
  )

/** A ratio of what is given to what is true is known this well. */
const digits = { float32: 1e-4, float64: 1e-9 }

/** The one number by which what is predicted has to be multiplied to explain each of the entries; null if there is none. */
export const factorFor = (
  evidence: Evidence,
  predict: (look: Look, entry: Entry) => number,
  among: (entry: Entry, look: Look) => boolean = () => true,
): number | null => {
  const look = evidence.looks[0]!
  let most = 0
  let factor = Number.NaN
  for (const entry of wrongIn(look)) {
    const predicted = among(entry, look) ? predict(look, entry) : 0
    if (Math.abs(predicted) <= most) continue
    most = Math.abs(predicted)
    factor = entry.analytic / predicted
  }
  if (!Number.isFinite(factor) || factor === 0) return null
  const slack = digits[evidence.subject.precision]
  const isNear = (x: number) => Math.abs(x - Math.round(x)) < slack
  const rounded = isNear(factor) ? Math.round(factor) : isNear(1 / factor) ? 1 / Math.round(1 / factor) : factor
  return explains(evidence, (at, entry) => rounded * predict(at, entry), among) ? rounded : null
}

export const wrongIn = ({ entries }: Look): readonly Entry[] => entries.filter(({ isWrong }) => isWrong)
export const rightIn = ({ entries }: Look): readonly Entry[] => entries.filter(({ isWrong }) => !isWrong)
/** Numbers that are 0 but for round-off. */
export const isNothing = (look: Look, x: number): boolean =>
  Math.abs(x) <=
  nothing[look.place.subject.precision] * largest(look.entries.flatMap(({ analytic, numeric }) => [analytic, numeric]))
const nothing = { float32: 1e-5, float64: 1e-11 }
