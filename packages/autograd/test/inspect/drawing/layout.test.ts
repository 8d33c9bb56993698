import { describe, expect, test } from 'vitest'
import { layered } from '../../../src/inspect/drawing/layout/layered.js'
import { ranksOf, type Span } from '../../../src/inspect/drawing/layout/ranks.js'
import type { Layout, LayoutOptions, Link, Point, Size } from '../../../src/inspect/drawing/layout/types.js'
import { distanceTo, pointsOf } from './path.js'

const generator = (seed: number) => () => {
  seed = (seed * 16807) % 2147483647
  return seed / 2147483647
}

interface Graph {
  readonly boxes: Size[]
  readonly links: Link[]
}

/** A graph like those of programs: most edges short, some long, some twice, leaves in between. */
const graphOf = (seed: number, count: number): Graph => {
  const random = generator(seed)
  const boxes = Array.from({ length: count }, () => ({ width: 70 + 60 * random(), height: 34 + 40 * random() }))
  const links: Link[] = []
  for (let to = 1; to < count; to++) {
    if (random() < 0.3) continue
    for (let inputs = 1 + Math.floor(2.4 * random()); inputs > 0; inputs--) {
      const back = 1 + random() * (random() < 0.15 ? 30 : 5)
      const from = Math.max(0, Math.floor(to - back))
      links.push({ from, to, ...(random() < 0.7 ? { label: { width: 30 + 30 * random(), height: 19 } } : {}) })
    }
  }
  return { boxes, links }
}

interface Rectangle extends Point, Size {
  readonly name: string
}

const around = ({ x, y }: Point, { width, height }: Size, name: string): Rectangle => ({
  x: x - width / 2,
  y: y - height / 2,
  width,
  height,
  name,
})

const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width - 0.01 && b.x < a.x + a.width - 0.01 && a.y < b.y + b.height - 0.01 && b.y < a.y + a.height - 0.01

const holds = ({ x, y, width, height }: Rectangle, point: Point): boolean =>
  point.x > x + 0.01 && point.x < x + width - 0.01 && point.y > y + 0.01 && point.y < y + height - 0.01

const rectangles = (layout: Layout, { boxes, links }: Graph): Rectangle[] => [
  ...layout.boxes.map((middle, i) => around(middle, boxes[i]!, `box ${i}`)),
  ...layout.routes.flatMap(({ label }, i) => (label === null ? [] : [around(label, links[i]!.label!, `label ${i}`)])),
]

const ways: readonly LayoutOptions[] = [
  { direction: 'right', between: 20, apart: 40 },
  { direction: 'down', between: 10, apart: 30 },
  { direction: 'down', between: 10, apart: 30, limit: 380 },
]
const cases = [1, 2, 3, 4].flatMap((seed) => ways.map((way) => ({ ...way, seed, count: 8 + 14 * seed })))

