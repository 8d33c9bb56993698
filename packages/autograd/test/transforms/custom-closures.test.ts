import {
  checkpoint,
  compile,
  customOp,
  grad,
  jvp,
  linearize,
  parameter,
  scan,
  stopGradient,
  type Tensor,
  tensor,
  vmap,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'

type F = (x: Tensor) => Tensor

const f64 = { dtype: 'float64' } as const
const x = tensor([1, 2], f64)
const w = tensor([3, 5], f64)

/** x w for a w that is no input: the op has a rule for x alone. */
const forwards: Record<string, (w: Tensor) => F> = {
  'in an op': (w) =>
    customOp({ name: 'scaled', forward: (x: Tensor) => x.mul(w), vjp: (g) => [g.mul(stopGradient(w))] }),
  'by its elements': (w) =>
    customOp({
      name: 'scaled',
      forward: (x: Tensor) => x.mul(tensor([...w.data], f64)),
      vjp: (g) => [g.mul(stopGradient(w))],
    }),
  'with residuals': (w) =>
    customOp({
      name: 'scaled',
      residuals: true,
      forward: (x: Tensor) => [x.mul(w), { w: stopGradient(w) }] as const,
      vjp: (g, _inputs, _output, { w }) => [g.mul(w)],
    }),
}
const ways: Record<string, (f: (w: Tensor) => Tensor<[]>, w: Tensor) => unknown> = {
  grad: (f, w) => grad(f)(w),
  jvp: (f, w) => jvp(f, [w], [w]),
  linearize: (f, w) => linearize(f, w)[1](w),
  'second order': (f, w) => grad((w: Tensor) => grad(f)(w).sum())(w),
  'backward of a parameter': (f, w) => {
    const p = parameter(w.add(0))
    f(p).backward()
  },
  'compiled grad': (f, w) => compile(grad(f))(w),
  'grad through checkpoint': (f, w) => grad(checkpoint(f))(w),
  'grad of vmap': (f, w) => grad((w: Tensor) => vmap((a: Tensor) => f(w).mul(a))(tensor([1, 2], f64)).sum())(w),
  'grad of scan': (f, w) =>
    grad(
      (w: Tensor) => scan((c: Tensor, a: Tensor) => [c.add(f(w).mul(a)), null], tensor(0, f64), tensor([1, 2], f64))[0],
    )(w),
}

describe.each(Object.entries(forwards))('a forward that closes over a tensor %s', (over, scaledBy) => {
  const f = (w: Tensor) => scaledBy(w)(x).sum()

  test.each(Object.entries(ways))('has no silent derivative by it: %s', (name, way) => {
    // compile cannot know the elements of what an op was not given
    const isUnknown = /compiled/.test(name) && /elements/.test(over)
    expect(() => way(f, w)).toThrow(
      isUnknown
        ? 'the elements of a tensor were asked for'
        : 'scaled: its forward closes over a tensor that is differentiated',
    )
  })

  test('has none by it where it is differentiated by its inputs as well', () => {
    const by = (x: Tensor, w: Tensor) => scaledBy(w)(x).sum()
    const says = 'scaled: its forward closes over a tensor that is differentiated'
    expect(() => grad(by, { argument: [0, 1] })(x, w)).toThrow(says)
    expect(() => jvp(by, [x, w], [x, w])).toThrow(says)
  })

  test('has one by its inputs, and its value, as always', () => {
    const p = parameter(w.add(0))
    expect(scaledBy(p)(x).toArray()).toEqual([3, 10])
    expect(grad((x: Tensor) => scaledBy(w)(x).sum())(x).toArray()).toEqual([3, 5])
    expect(grad((w: Tensor) => scaledBy(stopGradient(w))(x).sum().add(w.sum()))(w).toArray()).toEqual([1, 1])
    expect(
      grad((w: Tensor) => grad((x: Tensor) => scaledBy(stopGradient(w))(x).mul(w).sum())(x).sum())(w).toArray(),
    ).toEqual([3, 5])
  })
})

test('a forward that returns what it closes over has no silent derivative by it', () => {
  const given = (w: Tensor): F => customOp({ name: 'scaled', forward: (_x: Tensor) => w, vjp: (g) => [g] })
  expect(() => grad((w: Tensor) => given(w)(x).sum())(w)).toThrow(/scaled: its forward closes over/)
})
