import { cond, scan, stack, switchCase, type Tensor, tensor } from '@adjoint/autograd'
import { cos, exp, fixed, type Jet, log, minus, over, plus, scale, sigmoid, sin, sqrt, tanh, times } from './jets.js'

// Programs that people write loops for, as scans and as plain arithmetic.

export const float64 = { dtype: 'float64' } as const
export const range = (n: number) => Array.from({ length: n }, (_, i) => i)
export const spread = (n: number, seed: number) => range(n).map((i) => Math.sin(1.7 * (i + 1) + seed))
export const vector = (x: readonly number[]): Tensor => tensor(x, float64)
const rowsOf = (x: readonly (readonly number[])[], width: number): Tensor =>
  tensor(x.flat(), float64).reshape([x.length, width]) as Tensor
/** A part of a vector, as a matrix of so many rows. */
const part = (p: Tensor, from: number, rows: number, columns: number): Tensor =>
  p.slice(0, from, from + rows * columns).reshape([rows, columns]) as Tensor
const run = <C, Y>(f: (carry: C, row: Tensor) => readonly [C, Y], carry: C, xs: Tensor, wrap: Wrap) =>
  scan(wrap(f) as never, carry, xs) as unknown as [C, Y]

export type Wrap = <F extends (...args: never[]) => unknown>(f: F) => F
export const as: Wrap = (f) => f

export interface Model {
  readonly parameters: readonly number[]
  /** With tensors; each round is wrapped. */
  readonly looped: (p: Tensor, length: number, wrap: Wrap) => Tensor
  readonly plain: (p: readonly Jet[], length: number) => Jet
}

const product = (matrix: readonly Jet[], columns: number, x: readonly Jet[]): Jet[] =>
  range(matrix.length / columns).map((i) => plus(...range(columns).map((j) => times(matrix[i * columns + j]!, x[j]!))))

const inputs = (length: number) => range(length).map((i) => spread(2, 3 * i))

const recurrent: Model = {
  parameters: [...spread(4, 0), ...spread(4, 1), 0.1, -0.2],
  looped: (p, length, wrap) => {
    const [w, u, h] = [part(p, 0, 2, 2), part(p, 4, 2, 2), p.slice(0, 8, 10) as Tensor]
    const step = (h: Tensor, x: Tensor) => {
      const next = w.matmul(h).add(u.matmul(x)).tanh() as Tensor
      return [next, next.square().sum() as Tensor] as const
    }
    const [last, shown] = run(step, h, rowsOf(inputs(length), 2), wrap)
    return last.sum().add(shown.sum()) as Tensor
  },
  plain: (p, length) => {
    const [w, u] = [p.slice(0, 4), p.slice(4, 8)]
    let h = p.slice(8, 10)
    let total = fixed(0)
    for (const x of inputs(length)) {
      const [some, others] = [product(w, 2, h), product(u, 2, x.map(fixed))]
      h = some.map((each, i) => tanh(plus(each, others[i]!)))
      total = plus(total, ...h.map((each) => times(each, each)))
    }
    return plus(total, ...h)
  },
}

/** Gates in the order input, forget, cell, output, of a state of two. */
const lstm: Model = {
  parameters: [...spread(16, 0), ...spread(16, 2), ...spread(8, 5)],
  looped: (p, length, wrap) => {
    const [w, u, b] = [part(p, 0, 8, 2), part(p, 16, 8, 2), p.slice(0, 32, 40) as Tensor]
    const step = ({ h, c }: { h: Tensor; c: Tensor }, x: Tensor) => {
      const gates = w.matmul(x).add(u.matmul(h)).add(b)
      const gate = (i: number) => gates.slice(0, 2 * i, 2 * i + 2) as Tensor
      const next = gate(1)
        .sigmoid()
        .mul(c)
        .add(gate(0).sigmoid().mul(gate(2).tanh())) as Tensor
      const shown = gate(3).sigmoid().mul(next.tanh()) as Tensor
      return [{ h: shown, c: next }, shown] as const
    }
    const start = { h: vector([0, 0]), c: vector([0, 0]) }
    const [last, all] = run(step, start, rowsOf(inputs(length), 2), wrap)
    return last.c.sum().add(all.sin().sum()) as Tensor
  },
  plain: (p, length) => {
    const [w, u, b] = [p.slice(0, 16), p.slice(16, 32), p.slice(32)]
    let [h, c]: Jet[][] = [range(2).map(() => fixed(0)), range(2).map(() => fixed(0))]
    let total = fixed(0)
    for (const x of inputs(length)) {
      const [some, others] = [product(w, 2, x.map(fixed)), product(u, 2, h!)]
      const gate = (kind: number, i: number) => plus(some[2 * kind + i]!, others[2 * kind + i]!, b[2 * kind + i]!)
      c = range(2).map((i) => plus(times(sigmoid(gate(1, i)), c![i]!), times(sigmoid(gate(0, i)), tanh(gate(2, i)))))
      h = range(2).map((i) => times(sigmoid(gate(3, i)), tanh(c![i]!)))
      total = plus(total, ...h.map(sin))
    }
    return plus(total, ...c!)
  },
}

