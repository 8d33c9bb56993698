import {
  compile,
  GradientError,
  grad,
  hessian,
  jacobian,
  jvp,
  type LinearSolveOptions,
  linearSolve,
  noGrad,
  parameter,
  Random,
  type Tensor,
  tensor,
  vjp,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { gauss, transpose } from './gauss.js'

const dtype = 'float64'
const random = new Random(7)
const normal = (...shape: number[]) => random.normal(shape, { dtype }) as Tensor
const rowsOf = (a: Tensor) => a.toArray() as number[][]
const listOf = (v: Tensor) => v.toArray() as number[]

/** Of eigenvalues around 1, and not symmetric. */
const general = (n: number): Tensor =>
  normal(n, n)
    .mul(0.4 / Math.sqrt(n))
    .add(
      tensor(
        Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))),
        { dtype },
      ),
    )
/** Symmetric and positive definite. */
const definite = (n: number): Tensor => {
  const a = general(n)
  return a.matmul(a.transpose())
}
type Scalar = Tensor<[]>
type Options = LinearSolveOptions<Tensor>
const solve = (a: Tensor, b: Tensor, options: Options = {}) =>
  linearSolve((v: Tensor) => a.matmul(v), b, options) as Tensor

const near = (found: Tensor, wanted: readonly number[], within = 1e-10) => {
  const list = Array.from(found.data)
  expect(list.length).toBe(wanted.length)
  list.forEach((element, i) => {
    expect(Math.abs(element - wanted[i]!), `element ${i}: ${element} for ${wanted[i]}`).toBeLessThan(within)
  })
}

const methods: readonly [string, (n: number) => Tensor, Options][] = [
  ['gmres', general, {}],
  ['gmres, symmetric', definite, { method: 'gmres', symmetric: true }],
  ['cg', definite, { method: 'cg' }],
  ['bicgstab', general, { method: 'bicgstab' }],
]

describe.each(methods)('%s', (_, matrix, options) => {
  test.each([1, 2, 5, 20, 70])('solves systems of size %i as elimination does', (n) => {
    const [a, b] = [matrix(n), normal(n)]
    near(solve(a, b, options), gauss(rowsOf(a), listOf(b)))
  })

  test('begins where it is told, and in float32 is as near as that goes', () => {
    const [a, b] = [matrix(6), normal(6)]
    const wanted = gauss(rowsOf(a), listOf(b))
    near(solve(a, b, { ...options, initial: tensor(wanted, { dtype }), maxIterations: 0 }), wanted)
    const single = solve(a.cast('float32'), b.cast('float32'), options)
    expect(single.dtype).toBe('float32')
    near(single, wanted, 1e-4)
  })

  test('has the derivatives of the closed form, in both modes', () => {
    const [a, b, g] = [matrix(4), normal(4), normal(4)]
    const x = gauss(rowsOf(a), listOf(b))
    // of g·x: by b it is u = A⁻ᵀ g, by A it is -u xᵀ
    const u = gauss(transpose(rowsOf(a)), listOf(g))
    const outer = u.flatMap((left) => x.map((right) => -left * right))
    const f = (a: Tensor, b: Tensor) => solve(a, b, options)
    const [, pullback] = vjp(f, a, b)
    const [byA, byB] = pullback(g)
    near(byA, outer)
    near(byB, u)
    const [da, db] = [matrix(4), normal(4)]
    const moved = listOf(db).map((d, i) => d - rowsOf(da)[i]!.reduce((sum, entry, j) => sum + entry * x[j]!, 0))
    near(jvp(f, [a, b], [da, db])[1], gauss(rowsOf(a), moved))
  })

  test('passes gradcheck to second order', () => {
    // what is symmetric stays so
    const f = (a: Tensor, b: Tensor) => solve(matrix === definite ? a.add(a.transpose()).mul(0.5) : a, b, options)
    const report = gradcheck(f, [matrix(3), normal(3)], { order: 2 })
    expect(report.verdict, String(report)).toBe('pass')
  })
})

