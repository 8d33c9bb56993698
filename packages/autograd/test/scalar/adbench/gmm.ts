import type { Num, Scalar } from '@adjoint/autograd/scalar'
import { Reader } from './text.js'

/** A mixture of k Gaussians in d dimensions. */
export interface Mixture<T> {
  readonly alphas: readonly T[]
  readonly means: readonly (readonly T[])[]
  /**
   * For each the triangular root of the inverse covariance: the logarithms of the diagonal, then what is below it, column by
   * column.
   */
  readonly roots: readonly (readonly T[])[]
}

export interface Observed {
  readonly x: readonly (readonly number[])[]
  /** Of the Wishart prior. */
  readonly gamma: number
  readonly m: number
}

// biome-ignore lint/suspicious/noApproximativeNumericConstant: as ADBench has it
const pi = 3.14159265359

const sum = (terms: readonly Num[]): Num => terms.reduce((a, b) => a.add(b))

const logSumExp = (terms: readonly Num[]): Num => {
  const top = terms.reduce((a, b) => a.maximum(b))
  return sum(terms.map((term) => term.sub(top).exp()))
    .log()
    .add(top)
}

/** What a function gives for each point: as a list has it, or by `scalar.map`. */
type Each = (f: (point: readonly Scalar[]) => Num, points: readonly (readonly number[])[]) => Num[]

/** The logarithm of the likelihood of a mixture, with a prior (ADBench's GMM). */
export const logLikelihood = (
  { alphas, means, roots }: Mixture<Num>,
  { x, gamma, m }: Observed,
  each: Each = (f, points) => points.map((point) => f(point)),
): Num => {
  const d = x[0]!.length
  const diagonals = roots.map((root) => root.slice(0, d).map((q) => q.exp()))
  const sums = roots.map((root) => sum(root.slice(0, d)))
  const weights = alphas.map((alpha, k) => alpha.add(sums[k]!))
  const offset = new Float64Array(d * d)
  for (let column = 0, at = d; column < d; column++) {
    for (let row = column + 1; row < d; row++) offset[row * d + column] = at++
  }
  const distance = (point: readonly Scalar[], k: number): Num => {
    const off = means[k]!.map((mean, i) => mean.sub(point[i]!))
    let total: Num | null = null
    for (let row = 0; row < d; row++) {
      let image = diagonals[k]![row]!.mul(off[row]!)
      for (let column = 0; column < row; column++) {
        image = image.add(roots[k]![offset[row * d + column]!]!.mul(off[column]!))
      }
      total = total === null ? image.square() : total.add(image.square())
    }
    return total!
  }
  const fit = sum(each((point) => logSumExp(weights.map((weight, k) => weight.sub(distance(point, k).mul(0.5)))), x))
  const prior = roots.map((root, k) => {
    const squares = sum([...diagonals[k]!, ...root.slice(d)].map((element) => element.square()))
    return squares.mul((gamma * gamma) / 2).sub(sums[k]!.mul(m))
  })
  const constant = -0.5 * x.length * d * Math.log(2 * pi) - alphas.length * logWishart(d, gamma, m)
  return fit.sub(logSumExp(alphas).mul(x.length)).add(sum(prior)).add(constant)
}

const logWishart = (d: number, gamma: number, m: number): number => {
  const n = d + m + 1
  let logGamma = 0.25 * d * (d - 1) * Math.log(pi)
  for (let j = 1; j <= d; j++) logGamma += logGammaOfHalf(n + 1 - j)
  return n * d * (Math.log(gamma) - 0.5 * Math.log(2)) - logGamma
}

/** The logarithm of the gamma function of n / 2. */
const logGammaOfHalf = (n: number): number =>
  n === 2 ? 0 : n === 1 ? 0.5 * Math.log(Math.PI) : Math.log(n / 2 - 1) + logGammaOfHalf(n - 2)

export const readMixture = (text: string): { at: Mixture<number>; given: Observed } => {
  const reader = new Reader(text)
  const [d, k, n] = reader.numbers(3) as [number, number, number]
  const at = { alphas: reader.numbers(k), means: reader.rows(k, d), roots: reader.rows(k, (d * (d + 1)) / 2) }
  const x = reader.rowsOrOne(n, d, 2)
  return { at, given: { x, gamma: reader.number(), m: reader.number() } }
}

export const someMixture = (d: number, k: number, n: number, next: () => number) => {
  const numbers = (count: number) => Array.from({ length: count }, () => 2 * next() - 1)
  const rows = (count: number, length: number) => Array.from({ length: count }, () => numbers(length))
  const at: Mixture<number> = { alphas: numbers(k), means: rows(k, d), roots: rows(k, (d * (d + 1)) / 2) }
  return { at, given: { x: rows(n, d), gamma: 1, m: 0 } satisfies Observed }
}
