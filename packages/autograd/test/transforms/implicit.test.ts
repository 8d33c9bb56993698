import {
  CompileError,
  checkpoint,
  compile,
  GradientError,
  grad,
  hessian,
  type ImplicitOptions,
  implicit,
  jacobian,
  jvp,
  linearize,
  linearSolve,
  noGrad,
  parameter,
  Random,
  random,
  scan,
  type Tensor,
  tensor,
  treeProtocol,
  vjp,
  vmap,
  zerosLike,
} from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { gauss, transpose } from './gauss.js'

const dtype = 'float64'
type Scalar = Tensor<[]>
const scalar = (x: number): Scalar => tensor(x, { dtype })
const vector = (x: readonly number[]) => tensor(x, { dtype }) as Tensor<[number]>
const numbers = (x: { readonly data: ArrayLike<number> }) => Array.from(x.data)

const near = (found: { readonly data: ArrayLike<number> }, wanted: number | readonly number[], within = 1e-10) => {
  const [list, all] = [numbers(found), [wanted].flat()]
  expect(list.length).toBe(all.length)
  list.forEach((element, i) => {
    expect(Math.abs(element - all[i]!), `element ${i}: ${element} for ${all[i]}`).toBeLessThan(within)
  })
}

/** By Newton's method, in plain JavaScript. */
const newtonRoot = (a: Scalar): Scalar => {
  let x = 1
  for (let i = 0; i < 100 && Math.abs(x * x - a.item()) > 1e-15; i++) x -= (x * x - a.item()) / (2 * x)
  return scalar(x)
}
const root = implicit(newtonRoot, (x, a) => x.square().sub(a))

/** Kepler's equation: E = M + e sin E. */
const kepler = implicit(
  (m: Scalar, e: Scalar) => {
    let x = m.item()
    for (let i = 0; i < 500; i++) x = m.item() + e.item() * Math.sin(x)
    return scalar(x)
  },
  (x, m, e) => m.add(e.mul(x.sin())),
  { fixedPoint: true },
)

type Function = (x: Scalar) => Scalar
/** The derivative of a scalar function, in every way. */
const derivatives: Record<string, (f: Function) => Function> = {
  grad: (f) => grad(f),
  vjp: (f) => (x) => vjp(f, x)[1](scalar(1))[0],
  jvp: (f) => (x) => jvp(f, [x], [scalar(1)])[1],
  linearize: (f) => (x) => linearize(f, x)[1](scalar(1)),
  'jacobian, forward': (f) => jacobian(f, { mode: 'forward' }),
  'grad under vmap': (f) => (x) => vmap(grad(f))(x.reshape([1] as const)).sum(),
  'jvp under vmap': (f) => (x) => vmap((x: Scalar) => jvp(f, [x], [scalar(1)])[1])(x.reshape([1] as const)).sum(),
  'vmap under grad': (f) => (x) => grad((x: Scalar) => vmap(f)(x.reshape([1] as const)).sum())(x),
  'grad in compile': (f) => compile(grad(f)) as Function,
}
const ways = Object.keys(derivatives)

describe('a root', () => {
  test('has all derivatives of the closed form, whatever way they are taken', () => {
    const a = 1.7
    near(root(scalar(a)), Math.sqrt(a))
    for (const first of ways) {
      near(derivatives[first]!(root)(scalar(a)), 0.5 / Math.sqrt(a))
      for (const second of ways) {
        // a compiled function shows no past to what is around it
        if (first === 'grad in compile') continue
        const found = derivatives[second]!(derivatives[first]!(root))(scalar(a))
        expect(Math.abs(found.item() + 0.25 * a ** -1.5), `${second} of ${first}`).toBeLessThan(1e-10)
      }
    }
    near(hessian(root)(scalar(a)), -0.25 * a ** -1.5)
    const fourth = grad(grad(grad(grad(root))))
    near(fourth(scalar(a)), (-15 / 16) * a ** -3.5, 1e-9)
  })

  test('is not confused with what is around it', () => {
    // the derivative of x sqrt(a) sqrt(a x) at x = 2, a = 3, by both
    const f = (x: Scalar) => grad((a: Scalar) => x.mul(root(a)).mul(root(a.mul(x))))(scalar(3))
    // it is the derivative by a of x^1.5 a: x^1.5
    near(f(scalar(2)), 2 ** 1.5)
    for (const way of ways) near(derivatives[way]!(f)(scalar(2)), 1.5 * 2 ** 0.5)
  })
})

