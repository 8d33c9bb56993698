import {
  compile,
  customOp,
  grad,
  hessian,
  jvp,
  noGrad,
  scan,
  stack,
  type Tensor,
  tensor,
  vjp,
  vmap,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { difference } from '../compile/harness.js'

const float64 = { dtype: 'float64' } as const
const w = tensor([[0.5, -0.2], [0.1, 0.7]], float64) as Tensor // biome-ignore format: rows
const start = tensor([0.3, -0.4], float64) as Tensor
const xs = tensor([[1, 2], [0.3, -1], [0.5, 0.25]], float64) as Tensor // biome-ignore format: rows

type Step = (h: Tensor, x: Tensor) => readonly [Tensor, Tensor]
type Run = (f: Step, h: Tensor, rows: Tensor) => readonly [Tensor, Tensor]
const scanned: Run = (f, h, rows) => scan(f as never, h, rows) as unknown as [Tensor, Tensor]
const unrolled: Run = (f, h, rows) => {
  const shown: Tensor[] = []
  let carry = h
  for (let i = 0; i < rows.shape[0]!; i++) {
    const [next, y] = f(carry, rows.at(i) as Tensor)
    carry = next
    shown.push(y)
  }
  return [carry, stack(shown) as Tensor]
}

/** What holds products that are saved for the derivative of the loop around it, of a carry, a row and weights. */
type Inner = (run: Run, h: Tensor, x: Tensor, v: Tensor) => Tensor
const twice = (x: Tensor, v: Tensor): Tensor => x.matmul(v).tanh().matmul(v) as Tensor
const looped = (run: Run, h: Tensor, x: Tensor, v: Tensor): Tensor => {
  const [last, all] = run((a, row) => [a.matmul(v).add(h).tanh() as Tensor, a.mul(row) as Tensor], x, v)
  return last.add(all.sin().sum(0)) as Tensor
}
const product = customOp({
  name: 'product',
  forward: (a: Tensor, b: Tensor) => twice(a, b),
  vjp: (g, [a, b]) => grad(([x, v]: [Tensor, Tensor]) => twice(x, v).mul(g).sum())([a, b]),
})
const inners: Record<string, Inner> = {
  grad: (_, h, x, v) => grad((a: Tensor) => twice(a, v).mul(x).sum())(h),
  'grad by weights': (_, h, x, v) => grad((b: Tensor) => twice(h, b).mul(x).sum())(v).sum(0) as Tensor,
  jvp: (_, h, x, v) => jvp((a: Tensor) => twice(a, v), [h], [x])[1] as Tensor,
  vjp: (_, h, x, v) => [vjp((a: Tensor) => twice(a, v), h)[1](x)].flat()[0] as Tensor,
  hessian: (_, h, x, v) => (hessian((a: Tensor) => twice(a, v).mul(x).sum())(h) as Tensor).matmul(h) as Tensor,
  vmap: (_, h, x, v) => (vmap((a: Tensor) => twice(a, v))(stack([h, x])) as Tensor).sum(0) as Tensor,
  noGrad: (_, h, x, v) => noGrad(() => twice(h, v)).mul(x.matmul(v)) as Tensor,
  customOp: (_, h, x, v) => product(h, v).mul(x) as Tensor,
  scan: looped,
  'grad of scan': (run, h, x, v) => grad((a: Tensor) => looped(run, a, x, v).sum())(h),
  'grad of scan by weights': (run, h, x, v) => grad((b: Tensor) => looped(run, h, x, b).sum())(v).sum(0) as Tensor,
  'vmap of scan': (run, h, x, v) =>
    (vmap((a: Tensor) => looped(run, a, x, v))(stack([h, x])) as Tensor).sum(0) as Tensor,
  'scan of vmap': (run, h, x, v) =>
    run(
      (a, row) => [(vmap((b: Tensor) => twice(b, v))(stack([a, row])) as Tensor).sum(0) as Tensor, a],
      h,
      x.mul(v) as Tensor,
    )[0],
}

type Loss = (v: Tensor, h: Tensor, rows: Tensor) => Tensor
const lossOf =
  (run: Run, inner: Inner): Loss =>
  (v, h, rows) => {
    const weights = v.sin() as Tensor
    const step: Step = (a, x) => {
      const next = inner(run, a, x, weights)
      return [next.add(x.matmul(weights)).tanh() as Tensor, next]
    }
    const [last, all] = run(step, h, rows)
    return last.sin().sum().add(all.mul(all.cos()).sum()) as Tensor
  }

const argument = [0, 1, 2] as const
const point = [w, start, xs] as [Tensor, Tensor, Tensor]
const along = point.map((x) => x.cos()) as [Tensor, Tensor, Tensor]
const derivatives: Record<string, (f: Loss) => unknown> = {
  'its value': (f) => f(...point),
  grad: (f) => grad(f, { argument })(...point),
  hessian: (f) => hessian((v: Tensor) => f(v, start, xs))(w),
  'jvp of grad': (f) => jvp((...at: [Tensor, Tensor, Tensor]) => grad(f, { argument })(...at), point, along),
  'grad of jvp': (f) => grad((v: Tensor) => jvp((h: Tensor) => f(v, h, xs), [start], [along[1]])[1] as Tensor)(w),
  'vmap of grad': (f) =>
    vmap(grad(f, { argument }), { in: [0, null, null] })(stack([w, w.mul(0.5)]) as Tensor, start, xs),
  'grad of vmap': (f) =>
    grad((h: Tensor) => (vmap((x: Tensor) => f(w, h, x))(stack([xs, xs.sin()])) as Tensor).sum())(start),
}

describe.each(Object.entries(inners))('a scan whose body has %s inside', (_, inner) => {
  test.each(Object.entries(derivatives))('has the derivatives of the unrolled loop: %s', (_, of) => {
    const wanted = of(lossOf(unrolled, inner))
    expect(difference(of(lossOf(scanned, inner)), wanted, 1e-9)).toBeNull()
    expect(difference(compile(() => of(lossOf(scanned, inner)) as Tensor)(), wanted, 1e-9)).toBeNull()
  })
})
