import { type Tensor, tensor, vjp } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import type { DType } from '../../src/graph/dtype.js'
import { functions, table } from '../../src/ops/index.js'
import { type RuleName, rules } from '../../src/rules/index.js'
import type { Rule } from '../../src/rules/rule.js'
import { definitions } from './definitions.js'
import { elsewhere } from './elsewhere.js'
import { type Fn, ways } from './ways.js'

// Ops that choose, compare, round or move numbers give the same bits as plain JavaScript, of any numbers at all; and so do
// their derivatives.

type Numbers = (...operands: number[]) => number
interface Choice {
  readonly value: Numbers
  /** By operand; none for those that are truth values or give them. */
  readonly partials?: readonly (Numbers | null)[]
}

const flat = [() => 0]
const share = (isAhead: boolean, isTie: boolean): number => (isAhead ? 1 : isTie ? 0.5 : 0)
const isTaken = (x: number, other: number, isAhead: boolean) => isAhead || (Number.isNaN(other) && !Number.isNaN(x))
const isNegative = (x: number): boolean => x < 0 || Object.is(x, -0)
const branch: Choice = {
  value: (c, a, b) => (c ? a! : b!),
  partials: [null, (c) => (c ? 1 : 0), (c) => (c ? 0 : 1)],
}
const truth = (f: (...operands: number[]) => boolean): Choice => ({ value: (...operands) => Number(f(...operands)) })
const halfToEven = (x: number): number => {
  const below = Math.floor(x)
  const isUp = x - below > 0.5 || (x - below === 0.5 && below % 2 !== 0)
  return isUp ? below + 1 : below
}

const choices: { readonly [Name in RuleName]?: Choice } = {
  identity: { value: (x) => x!, partials: [() => 1] },
  select: branch,
  where: branch,
  maximum: {
    value: Math.max,
    partials: [(a, b) => share(a! > b!, a === b), (a, b) => share(b! > a!, a === b)],
  },
  minimum: {
    value: Math.min,
    partials: [(a, b) => share(a! < b!, a === b), (a, b) => share(b! < a!, a === b)],
  },
  clamp: {
    value: (x, low, high) => Math.min(Math.max(x!, low!), high!),
    partials: [
      (x, low, high) => Number(low! <= x! && x! <= high!),
      (x, low, high) => Number(x! < low! && low! <= high!),
      (x, low, high) => Number(high! < Math.max(x!, low!)),
    ],
  },
  fmax: {
    value: (a, b) => (Number.isNaN(a) ? b! : Number.isNaN(b) ? a! : Math.max(a!, b!)),
    partials: [(a, b) => share(isTaken(a!, b!, a! > b!), a === b), (a, b) => share(isTaken(b!, a!, b! > a!), a === b)],
  },
  fmin: {
    value: (a, b) => (Number.isNaN(a) ? b! : Number.isNaN(b) ? a! : Math.min(a!, b!)),
    partials: [(a, b) => share(isTaken(a!, b!, a! < b!), a === b), (a, b) => share(isTaken(b!, a!, b! < a!), a === b)],
  },
  copysign: {
    value: (a, b) => (isNegative(b!) ? -1 : 1) * Math.abs(a!),
    partials: [(a, b) => (Number.isNaN(a) ? 0 : (isNegative(b!) ? -1 : 1) * Math.sign(a!)), () => 0],
  },
  threshold: {
    value: (x, limit, value) => (x! <= limit! ? value! : x!),
    partials: [(x, limit) => Number(!(x! <= limit!)), () => 0, (x, limit) => Number(x! <= limit!)],
  },
  hardshrink: {
    value: (x, limit) => (Math.abs(x!) <= limit! ? 0 : x!),
    partials: [(x, limit) => Number(!(Math.abs(x!) <= limit!)), () => 0],
  },
  sign: { value: Math.sign, partials: flat },
  floor: { value: Math.floor, partials: flat },
  ceil: { value: Math.ceil, partials: flat },
  round: { value: halfToEven, partials: flat },
  trunc: { value: Math.trunc, partials: flat },
  scale: { value: (a, b) => (a === 0 || b === 0 ? 0 : a! * b!), partials: [(_, b) => b!, (a) => a!] },
  equal: truth((a, b) => a === b),
  notEqual: truth((a, b) => a !== b),
  less: truth((a, b) => a! < b!),
  lessEqual: truth((a, b) => a! <= b!),
  greater: truth((a, b) => a! > b!),
  greaterEqual: truth((a, b) => a! >= b!),
  isNaN: truth(Number.isNaN),
  isInf: truth((x) => Math.abs(x!) === Infinity),
  isFinite: truth(Number.isFinite),
  logicalAnd: truth((a, b) => a !== 0 && b !== 0),
  logicalOr: truth((a, b) => a !== 0 || b !== 0),
  logicalXor: truth((a, b) => (a !== 0) !== (b !== 0)),
  logicalNot: truth((x) => x === 0),
}
const names = Object.keys(choices) as RuleName[]

