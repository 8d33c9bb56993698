import type { Point } from '../../../src/inspect/drawing/layout/types.js'

/** Points along a path of the commands M, L and C, close to each other. */
export const pointsOf = (path: string): Point[] => {
  const found: Point[] = []
  for (const [, command, numbers] of path.matchAll(/([MLC])([^MLC]*)/g)) {
    const flat = numbers!.trim().split(/[ ,]+/).map(Number)
    const points = Array.from({ length: flat.length / 2 }, (_, i) => ({ x: flat[2 * i]!, y: flat[2 * i + 1]! }))
    const last = found.at(-1)
    if (command === 'M') found.push(points[0]!)
    else {
      if (command === 'L') found.push({ x: (last!.x + points[0]!.x) / 2, y: (last!.y + points[0]!.y) / 2 }, points[0]!)
      else for (let i = 1; i <= 12; i++) found.push(bezier([last!, ...points], i / 12))
    }
  }
  return found
}

const bezier = (control: readonly Point[], t: number): Point => {
  const weights = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t ** 3]
  const sum = (part: 'x' | 'y') => weights.reduce((total, weight, i) => total + weight * control[i]![part], 0)
  return { x: sum('x'), y: sum('y') }
}

/** How far a point is from a line through others. */
export const distanceTo = (line: readonly Point[], { x, y }: Point): number =>
  line.slice(1).reduce((least, b, i) => {
    const a = line[i]!
    const [dx, dy] = [b.x - a.x, b.y - a.y]
    const t = Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)))
    return Math.min(least, Math.hypot(a.x + t * dx - x, a.y + t * dy - y))
  }, Number.POSITIVE_INFINITY)