describe('layers', () => {
  test.each(cases)('nothing overlaps or lies outside: $direction, $count boxes, limit $limit', (given) => {
    const graph = graphOf(given.seed, given.count)
    const layout = layered(graph.boxes, graph.links, given)
    const all = rectangles(layout, graph)
    expect(all.length).toBe(given.count + graph.links.filter(({ label }) => label !== undefined).length)
    const overlapping = all.flatMap((a, i) =>
      all
        .slice(i + 1)
        .filter((b) => overlap(a, b))
        .map((b) => [a.name, b.name]),
    )
    expect(overlapping).toEqual([])
    const { width, height } = layout
    const page = { x: -0.01, y: -0.01, width: width + 0.02, height: height + 0.02 }
    const isInside = (a: Rectangle) =>
      a.x >= page.x && a.y >= page.y && a.x + a.width <= page.x + page.width && a.y + a.height <= page.y + page.height
    expect(all.filter((a) => !isInside(a))).toEqual([])
  })

  test.each(cases)('edges lead forward from side to side, past all other boxes: $direction, $count', (given) => {
    const graph = graphOf(given.seed, given.count)
    const layout = layered(graph.boxes, graph.links, given)
    const boxes = layout.boxes.map((middle, i) => around(middle, graph.boxes[i]!, `box ${i}`))
    const along = (point: Point) => (given.direction === 'right' ? point.x : point.y)
    const across = (point: Point) => (given.direction === 'right' ? point.y : point.x)
    const size = ({ width, height }: Size) => (given.direction === 'right' ? [width, height] : [height, width])
    const isNear = (a: number, b: number) => Math.abs(a - b) < 0.02
    const faults: string[] = []
    for (const [i, { from, to }] of graph.links.entries()) {
      const { path, start, end, label, isBranch } = layout.routes[i]!
      const points = pointsOf(path)
      const [a, b] = [boxes[from]!, boxes[to]!]
      const fault = (what: string) => faults.push(`edge ${from} to ${to} ${what}`)
      for (const [place, meant, box] of [
        [points[0]!, start, a],
        [points.at(-1)!, end, b],
      ] as const) {
        if (isBranch && place === points[0]) {
          // it begins on another link of the same box
          const others = graph.links.flatMap((link, k) => (link.from === from && k !== i ? [layout.routes[k]!] : []))
          const least = Math.min(
            ...others.filter((other) => !other.isBranch).map((other) => distanceTo(pointsOf(other.path), place)),
          )
          if (least > 0.1) fault('begins nowhere')
        } else if (!isNear(place.x, meant.x) || !isNear(place.y, meant.y)) fault('does not end where it says')
        const isInner = isBranch && place === points[0]
        if (!isInner && (across(place) < across(box) || across(place) > across(box) + size(box)[1]!))
          fault('misses its box')
      }
      if (!isNear(along(start), along(a) + size(a)[0]!)) fault('does not begin at the side of its box')
      if (!isNear(along(end), along(b))) fault('does not end at the side of its box')
      for (const [k, point] of points.entries()) {
        if (k > 0 && along(point) < along(points[k - 1]!) - 0.01) fault('turns back')
        for (const [v, box] of boxes.entries()) {
          if (v === from || v === to) continue
          if (holds(box, point)) fault(`runs through box ${v}`)
        }
      }
      if (label !== null && distanceTo(points, label) > 0.1) fault('does not run through its label')
    }
    expect(faults).toEqual([])
  })

  test('is as broad as the limit where single boxes let it', () => {
    for (const seed of [1, 2, 3]) {
      const graph = graphOf(seed, 40)
      const { width } = layered(graph.boxes, graph.links, { direction: 'down', between: 10, apart: 30, limit: 600 })
      expect(width).toBeLessThanOrEqual(600.01)
    }
  })

  test('gives the same for the same', () => {
    const graph = graphOf(4, 60)
    for (const way of ways) {
      expect(layered(graph.boxes, graph.links, way)).toEqual(layered(graph.boxes, graph.links, way))
    }
  })

  test('draws a tree without a crossing, with its inputs in order', () => {
    const box = { width: 60, height: 30 }
    const links = [[0, 4], [1, 4], [2, 5], [3, 5], [4, 6], [5, 6]].map(([from, to]) => ({ from: from!, to: to! })) // biome-ignore format: a list
    const { boxes } = layered(Array(7).fill(box), links, { direction: 'right', between: 10, apart: 30 })
    const heights = boxes.map(({ y }) => y)
    expect(heights.slice(0, 4)).toEqual(heights.slice(0, 4).toSorted((a, b) => a - b))
    expect(heights[4]).toBeCloseTo((heights[0]! + heights[1]!) / 2, 6)
    expect(heights[6]).toBeCloseTo((heights[4]! + heights[5]!) / 2, 6)
  })

  test('puts leaves beside what uses them', () => {
    // a chain of 0 1 2 3 with a leaf 4 at its end
    const box = { width: 60, height: 30 }
    const links = [[0, 1], [1, 2], [2, 3], [4, 3]].map(([from, to]) => ({ from: from!, to: to! })) // biome-ignore format: a list
    const { boxes } = layered(Array(5).fill(box), links, { direction: 'right', between: 10, apart: 30 })
    expect(boxes[4]!.x).toBe(boxes[2]!.x)
  })

  test('draws two long links between the same boxes', () => {
    const links = [[0, 1], [1, 2], [2, 3], [0, 3], [0, 3]].map(([from, to]) => ({ from: from!, to: to! })) // biome-ignore format: a list
    const { routes } = layered(Array(4).fill({ width: 50, height: 20 }), links, {
      direction: 'down',
      between: 10,
      apart: 30,
    })
    expect(routes[3]!.end).not.toEqual(routes[4]!.end)
  })

  test('draws nothing, one box, and parts that do not hang together', () => {
    const way = { direction: 'right', between: 10, apart: 30 } as const
    expect(layered([], [], way)).toMatchObject({ width: 0, height: 0 })
    expect(layered([{ width: 50, height: 20 }], [], way)).toMatchObject({
      width: 50,
      height: 20,
      boxes: [{ x: 25, y: 10 }],
    })
    expect(layered(Array(3).fill({ width: 50, height: 20 }), [{ from: 0, to: 2 }], way).boxes).toHaveLength(3)
  })
})

describe('ranks', () => {
  const cost = (spans: readonly Span[], ranks: readonly number[]) =>
    spans.reduce((sum, { from, to, weight }) => sum + weight * (ranks[to]! - ranks[from]!), 0)

  test('are the cheapest of all, as trying all says', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = generator(seed * 977)
      const count = 5
      const spans: Span[] = []
      for (let to = 1; to < count; to++) {
        for (let from = 0; from < to; from++) {
          if (random() < 0.55)
            spans.push({ from, to, length: 1 + Math.floor(1.5 * random()), weight: 1 + Math.floor(3 * random()) })
        }
      }
      const ranks = ranksOf(count, spans)
      expect(spans.filter(({ from, to, length }) => ranks[to]! - ranks[from]! < length)).toEqual([])
      let least = Number.POSITIVE_INFINITY
      const most = 8
      for (let code = 0; code < most ** count; code++) {
        const tried = Array.from({ length: count }, (_, v) => Math.floor(code / most ** v) % most)
        if (spans.every(({ from, to, length }) => tried[to]! - tried[from]! >= length))
          least = Math.min(least, cost(spans, tried))
      }
      expect(cost(spans, ranks), `seed ${seed}`).toBe(least)
    }
  })
})