const floats = ['float64', 'float32'] as const
type Float = (typeof floats)[number]
const smallest = { float64: Number.MIN_VALUE, float32: 2 ** -149 } as const
const largest = { float64: Number.MAX_VALUE, float32: 2 ** 128 * (1 - 2 ** -24) } as const
const digits = { float64: 52, float32: 23 } as const
const sizesOf = (dtype: Float): number[] => {
  const whole = 2 ** digits[dtype]
  return [0, smallest[dtype], 11 * smallest[dtype], 2.75 / whole, 0.5, 1, 1.5, 2.5, whole / 2 + 0.5, whole + 1, 2 * whole, largest[dtype], Infinity] // biome-ignore format: a list
}
const numbersOf = (dtype: Float): number[] => [...sizesOf(dtype), ...sizesOf(dtype).map((x) => -x), NaN]
const roundTo = (dtype: DType, x: number): number => (dtype === 'float32' ? Math.fround(x) : x)

/** -0 counts as 0. */
const list = (x: Tensor): number[] => [...x.data].map((number) => number + 0)
const expectSame = (what: string, got: Tensor, wanted: readonly number[], dtype: DType): void =>
  expect(list(got), what).toEqual(wanted.map((x) => roundTo(dtype, x) + 0))

const pools = [
  functions.maxPool1dWithIndices,
  functions.maxPool2dWithIndices,
  functions.maxPool3dWithIndices,
] as unknown as readonly ((x: Tensor, size: readonly number[]) => unknown)[]

test('every op of the table is walked far out by a test of this folder', () => {
  const own = [
    ...names,
    'argmax',
    'argmin',
    'maxWithIndices',
    'minWithIndices',
    ...[1, 2, 3].map((rank) => `maxPool${rank}dWithIndices`),
    'any',
    'all',
    'pad',
    'cast',
    'nanToNum',
  ]
  expect(own.sort()).toEqual([...elsewhere.choices].sort())
  const unseen = table
    .map(({ opName }) => opName)
    .filter((name) => !(name in definitions) && !Object.values<readonly string[]>(elsewhere).flat().includes(name))
  // those that are left have a degree in degrees.ts; homogeneous.test.ts asks for one
  expect(unseen.filter((name) => name in rules || !table.find(({ opName }) => opName === name)!.differentiable)).toEqual([]) // biome-ignore format: a call
})

