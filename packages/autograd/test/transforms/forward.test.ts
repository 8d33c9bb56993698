import {
  compile,
  customOp,
  GradientError,
  grad,
  jvp,
  linearize,
  maxWithIndices,
  noGrad,
  parameter,
  type Tensor,
  tensor,
  treeProtocol,
  vjp,
  vmap,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { reachable } from '../heap.js'

const at = (...numbers: number[]): Tensor => tensor(numbers, { dtype: 'float64' }) as Tensor
const list = (x: Tensor): number[] => [...x.data]

const expectClose = (got: Tensor, wanted: readonly number[]): void => {
  expect(list(got)).toHaveLength(wanted.length)
  wanted.forEach((number, i) => {
    expect(got.data[i]).toBeCloseTo(number, 12)
  })
}

describe('jvp keeps no graph', () => {
  const halved = customOp({ name: 'halved', forward: (x: Tensor) => x.mul(0.5), jvp: ([dx]: [Tensor]) => dx.mul(0.5) })
  const turned = customOp({ name: 'turned', forward: (x: Tensor) => x.neg(), vjp: (g: Tensor) => [g.neg()] })
  const steps: readonly ((x: Tensor) => Tensor)[] = [
    (x) => x.mul(1.0001).sub(0.001),
    (x) => x.mul(x.sin()).div(x),
    (x) => x.sub(x.mean()).add(0.5),
    (x) =>
      maxWithIndices(x.reshape([2, 2]), 0, { keepDims: true })
        .values.sub(x.reshape([2, 2]))
        .reshape([4]) as Tensor,
    (x) => halved(turned(x)).mul(-2),
  ]
  const chain = (x: Tensor, length: number, look: (y: Tensor, i: number) => void): Tensor => {
    let y = x
    for (let i = 0; i < length; i++) {
      y = (steps[i % 100] ?? steps[0]!)(y)
      look(y, i)
    }
    return y
  }

  test('a chain of 100,000 ops leaves memory flat while it runs', () => {
    const heap: number[] = []
    const look = (_: Tensor, i: number) => {
      if (i % 5000 === 4999) heap.push(reachable())
    }
    const [, tangent] = jvp((x: Tensor) => chain(x, 50_000, look), [at(1, 2, 3, 4)], [at(1, 0, 0, 0)])
    expect(list(tangent).every(Number.isFinite)).toBe(true)
    expect(Math.max(...heap.slice(-3))).toBeLessThan(Math.max(...heap.slice(1, 4)) + 1)
  })

  test.each([...steps.entries()])('what step %i makes has no inputs', (_, step) => {
    let made: Tensor[] = []
    jvp(
      (x: Tensor) => {
        made = [step(x), step(step(x))]
        return made[1]!
      },
      [at(1, 2, 3, 4)],
      [at(1, 0, 1, 0)],
    )
    for (const node of made) expect(node.inputs).toEqual([])
  })

  test('in another jvp neither, but in a grad, vjp or linearize it has, and where a parameter is used', () => {
    const w = parameter(at(2)) as Tensor
    const inputsOf = (around: (f: (x: Tensor) => Tensor) => unknown, by: Tensor = at(2)): number => {
      let count = -1
      around((x) => {
        jvp((y: Tensor) => (made = y.mul(by)), [x], [x])
        count = made.inputs.length
        return made
      })
      return count
    }
    let made = at(0)
    expect(inputsOf((f) => jvp(f, [at(1)], [at(1)]))).toBe(0)
    expect(inputsOf((f) => grad((x: Tensor) => f(x).sum())(at(1)))).toBe(2)
    expect(inputsOf((f) => vjp(f, at(1)))).toBe(2)
    expect(inputsOf((f) => linearize(f, at(1)))).toBe(2)
    expect(inputsOf((f) => f(at(1)), w)).toBe(2)
    expect(inputsOf((f) => noGrad(() => f(at(1))), w)).toBe(0)
  })

  test('a result inside remains a result: it cannot be assigned to', () => {
    const f = (change: (y: Tensor) => void) => (x: Tensor) => {
      const y = x.mul(2)
      change(y)
      return y
    }
    expect(() =>
      jvp(
        f((y) => y.assign(at(5))),
        [at(1)],
        [at(1)],
      ),
    ).toThrow(/assign: .*only a leaf can be changed.*detach/)
    expect(() =>
      jvp(
        f((y) => {
          y.requiresGrad = true
        }),
        [at(1)],
        [at(1)],
      ),
    ).toThrow(GradientError)
    expect(() =>
      jvp(
        f((y) => structuredClone(y)),
        [at(1)],
        [at(1)],
      ),
    ).toThrow(/toPlain/)
  })
})

describe('jvp is right whatever happens around', () => {
  test('what was assigned to after its use moves what was made before, and then no more', () => {
    const state = at(3)
    const [y, dy] = jvp(
      (x: Tensor) => {
        const before = x.mul(state)
        state.assign(at(10))
        const after = x.mul(state)
        x.assign(at(7))
        return [before, after, x.mul(state)]
      },
      [at(2)],
      [at(1)],
    )
    expect(y.map(list)).toEqual([[6], [20], [70]])
    expect(dy.map(list)).toEqual([[3], [10], [0]])
  })

  test('the tangent is what it was when jvp was called', () => {
    const v = at(1)
    const [, dy] = jvp(
      (x: Tensor) => {
        v.assign(at(100))
        return x.mul(3)
      },
      [at(2)],
      [v],
    )
    expect(list(dy)).toEqual([3])
  })

  test('a tensor kept from another jvp is a constant, at the same depth and deeper', () => {
    let kept = at(0)
    jvp(
      (x: Tensor) => {
        kept = x.mul(5)
        return kept
      },
      [at(1)],
      [at(1)],
    )
    const timesKept = (x: Tensor) => x.mul(kept)
    expect(list(jvp(timesKept, [at(2)], [at(1)])[1])).toEqual([5])
    expect(list(jvp((x: Tensor) => jvp(timesKept, [x], [x])[1], [at(2)], [at(1)])[1])).toEqual([5])
    expect(list(grad((x: Tensor) => timesKept(x).sum())(at(2)))).toEqual([5])
    const [, pullback] = vjp((x: Tensor) => x.mul(x), at(3))
    expect(list(jvp((g: Tensor) => pullback(g)[0], [at(1)], [at(2)])[1])).toEqual([12])
    const [, push] = linearize((x: Tensor) => x.mul(x), at(3))
    expect(list(jvp((v: Tensor) => v.mul(push(v)), [at(1)], [at(2)])[1])).toEqual([24])
  })

  test('what an inner one leaves behind moves along the outer one', () => {
    const leaky = (x: Tensor) => {
      let kept = x
      jvp(
        (y: Tensor) => {
          kept = y.mul(x)
          return kept
        },
        [x],
        [x],
      )
      return kept.mul(x)
    }
    expect(list(jvp(leaky, [at(2)], [at(1)])[1])).toEqual([12])
    expect(list(grad((x: Tensor) => leaky(x).sum())(at(2)))).toEqual([12])
  })

  test('backward() inside leaves constants, with createGraph it does not', () => {
    const slope = (createGraph: boolean) => (x: Tensor) => {
      const w = parameter(at(3)) as Tensor
      ;(w.mul(w).mul(x).sum() as Tensor<[]>).backward({ createGraph })
      return w.grad.mul(x)
    }
    // w.grad is 2 w x
    expect(list(jvp(slope(false), [at(5)], [at(1)])[1])).toEqual([30])
    expect(list(jvp(slope(true), [at(5)], [at(1)])[1])).toEqual([60])
  })

  test('it reaches parameters: a tangent can be differentiated by them', () => {
    const w = parameter(at(3)) as Tensor
    const [, dy] = jvp((x: Tensor) => x.mul(w).mul(w), [at(2)], [at(1)])
    ;(dy.sum() as Tensor<[]>).backward()
    expect(list(w.grad)).toEqual([6])
  })

  test('nothing moves along what is detached, or made within noGrad', () => {
    const f = (x: Tensor) => x.mul(x.detach()).add(noGrad(() => x.mul(100)))
    expect(list(jvp(f, [at(3)], [at(1)])[1])).toEqual([3])
  })

  test.each<[string, <F extends (...args: never[]) => unknown>(f: F) => F]>([
    ['eagerly', (f) => f],
    ['compiled', (f) => compile(f) as typeof f],
  ])('a derivative that is refused is one only where it is needed, %s', (_, wrap) => {
    const opaque = customOp({ name: 'opaque', forward: (x: Tensor) => x.mul(2) })
    const unneeded = (x: Tensor) => {
      opaque(x).mul(x)
      return x.mul(opaque(x).detach())
    }
    const needed = (x: Tensor) => x.mul(opaque(x).mul(3).sum())
    expect(list(wrap((x: Tensor) => jvp(unneeded, [x], [x])[1])(at(3)))).toEqual([18])
    const act = () => wrap((x: Tensor) => jvp(needed, [x], [x])[1])(at(3))
    expect(act).toThrow(GradientError)
    expect(act).toThrow(/opaque: it has neither a vjp nor a jvp rule/)
  })

  test('results that move alike are tensors of their own', () => {
    const [, [a, b]] = jvp((x: Tensor) => [x, x.reshape([1])] as [Tensor, Tensor], [at(1)], [at(2)])
    a.assign(at(9))
    expect([list(a), list(b)]).toEqual([[9], [2]])
  })

  test('a parameter of an instance that is used past its stand-in is refused, also within noGrad', () => {
    class Scale {
      constructor(readonly factor: Tensor) {}
      [treeProtocol]() {
        return { children: { factor: this.factor }, rebuild: ({ factor }: { factor: Tensor }) => new Scale(factor) }
      }
    }
    const scale = new Scale(parameter(at(3)) as Tensor)
    scale.factor.assign(at(4))
    const by = (f: (given: Scale) => Tensor) => () => noGrad(() => jvp(f, [scale], [{ factor: at(1) }])[1])
    expect(list(by(({ factor }) => factor.mul(factor))())).toEqual([8])
    expect(by(({ factor }) => factor.mul(scale.factor))).toThrow(/jvp: the function uses argument\[0\]\.factor/)
    expect(list(by(({ factor }) => factor.mul(scale.factor.detach()))())).toEqual([4])
    expect(list(by(({ factor }) => factor.mul(factor))())).toEqual([8])
  })
})

describe('many examples at once', () => {
  const cube = (x: Tensor) => x.mul(x).mul(x) as Tensor
  const slope = (x: Tensor, v: Tensor) => jvp(cube, [x], [v])[1]
  const pushed = (x: Tensor, v: Tensor) => linearize(cube, x)[1](v)
  const [x, v, one] = [at(1, 2, 3), at(1, -1, 2), tensor(1, { dtype: 'float64' }) as Tensor]
  const first = [3, -12, 54]
  const second = [6, 12, 72]

  test.each<[string, () => Tensor, readonly number[]]>([
    ['vmap of jvp', () => vmap(slope)(x, v), first],
    ['vmap of jvp along one direction for all', () => vmap(slope, { in: [0, null] })(x, one), [3, 12, 27]],
    ['jvp of vmap', () => jvp(vmap(cube), [x], [v])[1], first],
    ['vmap of linearize', () => vmap(pushed)(x, v), first],
    ['linearize of vmap', () => linearize(vmap(cube), x)[1](v), first],
    [
      'vmap of a push',
      () =>
        vmap((d: Tensor) => linearize(cube, x)[1](d))(
          at(1, -1)
            .reshape([2, 1])
            .mul(at(1, 1, 1)) as Tensor,
        ).at(1),
      [-3, -12, -27],
    ],
    ['jvp of vmap of jvp', () => jvp((y: Tensor) => vmap(slope)(y, v), [x], [v])[1], second],
    [
      'vmap of jvp of jvp',
      () => vmap((y: Tensor, d: Tensor) => jvp((z: Tensor) => slope(z, d), [y], [d])[1])(x, v),
      second,
    ],
    [
      'jvp of vmap with a tensor from outside',
      () => jvp((w: Tensor) => vmap((y: Tensor) => y.mul(w).mul(w))(x), [one.mul(2)], [one])[1],
      [4, 8, 12],
    ],
    [
      'vmap of grad in jvp',
      () => jvp((y: Tensor) => vmap(grad((z: Tensor) => cube(z) as Tensor<[]>))(y), [x], [v])[1],
      [6, -12, 36],
    ],
    [
      'jvp of vmap with several results',
      () =>
        jvp(
          vmap((y: Tensor) => maxWithIndices(y, 0).values),
          [x.reshape([3, 1])],
          [v.reshape([3, 1])],
        )[1],
      [1, -1, 2],
    ],
  ])('%s', (_, act, wanted) => {
    expectClose(act(), wanted)
    expectClose(compile(act)(), wanted)
  })
})
