import { compile, grad, jvp, noGrad, stack, type Tensor, tensor, valueAndGrad, vmap } from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { difference, type Wrap } from '../compile/harness.js'
import { asOps, blockOf, float64, type Nested, nestings, plainly, type Ways } from './nestings.js'

type Floats = readonly [v: Tensor, s: Tensor, w: Tensor, c: Tensor]
type Loss = (all: Floats, n: Tensor, b: Tensor) => Tensor<[]>
type Derivative = (all: Floats, n: Tensor, b: Tensor) => readonly unknown[]

const floats = [
  tensor([0.7, -0.4, 0.3], float64),
  tensor(0.5, float64),
  tensor([[0.5, -0.2, 0.3], [0.1, 0.7, -0.6], [0.2, 0.4, 0.1]], float64), // biome-ignore format: rows
  tensor(0.8, float64),
] as const as unknown as Floats
const rows = tensor([[0.3, 0.1, -0.2], [0.5, -0.7, 0.4], [0.2, 0.9, 0.6]], float64) as Tensor // biome-ignore format: rows
const [zero, yes] = [tensor(0, { dtype: 'int32' }), tensor(true)] as [Tensor, Tensor]
const along = floats.map((x) => x.cos()) as unknown as Floats

const lossOf =
  (program: Nested, ways: Ways): Loss =>
  ([v, s, w, c], n, b) => {
    const end = blockOf(program, { w, c, rows }, ways)({ v, s, n, b })
    const exact = end.n.cast('float64').add(end.b.cast('float64').mul(0.5))
    return end.v
      .mul(tensor([1, 2, 3], float64))
      .sum()
      .add(end.s.sin())
      .add(exact) as Tensor<[]>
  }

const derivatives: Record<string, (f: Loss) => Derivative> = {
  first: (f) => (all, n, b) => [
    noGrad(() => f(all, n, b)),
    ...valueAndGrad((at: Floats) => f(at, n, b))(all),
    jvp((at: Floats) => f(at, n, b), [all], [along])[1],
  ],
  second: (f) => (all, n, b) => {
    const slope = (at: Floats) => grad((x: Floats) => f(x, n, b))(at) as readonly Tensor[]
    const total = (at: Floats) => slope(at).reduce((sum, x) => sum.add(x.sin().sum()), tensor(0, float64) as Tensor)
    return [grad(total as (at: Floats) => Tensor<[]>)(all), jvp(slope, [all], [along])[1]]
  },
}

const several = floats.map((x) => stack([x, x.mul(0.6)])) as unknown as Floats
const [counts, truths] = [tensor([0, 1], { dtype: 'int32' }), tensor([true, false])] as [Tensor, Tensor]
const alone = (g: Derivative) => g(floats, zero, yes)
const mapped = (g: Derivative, wrap: Wrap) => wrap(vmap(g as never) as unknown as Derivative)(several, counts, truths)
const looped = (g: Derivative) => {
  const each = [0, 1].map((i) =>
    g(several.map((x) => x.at(i)) as unknown as Floats, counts.at(i) as Tensor, truths.at(i) as Tensor),
  )
  const merged = (a: unknown, b: unknown): unknown =>
    Array.isArray(a) ? a.map((part, i) => merged(part, (b as unknown[])[i])) : stack([a as Tensor, b as Tensor])
  return merged(each[0], each[1])
}

const as: Wrap = (f) => f
const ways: readonly (readonly [string, number, (g: Derivative) => unknown, (g: Derivative) => unknown])[] = [
  ['eager', 16, alone, alone],
  ['compiled', 16, (g) => alone(compile(g as never) as unknown as Derivative), alone],
  ['for many examples', 16, (g) => mapped(g, as), looped],
  ['for many examples, compiled', 8, (g) => mapped(g, compile as unknown as Wrap), looped],
]

/** A program in a line. */
const told = (program: Nested): string =>
  program.kind === 'leaf'
    ? `${program.which}`
    : `${program.kind} ${program.choice} (${program.parts.map(told).join(', ')})`

describe.each(Object.entries(derivatives))(
  'whatever is nested in each other is what plain JavaScript does: %s',
  (order, of) => {
    test.each(ways)('%s', (_, runs, way, plain) => {
      fc.assert(
        fc.property(nestings(2), (program) => {
          const found = way(of(lossOf(program, asOps)))
          const differs = difference(found, plain(of(lossOf(program, plainly))), 1e-7)
          if (differs !== null) throw new Error(`${told(program)}: ${differs}`)
        }),
        { seed: 17, numRuns: order === 'first' ? runs : runs / 2 },
      )
    })
  },
)