describe.each(ways)('%s', (_, wrap) => {
  test.each(names)('%s of any numbers, and its derivatives', (name) => {
    const { value, partials = [] } = choices[name]!
    const rule: Rule = rules[name]
    const op = functions[name] as unknown as Fn
    for (const dtype of floats) {
      const numbers = numbersOf(dtype)
      const places = Array.from({ length: rule.arity }, (_, i) => (rule.conditions.includes(i) ? [0, 1] : numbers))
      const points = places.reduce<number[][]>((all, some) => all.flatMap((p) => some.map((x) => [...p, x])), [[]])
      const operands = places.map((_, i) =>
        tensor(
          points.map((point) => point[i]!),
          { dtype: rule.conditions.includes(i) ? 'bool' : dtype },
        ),
      ) as Tensor[]
      const values = points.map((point) => value(...point))
      expectSame(dtype, wrap(op)(...operands), values, dtype)

      for (const weight of [-1.5, smallest[dtype], largest[dtype]]) {
        const weights = tensor(points.map(() => weight), { dtype }) as Tensor // biome-ignore format: a call
        partials.forEach((partial, i) => {
          if (partial === null) return
          const along: Fn = (...all) => vjp((x: Tensor) => op(...all.with(i, x)), all[i]!)[1](weights)[0] as Tensor
          const slopes = points.map((point) => partial(...point))
          // where one of them is 0, the product is
          const wanted = slopes.map((slope) => (slope === 0 ? 0 : slope * weight))
          expectSame(`${dtype}, partial ${i} times ${weight}`, wrap(along)(...operands), wanted, dtype)
        })
      }
    }
  })

  test('argmax, argmin, with values or without, any and all of any numbers', () => {
    for (const dtype of floats) {
      const rows = numbersOf(dtype).flatMap((a) => numbersOf(dtype).map((b) => [a, b, a]))
      const x = tensor(rows, { dtype }) as Tensor
      const first = (row: number[], extreme: number) => row.findIndex((each) => Object.is(each + 0, extreme + 0))
      const of = (name: 'argmax' | 'argmin' | 'any' | 'all') => wrap((p: Tensor) => functions[name](p, -1) as Tensor)(x)
      expectSame('argmax', of('argmax'), rows.map((row) => first(row, Math.max(...row))), dtype) // biome-ignore format: a call
      expectSame('argmin', of('argmin'), rows.map((row) => first(row, Math.min(...row))), dtype) // biome-ignore format: a call
      for (const [name, best] of [
        ['maxWithIndices', Math.max],
        ['minWithIndices', Math.min],
      ] as const) {
        // biome-ignore format: a list
        const found = wrap((p: Tensor) => functions[name](p, -1) as { values: Tensor; indices: Tensor })(x)
        const { values, indices } = found
        expectSame(name, values as Tensor, rows.map((row) => best(...row)), dtype) // biome-ignore format: a call
        expectSame(name, indices as Tensor, rows.map((row) => first(row, best(...row))), 'int32') // biome-ignore format: a call
        if (best === Math.max) {
          const shapes = [[3], [1, 3], [1, 3, 1]] as const
          for (const [i, pool] of pools.entries()) {
            const size = [...shapes[i]!]
            const pooled = wrap((p: Tensor) => pool(p.reshape([rows.length, 1, ...size]), size) as typeof found)(x)
            expectSame(`rank ${i + 1}`, pooled.values, [...found.values.data], dtype)
            expectSame(`rank ${i + 1}`, pooled.indices, [...found.indices.data], 'int32')
          }
        }
        const weights = rows.map((_, i) => [-1.5, smallest[dtype], largest[dtype]][i % 3]!)
        const pull = (p: Tensor, g: Tensor) => vjp((q: Tensor) => functions[name](q, -1).values as Tensor, p)[1](g)[0]
        const slopes = wrap(pull)(x, tensor(weights, { dtype }) as Tensor) as Tensor
        const wanted = rows.flatMap((row, i) => row.map((_, at) => (at === first(row, best(...row)) ? weights[i]! : 0)))
        expectSame(`the derivative of ${name}`, slopes, wanted, dtype)
      }
      expectSame('any', of('any'), rows.map((row) => Number(row.some((each) => each !== 0))), dtype) // biome-ignore format: a call
      expectSame('all', of('all'), rows.map((row) => Number(row.every((each) => each !== 0))), dtype) // biome-ignore format: a call
    }
  })

  test('nanToNum of any numbers, and its derivative', () => {
    for (const dtype of floats) {
      const numbers = numbersOf(dtype)
      const x = tensor(numbers, { dtype }) as Tensor
      const weights = tensor(numbers.map((_, i) => i - 5), { dtype }) as Tensor // biome-ignore format: a call
      const most = largest[dtype]
      for (const [options, nan, posInf, negInf] of [
        [{}, 0, most, -most],
        [{ nan: 7, posInf: NaN, negInf: 3 }, 7, NaN, 3],
      ] as const) {
        const f: Fn = (p) => functions.nanToNum(p!, options) as Tensor
        const wanted = numbers.map((n) =>
          Number.isNaN(n) ? nan : n === Infinity ? posInf : n === -Infinity ? negInf : n,
        )
        expectSame(dtype, wrap(f)(x), wanted, dtype)
        const pull: Fn = (p, g) => vjp(f as (q: Tensor) => Tensor, p!)[1](g!)[0] as Tensor
        const passed = numbers.map((n, i) => (Number.isFinite(n) ? i - 5 : 0))
        expectSame(`${dtype}, cotangent`, wrap(pull)(x, weights), passed, dtype)
      }
    }
  })

  test('pad around any numbers, with any fill, and its derivative', () => {
    for (const dtype of floats) {
      const numbers = numbersOf(dtype)
      const x = tensor(numbers, { dtype }) as Tensor
      const weights = tensor([7, ...numbers, 7, 7], { dtype }) as Tensor
      for (const fill of numbers) {
        const padded: Fn = (p) => functions.pad(p!, [[1, 2]], { value: fill }) as Tensor
        expectSame(`fill ${fill}`, wrap(padded)(x), [fill, ...numbers, fill, fill], dtype)
        const pull: Fn = (p, g) => vjp(padded as (q: Tensor) => Tensor, p!)[1](g!)[0] as Tensor
        expectSame(`cotangent, fill ${fill}`, wrap(pull)(x, weights), numbers, dtype)
      }
    }
  })

  test('cast of any numbers to any dtype, and its derivative', () => {
    const to: { readonly [dtype in DType]: (x: number) => number } = {
      float64: (x) => x,
      float32: Math.fround,
      int32: (x) => x | 0,
      bool: (x) => Number(x !== 0),
    }
    for (const dtype of floats) {
      // between and around the ranges of the other dtypes, too
      const bounds = [2 ** -150, 2 ** 128 * (1 - 2 ** -25), 2 ** 31 - 0.5, 2 ** 31, 2 ** 32 + 1, 2 ** 52 + 1, 2 ** 84 + 2 ** 32] // biome-ignore format: a list
      const numbers = [...numbersOf(dtype), ...bounds.flatMap((x) => [x, -x]).map((x) => roundTo(dtype, x))]
      const x = tensor(numbers, { dtype }) as Tensor
      for (const target of Object.keys(to) as DType[]) {
        const cast: Fn = (p) => functions.cast(p!, target) as Tensor
        expectSame(`${dtype} to ${target}`, wrap(cast)(x), numbers.map(to[target]), target)
      }
      for (const target of floats) {
        const weights = tensor(numbersOf(target), { dtype: target }) as Tensor
        const at = tensor(numbersOf(target).map(() => 1), { dtype }) as Tensor // biome-ignore format: a call
        const pull: Fn = (p, g) => vjp((q: Tensor) => functions.cast(q, target) as Tensor, p!)[1](g!)[0] as Tensor
        expectSame(`cotangent, ${dtype} to ${target}`, wrap(pull)(at, weights), numbersOf(target), dtype)
      }
    }
  })
})
