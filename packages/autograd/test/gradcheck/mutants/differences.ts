import { jvp, noGrad, type Tensor, tensor, treeLeaves, treeMap, treePaths, vjp } from '@adjoint/autograd'
import { type Case, type F, type Fault, unravel } from './kit.js'

// Derivatives as the library makes them beside differences of the value, which nothing of gradcheck has a part in.

const f64 = { dtype: 'float64' } as const
const isFloat = (x: Tensor): boolean => x.dtype === 'float64' || x.dtype === 'float32'

/** A case as a function of a list of float64 tensors to a list of them. */
export interface Flat {
  readonly f: (x: readonly Tensor[]) => Tensor[]
  readonly point: readonly Tensor[]
  readonly paths: readonly string[]
}

export const flat = ({ f, inputs }: Case): Flat => {
  const leaves = treeLeaves(inputs as never) as Tensor[]
  const paths = treePaths(inputs as never).map(String)
  const varied = leaves.flatMap((leaf, i) => (isFloat(leaf) ? [i] : []))
  return {
    paths: varied.map((i) => paths[i]!),
    point: varied.map((i) => leaves[i]!.detach().cast('float64') as Tensor),
    f: (x) => {
      let next = 0
      const args = treeMap(inputs as never, ((leaf: Tensor) => (isFloat(leaf) ? x[next++]! : leaf)) as never)
      return (treeLeaves(f(...(args as unknown as unknown[]))) as Tensor[]).filter(isFloat)
    },
  }
}

/** <weights, outputs> */
const contracted = (outputs: readonly Tensor[], weights: readonly Tensor[]): Tensor =>
  outputs.map((y, i) => y.mul(weights[i]!).sum() as Tensor).reduce((a, b) => a.add(b) as Tensor)

/** One of the outputs alone, times 1.7; or if there are many, all of them with different weights. */
const weightsOf = (outputs: readonly Tensor[]): Tensor[][] => {
  const sizes = outputs.map((y) => y.size)
  const total = sizes.reduce((a, b) => a + b, 0)
  const made = (weight: (position: number) => number): Tensor[] => {
    let offset = 0
    return outputs.map((y) => {
      const from = offset
      offset += y.size
      return tensor(
        Float64Array.from({ length: y.size }, (_, i) => weight(from + i)),
        f64,
      ).reshape(y.shape) as Tensor
    })
  }
  const mixed = made((i) => (i % 3 === 1 ? -1 : 1) * (1 + ((i * 0.618) % 1)))
  if (total > 4) return [mixed]
  return Array.from({ length: total }, (_, j) => made((i) => (i === j ? -1.7 : 0)))
}

const moved = (point: readonly Tensor[], leaf: number, element: number, by: number): Tensor[] =>
  point.map((x, i) => {
    if (i !== leaf) return x
    const data = Float64Array.from(x.data)
    data[element]! += by
    return tensor(data, f64).reshape(x.shape) as Tensor
  })

interface Slope {
  readonly slope: number
  /** How far it may be off. */
  readonly bar: number
}

/** Central differences, extrapolated (Ridders 1982): those of the step at which two in a row agree best. */
const slopeOf = (g: (step: number) => number, step: number): Slope => {
  let last: number[] = []
  let best: Slope = { slope: Number.NaN, bar: Number.POSITIVE_INFINITY }
  for (let h = step, i = 0; i < 6; h /= 2, i++) {
    const row = [(g(h) - g(-h)) / (2 * h)]
    for (let k = 1; k <= i; k++) {
      row.push(row[k - 1]! + (row[k - 1]! - last[k - 1]!) / (4 ** k - 1))
      const bar = Math.max(Math.abs(row[k]! - row[k - 1]!), Math.abs(row[k]! - last[k - 1]!))
      if (bar < best.bar) best = { slope: row[k]!, bar }
    }
    last = row
  }
  return best
}

/** A derivative by an element, as it is given and as it should be. */
export interface Compared extends Slope {
  readonly path: string
  readonly index: readonly number[]
  readonly given: number
  /** The largest of its input. */
  readonly scale: number
}

/** Whether it is wrong beyond doubt. */
export const isWrong = ({ given, slope, bar, scale }: Compared): boolean =>
  !(Math.abs(given - slope) <= 20 * bar + 3e-9 * Math.abs(slope) + 1e-13 * scale)

