import { compile, cond, fori, grad, scan, type Tensor, tensor, treeProtocol, vmap, whileLoop } from '@adjoint/autograd'
import { expect, test } from 'vitest'

// What is not differentiated by is carried along all the same.

const float64 = { dtype: 'float64' } as const
const scalar = (x: number): Tensor => tensor(x, float64)

/** A running mean: a weight, and what has been counted. */
class Meter {
  constructor(
    readonly weight: Tensor,
    readonly inner: { readonly count: Tensor; readonly sum: Tensor },
    readonly name = 'meter',
  ) {}
  [treeProtocol]() {
    return {
      children: { weight: this.weight },
      buffers: this.inner,
      rebuild: (children: { weight: Tensor }, buffers: { count: Tensor; sum: Tensor }) =>
        new Meter(children.weight, buffers, this.name),
    }
  }
}
const fresh = (weight: Tensor) => new Meter(weight, { count: tensor(0, { dtype: 'int32' }), sum: scalar(0) })
const next = ({ weight, inner: { count, sum }, name }: Meter, x: Tensor) =>
  new Meter(weight.mul(1.5) as Tensor, { count: count.add(1), sum: sum.add(weight.mul(x)) as Tensor }, name)
const told = ({ weight, inner: { count, sum }, name }: Meter) => [weight.item(), count.item(), sum.item(), name]

const xs: Tensor = tensor([1, 2, 3], float64)

test('scan carries and shows the buffers of an instance', () => {
  const step = (m: Meter, x: Tensor) => [next(m, x), m]
  const [last, shown] = scan(step as never, fresh(scalar(2)), xs) as unknown as [Meter, Meter]
  expect(told(last)).toEqual([6.75, 3, 21.5, 'meter'])
  expect([[...shown.inner.sum.data], [...shown.inner.count.data]]).toEqual([
    [0, 2, 8],
    [0, 1, 2],
  ])
})

const whole: Record<string, (weight: Tensor) => Meter> = {
  fori: (weight) =>
    fori(0, 3, ((i: Tensor, m: Meter) => next(m, xs.indexSelect(i) as Tensor)) as never, fresh(weight)) as Meter,
  whileLoop: (weight) =>
    whileLoop(
      ({ inner }: Meter) => inner.count.less(3),
      ((m: Meter) => next(m, xs.indexSelect(m.inner.count) as Tensor)) as never,
      fresh(weight),
      { bound: 5 },
    ) as Meter,
  cond: (weight) => {
    const all = (m: Meter) => next(next(next(m, scalar(1)), scalar(2)), scalar(3))
    return cond(weight.greater(0), all, (m: Meter) => m, fresh(weight))
  },
}
test.each(Object.entries(whole))('%s carries the buffers of an instance', (_, run) => {
  for (const f of [run, compile(run)]) expect(told(f(scalar(2)))).toEqual([6.75, 3, 2 + 6 + 13.5, 'meter'])
  const sum = (weight: Tensor) => run(weight).inner.sum
  const slope = 1 + 2 * 1.5 + 3 * 2.25
  for (const f of [grad(sum), compile(grad(sum))]) expect(f(scalar(2)).item()).toBe(slope)
  const mapped = vmap(sum)(tensor([2, 4], float64) as never) as Tensor
  expect([...mapped.data]).toEqual([21.5, 43])
})
