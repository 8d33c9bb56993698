import { compile, grad, jvp, linearize, linearSolve, scan, type Tensor, tensor, vjp, vmap } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'

// A pullback keeps what it needs of a function that was mapped: it may be used anywhere.

const f64 = { dtype: 'float64' } as const
const x = tensor(
  [
    [0.3, -0.5],
    [0.7, 1.1],
    [-1.2, 0.4],
  ],
  f64,
)
const f = (x: Tensor) => vmap((row: Tensor) => row.sin().mul(row.sum()))(x)
const twice = (x: Tensor) => vmap((row: Tensor) => vmap((e: Tensor) => e.exp().mul(row.sum()))(row))(x)
const g = tensor(
  [
    [1, -2],
    [0.5, 3],
    [2, 0.25],
  ],
  f64,
)

describe.each([
  ['a function that maps', f],
  ['one that maps twice', twice],
])('the pullback of %s, from outside', (_, f) => {
  const [, pull] = vjp(f, x) as unknown as [Tensor, (g: Tensor) => Tensor[]]
  const [, push] = linearize(f, x) as unknown as [Tensor, (t: Tensor) => Tensor]
  const pulled = (g: Tensor): Tensor => [pull(g)].flat()[0]!
  const wanted = pulled(g).toArray()

  test('compiled', () => {
    const compiled = compile(pulled)
    expect(compiled(g).toArray()).toEqual(wanted)
    expect(compiled(g.mul(2)).toArray()).toEqual(pulled(g.mul(2)).toArray())
    const pushed = compile(push)
    expect(pushed(g).toArray()).toEqual(push(g).toArray())
  })
  test('in a scan', () => {
    const scanned = scan(
      (c: null, by: Tensor) => [c, pulled(g.mul(by))] as const,
      null,
      tensor([1, 2], f64),
    )[1] as Tensor
    expect(scanned.at(0).toArray()).toEqual(wanted)
    expect(scanned.at(1).toArray()).toEqual(pulled(g.mul(2)).toArray())
  })
  test('differentiated', () => {
    const along = jvp(pulled, [g], [g])[1] as Tensor
    expect(along.toArray()).toEqual(wanted)
    expect((grad((g: Tensor) => pulled(g).mul(g).sum())(g) as Tensor).shape).toEqual([3, 2])
  })
  test('mapped', () => {
    expect(
      vmap(pulled)(tensor([g.toArray(), g.mul(2).toArray()] as never, f64))
        .at(0)
        .toArray(),
    ).toEqual(wanted)
  })
  test('as a matvec', () => {
    const matvec = (v: Tensor) => v.add(push(pulled(v)).mul(0.01))
    const solved = linearSolve(matvec as never, g as never) as unknown as Tensor
    const back = matvec(solved).toArray() as number[][]
    for (const [i, e] of back.flat().entries()) expect(e).toBeCloseTo(g.data[i]!, 8)
  })
})
