import { contiguousStrides, type Shape } from '../../graph/shape.js'
import { type Candidate, indexAlong, type Seen, type Values } from './seen.js'

// Branches, bounds, the largest and ties: elements that their values tell apart, at every look.

/** The numbers of one name: of wrong elements and of right ones, at all looks together. */
interface Numbers {
  readonly wrong: readonly number[]
  readonly right: readonly number[]
}

const numbersOf = ({ looks }: Seen, which: number, of: (value: number) => number): Numbers => {
  const pick = (kind: 'wrong' | 'right') =>
    looks.flatMap(({ values, ...look }) => look[kind].map((position) => of(values[which]!.at[position]!)))
  return { wrong: pick('wrong'), right: pick('right') }
}

const least = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
const most = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)

/** The number with the fewest digits that is greater than one, and not greater than the other. */
const roundest = (above: number, upTo: number): number => {
  const middle = above / 2 + upTo / 2
  const rounded = [Math.floor(upTo), ...Array.from({ length: 17 }, (_, i) => Number(middle.toPrecision(i + 1)))]
  return rounded.find((number) => number > above && number <= upTo) ?? upTo
}

const short = (x: number): string => String(Number(x.toPrecision(4)))
const gap = (a: number, b: number): string => ` (a bound between ${short(a)} and ${short(b)})`

/** What is on one side of a bound. */
const bound = (name: string, { wrong, right }: Numbers): Candidate[] => {
  const ways = 4 * (wrong.length + right.length + 1)
  const [lowWrong, highWrong, lowRight, highRight] = [least(wrong), most(wrong), least(right), most(right)]
  if (highWrong < lowRight) {
    if (highWrong < 0 && lowRight >= 0) return [{ says: `${name} < 0`, ways: 2 }]
    if (highWrong === 0 && lowWrong < 0) return [{ says: `${name} <= 0`, ways: 4 }]
    return [{ says: `${name} < ${roundest(highWrong, lowRight)}${gap(highWrong, lowRight)}`, ways }]
  }
  if (lowWrong > highRight) {
    if (lowWrong > 0 && highRight <= 0) return [{ says: `${name} > 0`, ways: 2 }]
    if (lowWrong === 0 && highWrong > 0) return [{ says: `${name} >= 0`, ways: 4 }]
    return [{ says: `${name} > ${-roundest(-lowWrong, -highRight)}${gap(highRight, lowWrong)}`, ways }]
  }
  return []
}

/** What is between two bounds, or outside of them. */
const interval = (name: string, numbers: Numbers): Candidate[] => {
  const between = (inner: readonly number[], outer: readonly number[]): readonly [number, number] | null => {
    const [low, high] = [least(inner), most(inner)]
    const [below, above] = [outer.filter((x) => x < low), outer.filter((x) => x > high)]
    if (below.length === 0 || above.length === 0 || below.length + above.length < outer.length) return null
    return [roundest(most(below), low), -roundest(-least(above), -high)]
  }
  const { wrong, right } = numbers
  const ways = 8 * (wrong.length + right.length) ** 2
  const inside = between(wrong, right)
  if (inside !== null) return [{ says: `${name} is between ${inside[0]} and ${inside[1]}`, ways }]
  const outside = between(right, wrong)
  return outside === null ? [] : [{ says: `${name} is not between ${outside[0]} and ${outside[1]}`, ways }]
}

/** One value that all of them have, and no others. */
const value = (name: string, { wrong, right }: Numbers): Candidate[] => {
  const ways = (x: number) => (x === 0 ? 4 : 8 * (wrong.length + right.length))
  const isOne = (some: readonly number[], others: readonly number[]) =>
    some.length > 0 && some.every((x) => x === some[0]) && !others.includes(some[0]!)
  if (isOne(wrong, right)) return [{ says: `${name} is ${short(wrong[0]!)}`, ways: ways(wrong[0]!) }]
  if (isOne(right, wrong)) return [{ says: `${name} is not ${short(right[0]!)}`, ways: ways(right[0]!) }]
  return []
}

/** The elements in line with each other, which one is compared with. */
interface Line {
  largest: number
  smallest: number
  readonly counts: Map<number, number>
}

const ranks: readonly (readonly [name: string, isOf: (x: number, line: Line) => boolean])[] = [
  ['the largest', (x, { largest }) => x === largest],
  ['the smallest', (x, { smallest }) => x === smallest],
  ['equal to another (a tie)', (x, { counts }) => counts.get(x)! > 1],
]

/** Which line along an axis an element is in; all are in one if there is no axis. */
const keyOf = (shape: Shape, axis: number | null): ((position: number) => number) => {
  if (axis === null) return () => 0
  const stride = contiguousStrides(shape)[axis]!
  const along = indexAlong(shape, axis)
  return (position) => position - along(position) * stride
}

const linesOf = (positions: readonly number[], at: ArrayLike<number>, key: (position: number) => number) => {
  const lines = new Map<number, Line>()
  for (const position of positions) {
    const x = at[position]!
    const line = lines.get(key(position)) ?? { largest: x, smallest: x, counts: new Map<number, number>() }
    line.largest = Math.max(line.largest, x)
    line.smallest = Math.min(line.smallest, x)
    line.counts.set(x, (line.counts.get(x) ?? 0) + 1)
    lines.set(key(position), line)
  }
  return lines
}

/** What is the largest, the smallest, or one of several equal ones, of all or along an axis. */
const rank = ({ shape, axes, looks }: Seen, which: number, name: string): Candidate[] => {
  const places = [null, ...(axes.length > 1 ? axes : [])]
  return places.flatMap((axis) => {
    const key = keyOf(shape, axis)
    const seen = looks.map(({ wrong, right, values }) => {
      const { at } = values[which]!
      const lines = linesOf([...wrong, ...right], at, key)
      return { wrong, right, standing: (position: number) => [at[position]!, lines.get(key(position))!] as const }
    })
    const where = axis === null ? '' : ` along axis ${axis}`
    const ways = 4 * places.length
    return ranks.flatMap(([says, isOf]) => {
      const all = (kind: 'wrong' | 'right', expected: boolean) =>
        seen.every(({ standing, ...look }) => look[kind].every((position) => isOf(...standing(position)) === expected))
      if (all('wrong', true) && all('right', false)) return [{ says: `${name} is ${says}${where}`, ways }]
      return all('wrong', false) && all('right', true) ? [{ says: `${name} is not ${says}${where}`, ways }] : []
    })
  })
}

const patternsBy = (seen: Seen, { name }: Values, which: number): Candidate[] => {
  const plain = numbersOf(seen, which, (x) => x)
  const size = numbersOf(seen, which, Math.abs)
  return [
    ...bound(name, plain),
    ...value(name, plain),
    ...bound(`|${name}|`, size).map((found) => ({ ...found, ways: 2 * found.ways })),
    ...interval(name, plain),
    ...rank(seen, which, name),
  ]
}

export const valuePatterns = (seen: Seen): Candidate[] => {
  const { values } = seen.looks[0]!
  return values
    .flatMap((each, which) => patternsBy(seen, each, which))
    .map(({ says, ways }) => ({ says: `only where ${says}`, ways: ways * values.length }))
}
