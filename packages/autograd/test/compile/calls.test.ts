import {
  arange,
  CompileError,
  compile,
  concat,
  customOp,
  GradientError,
  grad,
  guard,
  IndexOutOfRangeError,
  noGrad,
  parameter,
  Random,
  ShapeError,
  type Tensor,
  tensor,
  verify,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { eager, expectSame, numbersOf, thrownBy, type Wrap, ways } from './harness.js'

const indices = (...numbers: number[]): Tensor => tensor(numbers, { dtype: 'int32' }) as Tensor
const make = (...numbers: number[]): Tensor => tensor(numbers, { dtype: 'float64' }) as Tensor

describe.each(ways)('a call that fails, compiled to run %s', (_, wrap) => {
  /** A step that changes a parameter, its gradient and an argument before it may fail. */
  const stepOf = (w: Tensor, wrap: Wrap, check: (x: Tensor) => Tensor) =>
    wrap((state: Tensor, x: Tensor, last: Tensor) => {
      const loss = w.mul(x).square().sum() as Tensor<[]>
      w.zeroGrad()
      loss.backward()
      noGrad(() => w.assign(w.sub(w.grad.mul(0.1)) as Tensor))
      state.assign(state.add(w) as Tensor)
      return [loss, check(last), w.mul(2)]
    })

  /** Runs good and bad calls; what the good ones gave and left must be as if there had been no bad ones. */
  const compare = (check: (x: Tensor) => Tensor, good: Tensor, bad: Tensor, error: new (message: string) => Error) => {
    const play = (wrap: Wrap, withBad: boolean) => {
      const [w, state] = [parameter(make(1, 2)) as Tensor, make(0, 0)]
      const step = stepOf(w, wrap, check)
      const fail = () => {
        if (!withBad) return
        const before = [w.detach(), state.detach(), ...(w.hasGrad ? [w.grad] : [])].map(numbersOf)
        const past = w.mul(3).sum() as Tensor<[]>
        expect(() => step(state, make(5, 5), bad)).toThrow(error)
        expect(() => step(state, make(5, 5), bad)).toThrow(error)
        expect([w, state, ...(w.hasGrad ? [w.grad] : [])].map(numbersOf)).toEqual(before)
        // nothing was assigned: what was computed before can still be differentiated
        const gradient = w.hasGrad ? w.grad : null
        past.backward()
        w.grad = gradient as Tensor
      }
      const seen: unknown[] = []
      fail()
      for (let i = 0; i < 4; i++) {
        seen.push(step(state, make(1, 0.1 * i), good))
        if (i !== 2) fail()
      }
      return [seen, w, w.grad, state]
    }
    expectSame(play(wrap, true), play(eager, false))
  }

  test('leaves everything as it was if shapes do not fit', () => {
    compare((x) => x.add(make(1, 2, 3)) as Tensor, make(1, 2, 3), make(1, 2), ShapeError)
  })

  test('leaves everything as it was if an index is out of range', () => {
    const check = (i: Tensor) => make(1, 2, 3).mul(2).gather(i, 0) as Tensor
    compare(check, indices(0, 2), indices(1, 3), IndexOutOfRangeError)
    const scatter = (i: Tensor) => zeros([2]).scatterAdd(i, i.cast('float32'), 0) as Tensor
    compare(scatter, indices(0, 1), indices(1, -3), IndexOutOfRangeError)
  })

  test('leaves everything as it was if verify finds something', () => {
    class Found extends Error {}
    const check = (x: Tensor) => {
      const y = x.mul(2)
      verify(y, (elements) => {
        if (elements[1]! > 10) throw new Found(`${elements[1]}`)
      })
      return y as Tensor
    }
    compare(check, make(1, 2), make(1, 20), Found)
  })

  test('says where an index is out of range as it does eagerly', () => {
    const f = (x: Tensor, i: Tensor) => x.mul(2).indexSelect(i, 1).tanh()
    const compiled = wrap(f)
    const x = make(1, 2, 3, 4, 5, 6).reshape([2, 3])
    expectSame(compiled(x, indices(0, 1, -3)), f(x, indices(0, 1, -3)))
    for (const i of [indices(0, 0, 3), indices(-4, 0, 9), indices(7, 7, 7)]) {
      expect(thrownBy(() => compiled(x, i))).toBe(thrownBy(() => f(x, i)))
    }
  })

  test('verify sees what it would see eagerly, at every call', () => {
    const play = (wrap: Wrap) => {
      const seen: number[][] = []
      const look = (elements: ArrayLike<number>) => void seen.push(Array.from(elements))
      const w = make(1, 2)
      const f = wrap((x: Tensor) => {
        verify(x, look)
        verify(w, look)
        const y = x.flip(0).mul(w)
        w.assign(y as Tensor)
        verify(y, look)
        verify(w.slice(0, 1), look)
        return y
      })
      for (let i = 0; i < 3; i++) f(make(i, i + 1))
      return seen.map((list) => list.join()).sort()
    }
    expect(play(wrap)).toEqual(play(eager))
  })
})

describe.each(ways)('what is drawn at random, compiled to run %s', (_, wrap) => {
  const programs: Record<string, (r: Random, s: Random) => (x: Tensor) => unknown> = {
    'odd counts of normals': (r) => (x) => [r.normal([3]), r.normal([5], { dtype: 'float64' }), x.add(r.normal([]))],
    'draws that are used in another order': (r) => (x) => {
      const [a, b, c] = [r.normal([2]), r.uniform([2], { low: -1 }), r.bernoulli([2], { p: 0.3 })]
      return c.mul(b).sub(a).add(x)
    },
    'draws that nobody uses': (r) => (x) => {
      r.normal([3])
      const y = r.uniform([2])
      r.permutation(4)
      return y.add(x)
    },
    'permutations, and integers': (r) => (x) => [
      x.indexSelect(r.permutation(2)),
      r.permutation(7),
      r.uniform([3], { low: 0, high: 9, dtype: 'int32' }),
    ],
    'two generators': (r, s) => (x) => [r.normal([3]).sub(s.normal([3])), s.uniform([1]), r.uniform([1]), x],
    'noise on a gradient': (r) => (x) => {
      const noise = r.normal([2])
      return grad((y: Tensor) =>
        y
          .mul(noise)
          .square()
          .add(r.normal([2]))
          .sum(),
      )(x).add(r.normal([2]))
    },
  }
  test.each(Object.entries(programs))('is what is drawn eagerly from the same seed: %s', (_, program) => {
    const play = (wrap: Wrap) => {
      const [r, s] = [new Random(1), new Random(2)]
      const f = wrap(program(r, s))
      const results: unknown[] = []
      for (let i = 0; i < 5; i++) {
        results.push(f(make(i, 1)))
        // other draws come in between, and other shapes
        if (i === 2) results.push(r.normal([3]), s.split().uniform([1]))
        if (i === 3) results.push(noGrad(() => f(make(i, 2))))
      }
      return [...results, r.uniform([2]), s.uniform([2])]
    }
    expectSame(play(wrap), play(eager))
  })

  test('does not cut off what is differentiated outside', () => {
    const play = (wrap: Wrap) => {
      const r = new Random(3)
      const w = parameter(make(1, 2)) as Tensor
      const f = wrap((x: Tensor) => x.mul(w).mul(r.bernoulli([2])))
      for (let i = 0; i < 3; i++) (f(make(i, 1)).add(w.square()).sum() as Tensor<[]>).backward()
      return w.grad
    }
    expectSame(play(wrap), play(eager))
  })
})

describe('what escapes from a trace', () => {
  const escapes: Record<string, (x: Tensor, w: Tensor) => Tensor> = {
    'a result': (x) => x.mul(2) as Tensor,
    'an argument': (x) => x,
    'a view': (x) => x.flip(0) as Tensor,
    'a value that a leaf was given': (x, w) => {
      w.assign(x)
      return w.detach()
    },
    'a gradient': (x, w) => {
      ;(w.mul(x).sum() as Tensor<[]>).backward()
      return w.grad
    },
  }
  test.each(Object.entries(escapes))('cannot be looked at: %s', (_, escape) => {
    const w = parameter(make(1, 2)) as Tensor
    let kept = w
    const f = compile((x: Tensor) => {
      kept = escape(x, w)
      return x.add(1)
    })
    f(make(1, 2))
    const other = compile((x: Tensor) => x.add(kept))
    const leaf = make(1, 2)
    const touches = [
      () => kept.data,
      () => kept.toArray(),
      () => kept.sum().item(),
      () => kept.add(1).data,
      () => other(make(1, 2)),
      () => {
        leaf.assign(kept)
        return leaf.data
      },
    ]
    for (const touch of touches) expect(touch).toThrow(CompileError)
    // the function itself goes on
    expect(numbersOf(f(make(3, 4)))).toEqual([4, 5])
  })
})

describe('a compiled function', () => {
  test('is traced once for all that it was told to expect', () => {
    let traces = 0
    const settings = { scale: 1, mode: 'a' }
    const f = compile((x: Tensor, options: { k: number; list: (number | string)[] }) => {
      traces++
      return x.mul(guard(() => settings.scale) + options.k)
    })
    const call = () => f(make(1), { k: 1, list: [1, 'a'] }).item()
    expect([call(), call()]).toEqual([2, 2])
    settings.scale = 2
    expect([call(), call()]).toEqual([3, 3])
    settings.scale = 1
    settings.mode = 'b'
    expect([call(), traces]).toEqual([2, 2])
  })

  test('tells arrays from objects, and NaN and -0 from other numbers', () => {
    const f = compile((x: Tensor, p: unknown) =>
      Array.isArray(p) ? x.mul(2) : typeof p === 'object' ? x.mul(3) : x.mul(p as number),
    )
    const x = make(1)
    const results = [['a', 1], { a: 1 }, Number.NaN, 0, -0, Number.NaN].map((p) => f(x, p).item())
    expect(results).toEqual([2, 3, Number.NaN, 0, -0, Number.NaN])
  })

  test('copies windows that run backwards, also from the beginning of its memory', () => {
    for (const [rows, columns] of [
      [2, 4],
      [3, 12],
      [5, 19],
      [40, 3],
    ] as const) {
      for (const step of [-1, -2, -3]) {
        const f = (x: Tensor) => {
          const y = x.slice(1, null, null, { step })
          return [
            concat([y, y.flip(0)]),
            y.flip(0).pad([
              [1, 0],
              [0, 2],
            ]),
            y.transpose().ravel().slice(0, 1, null),
          ]
        }
        const x = arange(rows * columns, { dtype: 'float64' }).reshape([rows, columns]) as Tensor
        expectSame(compile(f)(x), f(x))
      }
    }
  })

  test('may be called by what looks at its values', () => {
    let depth = 0
    const f: (x: Tensor) => Tensor = compile((x: Tensor) => {
      const y = x.mul(2)
      verify(y, () => {
        if (depth++ === 1) expect(numbersOf(f(make(100)))).toEqual([201])
      })
      return y.add(1) as Tensor
    })
    expect([1, 2, 3].map((x) => f(make(x)).item())).toEqual([3, 5, 7])
    expect(depth).toBe(4)
  })

  test('returns one tensor for one tensor', () => {
    const f = compile((x: Tensor) => {
      const y = x.mul(2)
      return { a: y, b: [y, x.mul(2), x], c: x }
    })
    const x = make(1)
    const { a, b, c } = f(x)
    expect(b[0]).toBe(a)
    expect(b[1]).not.toBe(a)
    expect([b[2], c]).toEqual([x, x])
  })

  test('explains itself before and after it was traced', () => {
    const w = parameter(make(1, 2)) as Tensor
    const f = compile((x: Tensor, k: number) => x.mul(w).mul(k).tanh().sum())
    expect(f.explain()).toContain('not traced yet')
    noGrad(() => f(make(1, 2), 3))
    expect(f.explain()).toMatch(/\(float64\[2\], 3\)\n {2}runs as one WebAssembly program/)
    expect(f.explain()).toMatch(/reduce add over \[0\] of mul mul tanh/)
    f(make(1, 2), 3)
    expect(f.explain()).toContain('runs uncompiled: its result float64[] is to be differentiated outside')
    for (let k = 0; k < 20; k++) noGrad(() => f(make(1, 2), k))
    expect(f.explain()).toContain('5 of 21 traces were dropped: pass what changes often as tensors')
  })

  test('does not differentiate its arguments by what they were computed from', () => {
    const w = parameter(make(1, 2)) as Tensor
    const f = compile((loss: Tensor<[]>) => loss.backward())
    const loss = w.sum() as Tensor<[]>
    expect(() => noGrad(() => f(loss))).toThrow(CompileError)
    f(loss)
    expect(numbersOf(w.grad)).toEqual([1, 1])
  })

  test('of which a step was made refuses that its result is differentiated outside', () => {
    const w = parameter(make(1, 2)) as Tensor
    const step = compile((x: Tensor) => {
      const loss = w.mul(x).sum() as Tensor<[]>
      loss.backward()
      return loss
    })
    const loss = step(make(3, 4)) as Tensor<[]>
    expect(loss.item()).toBe(11)
    expect(loss.requiresGrad).toBe(true)
    expect(() => loss.add(w.square().sum() as Tensor).backward()).toThrow(/result of a compiled step/)
  })

  test('runs uncompiled if it only keeps statistics and its result is differentiated outside', () => {
    const run = (wrap: <F extends (x: Tensor) => Tensor>(f: F) => F) => {
      const w = parameter(make(1, 2)) as Tensor
      const mean = make(0, 0)
      const normalize = wrap((x: Tensor) => {
        noGrad(() => mean.assign(mean.mul(0.9).add(x.mul(0.1)) as Tensor))
        return x.sub(mean).mul(w) as Tensor
      })
      for (const x of [make(3, 4), make(5, 6)]) (normalize(x).square().sum() as Tensor<[]>).backward()
      return numbersOf([w.grad, mean])
    }
    expect(run((f) => compile(f) as typeof f)).toEqual(run((f) => f))
  })

  test('runs custom ops that look at elements, their rules too', () => {
    const looks = (f: (x: number) => number) => (x: Tensor) =>
      tensor(
        Float64Array.from(x.data, (element) => f(element)),
        { dtype: x.dtype },
      ) as Tensor
    const double = customOp({
      name: 'double',
      forward: looks((x) => 2 * x),
      vjp: (cotangent: Tensor) => [looks((x) => 2 * x)(cotangent)],
    })
    const square = customOp({
      name: 'square',
      forward: looks((x) => x * x),
      vjp: (cotangent: Tensor, [x]: [Tensor]) => [cotangent.mul(x).mul(2) as Tensor],
    }) as (x: Tensor) => Tensor
    const f = (x: Tensor) => {
      const loss = (y: Tensor) => double(square(y).sin() as Tensor).sum() as Tensor
      return [loss(x), grad(loss as (y: Tensor) => Tensor<[]>)(x)]
    }
    const compiled = compile(f)
    for (const x of [make(1, 2, 3), make(-1, 0.5, 0)]) expectSame(compiled(x), f(x))
    expect(compiled.explain()).toContain('call (in JavaScript)')
  })

  test('a custom op that looks at elements sees what tensors that it refers to are by then', () => {
    const run = (wrap: <F extends (x: Tensor) => Tensor[]>(f: F) => F) => {
      const w = parameter(make(1)) as Tensor
      const count = make(1)
      const other = make(5)
      const op = customOp({
        name: 'referring',
        forward: (x: Tensor) => make(x.data[0]! * w.data[0]! * count.data[0]! + other.data[0]!),
      })
      const f = wrap((x) => {
        const first = op(x)
        count.assign(count.add(1) as Tensor)
        const second = op(x)
        noGrad(() => w.assign(w.mul(2) as Tensor))
        return [first, second, op(x), w.mul(1) as Tensor]
      })
      return [1, 2, 3].map((x) => {
        if (x === 3) other.assign(make(7))
        return noGrad(() => f(make(x))).flatMap(numbersOf)
      })
    }
    // x w count + other
    expect(run((f) => f)[0]).toEqual([6, 7, 9, 2])
    expect(run((f) => compile(f) as typeof f)).toEqual(run((f) => f))
  })

  test('says so if a custom op that looks at elements changes its shape', () => {
    const positive = customOp({
      name: 'positive',
      forward: (x: Tensor) => tensor([...x.data].filter((element) => element > 0)) as Tensor,
    })
    const f = compile((x: Tensor) => positive(x))
    expect(() => f(make(1, -1))).toThrow(/gave float32\[1\] where it gave float32\[2\]/)
  })

  test('looks at values in the order in which it was asked to', () => {
    const f = compile((x: Tensor) => {
      const seen = (name: string) => () => {
        throw new GradientError(name)
      }
      verify(x.mul(2).sum() as Tensor, seen('first'))
      verify(x, seen('second'))
      return x
    })
    expect(() => f(make(1, 2))).toThrow('first')
  })

  test('is not compiled if it reads a gradient that has a past', () => {
    const run = (wrap: <F extends () => void>(f: F) => F) => {
      const w = parameter(make(1, 2)) as Tensor
      ;(w.pow(3).sum() as Tensor<[]>).backward({ createGraph: true })
      const step = wrap(() => {
        const loss = w.sum().add(w.grad.mul(w.grad).sum()) as Tensor<[]>
        w.zeroGrad()
        loss.backward()
      })
      step()
      return numbersOf(w.grad)
    }
    expect(run((f) => compile(f) as typeof f)).toEqual(run((f) => f))
  })

  test('reads what is guarded once while it is traced', () => {
    let reads = 0
    const f = compile((x: Tensor) => x.mul(guard(() => ++reads)))
    // and once more at the second call, to see whether the trace still holds
    expect([f(make(1)), f(make(1))].flatMap(numbersOf)).toEqual([1, 3])
  })

  test('draws by kernels of the program', () => {
    const r = new Random(1)
    const f = compile((x: Tensor) => [r.normal([3]), r.uniform([3]), r.bernoulli([3]).mul(x)])
    f(make(1, 2, 3))
    const draws = f.explain().match(/^ *random .*$/gm) ?? []
    expect(draws.length).toBeGreaterThan(0)
    expect(draws.join()).not.toContain('JavaScript')
  })

  test('draws again what a call that failed has drawn', () => {
    const [random, other] = [new Random(4), new Random(4)]
    let fails = true
    const f = compile((x: Tensor) => {
      const noisy = x.add(random.normal([3])) as Tensor
      verify(noisy, () => {
        if (fails) throw new GradientError('not now')
      })
      return noisy
    })
    expect(() => f(zeros([3]) as Tensor)).toThrow('not now')
    fails = false
    expect(numbersOf(f(zeros([3]) as Tensor))).toEqual(numbersOf(other.normal([3])))
  })

  test('gives its memory back, and what tensors keep there with it', () => {
    const w = parameter(make(1, 2)) as Tensor
    const step = compile((x: Tensor) => {
      ;(w.mul(x).sum() as Tensor<[]>).backward()
      noGrad(() => w.assign(w.sub(w.grad) as Tensor))
      w.zeroGrad()
    })
    step(make(1, 1))
    step.release()
    expect(step.explain()).toBe('not traced yet: call it first')
    expect(numbersOf(w)).toEqual([0, 1])
    step(make(1, 1))
    expect(numbersOf(w)).toEqual([-1, 0])
  })

  test('has the name and the number of parameters of its function', () => {
    const f = compile(function scaled(x: Tensor, by: number) {
      return x.mul(by)
    })
    expect([f.name, f.length]).toEqual(['scaled', 2])
  })

  test('makes no parameters: they would be made once', () => {
    expect(() => compile(() => parameter(make(1)))()).toThrow(/parameter: inside compile\(\).*make parameters outside/)
  })

  test('throws what its function throws while it is traced, and can be called again', () => {
    let fails = true
    const w = parameter(make(1, 2)) as Tensor
    const f = compile((x: Tensor) => {
      w.assign(x)
      w.grad = x
      if (fails) throw new GradientError('not now')
      return w.mul(2)
    })
    expect(() => f(make(3, 4))).toThrow('not now')
    expect([numbersOf(w), w.hasGrad]).toEqual([[1, 2], false])
    fails = false
    expect(numbersOf(f(make(3, 4)))).toEqual([6, 8])
    expect(numbersOf([w, w.grad])).toEqual([3, 4, 3, 4])
  })
})