describe('linearSolve', () => {
  test('has second derivatives by matrix and right side', () => {
    // x = b / a: of x² they are known
    const f = (p: { a: Tensor<[1]>; b: Tensor<[1]> }) =>
      linearSolve((v) => p.a.mul(v), p.b)
        .square()
        .sum()
    const at = { a: tensor([2], { dtype }), b: tensor([3], { dtype }) }
    const second = hessian(f)(at)
    near(second.a.a, [(6 * 9) / 16])
    near(second.a.b, [(-4 * 3) / 8])
    near(second.b.b, [2 / 4])
    near(jacobian(grad(f))(at).a.b, [(-4 * 3) / 8])
  })

  test('takes trees, and matrices that no tensor is', () => {
    const [w, b] = [general(3), { x: normal(3), more: [normal(2, 2)] as const }]
    const matvec = (v: { x: Tensor; more: readonly [Tensor] }) => ({
      x: w.matmul(v.x).add(v.more[0].sum().mul(0.1)),
      more: [v.more[0].mul(2).sub(v.x.sum())] as const,
    })
    const x = linearSolve(matvec, b)
    const image = matvec(x)
    near(image.x, listOf(b.x))
    near(image.more[0], Array.from(b.more[0].data))
  })

  test('differentiates by what matvec closes over, parameters and what was computed from them alike', () => {
    const [start, b, g] = [general(3), normal(3), normal(3)]
    const w = parameter(start)
    const doubled = w.mul(2)
    // both are used: 3w in all
    const x = linearSolve((v: Tensor) => doubled.matmul(v).add(w.matmul(v)), b)
    x.mul(g).sum().backward()
    const a = rowsOf(start).map((row) => row.map((entry) => 3 * entry))
    const [wanted, u] = [gauss(a, listOf(b)), gauss(transpose(a), listOf(g))]
    near(x, wanted)
    near(
      w.grad!,
      u.flatMap((left) => wanted.map((right) => -3 * left * right)),
    )
  })

  test('is differentiable in compiled functions and under vmap, by what examples have in common too', () => {
    const [a, many, g] = [general(3), normal(4, 3), normal(4, 3)]
    const f = (a: Tensor, b: Tensor, g: Tensor) => solve(a, b).mul(g).sum() as Tensor<[]>
    const all = (a: Tensor) => vmap(f, { in: [null, 0, 0] })(a, many, g).sum() as Tensor<[]>
    const one = (i: number) => grad(f)(a, many.at(i), g.at(i))
    const wanted = [0, 1, 2, 3].map(one).reduce((sum, next) => sum.add(next))
    near(grad(all)(a), Array.from(wanted.data))
    near(compile(grad(all))(a), Array.from(wanted.data))
    near(compile(solve)(a, many.at(0)), gauss(rowsOf(a), listOf(many.at(0))))
    const each = vmap(grad(f), { in: [null, 0, 0] })(a, many, g)
    near(each.at(2), Array.from(one(2).data))
    // matrices of their own, forward
    const matrices = [general(3), general(3)]
    const stacked = tensor(matrices.map(rowsOf), { dtype }) as Tensor
    const along = vmap((a: Tensor) => jvp((a: Tensor) => solve(a, many.at(0) as Tensor), [a], [a])[1])(stacked)
    matrices.forEach((matrix, i) => {
      near(
        along.at(i),
        gauss(rowsOf(matrix), listOf(many.at(0))).map((element) => -element),
      )
    })
    expect(vmap(solve)(zeros([0, 3, 3], { dtype }), zeros([0, 3], { dtype })).shape).toEqual([0, 3])
  })

  test('nests: a matrix may solve a system itself', () => {
    const [a, c, b] = [general(3), general(3), normal(3)]
    const f = (a: Tensor) => linearSolve((v: Tensor) => solve(a, c.matmul(v)), b)
    near(f(a), gauss(rowsOf(c), gauss3(rowsOf(a), listOf(b))))
    expect(gradcheck(f, [a]).verdict).toBe('pass')
  })

  test('takes products that are derivatives themselves, and differentiates through them', () => {
    const [w, x] = [general(3), normal(3)]
    const g = (w: Tensor) => (x: Tensor) => w.matmul(x).add(x.square().mul(x)) as Tensor
    const pushed = (w: Tensor) => linearSolve((v: Tensor) => jvp(g(w), [x], [v])[1], g(w)(x))
    const pulled = (w: Tensor) => linearSolve((v: Tensor) => vjp(g(w), x)[1](v)[0], g(w)(x))
    const formed = (w: Tensor) => linearSolve((v: Tensor) => jacobian(g(w))(x).matmul(v) as Tensor, g(w)(x))
    const formedBack = (w: Tensor) => linearSolve((v: Tensor) => v.matmul(jacobian(g(w))(x)) as Tensor, g(w)(x))
    for (const [f, wanted] of [
      [pushed, formed],
      [pulled, formedBack],
    ] as const) {
      const loss = (f: typeof pushed) => (w: Tensor) => f(w).square().sum() as Scalar
      near(f(w), listOf(wanted(w)))
      near(grad(loss(f))(w), Array.from(grad(loss(wanted))(w).data))
      near(jvp(grad(loss(f)), [w], [w])[1], Array.from(jvp(grad(loss(wanted)), [w], [w])[1].data))
    }
  })

  test('differentiates by what is both in the matrix and the right side', () => {
    const b = normal(3)
    const f = (b: Tensor) => linearSolve((v: Tensor) => v.mul(b), b)
    near(f(b), [1, 1, 1])
    near(grad((b: Tensor) => f(b).square().sum() as Scalar)(b), [0, 0, 0])
    near(jvp(f, [b], [b])[1], [0, 0, 0])
  })

  test('of no right side at all is zero, and has derivatives', () => {
    const a = general(3)
    near(solve(a, zeros([3], { dtype }) as Tensor), [0, 0, 0])
    const g = grad((b: Tensor) => solve(a, b).square().sum() as Tensor<[]>)(zeros([3], { dtype }) as Tensor)
    near(g, [0, 0, 0])
  })

  test('solves what is badly conditioned as far as the dtype goes', () => {
    const a = tensor(
      [
        [1, 1],
        [1, 1 + 1e-7],
      ],
      { dtype },
    ) as Tensor
    const x = noGrad(() => solve(a, tensor([2, 2 + 1e-7], { dtype }) as Tensor))
    near(x, [1, 1], 1e-6)
  })
})

