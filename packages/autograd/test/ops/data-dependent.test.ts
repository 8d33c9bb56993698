import { CompileError, compile, jvp, nonzero, scan, type Tensor, tensor, vmap } from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

// Shapes that depend on elements: as found where these are known, and of a fixed size anywhere.

const rows = (x: Tensor) => x.toArray() as number[][]
const places = (data: readonly number[], shape: readonly number[]): number[][] =>
  data.flatMap((element, i) => {
    if (element === 0) return []
    let rest = i
    const index = shape.map((_, axis) => {
      const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1)
      const at = Math.floor(rest / inner)
      rest %= inner
      return at
    })
    return [index]
  })

describe('nonzero', () => {
  test('has a row for each element that is not 0, as many as there are, or as many as it is told', () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })
    const filled = shapes.chain((shape) => {
      const size = shape.reduce((a, b) => a * b, 1)
      const elements = fc.constantFrom(0, -0, 1, -2, Number.NaN, Number.NEGATIVE_INFINITY)
      return fc.record({
        shape: fc.constant(shape),
        data: fc.array(elements, { minLength: size, maxLength: size }),
        size: fc.nat(9),
      })
    })
    fc.assert(
      fc.property(filled, ({ shape, data, size }) => {
        const x = tensor(data, { dtype: 'float64' }).reshape(shape) as Tensor
        const wanted = places(data, shape)
        const found = nonzero(x) as Tensor
        expect([found.dtype, found.shape]).toEqual(['int32', [wanted.length, shape.length]])
        expect(rows(found)).toEqual(wanted)
        const fixed = nonzero(x, { size, fill: 7 }) as Tensor
        expect(fixed.shape).toEqual([size, shape.length])
        expect(rows(fixed)).toEqual(Array.from({ length: size }, (_, i) => wanted[i] ?? shape.map(() => 7)))
      }),
      { numRuns: 150 },
    )
  })

  test('finds what stands far out', () => {
    const x = tensor(Array.from({ length: 70_000 }, (_, i) => Number(i % 9_999 === 9_998))).reshape([7, 10_000])
    expect(rows(nonzero(x) as Tensor)).toEqual(places([...x.data], [7, 10_000]))
    expect(rows(nonzero(x, { size: 9 }) as Tensor).slice(7)).toEqual([
      [-1, -1],
      [-1, -1],
    ])
  })

  const x = tensor([
    [0, 3],
    [4, 5],
  ])
  test('asks for a size where elements are not known', () => {
    for (const [where, f] of [
      ['compile', () => compile((y: Tensor) => nonzero(y))(x as Tensor)],
      ['vmap', () => vmap((y: Tensor) => nonzero(y))(x as Tensor)],
      ['scan', () => scan((c: Tensor, y: Tensor) => [c, nonzero(y)] as const, tensor(0) as Tensor, x as Tensor)],
    ] as const) {
      expect(f, where).toThrow(CompileError)
      expect(f, where).toThrow('nonzero: the shape of its result depends on elements')
      expect(f, where).toThrow('{ size: 10 }')
    }
    expect(rows(compile((y: Tensor) => nonzero(y, { size: 2 }))(x as Tensor))).toEqual([
      [0, 1],
      [1, 0],
    ])
    expect(vmap((y: Tensor) => nonzero(y, { size: 2 }))(x as Tensor).toArray()).toEqual([
      [[1], [-1]],
      [[0], [1]],
    ])
  })
  test('of a tensor from outside, whose elements are known, needs none under vmap', () => {
    const found = vmap((y: Tensor) => y.add(nonzero(x as Tensor).sum()))(tensor([1, 2]) as Tensor)
    expect(found.toArray()).toEqual([5, 6])
  })
  test('is a constant to derivatives', () => {
    const [value, tangent] = jvp((y: Tensor) => nonzero(y).cast('float32').mul(y.sum()), [x as Tensor], [x as Tensor])
    expect(value.shape).toEqual([3, 2])
    expect(tangent.toArray()).toEqual([
      [0, 12],
      [12, 0],
      [12, 12],
    ])
  })
})
