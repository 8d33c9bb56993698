import { grad, jvp, noGrad, parameter, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { eager, numbersOf, type Wrap, ways } from './harness.js'

/** What a scenario saw: numbers when it saw them, and tensors, which are looked at once more in the end. */
class Log {
  readonly seen: number[][] = []
  private readonly kept: Tensor[] = []

  see(...tensors: readonly unknown[]): void {
    for (const tensor of tensors) this.seen.push(numbersOf(tensor))
  }
  keep(...tensors: readonly Tensor[]): void {
    this.kept.push(...tensors)
  }
  end(): number[][] {
    this.see(...this.kept)
    return this.seen
  }
}

type Scenario = (wrap: Wrap, log: Log) => void

const run = (scenario: Scenario, wrap: Wrap): number[][] => {
  const log = new Log()
  scenario(wrap, log)
  return log.end()
}

const double = { dtype: 'float64' } as const
const make = (...numbers: number[]): Tensor => tensor(numbers, double) as Tensor
const weights = (...numbers: number[]): Tensor => parameter(make(...numbers)) as Tensor

/** A step of gradient descent on w x, towards 1. */
const descend =
  (w: Tensor, rate = 0.1) =>
  (x: Tensor) => {
    const loss = w.mul(x).sub(1).square().sum() as Tensor
    w.zeroGrad()
    ;(loss as Tensor<[]>).backward()
    noGrad(() => w.assign(w.sub(w.grad.mul(rate)) as Tensor))
    return loss
  }

const scenarios: Record<string, Scenario> = {
  'a parameter that is assigned outside is read anew': (wrap, log) => {
    const w = weights(1, 2)
    const step = wrap(descend(w))
    for (let i = 0; i < 4; i++) {
      log.see(step(make(1, i)))
      if (i === 1) w.assign(make(7, 8))
      if (i === 2) log.see(w, w.grad)
    }
    log.see(w, w.grad)
  },

  'two functions over the same parameters alternate, with eager steps in between': (wrap, log) => {
    const w = weights(1, 2)
    const [a, b, c] = [wrap(descend(w)), wrap(descend(w, 0.01)), descend(w, 0.05)]
    const order = [a, b, a, a, c, b, c, a, b, b]
    order.forEach((step, i) => {
      log.see(step(make(1, 0.1 * i)))
      if (i % 3 === 0) log.see(w.grad)
    })
    log.see(w, w.grad)
  },

  'what is kept of old values stays': (wrap, log) => {
    const w = weights(1, 2)
    const step = wrap(descend(w))
    const arrays: (readonly number[] | { readonly [i: number]: number })[] = []
    for (let i = 0; i < 4; i++) {
      log.keep(step(make(1, i)), w.detach(), w.grad, w.grad, w.mul(1), w.reshape([2, 1]), w.flip(0))
      arrays.push(w.data, w.grad.data, w.detach().data)
    }
    log.see(...arrays.map((array) => make(...(array as readonly number[]))))
  },

  'gradients add up without zeroGrad, inside and outside': (wrap, log) => {
    const w = weights(1, 2)
    const add = wrap((x: Tensor) => (w.mul(x).square().sum() as Tensor<[]>).backward())
    for (let i = 0; i < 6; i++) {
      add(make(1, i))
      if (i === 1) log.keep(w.grad)
      if (i === 2) (w.sum() as Tensor<[]>).backward()
      if (i === 3) w.zeroGrad()
      if (i === 4) w.grad = make(5, 5)
    }
    log.see(w.grad)
  },

  'gradients are cleared inside': (wrap, log) => {
    const w = weights(1, 2)
    const clear = wrap(() => w.zeroGrad())
    const add = wrap(() => (w.square().sum() as Tensor<[]>).backward())
    for (const f of [add, add, clear, add, clear, clear]) {
      f()
      log.see(w.hasGrad ? w.grad : make())
    }
  },

  'parameters are passed as arguments, in any order': (wrap, log) => {
    const [a, b] = [weights(1, 2), weights(3, 4)]
    const step = wrap((v: Tensor, w: Tensor) => {
      const loss = v.mul(2).add(w.mul(v)).sum() as Tensor<[]>
      loss.backward()
      noGrad(() => v.assign(v.sub(v.grad.mul(0.1)) as Tensor))
      return loss
    })
    for (const [v, w] of [
      [a, b],
      [b, a],
      [a, b],
      [a, a],
      [b, b],
      [b, a],
    ] as const) {
      log.see(step(v, w), v, w, a.grad)
      if (b.hasGrad) log.keep(b.grad)
    }
  },

  'state among the arguments belongs to whoever was passed': (wrap, log) => {
    const count = wrap((state: Tensor, x: Tensor) => {
      state.assign(state.mul(0.5).add(x) as Tensor)
      return state.sum()
    })
    const [a, b] = [make(1, 2), make(3, 4)]
    for (const state of [a, b, a, a, b, a, b, b]) {
      log.see(count(state, make(1, 1)))
      log.keep(state.detach())
    }
    log.see(a, b)
  },

  'state that is only written belongs to whoever was passed': (wrap, log) => {
    const put = wrap((state: Tensor, x: Tensor) => state.assign(x.mul(3) as Tensor))
    const [a, b] = [make(1, 2), make(3, 4)]
    ;[a, b, a, b, b].forEach((state, i) => {
      put(state, make(i, 2 * i))
    })
    log.see(a, b)
  },

  'gradients among the arguments belong to whoever was passed': (wrap, log) => {
    const [a, b, c] = [make(1, 2), make(3, 4), make(5, 6)]
    const f = wrap((x: Tensor) => {
      x.grad = (x.hasGrad ? x.grad.add(x) : x.mul(3)) as Tensor
    })
    for (const x of [a, b, a, b, c, a]) f(x)
    log.see(a.grad, b.grad, c.grad)
  },

  'one tensor under two names is one tensor': (wrap, log) => {
    const f = wrap((x: Tensor, y: Tensor, z: Tensor) => {
      x.assign(x.add(1) as Tensor)
      return [x.mul(y).add(z), y, z.mul(2)]
    })
    const [a, b, c] = [make(1), make(10), make(100)]
    for (const [x, y, z] of [
      [a, b, c],
      [a, a, c],
      [a, b, a],
      [a, b, b],
      [a, a, a],
      [a, b, c],
    ] as const) {
      log.see(f(x, y, z), a, b, c)
    }
  },

  'a tensor that a function refers to may be passed to it': (wrap, log) => {
    const known = make(1, 2)
    const f = wrap((x: Tensor) => {
      known.assign(known.add(1) as Tensor)
      return x.mul(2)
    })
    const other = make(5, 6)
    for (const x of [other, known, other, known]) log.see(f(x), known)
  },

  'values are swapped': (wrap, log) => {
    const [a, b] = [make(1, 2), weights(3, 4)]
    const swap = wrap(() => {
      const [x, y] = [a.detach(), b.detach()]
      a.assign(y)
      b.assign(x)
      return [x.add(0), y, a.mul(2)]
    })
    for (let i = 0; i < 3; i++) log.see(swap(), a, b)
    const rotate = wrap((list: Tensor[]) => {
      const old = list.map((x) => x.detach())
      list.forEach((x, i) => {
        x.assign(old[(i + 1) % old.length]!)
      })
    })
    const list = [make(1), make(2), make(3)]
    for (let i = 0; i < 4; i++) {
      rotate(list)
      log.see(list)
    }
  },

  'a leaf gets the value of an argument, of another tensor, of a constant, of a view': (wrap, log) => {
    const [a, b, c, d, e] = [make(0, 0), make(0, 0), make(0, 0), make(0, 0), make(0, 0)]
    const other = make(8, 9)
    const f = wrap((x: Tensor) => {
      a.assign(x)
      b.assign(other)
      c.assign(make(1, 2))
      d.assign(x.flip(0) as Tensor)
      e.assign(a)
      return a
    })
    const x = make(3, 4)
    for (let i = 0; i < 3; i++) {
      log.see(f(x), a, b, c, d, e)
      log.keep(a.detach(), d.detach())
      x.assign(make(i, i))
      other.assign(make(-i, i))
      log.see(a, b, e)
      c.assign(make(7, 7))
    }
  },

  'old and new values are returned': (wrap, log) => {
    const w = weights(1, 2)
    const f = wrap((x: Tensor) => {
      const old = w.detach()
      const view = w.detach().flip(0)
      noGrad(() => w.assign(w.mul(2).add(x) as Tensor))
      return { old, view, new: w.detach(), w, wider: w.detach().add(1), x }
    })
    for (let i = 0; i < 3; i++) {
      const result = f(make(i, 1))
      log.see(result)
      log.keep(result.old, result.new, result.wider as Tensor, result.view as Tensor)
    }
  },

  'a value is assigned several times, and read in between': (wrap, log) => {
    const w = make(1, 2)
    const f = wrap(() => {
      const seen = [w.add(0)]
      for (let i = 0; i < 3; i++) {
        w.assign(w.mul(2) as Tensor)
        seen.push(w.add(i))
      }
      w.assign(w)
      return seen
    })
    for (let i = 0; i < 3; i++) log.see(f(), w)
  },

  'shapes change, and the state goes on': (wrap, log) => {
    const w = weights(1, 2)
    const step = wrap(descend(w))
    for (const rows of [1, 2, 1, 3, 2, 1]) {
      log.see(
        step(
          tensor(
            Array.from({ length: rows }, (_, i) => [i + 1, 0.1]),
            double,
          ) as Tensor,
        ),
      )
    }
    log.see(w, w.grad)
  },

  'more functions of numbers than are kept': (wrap, log) => {
    const w = weights(1, 2)
    const step = wrap((x: Tensor, rate: number) => descend(w, rate)(x))
    for (let i = 0; i < 40; i++) log.see(step(make(1, 0.1), 0.001 * (i % 20)))
    log.see(w, w.grad)
  },

  'requiresGrad is set and unset between calls': (wrap, log) => {
    const [w, v] = [weights(1, 2), weights(3, 4)]
    const step = wrap((x: Tensor, also: Tensor) => {
      const loss = w.mul(v).mul(x).mul(also).sum() as Tensor<[]>
      loss.backward()
      return loss
    })
    const x = make(1, 1)
    for (const [first, second, third] of [
      [1, 1, 0],
      [1, 0, 0],
      [0, 1, 0],
      [1, 1, 1],
      [1, 1, 0],
      [1, 0, 1],
    ] as const) {
      w.requiresGrad = first === 1
      v.requiresGrad = second === 1
      x.requiresGrad = third === 1
      log.see(
        step(x, make(2, 2)),
        w.hasGrad ? w.grad : make(),
        v.hasGrad ? v.grad : make(),
        x.hasGrad ? x.grad : make(),
      )
    }
  },

  'the same function with and without noGrad': (wrap, log) => {
    const w = weights(1, 2)
    const f = wrap((x: Tensor) => w.mul(x).square().sum() as Tensor<[]>)
    for (let i = 0; i < 3; i++) {
      log.see(noGrad(() => f(make(1, i))))
      f(make(1, i)).backward()
      log.see(w.grad)
    }
  },

  'differentiated around': (wrap, log) => {
    const w = weights(1, 2)
    const f = wrap((x: Tensor) => x.mul(w).sin().sum() as Tensor<[]>)
    for (let i = 0; i < 3; i++) {
      const x = make(i, 1)
      log.see(
        grad(f)(x),
        jvp(f, [x], [make(1, 1)]),
        noGrad(() => f(x)),
        grad((y: Tensor) => grad(f)(y).square().sum())(x),
      )
      ;(grad(f)(x).sum() as Tensor<[]>).backward()
      log.see(w.grad)
    }
  },

  'an argument that was computed from a parameter': (wrap, log) => {
    const w = weights(1, 2)
    const f = wrap((x: Tensor) => x.square().sum() as Tensor<[]>)
    for (let i = 0; i < 3; i++) {
      f(w.mul(i + 1) as Tensor).backward()
      log.see(
        w.grad,
        noGrad(() => f(w.mul(2) as Tensor)),
      )
      const known = w.mul(3) as Tensor
      log.see(noGrad(() => f(known)))
    }
  },

  'compiled functions inside compiled functions, and grad between them': (wrap, log) => {
    const w = weights(1, 2)
    const count = make(0)
    const inner = wrap((x: Tensor) => {
      count.assign(count.add(1) as Tensor)
      return x.mul(w).sin().sum() as Tensor<[]>
    })
    const middle = wrap((x: Tensor) => grad(inner)(x).mul(inner(x)) as Tensor)
    const outer = wrap((x: Tensor) => [middle(x), inner(x), count.detach()])
    for (let i = 0; i < 3; i++) log.see(outer(make(1, i)), middle(make(i, 2)), inner(make(i, i)), count)
  },

  'results that were computed before': (wrap, log) => {
    const w = weights(1, 2)
    const [known, detached] = [w.mul(3), w.mul(4).detach()]
    const f = wrap((x: Tensor) => x.mul(known.detach()).add(detached))
    for (let i = 0; i < 3; i++) {
      log.see(f(make(i, 1)))
      w.assign(make(i, i))
    }
  },

  'a gradient that is handed on': (wrap, log) => {
    const [v, w] = [weights(1, 2), weights(3, 4)]
    const pass = wrap(() => {
      v.grad = w.grad
      w.grad = w.grad.mul(2) as Tensor
      return [v.grad, w.grad]
    })
    w.grad = make(1, 1)
    for (let i = 0; i < 3; i++) {
      log.see(pass(), v.grad, w.grad)
      log.keep(v.grad, w.grad)
    }
  },
}

describe.each(ways)('compiled to run %s there is no stale state:', (_, wrap) => {
  test.each(Object.entries(scenarios))('%s', (_, scenario) => {
    const wanted = run(scenario, eager)
    expect(wanted.length).toBeGreaterThan(0)
    expect(run(scenario, wrap)).toEqual(wanted.map((list) => list.map((number) => expect.closeTo(number, 10))))
  })
})
