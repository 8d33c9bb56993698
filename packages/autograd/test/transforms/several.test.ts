import {
  grad,
  hessian,
  jvp,
  maxWithIndices,
  noGrad,
  parameter,
  stopGradient,
  type Tensor,
  tensor,
  vjp,
} from '@adjoint/autograd'
import { explain, trace } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'
import { gradcheck } from '../../src/gradcheck/index.js'
import type { Node } from '../../src/graph/node.js'
import { elementwise } from '../../src/ops/elementwise.js'
import { several } from '../../src/ops/several.js'

const { add, cos, floor, mul, neg, scale, sin } = elementwise

let asked = 0
/** sin, cos, and the whole turns as int32. Its rules are made of the results. */
const sinCos = several('sinCos', {
  run: ([x]) => {
    const turns = floor(mul(x!, 1 / (2 * Math.PI)))
    return [sin(x!), cos(x!), (turns as Tensor).cast('int32') as Node]
  },
  vjp: ([ds, dc, turns], { parts: [s, c] }) => {
    asked++
    expect(turns).toBe(null)
    const terms = [ds && scale(ds, c!), dc && scale(dc, neg(s!))].filter((term) => term != null)
    return [terms.reduce((a, b) => add(a, b))]
  },
  jvp: ([dx], { parts: [s, c] }) => [scale(dx!, c!), scale(dx!, neg(s!)), null],
  call: (apply) => (x: Node) => apply([x], null),
  samples: [],
}) as unknown as (x: Tensor) => readonly [Tensor, Tensor, Tensor]

const x = tensor([0.3, -1.2, 8], { dtype: 'float64' }) as Tensor
const each = (f: (t: number) => number) => [0.3, -1.2, 8].map(f)
const expectClose = (got: Tensor, wanted: readonly number[]) => {
  expect(got.shape).toEqual([wanted.length])
  wanted.forEach((number, i) => {
    expect(got.data[i]).toBeCloseTo(number, 12)
  })
}

describe('an op with several results', () => {
  test.each<[string, (x: Tensor) => Tensor | readonly Tensor[]]>([
    ['all results', (p) => [...sinCos(p)]],
    ['one result', (p) => sinCos(p)[1]],
    ['a result that is used twice', (p) => (([s]) => s.mul(s))(sinCos(p)) as Tensor],
    ['results that meet', (p) => (([s, c]) => s.mul(c).add(s))(sinCos(p)) as Tensor],
    ['a result of a result', (p) => sinCos(sinCos(p)[0].mul(2) as Tensor)[1]],
    ['a result that is no float beside', (p) => (([s, c, k]) => s.mul(k).add(c))(sinCos(p)) as Tensor],
  ])('has derivatives of both modes to second order: %s', (_, f) => {
    const report = gradcheck(f, [x])
    expect(report.verdict, `${report}`).toBe('pass')
  })

  test('answers once for all of its results', () => {
    asked = 0
    const f = (p: Tensor) => (([s, c]) => s.mul(c).add(c.square()).sum())(sinCos(p)) as Tensor<[]>
    expectClose(
      grad(f)(x) as Tensor,
      each((t) => Math.cos(2 * t) - Math.sin(2 * t)),
    )
    expect(asked).toBe(1)
  })

  test('takes cotangents and gives tangents of each', () => {
    const [, pullback] = vjp((p: Tensor) => sinCos(p).slice(0, 2) as Tensor[], x)
    const cotangents = [x.mul(0).add(2), x.mul(0).add(3)] as Tensor[]
    expectClose(
      pullback(cotangents)[0] as Tensor,
      each((t) => 2 * Math.cos(t) - 3 * Math.sin(t)),
    )
    const [, [ds, dc]] = jvp((p: Tensor) => sinCos(p).slice(0, 2) as [Tensor, Tensor], [x], [cotangents[1]!])
    expectClose(
      ds,
      each((t) => 3 * Math.cos(t)),
    )
    expectClose(
      dc,
      each((t) => -3 * Math.sin(t)),
    )
  })

  test('has a third derivative, and a Hessian', () => {
    const third = grad((p: Tensor) => grad((q: Tensor) => grad((r: Tensor) => sinCos(r)[0].sum())(q).sum())(p).sum())
    expectClose(
      third(x as never) as Tensor,
      each((t) => -Math.cos(t)),
    )
    const curvature = hessian((p: Tensor) => sinCos(p)[1].sum() as Tensor<[]>)(x) as Tensor
    expectClose(
      curvature.sum(0) as Tensor,
      each((t) => -Math.cos(t)),
    )
  })

  test('reaches parameters by backward, twice', () => {
    const p = parameter(x)
    const [s, c, turns] = sinCos(p)
    expect([s.requiresGrad, c.requiresGrad, turns.requiresGrad]).toEqual([true, true, false])
    expect(turns.toArray()).toEqual([0, -1, 1])
    const loss = s.add(c.mul(2)).sum()
    loss.backward()
    loss.backward()
    expectClose(
      p.grad,
      each((t) => 2 * (Math.cos(t) - 2 * Math.sin(t))),
    )
  })

  test('knows its results as they were, whatever becomes of those that are leaves', () => {
    const p = parameter(tensor([[1, 3], [5, 4]], { dtype: 'float64' })) // biome-ignore format: a matrix
    const { values, indices } = maxWithIndices(p, 1)
    indices.assign(tensor([0, 1], { dtype: 'int32' }))
    values.sum().backward()
    expect(p.grad.toArray()).toEqual([[0, 1], [1, 0]]) // biome-ignore format: a matrix
  })

  test('is forgotten where nothing tracks it', () => {
    for (const results of [sinCos(x), noGrad(() => sinCos(parameter(x))), sinCos(stopGradient(parameter(x)))]) {
      for (const result of results) expect([result.inputs, result.op]).toEqual([[], null])
    }
  })

  test('shows its results, each made by it', () => {
    const p = parameter(x)
    const [s, c] = sinCos(p)
    const { nodes, edges } = trace(s.mul(c).sum(), { names: { p } })
    expect(nodes.map(({ op }) => op)).toEqual([null, 'sinCos', 'result', 'result', 'mul', 'sum', 'reshape'])
    expect(edges.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
      [1, 3],
      [2, 4],
      [3, 4],
      [4, 5],
      [5, 6],
    ])
    expect(nodes[2]).toMatchObject({
      shape: [3],
      dtype: 'float64',
      adjoint: each(Math.cos).map((y) => expect.closeTo(y, 12)),
    })
    expect(explain(s.mul(c).sum(), { names: { p } })).toMatch(/v2, v3 = sinCos\(p\)\nv4 = mul\(v2, v3\) /)
  })
})
