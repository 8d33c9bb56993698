import {
  compile,
  cond,
  customOp,
  grad,
  hessian,
  jvp,
  noGrad,
  parameter,
  scan,
  type Tensor,
  tensor,
  vmap,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { asProgram } from '../../src/execution/compile/loops.js'
import type { Node } from '../../src/graph/node.js'
import { runLoop } from '../../src/transforms/loops/rounds.js'
import { expectClose } from '../vmap/examples.js'

// Loops of which some rounds do not run, because a row or a carry says so.

const float64 = { dtype: 'float64' } as const
const w = tensor([[0.5, -0.2], [0.1, 0.7]], float64) as Tensor // biome-ignore format: rows
const start = tensor([0.1, 0.2], float64) as Tensor
const length = 6
const xs = tensor(
  Array.from({ length }, (_, i) => [Math.sin(i), Math.cos(2 * i)]),
  float64,
) as Tensor
const flagsOf = (...numbers: number[]) => tensor(numbers, { dtype: 'bool' }) as Tensor

type Run = (h: Tensor, xs: Tensor, w: Tensor, flags: Tensor) => Tensor

const round = (h: Tensor, x: Tensor, weights: Tensor) => h.matmul(weights).add(x).tanh().add(h.square()) as Tensor

/** The last carry, and the sum of what the rounds that ran gave. */
const looped =
  (reverse: boolean): Run =>
  (h, rows, weights, flags) => {
    const ran = runLoop({
      what: 'scan',
      like: h as Node,
      asProgram,
      f: ([carry], [x]) => {
        const next = round(carry as Tensor, x as Tensor, weights)
        return [[next as Node], [next.mul(x as Tensor) as Node]]
      },
      carries: [h as Node],
      sequences: [rows, flags] as Node[],
      length,
      reverse,
      when: { of: 'sequences', at: 1 },
    })
    const gave = (flags.expandDims(1) as Tensor).cast('float64').mul(ran.given[0] as Tensor) as Tensor
    return (ran.carries[0] as Tensor).add(gave.sum(0) as Tensor) as Tensor
  }
const unrolled =
  (reverse: boolean): Run =>
  (h, rows, weights, flags) => {
    let [carry, sum] = [h, h.mul(0) as Tensor]
    for (let i = 0; i < length; i++) {
      const at = reverse ? length - 1 - i : i
      if (!(flags.at(at) as Tensor).item()) continue
      carry = round(carry, rows.at(at) as Tensor, weights)
      sum = sum.add(carry.mul(rows.at(at) as Tensor)) as Tensor
    }
    return carry.add(sum) as Tensor
  }

/** A row of the results: values and derivatives. */
const derivatives: Record<string, (run: Run, flags: Tensor) => Tensor> = {
  values: (run, flags) => run(start, xs, w, flags),
  'gradients by the start': (run, flags) => grad((h: Tensor) => run(h, xs, w, flags).sin().sum() as Tensor)(start),
  'gradients by rows': (run, flags) => grad((x: Tensor) => run(start, x, w, flags).sin().sum() as Tensor)(xs),
  'gradients by what is captured': (run, flags) =>
    grad((v: Tensor) => run(start, xs, v, flags).sin().sum() as Tensor)(w),
  tangents: (run, flags) =>
    jvp(
      (h: Tensor, v: Tensor) => run(h, xs, v, flags),
      [start, w],
      [start.cos() as Tensor, w.cos() as Tensor],
    )[1] as Tensor,
  'second derivatives': (run, flags) => hessian((v: Tensor) => run(start, xs, v, flags).sin().sum() as Tensor)(w),
}

describe.each(Object.entries(derivatives))('%s', (_, of) => {
  test.each([false, true])('are those of the rounds that run, reverse %s', (reverse) => {
    for (const flags of [flagsOf(1, 0, 0, 1, 1, 0), flagsOf(0, 0, 0, 0, 0, 0), flagsOf(1, 1, 1, 1, 1, 1)]) {
      const wanted = [of(unrolled(reverse), flags)]
      expectClose([of(looped(reverse), flags)], wanted)
      expectClose([compile((all: Tensor) => of(looped(reverse), all))(flags)], wanted)
      // the rounds as a program of their own
      for (let i = 0; i < 3; i++) expectClose([of(looped(reverse), flags)], wanted)
    }
  })

  test('where each example has flags of its own', () => {
    const all = tensor([[1, 0, 0, 1, 1, 0], [0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0], [0, 1, 1, 1, 1, 1]], { dtype: 'bool' }) as Tensor // biome-ignore format: rows
    for (const reverse of [false, true]) {
      const mapped = vmap((flags: Tensor) => of(looped(reverse), flags)) as (all: Tensor) => Tensor
      const wanted = [0, 1, 2, 3].map((i) => of(unrolled(reverse), all.at(i) as Tensor))
      for (const run of [mapped, compile(mapped)]) {
        const found = run(all)
        expectClose(
          wanted.map((__, i) => found.at(i) as Tensor),
          wanted,
        )
      }
      const twice = vmap(vmap((flags: Tensor) => of(looped(reverse), flags) as never)) as unknown as (
        all: Tensor,
      ) => Tensor
      const found = twice(all.reshape([2, 2, 6]) as Tensor)
      expectClose(
        wanted.map((__, i) => (found.at(i >> 1) as Tensor).at(i & 1) as Tensor),
        wanted,
      )
    }
  })
})

describe('a carry that says whether there is another round', () => {
  /** Squares until it is beyond the limit: and adds logarithms, which are none any more afterwards. */
  const until =
    (limit: Tensor) =>
    (x: Tensor): Tensor => {
      const ran = runLoop({
        what: 'whileLoop',
        like: x as Node,
        asProgram,
        f: ([, h, sum]) => {
          const next = (h as Tensor).square().add(0.5) as Tensor
          const left = (limit.sub(h as Tensor) as Tensor).log()
          return [[next.less(limit), next, (sum as Tensor).add(left)] as Node[], []]
        },
        carries: [x.less(limit), x, x.mul(0)] as Node[],
        sequences: [],
        length: 40,
        reverse: false,
        when: { of: 'carries', at: 0 },
      })
      return (ran.carries[1] as Tensor).sin().add(ran.carries[2] as Tensor) as Tensor
    }
  const plain =
    (limit: Tensor) =>
    (x: Tensor): Tensor => {
      let [h, sum] = [x, x.mul(0) as Tensor]
      while (h.less(limit).item()) {
        sum = sum.add((limit.sub(h) as Tensor).log()) as Tensor
        h = h.square().add(0.5) as Tensor
      }
      return h.sin().add(sum) as Tensor
    }
  const limit = tensor(30, float64) as Tensor
  const at = [0.3, 0.9, 2, 31]
  const of = {
    values: (f: (x: Tensor) => Tensor) => f,
    slopes: (f: (x: Tensor) => Tensor) => grad(f as never) as unknown as (x: Tensor) => Tensor,
    'second slopes': (f: (x: Tensor) => Tensor) => grad(grad(f as never) as never) as unknown as (x: Tensor) => Tensor,
    tangents: (f: (x: Tensor) => Tensor) => (x: Tensor) => jvp(f, [x], [x.cos() as Tensor])[1] as Tensor,
  }
  test.each(Object.entries(of))('%s, alone and for examples of which some are done sooner', (_, derive) => {
    const wanted = at.map((x) => derive(plain(limit))(tensor(x, float64) as Tensor))
    for (const way of [(f: (x: Tensor) => Tensor) => f, compile]) {
      const one = way(derive(until(limit)))
      expectClose(
        at.map((x) => one(tensor(x, float64) as Tensor)),
        wanted,
      )
      const all = way(vmap(derive(until(limit)) as never) as never)
      const found = all(tensor(at, float64) as Tensor)
      expectClose(
        wanted.map((__, i) => found.at(i) as Tensor),
        wanted,
      )
    }
  })
})

describe('cond of what takes long', () => {
  const calls: string[] = []
  const noting = (name: string, factor: number) => {
    const op = customOp({
      name,
      forward: (x: Tensor) => {
        calls.push(name)
        return x.mul(factor).add(x.sum().item() * 0) as Tensor
      },
      vjp: (g: Tensor) => [g.mul(factor)],
    } as never) as never as (x: Tensor) => Tensor
    return (x: Tensor) => op(x.matmul(w) as Tensor)
  }
  const [double, triple] = [noting('double', 2), noting('triple', 3)]
  const choose = (x: Tensor): Tensor => cond(x.sum().greater(0), double, triple, x)

  test.each(['compiled', 'in a scan'])('runs only the branch that is chosen: %s', (way) => {
    const run =
      way === 'compiled'
        ? compile(choose)
        : compile((x: Tensor) => scan((h: Tensor) => [choose(h), null] as never, x, null, { length: 1 })[0] as Tensor)
    for (const [x, name] of [
      [start, 'double'],
      [start.neg() as Tensor, 'triple'],
    ] as const) {
      run(x)
      calls.length = 0
      expectClose([run(x)], [(x.matmul(w) as Tensor).mul(name === 'double' ? 2 : 3) as Tensor])
      expect(calls).toEqual([name])
    }
  })

  test('and a step of training through it changes the parameters of that branch alone', () => {
    const [a, b] = [parameter(w.add(0) as Tensor), parameter(w.mul(2) as Tensor)]
    const step = compile((x: Tensor) => {
      const loss = cond(
        x.sum().greater(0),
        (y: Tensor) => y.matmul(a).square().sum() as Tensor,
        (y: Tensor) => y.matmul(b).square().sum() as Tensor,
        x,
      ) as Tensor
      a.zeroGrad()
      b.zeroGrad()
      loss.backward()
      noGrad(() => {
        a.assign(a.sub(a.grad.mul(0.1)) as typeof a)
        b.assign(b.sub(b.grad.mul(0.1)) as typeof b)
      })
      return loss
    })
    const [a0, b0] = [a.toArray(), b.toArray()]
    step(start)
    expect(b.toArray()).toEqual(b0)
    expect(a.toArray()).not.toEqual(a0)
    const a1 = a.toArray()
    step(start.neg() as Tensor)
    expect(a.toArray()).toEqual(a1)
    expect(b.toArray()).not.toEqual(b0)
  })
})