describe('a fixed point', () => {
  test('has first and second derivatives of the closed form', () => {
    const [m, e] = [1.2, 0.4]
    const x = kepler(scalar(m), scalar(e)).item()
    near(scalar(x - e * Math.sin(x)), m)
    const slope = 1 / (1 - e * Math.cos(x))
    const byM = (m: Scalar) => kepler(m, scalar(e))
    for (const first of ways) {
      near(derivatives[first]!(byM)(scalar(m)), slope)
      for (const second of ways) {
        if (first === 'grad in compile') continue
        near(derivatives[second]!(derivatives[first]!(byM))(scalar(m)), -e * Math.sin(x) * slope ** 3)
      }
    }
    near(grad(kepler, { argument: 1 })(scalar(m), scalar(e)), Math.sin(x) * slope)
    expect(gradcheck(kepler, [scalar(m), scalar(e)], { order: 2 }).verdict).toBe('pass')
  })
})

describe('implicit', () => {
  const draws = new Random(3)
  const normal = (...shape: number[]) => draws.normal(shape, { dtype }) as Tensor
  const matrix = (n: number) =>
    normal(n, n)
      .mul(0.3)
      .add(
        tensor(
          Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 2 : 0))),
          { dtype },
        ),
      )

  /** w x + x³ = b, element by element in the cube. */
  const cubic = (w: Tensor, x: Tensor, b: Tensor) => w.matmul(x).add(x.square().mul(x)).sub(b)
  /** By Newton's method and elimination; in plain numbers. */
  const solveCubic = (w: Tensor, b: Tensor): Tensor => {
    const rows = w.toArray() as number[][]
    const right = numbers(b)
    let x = right.map(() => 0)
    for (let i = 0; i < 60; i++) {
      const image = rows.map((row, i) => row.reduce((sum, entry, j) => sum + entry * x[j]!, 0) + x[i]! ** 3 - right[i]!)
      const step = gauss(slopes(rows, x), image)
      x = x.map((element, i) => element - step[i]!)
    }
    return vector(x)
  }
  const slopes = (rows: number[][], x: readonly number[]) =>
    rows.map((row, i) => row.map((entry, j) => entry + (i === j ? 3 * x[i]! ** 2 : 0)))

  test('differentiates a system by its matrix and right side', () => {
    const [w, b, g] = [matrix(4), normal(4), normal(4)]
    const f = implicit(solveCubic, (x, w, b) => cubic(w, x, b))
    const x = f(w, b)
    near(cubic(w, x, b), [0, 0, 0, 0])
    const u = gauss(transpose(slopes(w.toArray() as number[][], numbers(x))), numbers(g))
    const [byW, byB] = vjp(f, w, b)[1](g)
    near(byB, u)
    near(
      byW,
      u.flatMap((left) => numbers(x).map((right) => -left * right)),
    )
    expect(gradcheck(f, [w, b], { order: 2 }).verdict).toBe('pass')
    const bicgstab = implicit(solveCubic, (x, w, b) => cubic(w, x, b), { linear: { method: 'bicgstab' } })
    near(vjp(bicgstab, w, b)[1](g)[1], u)
  })

  test('takes trees, and gives trees', () => {
    const f = implicit(
      ({ sum, product }: { sum: Scalar; product: Scalar }) => {
        const middle = sum.item() / 2
        const half = Math.sqrt(middle ** 2 - product.item())
        return { roots: [scalar(middle + half), scalar(middle - half)] as const }
      },
      ({ roots: [x, y] }, { sum, product }) => ({ roots: [x.add(y).sub(sum), x.mul(y).sub(product)] as const }),
    )
    const at = { sum: scalar(5), product: scalar(6) }
    // of x² - 5x + 6 = 0: dx = (x ds - dp) / (2x - s)
    near(f(at).roots[0], 3)
    const found = jacobian(f)(at)
    near(found.roots[0].sum, 3)
    near(found.roots[0].product, -1)
    near(found.roots[1].sum, -2)
    near(found.roots[1].product, 1)
    near(jvp(f, [at], [{ sum: scalar(1), product: scalar(0) }])[1].roots[1], -2)
  })

  test('differentiates by what the residual closes over, and collects gradients of parameters', () => {
    const a = parameter(scalar(4))
    const doubled = a.mul(2)
    // x² = a + 2a
    const f = implicit(
      () => scalar(Math.sqrt(12)),
      (x) => x.square().sub(a.add(doubled)),
    )
    f().backward()
    near(a.grad!, 3 / (2 * Math.sqrt(12)))
    const moving = (a: Scalar) => {
      const tripled = a.mul(3)
      return implicit(
        () => newtonRoot(tripled),
        (x) => x.square().sub(tripled),
      )()
    }
    for (const way of ways.filter((way) => !/vmap|compile/.test(way))) {
      near(derivatives[way]!(moving)(scalar(4)), 3 / (2 * Math.sqrt(12)))
      near(derivatives[way]!(grad(moving))(scalar(4)), -(9 / 4) * 12 ** -1.5)
    }
  })

  test('differentiates by the parts of an instance', () => {
    class Square {
      constructor(readonly a: Scalar) {}
      [treeProtocol]() {
        return { children: { a: this.a }, rebuild: ({ a }: { a: Scalar }) => new Square(a) }
      }
      residual(x: Scalar) {
        return x.square().sub(this.a)
      }
    }
    const f = implicit(
      (model: Square) => newtonRoot(model.a),
      (x, model) => model.residual(x),
    )
    near(grad(f)(new Square(scalar(4))).a, 0.25)
  })

  test('gives zeros for what the residual does not use', () => {
    const f = implicit(
      (a: Scalar, _: Scalar) => newtonRoot(a),
      (x, a) => x.square().sub(a),
    )
    near(grad(f, { argument: 1 })(scalar(4), scalar(1)), 0)
    near(jvp(f, [scalar(4), scalar(1)], [scalar(0), scalar(1)])[1], 0)
  })

  test('gives hypergradients: a residual may be a gradient', () => {
    const [x, y] = [normal(6, 3), normal(6)]
    const loss = (w: Tensor, penalty: Scalar): Scalar =>
      x.matmul(w).sub(y).square().sum().add(w.square().sum().mul(penalty)) as Scalar
    const rows = x.toArray() as number[][]
    const gram = (penalty: number) =>
      [0, 1, 2].map((i) =>
        [0, 1, 2].map((j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, i === j ? penalty : 0)),
      )
    const right = [0, 1, 2].map((i) => rows.reduce((sum, row, k) => sum + row[i]! * numbers(y)[k]!, 0))
    const fit = implicit((penalty: Scalar) => vector(gauss(gram(penalty.item()), right)), grad(loss), {
      linear: { method: 'cg' },
    })
    // w = (G + p)⁻¹ r, so dw/dp = -(G + p)⁻¹ w, and d²w/dp² = 2 (G + p)⁻² w
    const w = gauss(gram(0.5), right)
    const first = gauss(gram(0.5), w)
    near(
      jacobian(fit)(scalar(0.5)),
      first.map((element) => -element),
    )
    near(
      jacobian(jacobian(fit), { mode: 'forward' })(scalar(0.5)),
      gauss(gram(0.5), first).map((element) => 2 * element),
    )
  })

  test('nests: a residual may have a root in it', () => {
    // x with sqrt(x) = a, which is a²
    const f = implicit(
      (a: Scalar) => scalar(a.item() ** 2),
      (x, a) => root(x).sub(a),
    )
    near(f(scalar(3)), 9)
    near(grad(f)(scalar(3)), 6)
    near(grad(grad(f))(scalar(3)), 2)
    near(jvp(grad(f), [scalar(3)], [scalar(1)])[1], 2)
    near(vmap(grad(f))(vector([1, 2])), [2, 4])
    near(compile(grad(f))(scalar(3)), 6)
  })

  test('nests: a residual may map a function, or take derivatives of one that does', () => {
    const [b, g] = [normal(3).abs().add(1) as Tensor, normal(3)]
    const cube = (x: Tensor) => vmap((e: Tensor) => e.pow(4).mul(0.25) as Tensor)(x) as Tensor
    const residuals = {
      'by vmap': (x: Tensor, b: Tensor) => vmap((e: Tensor, c: Tensor) => e.pow(3).sub(c) as Tensor)(x, b) as Tensor,
      'by its derivative': (x: Tensor, b: Tensor) => grad((x: Tensor) => cube(x).sum() as Scalar)(x).sub(b) as Tensor,
    }
    for (const residual of Object.values(residuals)) {
      const f = implicit((b: Tensor) => vector(numbers(b).map(Math.cbrt)), residual)
      const total = (b: Tensor) => f(b).mul(g).sum() as Scalar
      const by = (power: number, factor: number) => numbers(b).map((e, i) => factor * numbers(g)[i]! * e ** power)
      near(grad(total)(b), by(-2 / 3, 1 / 3))
      near(compile(grad(total))(b), by(-2 / 3, 1 / 3))
      near(jvp(grad(total), [b], [b])[1], by(-2 / 3, -2 / 9))
      const both = vmap(grad(total))(b.expandDims(0).broadcastTo([2, 3]) as Tensor) as Tensor
      near(both, [...by(-2 / 3, 1 / 3), ...by(-2 / 3, 1 / 3)])
    }
  })

  test('has a root for each example, and adds up what flows to what they have in common', () => {
    const [w, many, g] = [matrix(3), normal(4, 3), normal(4, 3)]
    const f = implicit(solveCubic, (x, w, b) => cubic(w, x, b))
    const one = (w: Tensor, b: Tensor, g: Tensor) => f(w, b).mul(g).sum() as Scalar
    const all = (w: Tensor) => vmap(one, { in: [null, 0, 0] })(w, many, g).sum() as Scalar
    const each = [0, 1, 2, 3].map((i) => grad(one)(w, many.at(i), g.at(i)))
    const wanted = numbers(each.reduce((sum, next) => sum.add(next)))
    near(grad(all)(w), wanted)
    near(compile(grad(all))(w), wanted)
    near(vmap(grad(one), { in: [null, 0, 0] })(w, many, g), each.flatMap(numbers))
    // closed over
    const closed = (w: Tensor) =>
      vmap((b: Tensor, g: Tensor) =>
        implicit(
          (b: Tensor) => solveCubic(w, b),
          (x, b) => cubic(w, x, b),
        )(b)
          .mul(g)
          .sum(),
      )(many, g).sum() as Scalar
    near(grad(closed)(w), wanted)
    const direction = matrix(3)
    near(jvp(all, [w], [direction])[1], numbers(grad(all)(w).mul(direction).sum()))
    const second = (f: typeof all) => numbers(jvp(grad(f), [w], [direction])[1])
    near(vjp(grad(all), w)[1](direction)[0], second(all))
    near(grad((w: Tensor) => grad(closed)(w).mul(direction).sum() as Scalar)(w), second(all))
  })

  test('compiles a solver that looks at elements by what it is like, and one that does not look as it is', () => {
    let calls = 0
    const careful = (a: Scalar) => {
      calls++
      if (a.item() === 1) throw new Error('not one')
      return newtonRoot(a)
    }
    const residual = (x: Scalar, a: Scalar) => x.square().sub(a)
    const step = compile(grad(implicit(careful, residual, { like: (a: Scalar) => zerosLike(a) })))
    near(step(scalar(4)), 0.25)
    near(step(scalar(9)), 1 / 6)
    expect(calls).toBe(3)
    expect(() => compile(implicit(careful, residual))(scalar(4))).toThrow('not one')
    const traced = implicit((a: Scalar) => {
      let x = a
      for (let i = 0; i < 12; i++) x = x.add(a.div(x)).mul(0.5)
      return x
    }, residual)
    near(compile(grad(traced))(scalar(4)), 0.25)
    near(vmap(grad(traced))(vector([4, 9])), [0.25, 1 / 6])
  })

  test('has a derivative for each example where all have one root', () => {
    const f = (a: Scalar) =>
      implicit(
        () => scalar(2),
        (x) => x.square().sub(a),
      )()
    const all = (a: Tensor<[number]>) =>
      vmap(f)(a)
        .mul(vector([1, 10]))
        .sum() as Scalar
    near(grad(all)(vector([4, 4])), [0.25, 2.5])
    near(vmap(grad(f))(vector([4, 4])), [0.25, 0.25])
    near(jvp(vmap(f), [vector([4, 4])], [vector([1, 2])])[1], [0.25, 0.5])
  })

  test('nests in vmap, closed over at each level', () => {
    const table = tensor(
      [
        [1, 4],
        [9, 16],
        [25, 36],
      ] as const,
      { dtype },
    )
    const f = (scale: Scalar) => {
      const row = (all: Tensor<[2]>) =>
        vmap((a: Scalar) =>
          implicit(
            (a: Scalar, scale: Scalar) => newtonRoot(a.mul(scale)),
            (x) => x.square().sub(a.mul(scale)),
          )(a, scale),
        )(all).sum()
      return vmap(row)(table).sum()
    }
    // 21 sqrt(scale)
    for (const way of ways) {
      near(derivatives[way]!(f)(scalar(4)), 21 / 4)
      near(derivatives[way]!(grad(f))(scalar(4)), -21 / 32)
    }
  })

  test('may be a round of a scan, as linear systems may: an implicit method for a differential equation', () => {
    const start = vector([1, 0])
    const slope = (a: Tensor, x: Tensor) => a.matmul(x).sin().mul(0.1)
    const implicitEuler = (a: Tensor, x: Tensor) =>
      implicit(
        (x: Tensor, a: Tensor) => {
          let next = x
          while (Math.max(...numbers(x.add(slope(a, next)).sub(next).abs())) > 1e-15) next = x.add(slope(a, next))
          return next
        },
        (next, x, a) => x.add(slope(a, next)),
        { fixedPoint: true },
      )(x, a)
    const linearEuler = (a: Tensor, x: Tensor) => linearSolve((v) => v.sub(a.matmul(v).mul(0.1)), x)
    for (const step of [implicitEuler, linearEuler]) {
      const plain = (a: Tensor): Scalar => {
        let x: Tensor = start
        for (let i = 0; i < 4; i++) x = step(a, x)
        return x.square().sum()
      }
      const looped = (a: Tensor): Scalar =>
        scan((x: Tensor) => [step(a, x), null] as const, start as Tensor, null, { length: 4 })[0]
          .square()
          .sum()
      const a = tensor(
        [
          [1, 2],
          [-3, 1],
        ],
        { dtype },
      ) as Tensor
      near(looped(a), numbers(plain(a)))
      near(grad(looped)(a), numbers(grad(plain)(a)))
      near(jvp(looped, [a], [a])[1], numbers(jvp(plain, [a], [a])[1]))
      near(hessian(looped)(a), numbers(hessian(plain)(a)))
      near(compile(grad(looped))(a), numbers(grad(plain)(a)))
    }
  })

  test('may be computed again in the backward pass', () => {
    const f = (a: Scalar) => checkpoint((b: Scalar) => root(b.mul(a)).square().mul(b))(a.mul(2))
    // (2a²)(2a)
    for (const way of ways) {
      near(derivatives[way]!(f)(scalar(1.5)), 27)
      near(derivatives[way]!(grad(f))(scalar(1.5)), 36)
    }
  })

  test('has a pullback and a push that may be used later, and again', () => {
    const [w, b, g] = [matrix(3), normal(3), normal(3)]
    const f = implicit(solveCubic, (x, w, b) => cubic(w, x, b))
    const [, pullback] = vjp(f, w, b)
    const [, push] = linearize(f, w, b)
    const once = numbers(pullback(g)[1])
    const inside = (a: Scalar) => pullback(g.mul(a))[1].sum() as Scalar
    const sum = once.reduce((total, element) => total + element, 0)
    for (const way of ways.filter((way) => !/compile/.test(way))) near(derivatives[way]!(inside)(scalar(2)), sum)
    const pushed = (a: Scalar) => push(w.mul(0), g.mul(a)).mul(g).sum() as Scalar
    for (const way of ways.filter((way) => !/compile/.test(way))) {
      near(derivatives[way]!(pushed)(scalar(2)), numbers(pushed(scalar(1))))
    }
    near(pullback(g)[1], once)
  })

  test('is traced once in a compiled training step, whose parameters it takes part in', () => {
    const w = parameter(scalar(3))
    let traces = 0
    const step = compile((a: Scalar) => {
      traces++
      // x = sqrt(w a), and the loss (x - 1)²
      const x = implicit(
        (w: Scalar, a: Scalar) => newtonRoot(w.mul(a)),
        (x) => x.square().sub(w.mul(a)),
      )(w, a)
      const loss = x.sub(1).square()
      w.zeroGrad()
      loss.backward()
      w.assign(w.sub(w.grad!.mul(0.1)))
      return loss
    })
    let [expected, loss] = [3, 0]
    for (let i = 0; i < 60; i++) {
      const x = Math.sqrt(expected * 2)
      expected -= 0.1 * ((x - 1) / x) * 2
      loss = step(scalar(2)).item()
      near(w, expected)
    }
    expect(traces).toBe(1)
    expect(loss).toBeLessThan(1e-3)
  })

  test('in float32 is as near as that goes', () => {
    const f = implicit(
      (a: Scalar) => tensor(Math.sqrt(a.item())),
      (x, a) => x.square().sub(a),
    )
    near(grad(f)(tensor(4)), 0.25, 1e-6)
    near(grad(grad(f))(tensor(4)), -1 / 32, 1e-6)
  })
})