const h = 0.1
/** A pendulum with friction, by the classical method of Runge and Kutta: angle, speed, length. */
const pendulum: Model = {
  parameters: [1.2, 0.3, 0.8],
  looped: (p, length, wrap) => {
    const ratio = p.at(2).pow(-1).mul(9.81)
    const slope = (s: Tensor) => stack([s.at(1), ratio.mul(s.at(0).sin()).neg().sub(s.at(1).mul(0.1))]) as Tensor
    const step = (s: Tensor) => {
      const k1 = slope(s)
      const k2 = slope(s.add(k1.mul(h / 2)) as Tensor)
      const k3 = slope(s.add(k2.mul(h / 2)) as Tensor)
      const k4 = slope(s.add(k3.mul(h)) as Tensor)
      return [
        s.add(
          k1
            .add(k2.mul(2))
            .add(k3.mul(2))
            .add(k4)
            .mul(h / 6),
        ) as Tensor,
        null,
      ] as const
    }
    const [last] = scan(wrap(step) as never, p.slice(0, 0, 2) as Tensor, null, { length }) as unknown as [Tensor]
    return last.at(0).add(last.at(1).square()) as Tensor
  },
  plain: ([angle, speed, length], steps) => {
    const slope = ([a, v]: readonly Jet[]): Jet[] => [
      v!,
      minus(times(over(fixed(-9.81), length!), sin(a!)), scale(0.1, v!)),
    ]
    const along = (s: readonly Jet[], by: number, k: readonly Jet[]) => s.map((x, i) => plus(x, scale(by, k[i]!)))
    let s = [angle!, speed!]
    for (let i = 0; i < steps; i++) {
      const k1 = slope(s)
      const k2 = slope(along(s, h / 2, k1))
      const k3 = slope(along(s, h / 2, k2))
      const k4 = slope(along(s, h, k3))
      s = s.map((x, j) => plus(x, scale(h / 6, plus(k1[j]!, scale(2, k2[j]!), scale(2, k3[j]!), k4[j]!))))
    }
    return plus(s[0]!, times(s[1]!, s[1]!))
  },
}

/**
 * A walk x' = a x + noise of deviation q, seen with errors of deviation r: the filter goes from one measurement to the next; the
 * oracle knows nothing of filters, it has the density of all measurements at once.
 */
const seen = (length: number) => spread(length, 0.4)
const kalman: Model = {
  parameters: [0.9, 0.5, 0.7, 0.3, 1.1],
  looped: (p, length, wrap) => {
    const [a, q, r, mean, variance] = range(5).map((i) => p.at(i)) as Tensor[]
    const step = ({ m, v }: { m: Tensor; v: Tensor }, y: Tensor) => {
      const error = y.sub(m)
      const s = v.add(r!.square())
      const gain = v.div(s)
      const evidence = s
        .mul(2 * Math.PI)
        .log()
        .add(error.square().div(s))
        .mul(-0.5) as Tensor
      const [m1, v1] = [m.add(gain.mul(error)), v.mul(gain.neg().add(1))]
      return [{ m: a!.mul(m1) as Tensor, v: a!.square().mul(v1).add(q!.square()) as Tensor }, evidence] as const
    }
    const [, all] = run(step, { m: mean!, v: variance! }, vector(seen(length)), wrap)
    return all.sum() as Tensor
  },
  plain: ([a, q, r, mean, variance], length) => {
    const means: Jet[] = []
    const spreads: Jet[] = []
    range(length).forEach((i) => {
      means.push(i === 0 ? mean! : times(a!, means[i - 1]!))
      spreads.push(i === 0 ? variance! : plus(times(a!, a!, spreads[i - 1]!), times(q!, q!)))
    })
    const covariance = (i: number, j: number) =>
      plus(times(spreads[Math.min(i, j)]!, ...range(Math.abs(i - j)).map(() => a!)), i === j ? times(r!, r!) : fixed(0))
    const lower: Jet[][] = []
    const solved: Jet[] = []
    let total = fixed(0)
    seen(length).forEach((y, i) => {
      lower.push([])
      for (let j = 0; j <= i; j++) {
        const rest = minus(covariance(i, j), plus(...range(j).map((k) => times(lower[i]![k]!, lower[j]![k]!))))
        lower[i]!.push(i === j ? sqrt(rest) : over(rest, lower[j]![j]!))
      }
      const error = minus(fixed(y), means[i]!)
      const known = plus(...range(i).map((k) => times(lower[i]![k]!, solved[k]!)))
      solved.push(over(minus(error, known), lower[i]![i]!))
      const evidence = plus(scale(2, log(lower[i]![i]!)), fixed(Math.log(2 * Math.PI)), times(solved[i]!, solved[i]!))
      total = plus(total, scale(-0.5, evidence))
    })
    return total
  },
}

