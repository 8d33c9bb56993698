import { describe, expect, test } from 'vitest'
import { boundsOf, outlineOf, regionOf } from '../../../src/inspect/drawing/graph/region.js'

const box = (x: number, y: number, width = 40, height = 20) => ({ x, y, width, height })

describe('what boxes cover', () => {
  test('goes along them, layer by layer, and hangs together', () => {
    const region = regionOf([box(0, 0, 100), box(50, 60, 100), box(120, 60, 100), box(60, 120, 30)], 5, 'down')!
    expect(region).toEqual([
      { x: -5, y: -5, width: 110, height: 60 },
      { x: 45, y: 55, width: 180, height: 60 },
      { x: 55, y: 115, width: 40, height: 30 },
    ])
    expect(boundsOf(region)).toEqual({ x: -5, y: -5, width: 230, height: 150 })
  })

  test('is nothing where it falls to pieces', () => {
    expect(regionOf([box(0, 0), box(200, 60)], 5, 'down')).toBe(null)
    expect(regionOf([box(0, 0), box(200, 0)], 5, 'down')).toHaveLength(1)
  })

  test('lies as it stands', () => {
    const boxes = [box(0, 0, 30, 100), box(60, 50, 30, 100)]
    expect(regionOf(boxes, 5, 'right')).toEqual([
      { x: -5, y: -5, width: 60, height: 110 },
      { x: 55, y: 45, width: 40, height: 110 },
    ])
  })

  test('has an outline of so many corners, each rounded, that comes back to where it began', () => {
    const corners = (path: string) => path.match(/Q/g)!.length
    const one = regionOf([box(0, 0)], 5, 'down')!
    expect(corners(outlineOf(one, 'down', 0, 0))).toBe(4)
    const two = regionOf([box(0, 0, 100), box(50, 60, 100)], 5, 'down')!
    expect(corners(outlineOf(two, 'down', 0, 0))).toBe(8)
    // the left sides are one line
    const straight = regionOf([box(0, 0, 100), box(0, 60, 60)], 5, 'down')!
    expect(corners(outlineOf(straight, 'down', 10, 10))).toBe(6)
    expect(outlineOf(straight, 'down', 10, 10)).toMatch(/^M.*Z$/)
    expect(outlineOf(straight, 'down', 10, 10)).not.toContain('NaN')
  })
})