describe('implicit refuses', () => {
  const a = scalar(4)
  const two = () => scalar(2)
  const residual = (x: Scalar, a: Scalar) => x.square().sub(a)
  const of = (solve: (a: Scalar) => unknown, f: (x: never, a: Scalar) => unknown, options?: ImplicitOptions) =>
    implicit(solve as typeof newtonRoot, f as typeof residual, options as object)
  const w = parameter(scalar(1))
  const cases: Record<string, [() => unknown, RegExp]> = {
    'a solver that did not converge': [
      () => of(() => scalar(1.9), residual)(a),
      /^implicit: solve did not converge: at the solution that it returned, the residual is up to 0\.134 .*tolerance/,
    ],
    'a fixed point that is none': [
      () =>
        of(
          () => scalar(1.9),
          (x: Scalar) => x.cos(),
          { fixedPoint: true },
        )(a),
      /f\(x\) and x differ by up to/,
    ],
    'a solution that is no number': [() => of(() => scalar(Number.NaN), residual)(a), /up to NaN/],
    'a singular linearisation, in reverse': [
      () => grad(of(() => scalar(0), residual))(scalar(0)),
      /^implicit: the linear system with the transposed derivative of the residual: the matrix is singular/,
    ],
    'a singular linearisation, forward': [
      () =>
        jvp(
          of(() => scalar(0), residual),
          [scalar(0)],
          [scalar(1)],
        ),
      /^implicit: the linear system with the derivative of the residual: the matrix is singular/,
    ],
    'linear systems that do not converge': [
      () =>
        jacobian(
          of(
            () => vector([1, 1 / 2, 1 / 3, 1 / 4]),
            (x: Tensor, a: Scalar) => x.mul(vector([1, 2, 3, 4])).sub(a.div(4)),
            { linear: { maxIterations: 2 } },
          ),
          { mode: 'forward' },
        )(a),
      /did not converge\. After 2 iterations/,
    ],
    'a residual of another shape': [
      () => of(two, (x: Scalar) => x.reshape([1] as const))(a),
      /^implicit: the residual is float64\[1\], but the solution is float64\[\]; shapes and dtypes must be equal/,
    ],
    'a residual of another tree': [
      () =>
        of(
          () => ({ u: scalar(2) }),
          ({ u }: { u: Scalar }) => ({ v: u }),
        )(a),
      /^implicit: the solution\.u is float64\[\], but there is no tensor the residual\.u/,
    ],
    'f(x) of another dtype': [
      () => of(two, (x: Scalar) => x.cast('float32'), { fixedPoint: true })(a),
      /f\(x\) is float32\[\], but the solution is float64/,
    ],
    'a residual that looks at elements': [
      () => of(two, (x: Scalar, a: Scalar) => (a.item() > 0 ? x.square().sub(a) : x))(a),
      /^implicit: the residual looks at the elements/,
    ],
    'a residual that draws': [
      () => of(two, (x: Scalar) => x.add(random.normal([]).cast(dtype)))(a),
      /draws random numbers/,
    ],
    'a residual that changes a parameter': [
      () =>
        of(two, (x: Scalar) => {
          w.assign(x.mul(2))
          return x
        })(a),
      /gives a value or gradient to a tensor from outside/,
    ],
    'a residual that is late': [() => of(two, async (x: Scalar) => x)(a), /is async/],
    'a solver that is late': [() => of(async () => scalar(2), residual)(a), /is async/],
    'a solution of integers': [
      () => of(() => tensor(2, { dtype: 'int32' }), residual)(a),
      /the solution is int32\[\], and only floats/,
    ],
    'a solution of numbers': [() => of(() => 2, residual)(a), /^implicit: the solution is the number 2/],
    'no solution': [() => of(() => null, residual)(a), /the solution holds no tensor/],
  }
  test.each(Object.entries(cases))('%s', (_, [f, says]) => {
    expect(f).toThrow(GradientError)
    expect(f).toThrow(says)
  })

  test('the same in a compiled function, at the call, and by example under vmap', () => {
    const wrong = (a: Scalar) => scalar(Math.sqrt(Math.min(a.item(), 5)))
    const step = compile(of(wrong, residual))
    near(step(scalar(4)), 2)
    expect(() => step(scalar(9))).toThrow(/did not converge/)
    expect(() => vmap(of(wrong, residual) as typeof root)(vector([4, 9]))).toThrow(/did not converge/)
  })

  test('nothing of a solver that has another tolerance', () => {
    const loose = of(() => scalar(1.9), residual, { tolerance: Number.POSITIVE_INFINITY })
    near(grad(loose)(a), 1 / 3.8)
  })

  test('a solver in a compiled function that looks at what it was not given', () => {
    const f = compile((a: Scalar) => {
      const doubled = a.mul(2)
      return implicit(
        () => newtonRoot(doubled),
        (x) => x.square().sub(doubled),
      )()
    })
    expect(() => f(a)).toThrow(CompileError)
    expect(() => f(a)).toThrow(/was not given; pass it as an argument/)
  })

  test('to differentiate by what was replaced since', () => {
    const b = parameter(scalar(4))
    const y = implicit(
      () => noGrad(() => newtonRoot(b)),
      (x) => x.square().sub(b),
    )()
    b.assign(scalar(9))
    expect(() => y.backward()).toThrow(/was given a new value/)
  })
})
