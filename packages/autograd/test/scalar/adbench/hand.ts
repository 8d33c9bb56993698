import type { Num, Scalar } from '@adjoint/autograd/scalar'
import { Reader } from './text.js'

/** Three rows of four: what a point is turned by, and moved. */
type Transform = readonly (readonly Scalar[])[]

interface Bone {
  readonly parent: number
  /** To the parent, at rest. */
  readonly relative: Transform
  /** From where it all is at rest. */
  readonly inverse: Transform
}
interface Vertex {
  readonly place: readonly number[]
  /** How much it follows which bone. */
  readonly follows: readonly (readonly [bone: number, weight: number])[]
}
export interface Hand {
  readonly bones: readonly Bone[]
  readonly vertices: readonly Vertex[]
  readonly triangles: readonly (readonly [number, number, number])[]
}
/** Points that a camera saw, each of a vertex of the hand, or where there are `us` of a triangle. */
export interface Seen {
  readonly of: readonly number[]
  readonly points: readonly (readonly number[])[]
}
export interface Pose<T> {
  /** Where in its triangle each point is. */
  readonly us: readonly (readonly T[])[]
  /** How the hand is turned and moved (6), and for each finger how it is bent, spread, bent and bent. */
  readonly theta: readonly T[]
}

const add = (a: Scalar, b: Scalar): Scalar =>
  typeof a !== 'number' ? a.add(b) : typeof b === 'number' ? a + b : b.add(a)
const mul = (a: Scalar, b: Scalar): Scalar =>
  typeof a !== 'number' ? a.mul(b) : typeof b === 'number' ? a * b : b.mul(a)
const dot = (row: readonly Scalar[], column: readonly Scalar[]): Scalar =>
  column.map((each, i) => mul(row[i]!, each)).reduce(add)

const times = (a: Transform, b: Transform): Transform =>
  a.map((row) =>
    [0, 1, 2, 3].map((j) => {
      const turned = dot(
        row,
        b.map((other) => other[j]!),
      )
      return j === 3 ? add(turned, row[3]!) : turned
    }),
  )
const apply = (a: Transform, place: readonly Scalar[]): Scalar[] => a.map((row) => add(dot(row, place), row[3]!))

/** About z by the second, and before that about x by the first. */
const bent = (flex: Num, spread: Num | null): Transform => {
  const [cx, sx] = [flex.cos(), flex.sin()]
  const aboutX = [
    [1, 0, 0, 0],
    [0, cx, sx.neg(), 0],
    [0, sx, cx, 0],
  ]
  if (spread === null) return aboutX
  const [cz, sz] = [spread.cos(), spread.sin()]
  const aboutZ = [
    [cz, sz.neg(), 0, 0],
    [sz, cz, 0, 0],
    [0, 0, 1, 0],
  ]
  return times(aboutZ, aboutX)
}

/** About an axis, by its length (Rodrigues), and moved. */
const turned = (axis: readonly Num[], by: readonly Num[]): Transform => {
  const [x, y, z] = axis as [Num, Num, Num]
  const square = x.square().add(y.square()).add(z.square())
  if (square.lt(1e-8)) return by.map((each, i) => [...[0, 1, 2].map((j) => Number(i === j)), each])
  const angle = square.sqrt()
  const [a, b, c] = [x.div(angle), y.div(angle), z.div(angle)]
  const [sine, cosine] = [angle.sin(), angle.cos()]
  const rest = cosine.neg().add(1)
  const [ab, ac, bc] = [a.mul(b).mul(rest), a.mul(c).mul(rest), b.mul(c).mul(rest)]
  return [
    [a.square().mul(rest).add(cosine), ab.sub(c.mul(sine)), ac.add(b.mul(sine)), by[0]!],
    [ab.add(c.mul(sine)), b.square().mul(rest).add(cosine), bc.sub(a.mul(sine)), by[1]!],
    [ac.sub(b.mul(sine)), bc.add(a.mul(sine)), c.square().mul(rest).add(cosine), by[2]!],
  ]
}

/** Where each bone brings what is at rest. */
const posed = (bones: readonly Bone[], fingers: readonly Num[]): Transform[] => {
  const absolute: Transform[] = []
  return bones.map(({ parent, relative, inverse }, i) => {
    const [finger, joint] = [Math.floor((i - 2) / 4), (i - 2) % 4]
    const [flex, spread] = [fingers[4 * finger + (joint === 0 ? 0 : joint + 1)], fingers[4 * finger + 1]!]
    const own = i < 2 || joint === 3 ? relative : times(relative, bent(flex!, joint === 0 ? spread : null))
    absolute.push(parent < 0 ? own : times(absolute[parent]!, own))
    return times(absolute[i]!, inverse)
  })
}

