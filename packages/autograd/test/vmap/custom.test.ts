import {
  compile,
  customOp,
  type DType,
  grad,
  hvp,
  jvp,
  Random,
  ShapeError,
  stack,
  type Tensor,
  tensor,
  vjp,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'

const float64 = { dtype: 'float64' } as const
const rows = tensor(
  [
    [0.5, -1, 2],
    [1.5, 0.3, -0.7],
  ],
  float64,
)
const weights = tensor([1, 2, 3], float64)

/** By JavaScript, element by element. */
const looked = (x: Tensor, f: (element: number, i: number) => number): Tensor =>
  tensor(Array.from(x.data, f), float64).reshape(x.shape) as Tensor
const square = (x: Tensor): Tensor => looked(x, (e) => e * e)
const double = (g: Tensor, x: Tensor): Tensor => g.mul(x).mul(2) as Tensor
const looking = (g: Tensor, x: Tensor): Tensor => looked(g, (e, i) => 2 * e * x.data[i]!)

type Op = (x: Tensor) => Tensor
const op = (name: string, rules: object): Op => customOp({ name, ...rules } as never) as unknown as Op

/** The square, as an op with rules of every sort. */
const ops: Readonly<Record<string, Op>> = {
  'a forward that looks': op('square', { forward: square, vjp: (g: Tensor, [x]: Tensor[]) => [double(g, x!)] }),
  'a jvp only': op('square', { forward: square, jvp: ([dx]: Tensor[], [x]: Tensor[]) => double(dx!, x!) }),
  'both rules, which look': op('square', {
    forward: square,
    vjp: (g: Tensor, [x]: Tensor[]) => [looking(g, x!)],
    jvp: ([dx]: Tensor[], [x]: Tensor[]) => looking(dx!, x!),
  }),
  'a rule that differentiates': op('square', {
    forward: square,
    vjp: (g: Tensor, [x]: Tensor[]) => [vjp((y: Tensor) => y.mul(y), x!)[1](g as never)[0]],
  }),
  'a rule that differentiates what looks': op('square', {
    forward: square,
    vjp: (g: Tensor, [x]: Tensor[]) => [grad((y: Tensor) => ops['a jvp only']!(y).mul(g).sum())(x!)],
  }),
  'ops only': op('square', { forward: (x: Tensor) => x.mul(x), vjp: (g: Tensor, [x]: Tensor[]) => [double(g, x!)] }),
}

/** The elements, or what the error says that there is instead. */
const outcome = (f: () => Tensor): unknown => {
  try {
    const x = f()
    return { shape: [...x.shape], elements: Array.from(x.data, (e) => Number(e.toPrecision(11))) }
  } catch (error) {
    return `${error}`
  }
}

const each = (f: Op): Tensor => stack([f(rows.at(0) as Tensor), f(rows.at(1) as Tensor)])

describe('a custom op under vmap equals the loop, with its derivatives inside and outside to second order', () => {
  test.each(Object.entries(ops))('with %s', (_, square) => {
    const f = (row: Tensor) => square(row).mul(weights).sum() as Tensor
    const total = (x: Tensor) => vmap(f)(x).sum() as Tensor
    const slope = (row: Tensor) => grad(f)(row).square().sum() as Tensor
    const ways: Readonly<Record<string, readonly [batched: Op, alone: Op]>> = {
      value: [vmap(square), square],
      'gradient inside': [vmap(grad(f)), grad(f)],
      'gradient outside': [grad(total), grad(f)],
      'tangent inside': [vmap((row: Tensor) => jvp(f, [row], [weights])[1]), (row) => jvp(f, [row], [weights])[1]],
      'tangent outside': [(x) => jvp(vmap(f), [x], [x])[1] as Tensor, (row) => jvp(f, [row], [row])[1]],
      'twice inside': [vmap(grad(slope)), grad(slope)],
      'twice outside': [grad((x: Tensor) => grad(total)(x).square().sum()), grad(slope)],
      'inside and outside': [grad((x: Tensor) => vmap(grad(f))(x).square().sum()), grad(slope)],
      'forward over reverse inside': [vmap((row: Tensor) => hvp(f, row, weights)), (row) => hvp(f, row, weights)],
      'forward over reverse outside': [(x) => hvp(total, x, x), (row) => hvp(f, row, row)],
      'at two levels': [vmap(vmap(grad((e: Tensor) => square(e)))), grad((row: Tensor) => square(row).sum())],
    }
    for (const [name, [batched, alone]] of Object.entries(ways)) {
      const wanted = outcome(() => each(alone))
      expect({ name, outcome: outcome(() => batched(rows)) }).toEqual({ name, outcome: wanted })
      expect({ name, outcome: outcome(() => compile(batched)(rows)) }).toEqual({ name, outcome: wanted })
    }
    expect(`${vmap(grad(f))(zeros([0, 3], float64))}`).toBe('float64[0, 3]')
  })
})

describe('what a custom op closes over', () => {
  const closing = (w: Tensor): Op => op('scaled', { forward: (x: Tensor) => x.mul(w), vjp: (g: Tensor) => [g.mul(w)] })

  test('may be from outside, tracked, or of the mapped function', () => {
    const alone = (w: Tensor) => grad((row: Tensor) => closing(w)(row).sum())
    const outside = (w: Tensor) => vmap(alone(w))(rows).mul(rows).sum() as Tensor
    const wanted = rows.sum(0)
    expect([...grad(outside)(weights).data]).toEqual([...wanted.data])
    expect([...compile(grad(outside))(weights).data]).toEqual([...wanted.data])
    const inside = vmap((row: Tensor) => alone(row)(weights))
    expect([...inside(rows).data]).toEqual([...rows.data])
    expect([...grad((x: Tensor) => inside(x).square().sum())(rows).data]).toEqual([...rows.mul(2).data])
  })

  test('may not be looked at if it differs between examples', () => {
    const f = (row: Tensor) => op('scaled', { forward: (x: Tensor) => looked(x, (e, i) => e * row.data[i]!) })(row)
    expect(() => vmap(f)(rows)).toThrow('to a custom op that looks at elements, give all that it uses')
  })
})

test('rules draw random numbers for each example, as a loop does', () => {
  for (const run of [(f: Op) => f, compile]) {
    const [one, other] = [new Random(1), new Random(1)]
    const noisy = (random: Random) =>
      op('noisy', {
        forward: (x: Tensor) => x.mul(2),
        vjp: (g: Tensor, [x]: Tensor[]) => [g.add(random.normal([...x!.shape], float64))],
      })
    const inside = run(vmap(grad((row: Tensor) => noisy(one)(row).sum())))(rows)
    expect([...inside.data]).toEqual([...each(grad((row: Tensor) => noisy(other)(row).sum())).data])
    const outside = run(grad((x: Tensor) => vmap(noisy(one))(x).sum()))(rows)
    expect([...outside.data]).toEqual([...each(grad((row: Tensor) => noisy(other)(row).sum())).data])
  }
})

test('results that differ in shape or dtype between examples are refused', () => {
  const positive = op('positive', {
    forward: (x: Tensor) =>
      tensor(
        Array.from(x.data).filter((e) => e > 0),
        float64,
      ),
  })
  const some =
    (...data: number[][]) =>
    () =>
      vmap(positive)(tensor(data, float64))
  for (const run of [some([1, -1], [1, 2]), some([1, 2], [1, -1])]) expect(run).toThrow(ShapeError)
  expect(some([1, -1], [1, 2])).toThrow('gave float64[2] for example 1 and float64[1] for example 0')
  const dtypes: DType[] = ['float32', 'float64']
  const typed = op('typed', { forward: (x: Tensor) => tensor([1], { dtype: dtypes[x.data[0]!]! }) })
  expect(() => vmap(typed)(tensor([[0], [1]], float64))).toThrow('gave float64[1] for example 1 and float32[1]')
})

test('the tangent of what all examples have in common leaves the mapped function', () => {
  const square = ops['a rule that differentiates']!
  const f = (out: 0 | null) => (x: Tensor) => vmap(() => square(x).mul(x), { in: null, out, size: 2 })() as Tensor
  expect(jvp(f(null), [weights], [weights])[1].toArray()).toEqual([3, 24, 81])
  expect(jvp(f(0), [weights], [weights])[1].toArray()).toEqual([
    [3, 24, 81],
    [3, 24, 81],
  ])
})
