import { grad, jvp, ones, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { functions } from '../../src/ops/index.js'
import { type RuleName, rules } from '../../src/rules/index.js'
import type { Rule } from '../../src/rules/rule.js'
import { definitions } from './definitions.js'
import { elsewhere } from './elsewhere.js'
import { type DType, type Known, knownAt, problem } from './known.js'
import { type Fn, ways } from './ways.js'

// Every elementwise function over the whole range of each dtype: the value and both orders of derivatives against its
// definition in numbers of 2400 bits.

const signed = (sizes: readonly number[]): number[] => sizes.flatMap((size) => [-size, size])
const powers = (exponents: readonly number[]): number[] => signed(exponents.map((k) => 1.375 * 2 ** k))
const far = [30, 60, 120, 400, 700, 1000]
const near = [-10, -4, -2, -1, 0, 1, 2, 3, 4, 5, 6, 8, 10]
const alone = powers([...far.map((k) => -k), ...near, ...far])
const paired = powers([-1000, -400, -60, -4, 0, 4, 60, 400, 1000])
const weights = [-0.625, 0.25, 0.75, 1, 1.625]
const points = (arity: number): number[][] => {
  if (arity === 1) return alone.map((x) => [x])
  const pairs = paired.flatMap((a) => paired.map((b) => [a, b]))
  return arity === 2 ? pairs : pairs.flatMap((pair) => weights.map((t) => [...pair, t]))
}

const knownOf = (name: RuleName, arity: number): Known[] =>
  points(arity).flatMap((operands) => knownAt(definitions[name]!, operands) ?? [])

const problemsOf = (
  name: RuleName,
  rule: Rule,
  known: readonly Known[],
  dtype: DType,
  wrap: (f: Fn) => Fn,
): string[] => {
  const op = functions[name] as unknown as Fn
  const fits = known.filter(({ operands }) => operands.every((x) => dtype === 'float64' || Math.fround(x) === x))
  const operands = Array.from({ length: rule.arity }, (_, i) =>
    tensor(
      fits.map((point) => point.operands[i]!),
      { dtype },
    ),
  ) as Tensor[]
  const problems: string[] = []
  const check = (what: string, got: Tensor, order: number, i: number) => {
    problems.push(...fits.flatMap((point, at) => problem(what, got.data[at]!, order, point, i, dtype)))
  }
  check('the value', wrap(op)(...operands), 0, 0)
  operands.forEach((_, i) => {
    const alongI = (all: Tensor[]) => (x: Tensor) => op(...all.with(i, x))
    const first: Fn = (...all) => grad((x: Tensor) => alongI(all)(x).sum())(all[i]!) as Tensor
    const forward: Fn = (...all) => jvp(alongI(all), [all[i]!], [ones(all[i]!.shape, { dtype }) as Tensor])[1] as Tensor
    const second: Fn = (...all) => grad((x: Tensor) => first(...all.with(i, x)).sum())(all[i]!) as Tensor
    check(`partial ${i}`, wrap(first)(...operands), 1, i)
    check(`tangent ${i}`, wrap(forward)(...operands), 1, i)
    check(`second partial ${i}`, wrap(second)(...operands), 2, i)
  })
  return problems
}

const defined = Object.keys(definitions) as RuleName[]

test('every smooth function has a definition, unless other tests walk it', () => {
  const smooth = Object.entries<Rule>(rules).filter(([, { partials }]) => partials !== 'none')
  const others = Object.values<readonly string[]>(elsewhere).flat()
  expect(
    smooth
      .map(([name]) => name)
      .filter((name) => !others.includes(name))
      .sort(),
  ).toEqual(defined.sort())
})

describe.each(defined)('%s over the whole range', (name) => {
  const rule: Rule = rules[name]
  const known = knownOf(name, rule.arity)
  test.each(ways)('%s', (_, wrap) => {
    expect(known.length).toBeGreaterThan(5)
    for (const dtype of ['float64', 'float32'] as const) {
      expect(problemsOf(name, rule, known, dtype, wrap), dtype).toEqual([])
    }
  })
})
