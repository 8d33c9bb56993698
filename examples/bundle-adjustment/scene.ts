import type { Random } from '@adjoint/autograd'
import { constant } from '@adjoint/autograd/scalar'
import { type Camera, type Point, project } from './camera.js'

export interface Observation {
  readonly camera: number
  readonly point: number
  readonly seen: readonly [number, number]
}

export interface Scene {
  readonly cameras: readonly Camera<number>[]
  readonly points: readonly Point<number>[]
}

/** A wall with a tower, seen from an arc of cameras that look at its middle. */
export const sceneOf = (cameras: number, points: number, random: Random): Scene => ({
  cameras: Array.from({ length: cameras }, (_, i): Camera<number> => {
    const angle = -0.5 + i / (cameras - 1)
    return [
      0.02 * random.number(),
      -angle,
      0.02 * random.number(),
      6 * Math.sin(angle),
      0.3 * random.number(),
      6 - 6 * Math.cos(angle),
    ]
  }),
  points: Array.from({ length: points }, (_, i): Point<number> => {
    const [across, up, deep] = [random.number(), random.number(), random.number()]
    return i % 3 === 0 ? [0.5 * across - 0.25, -1.5 + up, 5.4 + 0.4 * deep] : [4 * across - 2, up - 0.5, 6 + 0.1 * deep]
  }),
})

/** What the cameras see of most points, each a little beside where it is. */
export const observe = ({ cameras, points }: Scene, pixels: number, random: Random): Observation[] =>
  cameras.flatMap((camera, c) =>
    points.flatMap((point, p): Observation[] => {
      if (random.number() < 0.2) return []
      const noise = () => pixels * (random.number() + random.number() + random.number() - 1.5) * 2
      const [u, v] = project(camera, point.map((each) => constant(each)) as never)
      return [{ camera: c, point: p, seen: [u.value + noise(), v.value + noise()] }]
    }),
  )

/** The scene as one guesses it: all but the first two cameras, which are known, and all points. */
export const guess = ({ cameras, points }: Scene, random: Random): Scene => {
  const off = (size: number) => size * (2 * random.number() - 1)
  return {
    cameras: cameras.map((camera, i) =>
      i < 2 ? camera : (camera.map((each, k) => each + off(k < 3 ? 0.05 : 0.3)) as unknown as Camera<number>),
    ),
    points: points.map((point) => point.map((each) => each + off(0.4)) as unknown as Point<number>),
  }
}
