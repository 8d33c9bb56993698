import { Random } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { patternOf } from '../../src/gradcheck/patterns/pattern.js'

type Shape = readonly number[]
type Index = readonly number[]

const indexOf = (position: number, shape: Shape): number[] => {
  const index: number[] = []
  let rest = position
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return index
}
const sizeOf = (shape: Shape): number => shape.reduce((a, b) => a * b, 1)
const positionOf = (index: Index, shape: Shape): number => index.reduce((sum, k, axis) => sum * shape[axis]! + k, 0)
const maskOf = (shape: Shape, isWrong: (index: Index) => boolean): boolean[] =>
  Array.from({ length: sizeOf(shape) }, (_, position) => isWrong(indexOf(position, shape)))
const described = (shape: Shape, isWrong: (index: Index) => boolean): string | null => {
  const mask = maskOf(shape, isWrong)
  return patternOf(shape, (position) => mask[position]!)
}

/** A kind of pattern of a shape: the elements, and what must be said of them; null where the shape has none. */
type Kind = (shape: Shape, draw: (below: number) => number) => [(index: Index) => boolean, string] | null

/** What an axis is called where there are several. */
const axisName = (shape: Shape, axis: number): string[] => {
  if (shape.length === 1) return ['at', 'element', 'elements', '']
  if (axis === shape.length - 1) return ['in', 'column', 'columns', '']
  if (axis === shape.length - 2) return ['in', 'row', 'rows', '']
  return [
    'at',
    'index',
    'indices',
    ` of axis ${axis}${axis === 0 ? ' (the batch?)' : axis === 1 ? ' (the channels?)' : ''}`,
  ]
}
const written = (shape: Shape, k: number): string => (shape.length === 1 ? `[${k}]` : String(k))

const longAxis = (shape: Shape, draw: (below: number) => number, least: number): number | null => {
  const axes = [...shape.keys()].filter((axis) => shape[axis]! >= least)
  return axes.length === 0 ? null : axes[draw(axes.length)]!
}

/** A pattern along one axis. */
const along =
  (
    least: number,
    make: (
      size: number,
      draw: (below: number) => number,
      words: { one: string; many: string; at: (k: number) => string },
    ) => [(k: number) => boolean, string, string?],
  ): Kind =>
  (shape, draw) => {
    const axis = longAxis(shape, draw, least)
    if (axis === null) return null
    const [pre, one, many, after] = axisName(shape, axis)
    const at = (k: number) => written(shape, k)
    const [has, says, end = ''] = make(shape[axis]!, draw, { one: one!, many: many!, at })
    return [(index) => has(index[axis]!), `only ${pre} ${says}${after}${end}`]
  }

const isBorder = (shape: Shape) => (index: Index) =>
  index.some((k, axis) => shape[axis]! > 1 && (k === 0 || k === shape[axis]! - 1))
const planes = (shape: Shape): boolean => shape.filter((size) => size > 1).length === 2
const lastTwo = (shape: Shape): [number, number] | null => {
  const axes = [...shape.keys()].filter((axis) => shape[axis]! > 1)
  const [rows, columns] = axes.slice(-2)
  return columns === undefined || Math.min(shape[rows!]!, shape[columns]!) < 4 ? null : [rows!, columns]
}
const offset =
  (says: string, has: (offset: number) => boolean): Kind =>
  (shape) => {
    const axes = lastTwo(shape)
    return axes && [(index) => has(index[axes[1]]! - index[axes[0]]!), says]
  }

