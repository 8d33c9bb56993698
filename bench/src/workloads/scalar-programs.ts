import { map, type Num, type Scalar } from '@adjoint/autograd/scalar'

// Scalar programs as users write them, and their gradients as one writes them by hand.

export interface ByHand {
  readonly f: (x: Num[]) => Num
  /** The value, and the gradient in `g`. */
  readonly gradient: (x: Float64Array, g: Float64Array) => number
  readonly at: (index: number) => number
  readonly size: number
}

/** Of n numbers. */
export const rosenbrock = (n: number): ByHand => ({
  size: n,
  at: (i) => 1.3 * Math.sin(i),
  f: (x) => {
    let sum: Num | number = 0
    for (let i = 0; i + 1 < n; i++) {
      const step = x[i + 1]!.sub(x[i]!.square())
      sum = step.square().mul(100).add(x[i]!.sub(1).square()).add(sum)
    }
    return sum as Num
  },
  gradient: (x, g) => {
    g.fill(0)
    let sum = 0
    for (let i = 0; i + 1 < n; i++) {
      const xi = x[i]!
      const step = x[i + 1]! - xi * xi
      const rest = xi - 1
      sum += 100 * step * step + rest * rest
      g[i] = g[i]! - 400 * xi * step + 2 * rest
      g[i + 1] = 200 * step
    }
    return sum
  },
})

const examples = 100
const width = 16
const xs = Float64Array.from(
  { length: 2 * examples },
  (_, i) => Math.cos(0.1 * i) + (i % 2 === 0 ? 0 : 0.5 * Math.sin(i)),
)
const ys = Int32Array.from({ length: examples }, (_, i) => (i % 2 === 0 ? 1 : -1))
const parameters = 3 * width + width * (width + 1) + width + 1

/** The hinge loss of one point. */
const lossAt = (p: readonly Num[], x0: Scalar, x1: Scalar, y: Scalar): Num => {
  const hidden: Num[] = []
  const next: Num[] = []
  let k = 0
  for (let j = 0; j < width; j++, k += 3) {
    hidden.push(
      p[k]!.mul(x0)
        .add(p[k + 1]!.mul(x1))
        .add(p[k + 2]!)
        .relu(),
    )
  }
  for (let j = 0; j < width; j++, k += width + 1) {
    let sum = p[k + width]!
    for (let i = 0; i < width; i++) sum = sum.add(p[k + i]!.mul(hidden[i]!))
    next.push(sum.relu())
  }
  let score = p[k + width]!
  for (let i = 0; i < width; i++) score = score.add(p[k + i]!.mul(next[i]!))
  return score.mul(y).neg().add(1).relu()
}

const totalOf = (p: readonly Num[], losses: readonly Num[]): Num => {
  const loss = losses.reduce((sum, each) => sum.add(each))
  const squares = p.map((each) => each.square()).reduce((sum, each) => sum.add(each))
  return loss.mul(1 / examples).add(squares.mul(1e-4))
}

const points = Array.from({ length: examples }, (_, e) => [xs[2 * e]!, xs[2 * e + 1]!, ys[e]!] as const)

/** micrograd's demo: 2-16-16-1 with relu, the hinge loss of 100 points, and weights kept small. */
export const moons: ByHand = {
  size: parameters,
  at: (i) => 0.7 * Math.sin(3 * i + 1),
  f: (p) =>
    totalOf(
      p,
      points.map(([x0, x1, y]) => lossAt(p, x0, x1, y)),
    ),
  gradient: (() => {
    const hidden = new Float64Array(width)
    const next = new Float64Array(width)
    const back = new Float64Array(width)
    return (p, g) => {
      const second = 3 * width
      const third = second + width * (width + 1)
      let total = 0
      let squares = 0
      for (let i = 0; i < parameters; i++) {
        squares += p[i]! * p[i]!
        g[i] = 2e-4 * p[i]!
      }
      for (let e = 0; e < examples; e++) {
        const x0 = xs[2 * e]!
        const x1 = xs[2 * e + 1]!
        for (let j = 0; j < width; j++) {
          const sum = p[3 * j]! * x0 + p[3 * j + 1]! * x1 + p[3 * j + 2]!
          hidden[j] = Math.max(sum, 0)
        }
        for (let j = 0, k = second; j < width; j++, k += width + 1) {
          let sum = p[k + width]!
          for (let i = 0; i < width; i++) sum += p[k + i]! * hidden[i]!
          next[j] = Math.max(sum, 0)
        }
        let score = p[third + width]!
        for (let i = 0; i < width; i++) score += p[third + i]! * next[i]!
        const loss = 1 - ys[e]! * score
        if (!(loss > 0)) continue
        total += loss
        const d = -ys[e]! / examples
        back.fill(0)
        g[third + width]! += d
        for (let j = 0, k = second; j < width; j++, k += width + 1) {
          g[third + j]! += d * next[j]!
          if (!(next[j]! > 0)) continue
          const dj = d * p[third + j]!
          g[k + width]! += dj
          for (let i = 0; i < width; i++) {
            g[k + i]! += dj * hidden[i]!
            back[i]! += dj * p[k + i]!
          }
        }
        for (let i = 0; i < width; i++) {
          if (!(hidden[i]! > 0)) continue
          const di = back[i]!
          g[3 * i]! += di * x0
          g[3 * i + 1]! += di * x1
          g[3 * i + 2]! += di
        }
      }
      return total / examples + 1e-4 * squares
    }
  })(),
}

/** The same by `map`, which stays a loop when it is compiled. */
export const moonsByMap: ByHand = {
  ...moons,
  f: (p) =>
    totalOf(
      p,
      map(([x0, x1, y]: [Num, Num, Num]) => lossAt(p, x0, x1, y), points),
    ),
}