/** A counter that chooses what is done, a truth value that is turned, and numbers. */
const mixed: Model = {
  parameters: [0.7, -0.4],
  looped: (p, length, wrap) => {
    const cases = [(x: Tensor) => x.sin(), (x: Tensor) => x.mul(p.at(1)).exp(), (x: Tensor) => x.square()] as ((
      x: Tensor,
    ) => Tensor)[]
    const step = (
      { count, isOdd, x }: { count: Tensor; isOdd: Tensor; x: Tensor },
      [k, y]: readonly [Tensor, Tensor],
    ) => {
      const next = switchCase(count.remainder(3) as Tensor, cases, x).add(y)
      const turned = cond(
        isOdd,
        (z: Tensor) => z.neg() as Tensor,
        (z: Tensor) => z.mul(p.at(0)) as Tensor,
        next as Tensor,
      )
      const after = { count: count.add(k) as Tensor, isOdd: isOdd.logicalNot() as Tensor, x: turned }
      return [after, [count, turned]] as const
    }
    const start = {
      count: tensor(4, { dtype: 'int32' }) as Tensor,
      isOdd: tensor(false) as Tensor,
      x: p.at(0) as Tensor,
    }
    const rows = [tensor(range(length), { dtype: 'int32' }), vector(spread(length, 1))]
    const [last, [counts, all]] = run(step as never, start, rows as never, wrap) as unknown as [
      typeof start,
      [Tensor, Tensor],
    ]
    return all.mul(counts.cast('float64')).sum().add(last.x) as Tensor
  },
  plain: ([a, b], length) => {
    let [count, isOdd, x, total] = [4, false, a!, fixed(0)]
    range(length).forEach((k) => {
      const which = count % 3
      const next = plus(
        which === 0 ? sin(x) : which === 1 ? exp(times(x, b!)) : times(x, x),
        fixed(spread(length, 1)[k]!),
      )
      x = isOdd ? scale(-1, next) : times(next, a!)
      total = plus(total, scale(count, x))
      count += k
      isOdd = !isOdd
    })
    return plus(total, x)
  },
}

/** The logistic equation by small steps from one measurement to the next: rate, bound, start. */
const nested: Model = {
  parameters: [1.3, 0.9, 0.2],
  looped: (p, length, wrap) => {
    const small = (x: Tensor, by: Tensor) =>
      [
        x.add(
          p
            .at(0)
            .mul(x)
            .mul(x.div(p.at(1)).neg().add(1))
            .mul(by),
        ) as Tensor,
        x.cos() as Tensor,
      ] as const
    const step = (x: Tensor, steps: Tensor) => {
      const [next, all] = run(small, x, steps, wrap)
      return [next, next.add(all.sum())] as const
    }
    const steps = rowsOf(
      range(length).map((i) => spread(3, i).map((s) => 0.1 + 0.05 * s)),
      3,
    )
    const [last, all] = run(step as never, p.at(2) as Tensor, steps, wrap) as unknown as [Tensor, Tensor]
    return last.add(all.square().sum()) as Tensor
  },
  plain: ([rate, bound, start], length) => {
    let [x, total] = [start!, fixed(0)]
    range(length).forEach((i) => {
      let shown = fixed(0)
      for (const s of spread(3, i)) {
        shown = plus(shown, cos(x))
        x = plus(x, scale(0.1 + 0.05 * s, times(rate!, x, minus(fixed(1), over(x, bound!)))))
      }
      const y = plus(x, shown)
      total = plus(total, times(y, y))
    })
    return plus(x, total)
  },
}

export const models: Record<string, Model> = {
  'a recurrent network': recurrent,
  'an LSTM': lstm,
  'a pendulum': pendulum,
  'a Kalman filter': kalman,
  'integers, truth values and branches': mixed,
  'a loop in a loop': nested,
}