/** How far each point of a hand is from where it was seen, three numbers each (ADBench's HAND). */
export const offsets = (
  { us, theta }: Pose<Num>,
  { bones, vertices, triangles }: Hand,
  { of, points }: Seen,
): Num[] => {
  const transforms = posed(bones, theta.slice(6))
  const whole = turned(theta.slice(0, 3), theta.slice(3, 6))
  const cached = new Map<number, readonly Scalar[]>()
  const placeOf = (index: number): readonly Scalar[] => {
    const known = cached.get(index)
    if (known !== undefined) return known
    const { place, follows } = vertices[index]!
    const parts = follows.map(([bone, weight]) => apply(transforms[bone]!, place).map((each) => mul(each, weight)))
    const moved = apply(
      whole,
      parts.reduce((a, b) => a.map((each, i) => add(each, b[i]!))),
    )
    cached.set(index, moved)
    return moved
  }
  const within = (corner: number, [u, v]: readonly Num[]): Scalar[] => {
    const [a, b, c] = triangles[corner]!.map(placeOf) as [readonly Scalar[], readonly Scalar[], readonly Scalar[]]
    const rest = u!.add(v!).neg().add(1)
    return a.map((each, i) => add(add(mul(u!, each), mul(v!, b[i]!)), mul(rest, c[i]!)))
  }
  return points.flatMap((point, n) => {
    const place = us.length === 0 ? placeOf(of[n]!) : within(of[n]!, us[n]!)
    return place.map((each, i) => add(mul(each, -1), point[i]!) as Num)
  })
}

const rowsOf = (numbers: readonly number[]): number[][] => [0, 4, 8].map((at) => numbers.slice(at, at + 4))

/** @param texts of bones.txt, vertices.txt and triangles.txt */
export const readHand = (texts: { bones: string; vertices: string; triangles: string }): Hand => {
  const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '')
  return {
    bones: lines(texts.bones).map((line) => {
      const [parent, ...numbers] = line.split(':').slice(1).map(Number)
      return { parent: parent!, relative: rowsOf(numbers.slice(0, 16)), inverse: rowsOf(numbers.slice(16)) }
    }),
    vertices: lines(texts.vertices).map((line) => {
      const numbers = line.split(':').map(Number)
      const follows = Array.from(
        { length: numbers[8]! },
        (_, i) => [numbers[9 + 2 * i]!, numbers[10 + 2 * i]!] as const,
      )
      return { place: numbers.slice(0, 3), follows }
    }),
    triangles: lines(texts.triangles).map((line) => line.split(':').map(Number) as [number, number, number]),
  }
}

/** @param complicated whether the points are of triangles */
export const readPose = (text: string, complicated: boolean): { at: Pose<number>; seen: Seen } => {
  const reader = new Reader(text)
  const [count, size] = reader.numbers(2) as [number, number]
  const rows = reader.rows(count, 4)
  const us = complicated ? reader.rows(count, 2) : []
  const seen = { of: rows.map(([of]) => of!), points: rows.map((row) => row.slice(1)) }
  return { at: { us, theta: reader.numbers(size) }, seen }
}

/** A hand of 22 bones, seen at so many points. */
export const someHand = (points: number, complicated: boolean, next: () => number) => {
  const number = () => 2 * next() - 1
  const numbers = (count: number) => Array.from({ length: count }, number)
  const bones = Array.from({ length: 22 }, (_, i): Bone => {
    // fingers start at the wrist
    const parent = i === 0 ? -1 : (i - 1) % 4 === 0 ? 0 : i - 1
    return { parent, relative: rowsOf(numbers(12)), inverse: rowsOf(numbers(12)) }
  })
  const vertices = Array.from({ length: points }, (): Vertex => {
    const weight = next()
    const bone = () => Math.floor(22 * next())
    return { place: numbers(3), follows: [[bone(), weight] as const, [bone(), 1 - weight] as const] }
  })
  const triangles = vertices.map((_, i) => [i, (i + 1) % points, (i + 2) % points] as const)
  const hand: Hand = { bones, vertices, triangles }
  const seen: Seen = { of: vertices.map((_, i) => i), points: vertices.map(() => numbers(3)) }
  const us = complicated ? vertices.map(() => numbers(2)) : []
  return { at: { us, theta: numbers(26) } satisfies Pose<number>, hand, seen }
}
