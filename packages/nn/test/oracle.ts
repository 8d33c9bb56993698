import { readdirSync, readFileSync } from 'node:fs'
import { compile, grad, Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'

// Values, gradients and second derivatives as PyTorch has them, written by scripts/oracle/fixtures.py: of all the float
// tensors among the arguments of a case, also in lists and options.

interface Numbers {
  readonly shape: readonly number[]
  readonly dtype: 'float64' | 'int32' | 'bool'
  readonly data: readonly (number | 'NaN' | 'Infinity' | '-Infinity')[]
}
interface Case {
  readonly op: string
  readonly args: readonly unknown[]
  readonly values: readonly Numbers[]
  /** The factors of the elements of the first results in the sum whose gradient is given; of those after, there is none. */
  readonly cotangents?: readonly Numbers[]
  readonly gradients?: readonly Numbers[]
  /** The factors of the elements of the gradients in a sum, whose own gradient is `second`. */
  readonly directions?: readonly Numbers[]
  readonly second?: readonly Numbers[]
}
type Lists = readonly (readonly number[])[]

const isNumbers = (thing: object): thing is Numbers => 'shape' in thing && 'data' in thing
const tensorOf = ({ shape, dtype, data }: Numbers): Tensor =>
  tensor(data.map(Number), { dtype }).reshape([...shape]) as Tensor

/** Arguments with something else in the place of each tensor, also in options. */
const over = <T>(thing: unknown, change: (leaf: T) => unknown, isLeaf: (thing: object) => boolean): unknown => {
  if (typeof thing !== 'object' || thing === null) return thing
  if (isLeaf(thing)) return change(thing as T)
  if (Array.isArray(thing)) return thing.map((item) => over(item, change, isLeaf))
  return Object.fromEntries(Object.entries(thing).map(([name, item]) => [name, over(item, change, isLeaf)]))
}

const weighted = (tensors: readonly Tensor[], factors: readonly Numbers[]): Tensor =>
  tensors.map((x, i) => x.mul(tensorOf(factors[i]!)).sum()).reduce((a, b) => a.add(b)) as Tensor
const lists = (tensors: readonly Tensor[]): Lists => tensors.map(({ data }) => [...data])

type Wrap = <F extends (...args: Tensor[]) => unknown>(f: F) => F
const ways: readonly (readonly [string, Wrap])[] = [
  ['eagerly', (f) => f],
  ['compiled', (f) => compile(f as never) as unknown as typeof f],
]

/** What we make of a case, in the form of the fixture. */
const measured = ({ op, args, cotangents, directions }: Case, call: Call, wrap: Wrap) => {
  const inputs: Tensor[] = []
  const given = over<Numbers>(
    args,
    (numbers) => {
      const made = tensorOf(numbers)
      if (made.dtype === 'float64') inputs.push(made)
      return made
    },
    (thing) => isNumbers(thing),
  )
  const run = call(op, given as unknown[])
  const results = (...floats: Tensor[]): Tensor[] => {
    const rest = [...floats]
    const swapped = over<Tensor>(
      given,
      (x) => (x.dtype === 'float64' ? rest.shift() : x),
      (thing) => thing instanceof Tensor,
    )
    return run(swapped as unknown[])
  }
  const gradient = (f: (...floats: Tensor[]) => Tensor) =>
    grad(f as (x: Tensor) => Tensor, { argument: inputs.map((_, i) => i) } as never) as unknown as (
      ...floats: Tensor[]
    ) => Tensor[]
  const slope = gradient((...floats) => weighted(results(...floats).slice(0, cotangents!.length), cotangents!))
  const curvature = gradient((...floats) => weighted(slope(...floats), directions!))
  const values = wrap(results)(...inputs)
  return {
    shapes: values.map(({ shape }) => shape),
    values: lists(values),
    gradients: cotangents && lists(wrap(slope)(...inputs)),
    second: directions && lists(wrap(curvature)(...inputs)),
  }
}

const isNear = (got: number, wanted: number): boolean =>
  Object.is(got, wanted) || got === wanted || Math.abs(got - wanted) <= 1e-10 * Math.max(1, Math.abs(wanted))

/** The first element in which they differ, in words. */
const difference = (got: Lists, wanted: readonly Numbers[]): string | undefined => {
  for (const [k, { data }] of wanted.entries()) {
    for (const [i, x] of data.entries()) {
      const ours = got[k]![i]!
      if (!isNear(ours, Number(x))) return `element ${i} of ${k} is ${ours} instead of ${x}`
    }
  }
}

/** What the op of a case names, made for its arguments: a function of such arguments that gives the results. */
export type Call = (op: string, args: readonly unknown[]) => (args: readonly unknown[]) => Tensor[]

const folder = new URL('fixtures/', import.meta.url)

/** Compares all fixtures whose names begin so. */
export const compareFixtures = (prefix: string, call: Call): void => {
  const families = readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .map((name) => {
      const { cases } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { readonly cases: readonly Case[] }
      return [name.replace('.json', ''), cases] as const
    })
  expect(families.length).toBeGreaterThan(0)
  describe.each(families)('%s', (_, cases) => {
    test.each(ways)('as torch has it, %s', (_, wrap) => {
      const found = cases.flatMap((one) => {
        const name = `${one.op}(${JSON.stringify(one.args).slice(0, 300)})`
        const got = measured(one, call, wrap)
        expect(got.shapes, name).toEqual(one.values.map(({ shape }) => shape))
        return (['values', 'gradients', 'second'] as const).flatMap((what) => {
          const text = one[what] && difference(got[what]!, one[what])
          return text ? [`${name}: ${what}: ${text}`] : []
        })
      })
      expect(found).toEqual([])
      expect(cases.length).toBeGreaterThan(3)
    })
  })
}
