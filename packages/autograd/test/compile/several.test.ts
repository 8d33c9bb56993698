import {
  compile,
  customOp,
  grad,
  jvp,
  maxWithIndices,
  minWithIndices,
  Random,
  type Tensor,
  tensor,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { expectSame, ways } from './harness.js'

const f64 = { dtype: 'float64' } as const
const random = new Random(5)
const normal = (...shape: number[]): Tensor => random.normal(shape, f64) as Tensor
const stepsOf = (explained: string, name: string): number =>
  explained.match(new RegExp(`^ *${name}`, 'gm'))?.length ?? 0

describe.each(ways)('kernels of several results, compiled to run %s', (_, wrap) => {
  test.each<[string, (x: Tensor) => unknown]>([
    ['all results', (x) => maxWithIndices(x, 1)],
    ['the first alone', (x) => minWithIndices(x, 0).indices],
    ['the second alone', (x) => maxWithIndices(x, 0, { keepDims: true }).values],
    ['results that meet', (x) => (({ values, indices }) => values.mul(indices).add(values))(maxWithIndices(x, 1))],
    [
      'results that others are computed with on the way',
      (x) => x.sub(maxWithIndices(x.mul(2), 1, { keepDims: true }).values).exp(),
    ],
    ['a result twice', (x) => [maxWithIndices(x, 1).values, maxWithIndices(x, 1).values, x.argmax(1)]],
    ['of constants', (x) => x.add(maxWithIndices(tensor([[1, 3, 2]], f64), 1).values)],
    ['of integers, which JavaScript serves', (x) => maxWithIndices(x.mul(3).cast('int32'), 1)],
    ['in a derivative', (x) => grad((p: Tensor) => maxWithIndices(p, 1).values.square().sum() as Tensor<[]>)(x)],
    ['in a tangent', (x) => jvp((p: Tensor) => minWithIndices(p, 1), [x], [x.cos()])],
    ['in a window', (x) => maxWithIndices(x.transpose().slice(0, 1), 0)],
  ])('%s', (_, f) => {
    const compiled = wrap(f)
    for (const x of [normal(4, 3), normal(4, 3), normal(50, 40)]) expectSame(compiled(x), f(x))
  })
})

test('equal ones run once', () => {
  const f = compile((x: Tensor) => [
    maxWithIndices(x, 1).values,
    maxWithIndices(x, 1).indices,
    maxWithIndices(x, 0).values,
  ])
  f(normal(4, 3))
  expect(stepsOf(f.explain(), 'argReduce')).toBe(2)
})

test('a rule that looks at elements runs once a call for all of its inputs', () => {
  let asked = 0
  const product = customOp({
    name: 'product',
    forward: (a: Tensor, b: Tensor) => a.mul(b) as Tensor,
    vjp: (g, [a, b]) => {
      asked++
      const times = (x: Tensor) => tensor(g.data.map((e, i) => e * x.data[i]!) as never, f64) as Tensor
      return [times(b), times(a)]
    },
  })
  const f = compile((a: Tensor, b: Tensor) =>
    grad(([p, q]: readonly Tensor[]) => product(p!, q!).sum() as Tensor<[]>)([a, b]),
  )
  f(tensor([1, 2], f64), tensor([3, 4], f64))
  asked = 0
  const [da, db] = f(tensor([5, 6], f64), tensor([7, 8], f64)) as Tensor[]
  expect([da!.toArray(), db!.toArray()]).toEqual([
    [7, 8],
    [5, 6],
  ])
  expect(asked).toBe(1)
})