const kinds: Record<string, Kind> = {
  'one element': (shape, draw) => {
    const index = indexOf(draw(sizeOf(shape)), shape)
    return [(other) => String(other) === String(index), `only at [${index.join(', ')}]`]
  },
  'all but one element': (shape, draw) => {
    const index = indexOf(draw(sizeOf(shape)), shape)
    return sizeOf(shape) < 6 || shape.filter((size) => size > 1).length < 1
      ? null
      : [(other) => String(other) !== String(index), `everywhere but at [${index.join(', ')}]`]
  },
  all: (shape) => [() => true, sizeOf(shape) === 1 ? 'null' : 'everywhere'],
  'one index of an axis': (shape, draw) =>
    shape.filter((size) => size > 1).length < 2
      ? null
      : along(3, (size, _, { one, at }) => {
          const k = draw(size)
          return [(index) => index === k, `${one} ${at(k)}`]
        })(shape, draw),
  'the ends of an axis': (shape, draw) =>
    shape.filter((size) => size > 1).length < 2
      ? null
      : along(4, (size, _, { one }) => [(k) => k === 0 || k === size - 1, `the first and the last ${one}`])(
          shape,
          draw,
        ),
  'from an index on': along(7, (size, draw, { many, at }) => {
    const k = 2 + draw(size - 6)
    return [(index) => index >= k, `${many} from ${at(k)} on`]
  }),
  'up to an index': along(9, (size, draw, { many, at }) => {
    const k = 3 + draw(size - 8)
    return [(index) => index <= k, `${many} up to ${at(k)}`]
  }),
  'a range': along(9, (size, draw, { many, at }) => {
    const k = 1 + draw(size - 8)
    return [(index) => index >= k && index <= k + 4, `${many} ${at(k)} to ${at(k + 4)}`]
  }),
  'a stride': along(9, (_, draw, { one, at }) => {
    const [step, start] = [2 + draw(2), 1 + draw(2)]
    return [
      (k) => k >= start && (k - start) % step === 0,
      `every ${['second', 'third'][step - 2]} ${one}`,
      `, from ${at(start)} on`,
    ]
  }),
  border: (shape) =>
    planes(shape) && Math.min(...shape.filter((size) => size > 1)) > 3 ? [isBorder(shape), 'only at the border'] : null,
  interior: (shape) =>
    planes(shape) && Math.min(...shape.filter((size) => size > 1)) > 3
      ? [(index) => !isBorder(shape)(index), 'only in the interior, and right at the border']
      : null,
  corners: (shape) => {
    const axes = lastTwo(shape)
    return axes && [(index) => axes.every((a) => index[a] === 0 || index[a] === shape[a]! - 1), 'only at the corners']
  },
  diagonal: offset('only on the diagonal', (d) => d === 0),
  'off the diagonal': offset('only off the diagonal', (d) => d !== 0),
  above: offset('only above the diagonal', (d) => d > 0),
  'on and above': offset('only on and above the diagonal', (d) => d >= 0),
  below: offset('only below the diagonal', (d) => d < 0),
  'on and below': offset('only on and below the diagonal', (d) => d <= 0),
  'parallel to the diagonal': offset('only where column - row = 1', (d) => d === 1),
  band: offset('only within 1 of the diagonal', (d) => Math.abs(d) <= 1),
  'chess board': (shape) =>
    shape.filter((size) => size > 2).length < 2
      ? null
      : [
          (index) => index.reduce((a, b) => a + b, 0) % 2 === 1,
          'only at every second element, as on a chess board, from the second on',
        ],
  block: (shape) => {
    const axes = lastTwo(shape)
    return axes && shape.length === 2 && Math.min(...shape) >= 4
      ? [
          ([i, j]) => i! >= 1 && i! <= shape[0]! - 2 && j! <= 1,
          `only in the block of rows 1 to ${shape[0]! - 2} and columns up to 1`,
        ]
      : null
  },
  'a row and a column': (shape) =>
    shape.length === 2 && Math.min(...shape) >= 4
      ? [([i, j]) => i === 2 || j === 1, 'only in row 2 or column 1']
      : null,
  'beyond a position in memory': (shape) => {
    if (lastTwo(shape) === null) return null
    const start = shape.map((size) => Math.floor(size / 2))
    start[shape.length - 1] = 1
    const first = positionOf(start, shape)
    return [
      (index) => positionOf(index, shape) >= first,
      `only at elements from [${start.join(', ')}] on in the order of memory`,
    ]
  },
}

const shapes: readonly Shape[] = [
  [5], [10], [17], [64], [1200],
  [4, 4], [6, 5], [5, 9], [1, 12], [12, 1], [20, 20],
  [1, 1, 5, 5], [2, 3, 4], [3, 1, 9], [2, 2, 5, 6], [9, 2, 2, 2], [2, 9, 4, 4], [1, 1, 1, 7],
] // biome-ignore format: shapes

const seeds = [1, 2, 3]