/** Whether it is right: to six digits of the largest of its input. */
export const isRight = ({ given, slope, bar, scale }: Compared): boolean =>
  Math.abs(given - slope) <= 50 * bar + 1e-6 * Math.max(Math.abs(slope), scale)

const gradientOf =
  (f: Flat['f'], weights: readonly Tensor[]) =>
  (x: readonly Tensor[]): Tensor[] => {
    const total = ((...x: Tensor[]) => contracted(f(x), weights)) as F
    const [, pullback] = vjp(total as never, ...(x as never[]))
    return (pullback as F)(tensor(1, f64)) as Tensor[]
  }

/** The tangents of the outputs along one element. */
const tangentOf = ({ f, point }: Flat, leaf: number, element: number): Tensor[] => {
  const along = point.map((x, i) => {
    const data = new Float64Array(x.size)
    if (i === leaf) data[element] = 1
    return tensor(data, f64).reshape(x.shape)
  })
  return jvp(((...x: Tensor[]) => f(x)) as never, point as never, along as never)[1] as Tensor[]
}

/** Of an input no more elements than these are looked at: first those that are asked for, and then some others. */
const most = { wanted: 6, others: 3 }
const chosenOf = (size: number, isWanted: (position: number) => boolean): number[] => {
  const wanted: number[] = []
  const others: number[] = []
  for (let i = 0; i < size && wanted.length < most.wanted; i++) {
    if (isWanted(i)) wanted.push(i)
    else if (others.length < most.others) others.push(i)
  }
  return [...wanted, ...others]
}

interface Wanted {
  readonly mode?: Fault['mode']
  readonly order?: 1 | 2
  /** The widest step; by default a twentieth of each element. */
  readonly step?: number | undefined
  /** Which elements to look at above all; by default the first of an input. */
  readonly elements?: (path: string, index: readonly number[]) => boolean
}

/** All derivatives of a case that are asked for, each beside its differences. */
export const compare = (it: Flat, { mode = 'both', order = 1, step: widest, elements }: Wanted = {}): Compared[] => {
  const outputs = noGrad(() => it.f(it.point))
  if (order === 2) {
    const weights = weightsOf(outputs).at(-1)!
    const mixed = it.point.map((x) => tensor(Float64Array.from({ length: x.size }, (_, i) => 1 + ((i * 0.618) % 1)), f64).reshape(x.shape) as Tensor) // biome-ignore format: one line
    const slope = (x: readonly Tensor[]) => contracted(gradientOf(it.f, weights)(x), mixed)
    return compare({ ...it, f: (x) => [slope(x)] }, { step: widest, ...(elements && { elements }) })
  }
  return weightsOf(outputs).flatMap((weights) => {
    const gradient = mode === 'forward' ? null : gradientOf(it.f, weights)(it.point)
    const value = (x: readonly Tensor[]): number => noGrad(() => contracted(it.f(x), weights)).item()
    return it.point.flatMap((x, leaf) => {
      const path = it.paths[leaf]!
      const chosen = chosenOf(x.size, (i) => elements?.(path, unravel(i, x.shape)) ?? true)
      const found = chosen.map((element) => {
        const at = x.data[element]!
        const step = widest ?? (at === 0 ? 0.05 : Math.min(Math.abs(at), 1e300) * 0.05)
        const given =
          gradient === null ? contracted(tangentOf(it, leaf, element), weights).item() : gradient[leaf]!.data[element]!
        const differences = slopeOf((by) => value(moved(it.point, leaf, element, by)), step)
        return { path, index: unravel(element, x.shape), given, ...differences }
      })
      const scale = Math.max(...found.map(({ slope }) => Math.abs(slope)))
      return found.map((each): Compared => ({ ...each, scale }))
    })
  })
}

/** The derivative of all outputs as all inputs grow together: of an elementwise function that of each element. */
export const alongOnes = (it: Flat): number[] => {
  const ones = it.point.map((x) => x.mul(0).add(1))
  const [, slopes] = jvp(((...x: Tensor[]) => it.f(x)) as never, it.point as never, ones as never)
  return (slopes as Tensor[]).flatMap((slope) => [...(slope.data as Float64Array)])
}

/** The same somewhere else. */
export const shifted = (it: Flat): Flat => ({
  ...it,
  point: it.point.map((x, leaf) => {
    const data = Float64Array.from(x.data, (t, i) => t + 0.35 + 0.07 * ((3 * i + 5 * leaf) % 4))
    return tensor(data, f64).reshape(x.shape) as Tensor
  }),
})
