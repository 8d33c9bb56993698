import {
  AxisError,
  arange,
  compile,
  customOp,
  GradientError,
  grad,
  hessian,
  jvp,
  ones,
  parameter,
  Random,
  random,
  ShapeError,
  stack,
  type Tensor,
  tensor,
  verify,
  vjp,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'

const float64 = { dtype: 'float64' } as const
const x = tensor(
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  float64,
)
const list = (thing: Tensor): unknown => thing.toArray()

describe('axes', () => {
  test('in the arguments, counted from either end, as entries for arguments and for parts of trees', () => {
    const f = ({ a, b }: { a: Tensor; b: Tensor }, c: Tensor) => a.mul(b).add(c)
    const b = tensor([10, 20], float64)
    const mapped = vmap(f, { in: [{ a: -1, b: null }, 0] })
    const got = mapped({ a: x, b }, arange(3, float64))
    expect(list(got)).toEqual([0, 1, 2].map((i) => [x.data[i]! * 10 + i, x.data[3 + i]! * 20 + i]))
  })

  test('in the results, at any place; what does not differ may have none', () => {
    const f = (row: Tensor) => ({ double: row.mul(2), row, ones: ones([2], float64) })
    const got = vmap(f, { out: { double: 1, row: -1, ones: null } })(x)
    expect(list(got.double)).toEqual([
      [2, 8],
      [4, 10],
      [6, 12],
    ])
    expect(list(got.row)).toEqual(list(x.transpose()))
    expect(list(got.ones)).toEqual([1, 1])
    expect(list(vmap(() => ones([2], float64), { size: 2 })())).toEqual([
      [1, 1],
      [1, 1],
    ])
  })

  test('none and one example', () => {
    const f = (row: Tensor) => row.matmul(x.transpose()).sum()
    expect(`${vmap(f)(zeros([0, 3], float64))}`).toBe('float64[0]')
    expect(`${grad((rows: Tensor) => vmap(f)(rows).sum())(zeros([0, 3], float64))}`).toBe('float64[0, 3]')
    expect(list(vmap(f)(x.slice(0, 0, 1)))).toEqual([f(x.at(0)).item()])
  })

  test('what no example differs in may be taken out of none', () => {
    const w = tensor([1, 2], float64)
    const none = zeros([0, 3], float64)
    const slope = (v: Tensor) => vmap((_: Tensor) => grad((u: Tensor) => u.square().sum())(v), { out: null })(none)
    expect(list(slope(w))).toEqual([2, 4])
    expect(list(vmap((_: Tensor) => w.mul(2), { out: null })(none))).toEqual([2, 4])
    expect(() => grad((v: Tensor) => slope(v).sum())(w)).toThrow('the result (float64[2]) is differentiated')
  })

  test('trees that are no trees, and results with no room, are refused', () => {
    class Pair {
      constructor(readonly w: Tensor) {}
    }
    const sum = ({ w }: { w: Tensor }) => w.sum()
    const loose = vmap as unknown as (f: unknown, options?: object) => (...args: unknown[]) => Tensor
    expect(() => loose(sum)(new Pair(x))).toThrow('vmap: argument[0] is an instance of Pair, which has no axis')
    expect(() => loose(({ a }: { a: Pair[] }) => a[0]!.w)({ a: [new Pair(x)], x })).toThrow(
      'argument[0].a[0] is an inst',
    )
    expect(() => loose((row: Tensor) => ({ a: new Pair(row) }))(x)).toThrow('the result.a is an instance of Pair')
    expect(`${loose((pair: Pair, row: Tensor) => pair.w.mul(row), { in: [null, 0] })(new Pair(x), x)}`).toBe(
      'float64[2, 2, 3]',
    )
    const cyclic: { x: Tensor; own?: object } = { x }
    cyclic.own = cyclic
    expect(() => loose(() => x)(cyclic)).toThrow(/^vmap: argument\[0\].own holds itself/)
    const many = { in: null, size: 2 ** 31 - 1 } as const
    expect(() => loose(() => ones([2]), many)()).toThrow(ShapeError)
    expect(() => loose(() => random.uniform([2]), many)()).toThrow(ShapeError)
  })

  test('that do not go together are refused with the path', () => {
    const add = (a: Tensor, b: Tensor) => a.add(b)
    expect(() => vmap(add)(x, ones([3, 3]))).toThrow(ShapeError)
    expect(() => vmap(add)(x, ones([3, 3]))).toThrow(
      'vmap: argument[1] (float32[3, 3]) has 3 examples along axis 0, but argument[0] (float64[2, 3]) has 2 examples along axis 0',
    )
    expect(() => vmap(add, { size: 3 })(x, x)).toThrow('but size is 3')
    expect(() => vmap(add, { in: [0, 2] })(x, x)).toThrow(AxisError)
    expect(() => vmap(add, { in: [0, 2] })(x, x)).toThrow('argument[1] is float64[2, 3], which has no axis 2')
    expect(() => vmap(add)(x, tensor(1))).toThrow('argument[1] is float32[], which has no axis 0')
    expect(() => vmap(add, { in: null })(x, x)).toThrow('{ in: null, size: 3 }')
    expect(() => vmap(add, { in: [0] })(x, x)).toThrow('vmap: in says nothing of argument[1]')
    expect(() => vmap(add, { in: [0, 0, 0] } as never)(x, x)).toThrow(
      'vmap: in[2] is 0, but argument[2] holds no tensor',
    )
    expect(() => vmap(add, { in: [0, 0.5] })).toThrow('vmap: in is [0, 0.5]; use an integer')
    expect(() => vmap((a: Tensor, b: number) => a.mul(b))(x, 3)).toThrow('argument[1] is 3, which has no axis')
    expect(list(vmap((a: Tensor, b: number) => a.mul(b), { in: [0, null] })(x, 3))).toEqual(list(x.mul(3)))
    expect(() => vmap((a: Tensor) => ({ a, n: 3 }))(x)).toThrow('the result.n is 3')
    expect(() => vmap((a: Tensor) => a, { out: null })(x)).toThrow('differs between examples')
    expect(() => vmap((a: Tensor) => a.sum(), { out: 1 })(x)).toThrow('which has no axis 1')
    expect(() => vmap(add, { on: 0 } as never)).toThrow('on')
    expect(() => vmap(x as never)).toThrow('vmap')
  })
})

describe('differentiation', () => {
  test('of what does not differ between examples counts each of them', () => {
    const w = tensor([1, 2], float64)
    expect(list(grad((v: Tensor) => vmap(() => v.square(), { in: null, size: 3 })().sum())(w))).toEqual([6, 12])
    expect(list(grad((v: Tensor) => vmap(() => v.square(), { in: null, out: null, size: 3 })().sum())(w))).toEqual([
      2, 4,
    ])
    expect(
      list(
        grad((v: Tensor) =>
          vmap(() => v, { in: null, size: 3 })()
            .sum()
            .add(v.sum()),
        )(w),
      ),
    ).toEqual([4, 4])
  })

  test('inside, by tensors from outside, is that of each example', () => {
    const w = tensor([1, 2, 3], float64)
    const each = (row: Tensor) => grad((v: Tensor) => v.mul(row).square().sum())(w)
    expect(list(vmap(each)(x))).toEqual(list(stack([each(x.at(0)), each(x.at(1))])))
    const along = (row: Tensor) => jvp((v: Tensor) => v.mul(row).square().sum(), [w], [row])[1]
    expect(list(vmap(along)(x))).toEqual([along(x.at(0)).item(), along(x.at(1)).item()])
  })

  test('by backward inside, of leaves made inside; outside, it adds up', () => {
    const inside = vmap((row: Tensor) => {
      const w = parameter(row)
      w.mul(w).sum().backward()
      return w.grad
    })
    expect(list(inside(x))).toEqual(list(x.mul(2)))
    const common = vmap((row: Tensor) => {
      const w = parameter(tensor([1, 1, 1], float64))
      w.mul(row).sum().backward()
      return w.grad
    })
    expect(list(common(x))).toEqual(list(x))
    const w = parameter(tensor([1, 1, 1], float64))
    vmap((row: Tensor) => w.mul(row).sum())(x)
      .sum()
      .backward()
    expect(list(w.grad)).toEqual([5, 7, 9])
  })

  test('a pullback applied to a basis gives the Jacobian, and the Hessian of a vmap is block diagonal', () => {
    const [, pullback] = vjp((row: Tensor) => row.square().mul(row.sum()), x.at(0))
    const rows = vmap((unit: Tensor) => pullback(unit)[0])(
      tensor(
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
        float64,
      ),
    )
    expect(list(rows)).toEqual([
      [13, 1, 1],
      [4, 28, 4],
      [9, 9, 45],
    ])
    const blocks = hessian((rows: Tensor) => vmap((row: Tensor) => row.prod())(rows).sum())(x)
    expect(`${blocks}`).toBe('float64[2, 3, 2, 3]')
    expect(blocks.data[1]).toBe(3)
    expect(blocks.data[3]).toBe(0)
  })

  test('custom ops that look at elements look at each example', () => {
    const square = customOp({
      name: 'square',
      forward: (a: Tensor) =>
        tensor(
          Array.from(a.data, (e) => e * e),
          float64,
        ),
      vjp: (g, [a]) => [
        tensor(
          Array.from(g.data, (e, i) => 2 * e * a.data[i]!),
          float64,
        ),
      ],
    })
    const outside = (rows: Tensor) => grad((at: Tensor) => vmap((row: Tensor) => square(row))(at).sum())(rows)
    const inside = vmap(grad((row: Tensor) => square(row).sum()))
    for (const run of [outside, inside, compile(outside), compile(inside)]) expect(list(run(x))).toEqual(list(x.mul(2)))
    expect(`${vmap((row: Tensor) => square(row))(zeros([0, 3], float64))}`).toBe('float64[0, 3]')
  })
})

describe('what a function may not do for many examples at once', () => {
  const sum = (row: Tensor) => row.sum()

  test('look at elements', () => {
    expect(() => vmap((row: Tensor) => (row.sum().item() > 2 ? row : row.neg()))(x)).toThrow(
      /vmap: the elements .*where\(\)/s,
    )
    expect(() => vmap((row: Tensor) => tensor([...row.data]))(x)).toThrow('each of 2 examples')
  })

  test('change tensors from outside', () => {
    const w = parameter(tensor([1, 1, 1], float64))
    expect(() => vmap((row: Tensor) => w.mul(row).sum().backward() as never)(x)).toThrow(GradientError)
    expect(() => vmap((row: Tensor) => w.mul(row).sum().backward() as never)(x)).toThrow('backward')
    expect(() => vmap((row: Tensor) => [w.assign(row as never), row][1])(x)).toThrow('assign')
    expect(() => vmap((row: Tensor) => [w.zeroGrad(), row][1])(x)).toThrow('zeroGrad')
    expect(() => vmap((row: Tensor) => Object.assign(w, { requiresGrad: false }).mul(row))(x)).toThrow('requiresGrad')
    expect(() => vmap((row: Tensor) => [random.seed(1), row][1])(x)).toThrow(
      'inside vmap() this would happen once for all examples',
    )
    expect(w.hasGrad).toBe(false)
    expect(list(w)).toEqual([1, 1, 1])
  })

  test('keep a tensor for later', () => {
    let kept: Tensor = tensor(0)
    vmap((row: Tensor) => {
      kept = row.sum()
      return kept
    })(x)
    expect(() => kept.item()).toThrow('vmap')
    expect(() => vmap((row: Tensor) => row.mul(kept))(x)).toThrow('Return it from there')
    const w = parameter(tensor(1, float64))
    expect(() => w.mul(kept).backward()).toThrow('Return it from there')
    expect(w.hasGrad).toBe(false)
    expect(`${vmap(sum)(x)}`).toBe('float64[2]')
  })

  test('be asynchronous', () => {
    expect(() => vmap((async (row: Tensor) => row) as never)(x)).toThrow('async')
  })
})

describe('random numbers', () => {
  test('differ between examples and are those that a loop draws, or are the same for all', () => {
    for (const shape of [[3], [2, 2], []]) {
      const generators = [new Random(3), new Random(3), new Random(3), new Random(3)] as const
      const loop = stack([0, 1, 2, 3, 4].map(() => generators[0].normal(shape, float64)))
      const draw = (generator: Random) => vmap(() => generator.normal(shape, float64), { in: null, size: 5 })
      expect(list(draw(generators[1])())).toEqual(list(loop))
      expect(list(compile(() => draw(generators[2])())())).toEqual(list(loop))
      expect(generators[1].number()).toBe(generators[0].number())
      const same = vmap(() => generators[3].normal(shape, float64), { in: null, size: 5, random: 'same' })()
      expect(list(same)).toEqual(list(stack([1, 2, 3, 4, 5].map(() => loop.at(0)))))
    }
  })

  test('of nested examples', () => {
    const [one, other] = [new Random(5), new Random(5)]
    const inner = () => vmap(() => one.uniform([3], float64), { in: null, size: 2 })()
    const nested = vmap(inner, { in: null, size: 4 })()
    expect(list(nested)).toEqual(list(other.uniform([4, 2, 3], float64)))
  })

  test('permute each example in its own way', () => {
    const [one, other] = [new Random(5), new Random(5)]
    const rows = vmap(() => one.permutation(6), { in: null, size: 3 })()
    expect(list(rows)).toEqual(list(stack([0, 1, 2].map(() => other.permutation(6)))))
  })
})

test('verify looks at each example', () => {
  const seen: number[][] = []
  const f = vmap((row: Tensor) => {
    verify(row, (elements) => void seen.push([...elements]))
    return row
  })
  f(x)
  compile((rows: Tensor) => f(rows))(x)
  expect(seen).toEqual([
    [1, 2, 3],
    [4, 5, 6],
    [1, 2, 3],
    [4, 5, 6],
  ])
})

test('a tensor in a function that is mapped prints as what it is', () => {
  let text = ''
  vmap((row: Tensor) => {
    text = String(
      (row as unknown as { [k: symbol]: (depth: number, options: object) => string })[
        Symbol.for('nodejs.util.inspect.custom')
      ]?.(2, {}),
    )
    return row
  })(x)
  expect(text).toContain('2 examples of vmap')
})
