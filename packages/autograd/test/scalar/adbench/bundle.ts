import type { Num, Scalar } from '@adjoint/autograd/scalar'
import { Reader } from './text.js'

/** What is to be found by bundle adjustment. */
export interface Bundle<T> {
  /** Rotation (3), place (3), focal length, principal point (2), radial distortion (2) of each. */
  readonly cameras: readonly (readonly T[])[]
  readonly points: readonly (readonly T[])[]
  /** One for each observation: near 0 it is taken for an outlier. */
  readonly weights: readonly T[]
}

/** Which camera saw which point, and where. */
export interface Observation {
  readonly camera: number
  readonly point: number
  readonly seen: readonly [number, number]
}

type Vector = readonly [Num, Num, Num]

const dot = (a: Vector, b: Vector): Num => a[0].mul(b[0]).add(a[1].mul(b[1])).add(a[2].mul(b[2]))
const cross = (a: Vector, b: Vector): Vector => [
  a[1].mul(b[2]).sub(a[2].mul(b[1])),
  a[2].mul(b[0]).sub(a[0].mul(b[2])),
  a[0].mul(b[1]).sub(a[1].mul(b[0])),
]

/** A vector turned about an axis by an angle, the length of the axis (Rodrigues). */
const turned = (x: Vector, axis: Vector): Vector => {
  const square = dot(axis, axis)
  const across = cross(axis, x)
  if (square.eq(0)) return [x[0].add(across[0]), x[1].add(across[1]), x[2].add(across[2])]
  const angle = square.sqrt()
  const [sine, cosine] = [angle.sin().div(angle), angle.cos()]
  const along = dot(axis, x).mul(cosine.neg().add(1)).div(square)
  const part = (i: 0 | 1 | 2) => x[i].mul(cosine).add(across[i].mul(sine)).add(axis[i].mul(along))
  return [part(0), part(1), part(2)]
}

const project = (camera: readonly Num[], point: readonly Num[]): readonly [Num, Num] => {
  const [rx, ry, rz, cx, cy, cz, focal, u0, v0, k1, k2] = camera as [
    Num,
    Num,
    Num,
    Num,
    Num,
    Num,
    Num,
    Num,
    Num,
    Num,
    Num,
  ]
  const [x, y, z] = turned([point[0]!.sub(cx), point[1]!.sub(cy), point[2]!.sub(cz)], [rx, ry, rz])
  const [u, v] = [x.div(z), y.div(z)]
  const square = u.square().add(v.square())
  const scale = k1.mul(square).add(1).add(k2.mul(square.square())).mul(focal)
  return [u.mul(scale).add(u0), v.mul(scale).add(v0)]
}

/** How far an observation is from where it should be. */
export const residual = (
  camera: readonly Num[],
  point: readonly Num[],
  weight: Num,
  seen: readonly [Scalar, Scalar],
): [Num, Num] => {
  const [u, v] = project(camera, point)
  return [u.sub(seen[0]).mul(weight), v.sub(seen[1]).mul(weight)]
}

/** How far each observation is from where it should be, twice as many as there are, and then what small weights cost (ADBench's BA). */
export const residuals = ({ cameras, points, weights }: Bundle<Num>, observations: readonly Observation[]): Num[] => {
  const off = observations.flatMap(({ camera, point, seen }, i) =>
    residual(cameras[camera]!, points[point]!, weights[i]!, seen),
  )
  return [...off, ...weights.map((weight) => weight.square().neg().add(1))]
}

const observationsOf = (cameras: number, points: number, count: number, seen: (i: number) => [number, number]) =>
  Array.from({ length: count }, (_, i): Observation => ({ camera: i % cameras, point: i % points, seen: seen(i) }))

export const readBundle = (text: string): { at: Bundle<number>; given: Observation[] } => {
  const reader = new Reader(text)
  const [n, m, p] = reader.numbers(3) as [number, number, number]
  const many = (count: number, one: number[]) => Array.from({ length: count }, () => one)
  const cameras = many(n, reader.numbers(11))
  const points = many(m, reader.numbers(3))
  const weights = many(p, reader.numbers(1)).flat()
  const seen = reader.numbers(2) as [number, number]
  return { at: { cameras, points, weights }, given: observationsOf(n, m, p, () => seen) }
}

/** A camera, a point and a weight as they are in ADBench's files. */
const usual = {
  camera: [1.8, 0.6, -0.6, 90, 29, 28, 211, -0.28, -14.8, 0.06, 0.07],
  point: [4.2, 5.6, 1.4],
  weight: [0.42],
}

export const someBundle = (cameras: number, points: number, observations: number, next: () => number) => {
  const near = (values: readonly number[]) => values.map((value) => value * (0.9 + 0.2 * next()))
  const many = (count: number, values: readonly number[]) => Array.from({ length: count }, () => near(values))
  const at: Bundle<number> = {
    cameras: many(cameras, usual.camera),
    points: many(points, usual.point),
    weights: many(observations, usual.weight).flat(),
  }
  return { at, given: observationsOf(cameras, points, observations, () => [-500 * next(), 160 * next()]) }
}