const gauss3 = (a: number[][], b: number[]): number[] =>
  a.map((row) => row.reduce((sum, entry, j) => sum + entry * b[j]!, 0))

describe('linearSolve refuses', () => {
  const a = general(3)
  const b = normal(3)
  const matvec = (v: Tensor) => a.matmul(v)
  const looks = (v: Tensor) => v.mul((v.data as Float64Array)[0]!)
  const cases: Record<string, [() => unknown, RegExp]> = {
    'what does not converge': [
      () => solve(definite(30), normal(30), { method: 'cg', maxIterations: 3 }),
      /^linearSolve: matvec: it did not converge\. After 3 iterations the residual b - Ax has the norm .*maxIterations/,
    ],
    'a singular matrix': [
      () =>
        solve(
          tensor(
            [
              [1, 2],
              [2, 4],
            ],
            { dtype },
          ) as Tensor,
          tensor([1, 0], { dtype }) as Tensor,
        ),
      /singular/,
    ],
    zeros: [
      () => solve(zeros([2, 2], { dtype }) as Tensor, tensor([1, 0], { dtype }) as Tensor),
      /singular: it gives zeros/,
    ],
    'cg where the matrix is not definite': [
      () =>
        solve(
          tensor(
            [
              [1, 0],
              [0, -1],
            ],
            { dtype },
          ) as Tensor,
          tensor([1, 2], { dtype }) as Tensor,
          { method: 'cg' },
        ),
      /not positive definite.*gmres/,
    ],
    'cg where the matrix is not symmetric': [
      () =>
        solve(
          tensor(
            [
              [2, 1],
              [0, 2],
            ],
            { dtype },
          ) as Tensor,
          tensor([1, 2], { dtype }) as Tensor,
          { method: 'cg' },
        ),
      /the transpose is not that of matvec|it gets no further|did not converge/,
    ],
    'symmetric: true of what is not': [() => solve(a, b, { symmetric: true }), /the transpose is not that of matvec/],
    'symmetric where only b does not show that it is not': [
      () =>
        solve(
          tensor(
            [
              [2, 1],
              [0, 2],
            ],
            { dtype },
          ) as Tensor,
          tensor([1, 0], { dtype }) as Tensor,
          { symmetric: true },
        ),
      /the transpose is not that of matvec/,
    ],
    'symmetric and a transpose': [
      () => solve(a, b, { symmetric: true, transpose: (v) => v }),
      /a transpose is given; give one/,
    ],
    'another transpose': [() => solve(a, b, { transpose: (v) => v.mul(2) }), /the transpose is not that of matvec/],
    'an affine function': [() => linearSolve((v: Tensor) => a.matmul(v).add(1), b), /matvec is not linear/],
    'an affine function, of b = 0': [
      () => linearSolve((v: Tensor) => v.add(1), zeros([3], { dtype })),
      /matvec is not linear/,
    ],
    'a square': [() => linearSolve((v: Tensor) => v.mul(v), b.square()), /matvec is not linear/],
    'a cube, at its own solution': [
      () => linearSolve((v: Tensor) => v.mul(v).mul(v), tensor([1], { dtype }) as Tensor),
      /matvec is not linear/,
    ],
    'another shape': [
      () => linearSolve((v: Tensor) => v.slice(0, 0, 2), b),
      /^linearSolve: matvec\(b\) is float64\[2\], but b is float64\[3\]; shapes and dtypes must be equal/,
    ],
    'another tree': [
      () => linearSolve((v: { x: Tensor }) => ({ y: v.x }) as never, { x: b }),
      /b\.x is float64\[3\], but there is no tensor matvec\(b\)\.x/,
    ],
    'another dtype': [
      () => linearSolve((v: Tensor) => v.cast('float32'), b),
      /matvec\(b\) is float32\[3\], but b is float64\[3\]/,
    ],
    integers: [
      () => linearSolve((v: Tensor) => v, tensor([1], { dtype: 'int32' }) as Tensor),
      /only floats are solved for/,
    ],
    'no tensor': [() => linearSolve((v: never[]) => v, [] as never[]), /b holds no tensor/],
    numbers: [() => linearSolve(matvec, 3 as never), /linearSolve: b is the number 3/],
    'a look at elements': [() => linearSolve(looks, b), /^linearSolve: matvec looks at the elements.*where\(\)/],
    'random numbers': [
      () => linearSolve((v: Tensor) => v.add(random.normal([3], { dtype })), b),
      /draws random numbers/,
    ],
    'a promise': [
      () => linearSolve((async (v: Tensor) => v) as never, b),
      /linearSolve: matvec: the function is async/,
    ],
    NaN: [() => solve(a.mul(Number.NaN), b), /matvec gave NaN/],
    'an infinite right side': [() => solve(a, b.div(0)), /the norm of b is/],
    'an initial of another shape': [
      () => solve(a, b, { initial: normal(2) }),
      /initial is float64\[2\], but b is float64\[3\]/,
    ],
  }
  test.each(Object.entries(cases))('%s', (_, [f, says]) => {
    expect(f).toThrow(GradientError)
    expect(f).toThrow(says)
  })

  test('nothing of a transpose that is right', () => {
    const found = grad((b: Tensor) => solve(a, b, { transpose: (v) => v.matmul(a) }).sum() as Scalar)(b)
    near(found, gauss(transpose(rowsOf(a)), [1, 1, 1]))
  })

  test('all that in a compiled function, as it is called', () => {
    const f = compile((a: Tensor, b: Tensor) => solve(a, b))
    near(f(a, b), gauss(rowsOf(a), listOf(b)))
    expect(() => f(zeros([3, 3], { dtype }) as Tensor, b)).toThrow(/singular/)
  })

  test('to differentiate by what was replaced since', () => {
    const w = parameter(a)
    const [, pullback] = vjp((b: Tensor) => linearSolve((v: Tensor) => w.matmul(v), b), b)
    w.assign(w.mul(2))
    expect(() => pullback(b)).toThrow(/was given a new value/)
  })
})
