import { readdirSync, readFileSync, statSync } from 'node:fs'
import { CompileError, compile, grad, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { type DType, isFloat } from '../../src/graph/dtype.js'
import { Node } from '../../src/graph/node.js'
import { functions, table } from '../../src/ops/index.js'
import { tensorsOf } from '../compile/harness.js'
import { alone, reasons, shapedByElements } from './oracle-exceptions.js'

// Values, gradients and second derivatives as PyTorch, JAX and NumPy have them, written by scripts/oracle/fixtures.py.

interface Array {
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly data: readonly (number | 'NaN' | 'Infinity' | '-Infinity')[]
}
interface Case {
  readonly op: string
  readonly by: 'torch' | 'jax' | 'numpy'
  readonly args: readonly unknown[]
  readonly values: readonly Array[]
  /** Of what is differentiated, the factor of each element in the sum whose gradient is given. */
  readonly cotangents?: readonly Array[]
  readonly gradients?: readonly Array[]
  /** The factors of the elements of the gradients in a sum, whose own gradient is `second`. */
  readonly directions?: readonly Array[]
  readonly second?: readonly Array[]
}
type Numbers = readonly (readonly number[])[]

const otherwise = new Map(Object.entries(reasons).flatMap(([why, names]) => names.map((name) => [name, why] as const)))

const folder = new URL('../fixtures/', import.meta.url)
const families = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => {
    const { cases } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { readonly cases: readonly Case[] }
    return [name.replace('.json', ''), cases] as const
  })
const every = families.flatMap(([, cases]) => cases)

const isArray = (thing: object): thing is Array => 'shape' in thing && 'data' in thing
const tensorOf = ({ shape, dtype, data }: Array): Tensor =>
  tensor(data.map(Number), { dtype }).reshape([...shape]) as Tensor

/** Arguments as they are written, with tensors in the place of arrays. */
const read = (thing: unknown): unknown => {
  if (thing === 'Infinity' || thing === '-Infinity') return Number(thing)
  if (Array.isArray(thing)) return thing.map(read)
  if (typeof thing !== 'object' || thing === null) return thing
  if (isArray(thing)) return tensorOf(thing)
  return Object.fromEntries(Object.entries(thing).map(([name, option]) => [name, read(option)]))
}

/** Arguments with other tensors in the place of those of floats, in their order. */
const replaced = (thing: unknown, rest: Tensor[]): unknown => {
  if (thing instanceof Node) return isFloat(thing.dtype) ? rest.shift() : thing
  if (Array.isArray(thing)) return thing.map((item) => replaced(item, rest))
  if (typeof thing !== 'object' || thing === null) return thing
  return Object.fromEntries(Object.entries(thing).map(([name, option]) => [name, replaced(option, rest)]))
}

const described = (thing: unknown): string => {
  if (Array.isArray(thing)) return `[${thing.map(described).join(', ')}]`
  if (typeof thing !== 'object' || thing === null) return String(thing)
  if (isArray(thing)) return thing.data.length <= 6 ? `tensor(${thing.data.join(', ')})` : `tensor [${thing.shape}]`
  return `{ ${Object.entries(thing).map(([name, option]) => `${name}: ${described(option)}`)} }`
}
const nameOf = ({ op, args }: Case): string => `${op}(${args.map(described).join(', ')})`

/** The sum of the elements, each times its factor. */
const weighted = (tensors: readonly Tensor[], factors: readonly Array[]): Tensor =>
  tensors.map((x, i) => x.mul(tensorOf(factors[i]!)).sum()).reduce((a, b) => a.add(b)) as Tensor

const numbersOf = (tensors: readonly Tensor[]): Numbers => tensors.map(({ data }) => [...data])

type Wrap = <F extends (...args: Tensor[]) => unknown>(f: F) => F
const ways: readonly (readonly [string, Wrap])[] = [
  ['eagerly', (f) => f],
  ['compiled', (f) => compile(f as never) as unknown as typeof f],
]

/** What we make of a case, in the form of the fixture. */
const measured = ({ op, args, cotangents, directions }: Case, wrap: Wrap) => {
  const given = read(args) as unknown[]
  const inputs = tensorsOf(given).filter(({ dtype }) => isFloat(dtype))
  const f = (...floats: Tensor[]) =>
    tensorsOf((functions as any)[op](...(replaced(given, [...floats]) as unknown[])) as Tensor)
  const argument = inputs.map((_, i) => i)
  const total = (...floats: Tensor[]) =>
    weighted(
      f(...floats).filter(({ dtype }) => isFloat(dtype)),
      cotangents!,
    )
  const slope = (...floats: Tensor[]) => (grad as any)(total, { argument })(...floats) as Tensor[]
  const along = (...floats: Tensor[]) => weighted(slope(...floats), directions!)
  const curvature = (...floats: Tensor[]) => (grad as any)(along, { argument })(...floats) as Tensor[]
  const values = wrap(f)(...inputs)
  return {
    shapes: values.map(({ shape }) => shape),
    values: numbersOf(values),
    gradients: cotangents && numbersOf(wrap(slope)(...inputs)),
    second: directions && numbersOf(wrap(curvature)(...inputs)),
  }
}

const tolerance = 1e-10
const isNear = (got: number, wanted: number): boolean =>
  Object.is(got, wanted) || got === wanted || Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted))

/** The first element in which they differ, in words. */
const difference = (got: Numbers, wanted: readonly Array[]): string | undefined => {
  for (const [k, { data }] of wanted.entries()) {
    for (const [i, x] of data.entries()) {
      const ours = got[k]![i]!
      if (!isNear(ours, Number(x))) return `element ${i} of ${k} is ${ours} instead of ${x}`
    }
  }
}

describe.each(families)('%s', (_, cases) => {
  test.each(ways)('as other libraries have it, %s', (way, wrap) => {
    const found = cases.flatMap((one) => {
      const name = nameOf(one)
      if (way === 'compiled' && shapedByElements[one.op]?.(one.args)) {
        expect(() => measured(one, wrap), name).toThrow(CompileError)
        return []
      }
      const got = measured(one, wrap)
      expect(got.shapes, name).toEqual(one.values.map(({ shape }) => shape))
      return (['values', 'gradients', 'second'] as const).flatMap((what) => {
        const text = one[what] && difference(got[what]!, one[what])
        const reason = otherwise.get(`${name}: ${what}`)
        if (reason !== undefined) return text ? [] : [`${name} is no exception: ${what} do not differ`]
        return text ? [`${name}: ${what}, by ${one.by}: ${text}`] : []
      })
    })
    expect(found).toEqual([])
  })
})

test('every op has a fixture, or a reason to have none', () => {
  const found = new Set(every.map(({ op }) => op))
  const without = table.map(({ opName }) => opName).filter((name) => !found.has(name))
  expect(without.sort()).toEqual(Object.keys(alone).sort())
})

test('exceptions are of cases that there are', () => {
  const names = every.map(nameOf)
  expect([...otherwise.keys()].filter((key) => !names.includes(key.slice(0, key.lastIndexOf(':'))))).toEqual([])
})

test('fixtures stay under 3 MB', () => {
  const sizes = readdirSync(folder).map((name) => statSync(new URL(name, folder)).size)
  expect(sizes.reduce((a, b) => a + b)).toBeLessThan(3e6)
})