describe('the pattern of wrong elements', () => {
  describe.each(Object.entries(kinds))('%s', (_, kind) => {
    const draws = (seed: number) => {
      const random = new Random(seed)
      return (below: number) => Math.floor(random.number() * below)
    }
    const made = shapes.flatMap((shape) =>
      seeds.flatMap((seed) => {
        const found = kind(shape, draws(seed))
        return found === null ? [] : [[shape, ...found] as const]
      }),
    )

    test('is named in each shape that can have it', () => {
      expect(made.length).toBeGreaterThan(2)
      for (const [shape, isWrong, says] of made)
        expect(`${shape}: ${described(shape, isWrong)}`).toBe(`${shape}: ${says}`)
    })
  })
})

const anyOf = (random: Random, size: number): number[] => Array.from(random.normal([size], { dtype: 'float64' }).data)
const describedBy = (
  shape: Shape,
  values: number[],
  isWrong: (x: number, position: number) => boolean,
  elsewhere: number[][] = [],
) => {
  const look = (at: number[]) => ({
    wrong: (position: number) => isWrong(at[position]!, position),
    values: [{ name: 'x', at }],
  })
  const { wrong, values: named } = look(values)
  return patternOf(shape, wrong, { values: named, elsewhere: elsewhere.map(look) })
}

/** Elements that their values tell apart: what is said of them. */
const branches: Record<string, [wrong: (x: number) => boolean, says: RegExp]> = {
  negative: [(x) => x < 0, /^only where x < 0$/],
  positive: [(x) => x > 0, /^only where x > 0$/],
  'above a bound': [(x) => x > 0.6, /^only where x > 0\.[56]\d* \(a bound between 0\.5\d* and 0\.6\d*\)$/],
  'below a bound': [(x) => x < -0.4, /^only where x < -0\.\d+ \(a bound between -0\.\d+ and -0\.\d+\)$/],
  'far from 0': [
    (x) => Math.abs(x) > 1,
    /^only where \|x\| > (1|0\.9\d*) \(a bound between (1|0\.9\d*) and 1[.\d]*\)$/,
  ],
  'near 0': [(x) => Math.abs(x) < 0.5, /^only where \|x\| < 0\.\d+ \(a bound between 0\.\d+ and 0\.\d+\)$/],
  'inside of bounds': [(x) => x > -1 && x < 0.5, /^only where x is between -(1|0\.9)\d* and 0\.[45]\d*$/],
  'outside of bounds': [(x) => x < -0.2 || x > 1, /^only where x is not between -0\.[123]\d* and (1|0\.9)\d*$/],
}

