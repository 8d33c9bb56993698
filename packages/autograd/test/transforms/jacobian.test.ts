import {
  compile,
  customOp,
  exp,
  eye,
  grad,
  hessian,
  jacobian,
  jvp,
  Random,
  random,
  type Tensor,
  tensor,
  vjp,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { jacobian as inPasses } from '../../src/transforms/jacobian.js'

type F = (x: Tensor) => Tensor
const f64 = { dtype: 'float64' } as const
const draws = new Random(5)
const at = (...shape: number[]) => draws.normal(shape, f64) as Tensor
const modes = [{ mode: 'reverse' }, { mode: 'forward' }, {}] as const
const flat = (thing: unknown): number[] =>
  Array.isArray(thing) ? thing.flatMap(flat) : typeof thing === 'number' ? [thing] : flat((thing as Tensor).toArray())
const expectClose = (found: unknown, wanted: unknown, digits = 12): void => {
  const [numbers, expected] = [flat(found), flat(wanted)]
  expect(numbers).toHaveLength(expected.length)
  numbers.forEach((number, i) => {
    expect(Math.abs(number - expected[i]!), `entry ${i}: ${number}, not ${expected[i]}`).toBeLessThanOrEqual(
      10 ** -digits * Math.max(1, Math.abs(expected[i]!)),
    )
  })
}
const filled = (shape: readonly number[], f: (...index: number[]) => number): number[] => {
  let indices: number[][] = [[]]
  for (const dim of shape) indices = indices.flatMap((index) => Array.from({ length: dim }, (_, i) => [...index, i]))
  return indices.map((index) => f(...index))
}
const same = (i: number, j: number): number => (i === j ? 1 : 0)

describe.each(modes)('a jacobian, %o', (mode) => {
  test('of a tree by a tree is the closed form, block by block, in the dtypes of the argument', () => {
    const a = tensor([1, -2, 3])
    const b = tensor(0.5, f64)
    const f = (p: { a: Tensor; b: Tensor }) => ({
      squares: p.a.square(),
      scaled: [p.a.cast('float64').mul(p.b), p.b.exp()] as const,
      twice: p.a.reshape([3, 1]).mul(p.a),
    })
    const found = jacobian(f as never, mode)({ a, b } as never) as unknown as {
      squares: { a: Tensor; b: Tensor }
      scaled: [{ a: Tensor; b: Tensor }, { a: Tensor; b: Tensor }]
      twice: { a: Tensor; b: Tensor }
    }
    const x = [1, -2, 3]
    expectClose(
      found.squares.a,
      filled([3, 3], (i, j) => same(i, j) * 2 * x[i]!),
    )
    expectClose(found.squares.b, [0, 0, 0])
    expectClose(
      found.scaled[0].a,
      filled([3, 3], (i, j) => same(i, j) * 0.5),
    )
    expectClose(found.scaled[0].b, x)
    expectClose(found.scaled[1].a, [0, 0, 0])
    expectClose(found.scaled[1].b, [Math.exp(0.5)])
    expectClose(
      found.twice.a,
      filled([3, 3, 3], (i, j, k) => same(i, k) * x[j]! + same(j, k) * x[i]!),
    )
    const blocks = [found.squares, found.scaled[0], found.scaled[1], found.twice]
    expect(blocks.map((block) => [`${block.a}`, `${block.b}`])).toEqual([
      ['float32[3, 3]', 'float64[3]'],
      ['float32[3, 3]', 'float64[3]'],
      ['float32[3]', 'float64[]'],
      ['float32[3, 3, 3]', 'float64[3, 3]'],
    ])
  })

  test('of or by nothing is empty; of a scalar by a scalar a scalar', () => {
    const f = (p: { none: Tensor; some: Tensor }) => ({ none: p.none.mul(2), sum: p.some.sum().add(p.none.sum()) })
    const found = jacobian(f, mode)({ none: zeros([0, 3], f64) as Tensor, some: at(2) })
    expect(`${found.none.none} ${found.none.some}`).toBe('float64[0, 3, 0, 3] float64[0, 3, 2]')
    expect(`${found.sum.none} ${found.sum.some}`).toBe('float64[0, 3] float64[2]')
    expectClose(found.sum.some, [1, 1])
    expectClose(jacobian((x: Tensor) => x.sin(), mode)(tensor(0.3, f64)), [Math.cos(0.3)])
  })

  test('of constants, of the argument itself, and of what does not meet some of it, is zero or one there', () => {
    const f = (p: Tensor[]) => [p[0]!, tensor([7], f64), p[1]!.detach()] as const
    const found = jacobian(f as never, mode)([at(2), at(1)] as never) as unknown as Tensor[][]
    expectClose(found[0]![0], [1, 0, 0, 1])
    expectClose([found[0]![1], found[1]![0], found[1]![1], found[2]![0], found[2]![1]], [0, 0, 0, 0, 0, 0, 0, 0])
  })

  test('is the same in passes of any size', () => {
    const x = at(7)
    const w = at(7, 5)
    const f = (y: Tensor) => ({ long: y.matmul(w).tanh(), one: y.prod() })
    const slopes = flat(x.matmul(w).tanh().square().neg().add(1))
    const wanted = [
      filled([5, 7], (i, j) => slopes[i]! * w.data[j * 5 + i]!),
      filled([7], (j) => flat(x).reduce((product, number, i) => (i === j ? product : product * number), 1)),
    ]
    for (const bytes of [1, 100, 113, 170, 225, 300, 1e6]) {
      const found = inPasses(f as never, mode, 'jacobian', bytes)(x) as { long: Tensor; one: Tensor }
      expectClose([found.long, found.one], wanted)
    }
  })

  test('goes with compile, with vmap, and with both', () => {
    const f = (y: Tensor) => y.sin().reshape([3, 1]).mul(y)
    const each = jacobian(f, mode)
    const wanted = (x: readonly number[]) =>
      filled([3, 3, 3], (i, j, k) => same(i, k) * Math.cos(x[i]!) * x[j]! + same(j, k) * Math.sin(x[i]!))
    const rows = at(4, 3)
    const all = (rows.toArray() as number[][]).map(wanted)
    expectClose(compile(each)(rows.at(0)), all[0])
    expectClose(vmap(each)(rows), all)
    expectClose(compile(vmap(each))(rows), all)
    expectClose(vmap(compile(each) as typeof each)(rows), all)
    // the derivative of a sum over the examples
    const ofAll = jacobian((x: Tensor) => vmap(f)(x).sum(0), mode)(rows)
    expectClose((ofAll as Tensor).permute([2, 0, 1, 3]), all)
  })
})

test('the mode that is not said is the one of fewer unit vectors, and reverse for as many', () => {
  const used = new Set<string>()
  const op = customOp({
    name: 'twice',
    forward: (x: Tensor) => x.mul(2),
    vjp: (g: Tensor) => used.add('reverse') && [g.mul(2)],
    jvp: ([dx]: Tensor[]) => used.add('forward') && dx!.mul(2),
  } as never) as F
  const modeOf = (f: (x: Tensor) => Tensor | Tensor[], x: Tensor) => {
    used.clear()
    jacobian(f as never)(x as never)
    return [...used]
  }
  expect(modeOf((x) => op(x).sum(), at(3))).toEqual(['reverse'])
  expect(modeOf(op, at(3))).toEqual(['reverse'])
  expect(modeOf((x) => [op(x), x], at(3))).toEqual(['forward'])
})

test('many results go through in passes of bounded size', () => {
  let passes = 0
  const op = customOp({
    name: 'same',
    forward: (x: Tensor) => x.mul(1),
    vjp: (g: Tensor) => {
      passes++
      return [g]
    },
  } as never) as F
  const size = 10_000
  const x = at(1)
  const found = jacobian((y: Tensor) => op(y.broadcastTo([size]) as Tensor), { mode: 'reverse' })(x)
  expectClose(found.sum(), [size])
  expect(passes).toBe(Math.ceil(size / Math.floor(2 ** 24 / (8 * size))))
})

describe('nested', () => {
  const x = at(3)
  const [p, q, r] = flat(x) as [number, number, number]
  const product = (y: Tensor) => y.prod()
  const thirds = filled([3, 3, 3], (i, j, k) => (new Set([i, j, k]).size === 3 ? 1 : 0))

  for (const outer of modes) {
    for (const inner of modes) {
      test(`third derivatives, ${JSON.stringify(outer)} over ${JSON.stringify(inner)} over grad`, () => {
        const seconds = jacobian(grad(product), inner)
        expectClose(seconds(x), [0, r, q, r, 0, p, q, p, 0])
        const third = jacobian(seconds, outer)
        expectClose(third(x), thirds)
        expectClose(compile(third)(x), thirds)
        // of the derivatives of each example
        const mapped = (y: Tensor) => vmap(seconds)(y.reshape([1, 3]))
        expectClose(jacobian(mapped, outer)(x), thirds)
        // of those of a function that maps
        const sines = (y: Tensor) => vmap((e: Tensor) => e.sin().mul(y.sum()))(y).sum()
        const third2 = jacobian(jacobian(grad(sines), inner), outer)(x)
        const [s, c] = [Math.sin, Math.cos].map((f) => flat(x).map(f)) as [number[], number[]]
        const total = p + q + r
        const closed = (i: number, j: number, k: number) =>
          (i === j && j === k ? -c[i]! * total : 0) - same(i, j) * s[i]! - same(i, k) * s[i]! - same(j, k) * s[j]!
        expectClose(third2, filled([3, 3, 3], closed))
      })
    }
  }

  test('four times, jacobian of jacobian of jacobian of grad', () => {
    const again = (f: F) => jacobian(f) as F
    const first = grad((y: Tensor) => y.square().sum().square()) as F
    const fourth = again(again(again(first)))(x.slice(0, 0, 2) as Tensor)
    // of (a² + b²)²
    const wanted = [24, 0, 0, 8, 0, 8, 8, 0, 0, 8, 8, 0, 8, 0, 0, 24]
    expectClose(fourth, wanted)
  })

  test('a mapped pullback of a function that maps, differentiated', () => {
    const rows = at(2, 3)
    const cotangents = at(4, 2)
    // the sum over cotangents of (sum_i c_i cos(x_ij)), for all i and j
    const f = (y: Tensor) => {
      const [, pullback] = vjp((z: Tensor) => vmap((row: Tensor) => row.sin().sum())(z), y)
      return vmap((c: Tensor<[number]>) => pullback(c)[0])(cotangents as never).sum()
    }
    const weights = flat(cotangents.sum(0))
    const wanted = filled([2, 3], (i, j) => -weights[i]! * Math.sin(rows.data[3 * i + j]!))
    expectClose(grad(f as never)(rows as never), wanted)
    expectClose(compile(grad(f as never) as never as F)(rows), wanted)
    const mapped = vmap(grad(f as never) as never as F)(rows.reshape([1, 2, 3]))
    expectClose(mapped, wanted)
  })
})

describe('rules of custom ops', () => {
  const custom = (rule: (g: Tensor, x: Tensor) => Tensor) =>
    customOp({
      name: 'sine',
      forward: (x: Tensor) => x.sin(),
      vjp: (g: Tensor, [x]: Tensor[]) => [rule(g, x!)],
    } as never) as F
  const eagerAndCompiled = (f: F): F[] => [jacobian(f) as F, compile(jacobian(f) as F)]
  const x = at(3)
  const wanted = filled([3, 3], (i, j) => same(i, j) * Math.cos(x.data[i]!))

  test('that look at elements run one unit vector after the other', () => {
    const looks = custom(
      (g, y) => tensor(Float64Array.from(g.data, (number, i) => number * Math.cos(y.data[i]!))) as Tensor,
    )
    for (const f of eagerAndCompiled(looks)) expectClose(f(x), wanted)
    expectClose(vmap(jacobian(looks) as F)(x.reshape([1, 3])), wanted)
  })

  test('that look at elements which all examples have in common differ between examples in forward mode', () => {
    const looks = custom((g, y) => g.mul(tensor(Float64Array.from(y.data, Math.cos))) as Tensor)
    const along = (y: Tensor) => vmap((t: Tensor) => jvp(looks, [y], [t])[1])(eye(3, 3, f64)) as Tensor
    for (const f of [along, compile(along)]) expectClose(f(x), wanted)
    const ofRows = jacobian((y: Tensor) => vmap(looks)(y.reshape([1, 3])), { mode: 'forward' })
    expectClose(ofRows(x), wanted)
  })

  test('that assign to a tensor which they keep do so as well', () => {
    const kept = zeros([3], f64) as Tensor
    const assigns = custom((g, y) => {
      kept.assign(kept.mul(0).add(y.cos()))
      return g.mul(kept) as Tensor
    })
    for (const f of eagerAndCompiled(assigns)) expectClose(f(x), wanted)
  })

  test('that differ in mode are used in the one that they have', () => {
    const looks = custom(
      (g, y) => tensor(Float64Array.from(g.data, (number, i) => number * Math.cos(y.data[i]!))) as Tensor,
    )
    const both = (y: Tensor) => [looks(y), y] as const
    expectClose(jacobian(both as never)(x as never), [...wanted, ...filled([3, 3], same)])
    expect(() => jacobian(both as never, { mode: 'forward' })(x as never)).toThrow(/give customOp a jvp/)
  })

  test('that draw random numbers give each row those that it had row by row', () => {
    const drawn = custom((g) => g.mul(random.uniform([3], f64)) as Tensor)
    random.seed(3)
    const numbers = [0, 1, 2].map(() => flat(random.uniform([3], f64)))
    for (const f of eagerAndCompiled(drawn)) {
      random.seed(3)
      expectClose(
        f(x),
        filled([3, 3], (i, j) => same(i, j) * numbers[i]![j]!),
      )
    }
  })

  test('that draw random numbers in a function that maps draw for each of its examples, and for each row', () => {
    const drawn = custom((g) => g.mul(random.uniform([3], f64)) as Tensor)
    const mapped = (y: Tensor) => vmap(drawn)(y.reshape([2, 3])) as Tensor
    for (const f of eagerAndCompiled(mapped)) {
      const found = flat(f(at(6)))
      const diagonal = found.filter((_, i) => i % 7 === 0)
      expect(new Set(diagonal).size).toBe(6)
      for (const number of diagonal) expect(number > 0 && number < 1).toBe(true)
      expect(found.filter((number) => number !== 0)).toHaveLength(6)
    }
  })
})

describe('a hessian', () => {
  test('of a logistic regression is X^T diag(p (1 - p)) X', () => {
    const [examples, features] = [40, 6]
    const xs = at(examples, features)
    const labels = at(examples).greater(0).cast('float64')
    const w = at(features)
    const loss = (v: Tensor) => {
      const z = xs.matmul(v)
      return z.softplus().sub(z.mul(labels)).sum()
    }
    const weights = flat(xs.matmul(w)).map((z) => 1 / (1 + Math.exp(-z)) ** 2 / Math.exp(z))
    const rows = xs.toArray() as number[][]
    const wanted = filled([features, features], (i, j) =>
      rows.reduce((sum, row, k) => sum + weights[k]! * row[i]! * row[j]!, 0),
    )
    expectClose(hessian(loss as never)(w as never), wanted, 12)
    expectClose(compile(hessian(loss as never) as never as F)(w), wanted, 12)
    const mapped = vmap(hessian(loss as never) as never as F)(w.reshape([1, features]))
    expectClose(mapped, wanted, 12)
  })

  test('of a tree is a tree of trees', () => {
    const found = hessian((p: { a: Tensor; b: Tensor[] }) => exp(p.a.sum().mul(p.b[0]!)).sum())({
      a: tensor([0.1, 0.2], f64),
      b: [tensor(2, f64)],
    })
    const [s, b] = [0.1 + 0.2, 2]
    const e = Math.exp(s * b)
    expectClose(found.a.a, [b * b * e, b * b * e, b * b * e, b * b * e])
    expectClose(found.a.b[0], [(1 + s * b) * e, (1 + s * b) * e])
    expectClose(found.b[0]!.a, [(1 + s * b) * e, (1 + s * b) * e])
    expectClose(found.b[0]!.b[0], [s * s * e])
  })
})
