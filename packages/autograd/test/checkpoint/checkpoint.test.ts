import {
  ArgumentError,
  CompileError,
  checkpoint,
  compile,
  GradientError,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  linearize,
  noGrad,
  ones,
  parameter,
  Random,
  scan,
  stopGradient,
  type Tensor,
  type TreeParts,
  tensor,
  treeProtocol,
  valueAndGrad,
  vjp,
  vmap,
} from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'

const float64 = (elements: readonly number[]): Tensor => tensor(elements, { dtype: 'float64' })
const x = float64([0.3, -0.7, 1.1])
/** To 12 digits: cotangents that meet are added in another order. */
const values = (tree: unknown): unknown =>
  JSON.parse(JSON.stringify(tree, (_, at) => (typeof at === 'number' ? Number(at.toPrecision(12)) : at)))

/** A function that counts how often it runs. */
const counting = <F extends (...args: never[]) => unknown>(f: F) => {
  const counted = Object.assign(
    (...args: Parameters<F>) => {
      counted.runs++
      return f(...args) as ReturnType<F>
    },
    { runs: 0 },
  )
  return counted
}

const f = (a: Tensor): Tensor => a.sin().mul(a.exp()).square().sum()

describe('checkpoint', () => {
  it('runs once forward, and once more for each derivative; not again without one', () => {
    const g = counting(f)
    const saving = checkpoint(g)
    expect(saving(x).item()).toBe(f(x).item())
    expect(g.runs).toBe(1)
    const w = parameter(x)
    const loss = saving(w)
    expect(g.runs).toBe(2)
    loss.backward()
    expect(g.runs).toBe(3)
    loss.backward()
    expect(g.runs).toBe(4)
    noGrad(() => saving(w))
    expect(g.runs).toBe(5)
    jvp(saving, [x], [x])
    expect(g.runs).toBe(6)
    expect(w.grad.toArray()).toEqual(grad(f)(x).mul(2).toArray())
  })

  it('gives gradients to parameters that its function refers to, by backward and by grad', () => {
    const run = (wrap: <F extends (a: Tensor) => Tensor>(g: F) => F) => {
      const [w, unused] = [parameter(x), parameter(x)]
      const u = x.mul(2)
      const scaled = w.mul(0.5)
      const g = wrap((a: Tensor) => a.mul(scaled).add(w.square()).add(u).tanh().sum())
      const gradient = grad((a: Tensor) => g(a).mul(g(a.cos())))(x)
      g(x).backward()
      return [gradient, w.grad, unused.hasGrad]
    }
    expect(values(run(checkpoint))).toEqual(values(run((g) => g)))
  })

  it('takes and gives trees, modules among them, and other values as they are', () => {
    class Scale {
      constructor(
        readonly w: Tensor,
        readonly name: string,
      ) {}
      [treeProtocol](): TreeParts<{ w: Tensor }> {
        return { children: { w: this.w }, rebuild: ({ w }) => new Scale(w, this.name) }
      }
    }
    const date = new Date(0)
    const g = ({ a, scale }: { a: Tensor; scale: Scale }, times: number) => ({
      all: [a.mul(scale.w), a.mul(times)] as const,
      scale: new Scale(scale.w.square(), scale.name),
      largest: a.argmax(),
      a,
      outside: x,
      nothing: null,
      times,
      date,
    })
    const given = { a: x, scale: new Scale(float64([2, 3, 4]), 'mine') }
    const found = checkpoint(g)(given, 3)
    expect(found.scale).toBeInstanceOf(Scale)
    expect(found.scale.name).toBe('mine')
    expect(found.date).toBe(date)
    expect(found.outside).toBe(x)
    expect(found.largest.dtype).toBe('int32')
    expect(values(found)).toEqual(values(g(given, 3)))
    const loss = (h: typeof g) => (all: typeof given) => {
      const { all: results, scale, a, outside } = h(all, 3)
      return results[0].mul(results[1]).mul(scale.w).add(a).mul(outside).sum()
    }
    expect(values(grad(loss(checkpoint(g)))(given))).toEqual(values(grad(loss(g))(given)))
  })

  it('a result that depends on nothing tracked is a constant', () => {
    const w = parameter(x)
    const [moving, constant, stopped, counted] = checkpoint((a: Tensor) => [
      a.mul(w),
      a.mul(2),
      stopGradient(w).mul(a),
      w.argmax(),
    ])(x) as [Tensor, Tensor, Tensor, Tensor]
    expect([moving, constant, stopped, counted].map(({ requiresGrad }) => requiresGrad)).toEqual([
      true,
      false,
      false,
      false,
    ])
    constant.assign(x)
    expect(checkpoint(() => x)()).toBe(x)
  })

  it('has derivatives of every order, in either mode and mixed', () => {
    const saving = checkpoint(f)
    const v = float64([1, 2, -1])
    expect(values(hessian(saving)(x))).toEqual(values(hessian(f)(x)))
    expect(values(jacobian(saving, { mode: 'forward' })(x))).toEqual(values(jacobian(f, { mode: 'forward' })(x)))
    expect(values(hvp(saving, x, v))).toEqual(values(hvp(f, x, v)))
    expect(values(linearize(saving, x)[1](v))).toEqual(values(linearize(f, x)[1](v)))
    const third = (g: (a: Tensor) => Tensor) => {
      const second = (a: Tensor) =>
        grad((b: Tensor) => grad(g)(b).mul(v).sum())(a)
          .mul(v)
          .sum()
      return [
        grad(second)(x),
        jvp(second, [x], [v]),
        grad((a: Tensor) => jvp(g, [a], [v])[1])(x),
        grad((a: Tensor) => jvp((b: Tensor) => jvp(g, [b], [v])[1], [a], [v])[1])(x),
        jvp((a: Tensor) => jvp(g, [a], [v])[1], [x], [v]),
        grad((direction: Tensor) => jvp(g, [x], [direction])[1].square())(v),
        grad((direction: Tensor) => jvp((s: Tensor) => g(s.add(x)), [x], [direction])[1].square())(v),
        grad((a: Tensor) => hvp(g, a, v).mul(v).sum())(x),
      ]
    }
    const wanted = values(third(f))
    expect(values(third(saving))).toEqual(wanted)
    expect(values(third(checkpoint((a: Tensor) => saving(a))))).toEqual(wanted)
  })

  it('a pullback works again, and after others', () => {
    const [, pullback] = vjp(checkpoint(f), x)
    const first = values(pullback(ones([], { dtype: 'float64' })))
    grad(f)(x)
    expect(values(pullback(ones([], { dtype: 'float64' })))).toEqual(first)
    expect(first).toEqual(values([grad(f)(x)]))
  })

  it('differentiations around it and in it stay apart', () => {
    const g = (wrap: <F extends (a: Tensor) => Tensor>(h: F) => F) => (a: Tensor) =>
      a.mul(grad(wrap((b: Tensor) => a.mul(b).sin().sum()))(a.square())).sum()
    expect(values(grad(g(checkpoint))(x))).toEqual(values(grad(g((h) => h))(x)))
    const inside = (wrap: <F extends (a: Tensor) => Tensor>(h: F) => F) =>
      wrap((a: Tensor) => valueAndGrad((b: Tensor) => a.mul(b).sin().sum())(a.square())[1].sum())
    expect(values(hessian(inside(checkpoint))(x))).toEqual(values(hessian(inside((h) => h))(x)))
  })

  it('within vmap and around it, also where all examples have a tensor in common', () => {
    const w = parameter(x)
    const xs = float64([1, 2, 3, 4, 5, 6]).reshape([2, 3]) as Tensor
    const g = (a: Tensor) => a.mul(w).sin().mul(w).sum()
    const wanted = values(vmap(grad(g))(xs))
    expect(values(vmap(grad(checkpoint(g)))(xs))).toEqual(wanted)
    expect(values(grad((all: Tensor) => vmap(checkpoint(g))(all).sum())(xs))).toEqual(wanted)
    expect(values(grad((all: Tensor) => checkpoint(vmap(g))(all).sum())(xs))).toEqual(wanted)
    vmap(g)(xs).sum().backward()
    const common = values(w.grad)
    for (const h of [vmap(checkpoint(g)), checkpoint(vmap(g)), checkpoint(vmap(checkpoint(g)))]) {
      w.zeroGrad()
      h(xs).sum().backward()
      expect(values(w.grad)).toEqual(common)
    }
    // what all examples have in common moves along what is differentiated
    const inCommon = (wrap: <F extends (...args: never[]) => Tensor>(h: F) => F) =>
      grad((v: Tensor) => {
        const along = (a: Tensor) => vmap((b: Tensor) => wrap(() => a.sin().mul(b).sum())())(xs).sum()
        return jvp(along, [x], [v])[1].square() as Tensor<[]>
      })(x)
    expect(values(inCommon(checkpoint))).toEqual(values(inCommon((h) => h)))
    const several = (a: Tensor) =>
      a
        .mul(w)
        .sin()
        .mul(grad((b: Tensor) => b.square().mul(a).sum())(a)) as Tensor
    for (const mode of ['reverse', 'forward'] as const) {
      expect(values(jacobian(checkpoint(several), { mode })(x))).toEqual(values(jacobian(several, { mode })(x)))
    }
    expect(values(vmap(hessian(checkpoint(g)))(xs))).toEqual(values(vmap(hessian(g))(xs)))
    expect(values(hessian((all: Tensor) => vmap(checkpoint(g))(all).sum())(xs))).toEqual(
      values(hessian((all: Tensor) => vmap(g)(all).sum())(xs)),
    )
  })

  it('in a loop and around one', () => {
    const w = parameter(
      float64([
        [0.5, -0.2, 0.1],
        [0.3, 0.4, -0.6],
        [0.2, 0.1, 0.7],
      ] as never),
    )
    const xs = float64([
      [1, 2, 3],
      [4, 5, 6],
    ] as never)
    type Step = (carry: Tensor, row: Tensor) => readonly [Tensor, Tensor]
    const step: Step = (carry, row) => {
      const next = (carry.matmul(w) as Tensor).add(row).tanh()
      return [next, next.square()]
    }
    const run = (within: (f: Step) => Step, around: (f: (s: Tensor) => Tensor) => (s: Tensor) => Tensor) => {
      w.zeroGrad()
      const f = around((s) => {
        const [last, all] = scan(within(step) as never, s, xs) as [Tensor, Tensor]
        return last.sum().add(all.sum())
      })
      f(x).backward()
      return values([f(x), w.grad, grad(f)(x), hessian(f)(x), jvp(f, [x], [x]), compile(valueAndGrad(f))(x)])
    }
    const as = <F>(f: F) => f
    const wanted = run(as, as)
    expect(run(checkpoint, as)).toEqual(wanted)
    expect(run(as, checkpoint)).toEqual(wanted)
    expect(run(checkpoint, checkpoint)).toEqual(wanted)
  })

  describe('draws the same random numbers when it runs again', () => {
    const dropout = (random: Random) => (a: Tensor) => {
      const mask = random.bernoulli([3], { dtype: 'float64' } as never) as Tensor
      return a
        .mul(mask)
        .add(random.normal([3], { dtype: 'float64' } as never))
        .square()
        .sum()
    }
    const both = (wrap: <F extends (a: Tensor) => Tensor>(h: F) => F, run: (h: (a: Tensor) => Tensor) => unknown) => {
      const random = new Random(5)
      return values([run(wrap(dropout(random))), random.number()])
    }
    it.each([
      ['grad', (h: (a: Tensor) => Tensor) => valueAndGrad(h)(x)],
      ['twice', (h: (a: Tensor) => Tensor) => [grad(h)(x), grad(h)(x)]],
      ['hessian', (h: (a: Tensor) => Tensor) => hessian(h)(x)],
      ['vmap', (h: (a: Tensor) => Tensor) => vmap(grad(h))(ones([4, 3], { dtype: 'float64' }))],
      [
        'around vmap',
        (h: (a: Tensor) => Tensor) => grad((a: Tensor) => vmap(h)(a).sum())(ones([4, 3], { dtype: 'float64' })),
      ],
      [
        'compile',
        (h: (a: Tensor) => Tensor) => {
          const c = compile(valueAndGrad(h))
          return [c(x), c(x)]
        },
      ],
    ])('%s', (_, run) => {
      expect(both(checkpoint, run)).toEqual(both((h) => h, run))
      expect(both((h) => checkpoint(checkpoint(h) as never) as never, run)).toEqual(both((h) => h, run))
    })
  })

  describe('refuses', () => {
    const w = parameter(x)
    const state = tensor([1])
    const refused: readonly (readonly [string, () => unknown, ...string[]])[] = [
      ['assign', () => checkpoint(() => state.assign(ones([1])))(), 'assign', 'checkpoint', 'float32[1]', 'outside'],
      ['assign in a step', () => checkpoint(() => w.assign(x))(), 'assign', 'checkpoint'],
      ['backward', () => checkpoint(() => w.square().sum().backward())(), 'checkpoint', 'call backward() outside'],
      ['zeroGrad', () => checkpoint(() => w.zeroGrad())(), 'zeroGrad', 'checkpoint'],
      ['a gradient', () => checkpoint(() => w.hasGrad)(), 'grad', 'checkpoint', 'close over'],
      [
        'requiresGrad',
        () =>
          checkpoint(() => {
            state.requiresGrad = true
          })(),
        'requiresGrad',
        'checkpoint',
      ],
      ['async', () => checkpoint(async () => x)(), 'checkpoint', 'async'],
    ]
    it.each(refused)('%s', (_, run, ...words) => {
      expect(run).toThrow(GradientError)
      for (const word of words) expect(run).toThrow(word)
    })

    it('what a generator does beside drawing tensors, and what is no function', () => {
      const random = new Random(1)
      expect(() => checkpoint(() => random.seed(3))()).toThrow(CompileError)
      expect(() => checkpoint(() => random.seed(3))()).toThrow(
        'random.seed: inside checkpoint() this would happen again',
      )
      expect(() => checkpoint(3 as never)).toThrow(ArgumentError)
    })
  })

  describe('refuses the derivative of a function that has changed', () => {
    const [w, other] = [parameter(x), parameter(x)]
    const random = new Random(1)
    const cases: readonly (readonly [string, (second: boolean) => Tensor, string])[] = [
      ['of another tensor', (second) => (second ? other : w).square(), 'it reads'],
      ['of fewer', (second) => (second ? w : w.mul(other)), 'it does not read'],
      ['another shape', (second) => (second ? w.sum() : w), 'it gives float64[]'],
      ['other draws', (second) => w.mul(random.normal([second ? 1 : 3])), 'other random'],
      ['no draws', (second) => (second ? w : w.mul(random.normal([3]))), 'fewer random'],
    ]
    it.each(cases)('%s', (_, g, word) => {
      let isSecond = false
      const y = checkpoint(() => g(isSecond).mul(1))()
      isSecond = true
      expect(() => y.sum().backward()).toThrow(GradientError)
      expect(() => y.sum().backward()).toThrow(word)
    })

    it('by a tensor that was given another value, or that was kept', () => {
      const constant = float64([1, 2, 3])
      const y = checkpoint(() => w.mul(constant).sum())()
      constant.assign(x)
      expect(() => y.backward()).toThrow(/float64\[3\] was given a new value .* after the function ran/)
      let memo: Tensor | null = null
      const z = checkpoint(() => {
        memo ??= w.square()
        return memo.mul(w).sum()
      })()
      expect(() => z.backward()).toThrow('which it made then and kept')
    })
  })

  it('refuses to differentiate what its function made and handed out otherwise', () => {
    const w = parameter(x)
    let leaked: Tensor = x
    const g = (a: Tensor) => {
      leaked = a.mul(w)
      return leaked.sum()
    }
    const saving = checkpoint(g)
    const y = saving(x)
    expect(() => y.add(leaked.sum()).backward()).toThrow('did not return')
    const beside = (a: Tensor) => saving(a).add(leaked.sum())
    expect(() => grad(beside)(x)).toThrow('did not return')
    expect(values(leaked)).toEqual(values(x.mul(w)))
  })

  it('marks no tensor for good', () => {
    const w = parameter(x)
    const before = w.tracking
    checkpoint((a: Tensor) => a.mul(w).sum())(x).backward()
    expect(() =>
      checkpoint(() => {
        w.mul(2)
        throw new Error('mine')
      })(),
    ).toThrow('mine')
    expect([w.tracking, x.tracking]).toEqual([before, 0])
  })
})