describe('the pattern by values', () => {
  test.each(Object.entries(branches))('%s is named in each shape', (_, [wrong, says]) => {
    for (const shape of [[60], [8, 9], [2, 5, 6]]) {
      for (const seed of seeds) {
        const values = anyOf(new Random(seed), sizeOf(shape))
        if (new Set(values.map(wrong)).size === 2) expect(describedBy(shape, values, wrong)).toMatch(says)
      }
    }
  })

  test('a bound that is given lies between the values on either side', () => {
    for (let seed = 0; seed < 40; seed++) {
      const values = anyOf(new Random(seed), 30).map((x) => x * 10 ** ((seed % 9) - 4))
      const bound = values[0]!
      for (const [sign, wrong] of [
        ['<', (x: number) => x < bound],
        ['>', (x: number) => x > bound],
      ] as const) {
        const says = describedBy([30], values, wrong) ?? ''
        const [, found, given] = /x ([<>]=?) (\S+)/.exec(says) ?? []
        if (given === undefined) continue
        expect(found![0]).toBe(sign)
        const holds = { '<': (x: number) => x < +given, '>': (x: number) => x > +given, '<=': (x: number) => x <= +given, '>=': (x: number) => x >= +given } // biome-ignore format: a table
        expect(values.map(holds[found as '<'])).toEqual(values.map(wrong))
      }
    }
  })

  test('zeros, one value, the largest, the smallest and ties are named, and all others', () => {
    const values = [3, 0, -1, 0, 2, 5, 0, 1, 7, -4, 2.5, 6]
    expect(describedBy([12], values, (x) => x === 0)).toBe('only where x is 0')
    expect(describedBy([12], values, (x) => x !== 0)).toBe('only where x is not 0')
    expect(describedBy([12], values, (x) => x <= 0)).toBe('only where x <= 0')
    expect(describedBy([12], values, (x) => x >= 0)).toMatch(/^only where x >= 0/)
    expect(describedBy([12], values, (x) => x === 7)).toBe('only where x is the largest, and only at [8]')
    const matrix = anyOf(new Random(3), 30)
    const rows = (position: number) => matrix.slice(Math.floor(position / 6) * 6).slice(0, 6)
    expect(describedBy([5, 6], matrix, (x, i) => x === Math.max(...rows(i)))).toBe(
      'only where x is the largest along axis 1',
    )
    expect(describedBy([5, 6], matrix, (x, i) => x !== Math.min(...rows(i)))).toBe(
      'only where x is not the smallest along axis 1',
    )
    const columns = (position: number) => matrix.filter((_, k) => k % 6 === position % 6)
    expect(describedBy([5, 6], matrix, (x, i) => x === Math.max(...columns(i)))).toBe(
      'only where x is the largest along axis 0',
    )
    const tied = [1, 2, 5, 2, 3, 5, 7, 9, 11, 4]
    expect(describedBy([10], tied, (x) => x === 2 || x === 5)).toBe('only where x is equal to another (a tie)')
  })

  test('of several values those are named that tell the elements apart', () => {
    const [a, b] = [anyOf(new Random(1), 40), anyOf(new Random(2), 40)]
    const values = [
      { name: 'a', at: a },
      { name: 'b', at: b },
      { name: 'a - b', at: a.map((x, i) => x - b[i]!) },
    ]
    expect(patternOf([40], (i) => b[i]! < 0, { values })).toBe('only where b < 0')
    expect(patternOf([40], (i) => a[i]! > b[i]!, { values })).toBe('only where a - b > 0')
  })

  test('a second look tells a place from a branch that happens to be there', () => {
    const here = [-1, 2, -3, 4, 0.5, 6]
    const there = [2, -3, -1, 5, -0.5, 2]
    expect(describedBy([6], here, (x) => x < 0)).toMatch(/^only where x < 0/)
    expect(describedBy([6], here, (x) => x < 0, [there])).toBe('only where x < 0')
    expect(describedBy([6], here, (_, i) => i === 0 || i === 2)).toMatch(/x < 0/)
    expect(describedBy([6], here, (_, i) => i === 0 || i === 2, [there])).toBe('only at [0] and [2]')
  })
})

describe('no pattern', () => {
  test('is named where elements are wrong at random', () => {
    for (const shape of [[24], [6, 6], [2, 3, 8], [1, 1, 7, 7], [200]]) {
      for (let seed = 0; seed < 40; seed++) {
        const random = new Random(seed)
        const mask = Array.from({ length: sizeOf(shape) }, () => random.number() < 0.4)
        const values = [{ name: 'x', at: anyOf(random, mask.length) }]
        expect(patternOf(shape, (i) => mask[i]!, { values })).toBe(null)
      }
    }
  })

  test('is there where nothing is wrong, or nothing to tell apart', () => {
    expect(patternOf([3, 4], () => false)).toBe(null)
    expect(patternOf([0, 4], () => true)).toBe(null)
    expect(patternOf([], () => true)).toBe(null)
  })
})

describe('a pattern of elements of which only some are known', () => {
  const known = (shape: Shape, share: number) => {
    const random = new Random(9)
    const mask = maskOf(shape, () => random.number() < share)
    return (position: number) => mask[position]!
  }

  test('is that of all of them', () => {
    const shape = [40, 50]
    const patterns: [(index: Index) => boolean, string][] = [
      [([i]) => i === 7, 'only in row 7'],
      [([, j]) => j! >= 20, 'only in columns from 20 on'],
      [([i, j]) => i! < j!, 'only above the diagonal'],
      [(index) => isBorder(shape)(index), 'only at the border'],
    ]
    for (const [isWrong, says] of patterns) {
      const mask = maskOf(shape, isWrong)
      expect(patternOf(shape, (position) => mask[position]!, { known: known(shape, 0.4) })).toBe(says)
    }
  })

  test('asks about no other element', () => {
    const isKnown = known([30, 30], 0.1)
    const wrong = (position: number) => {
      if (!isKnown(position)) throw new Error('asked')
      return position % 2 === 0
    }
    expect(patternOf([30, 30], wrong, { known: isKnown })).not.toBe(null)
  })
})
