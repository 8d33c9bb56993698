import * as scalar from '@adjoint/autograd/scalar'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

type N = scalar.Num

const dense = ({ shape: [rows, columns], indptr, indices, values }: scalar.SparseMatrix): number[][] =>
  Array.from({ length: rows }, (_, row) => {
    const line = new Array<number>(columns).fill(0)
    for (let k = indptr[row]!; k < indptr[row + 1]!; k++) line[indices[k]!] = values[k]!
    return line
  })

const expectClose = (found: number[][], wanted: number[][]) => {
  expect(found.length).toBe(wanted.length)
  found.forEach((row, i) => {
    row.forEach((each, k) => {
      expect(Math.abs(each - wanted[i]![k]!), `${i}, ${k}: ${each}, ${wanted[i]![k]}`).toBeLessThan(1e-12)
    })
  })
}

/** Terms of a sum, each a product of a few of the arguments, with something curved around it. */
const terms = (size: number) =>
  fc.array(fc.array(fc.nat(size - 1), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 * size })
const sample = fc.integer({ min: 1, max: 9 }).chain((size) =>
  fc.record({
    x: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size, maxLength: size }),
    terms: terms(size),
  }),
)
const each =
  (list: readonly (readonly number[])[]) =>
  (x: N[]): N[] =>
    list.map((places) =>
      places
        .map((place) => x[place]!)
        .reduce((a, b) => a.mul(b))
        .sin(),
    )

describe('sparse matrices', () => {
  test('of random functions are the dense ones, with no element twice', () => {
    fc.assert(
      fc.property(sample, ({ x, terms }) => {
        const jacobian = scalar.sparseJacobian(each(terms))(x)
        expectClose(dense(jacobian), scalar.jacobian(each(terms))(x))
        expect(jacobian.indices).toHaveLength(
          new Set(terms.flatMap((places, i) => places.map((k) => `${i} ${k}`))).size,
        )
        const total = (y: N[]) => each(terms)(y).reduce((a, b) => a.add(b))
        expectClose(dense(scalar.sparseHessian(total)(x)), scalar.hessian(total)(x))
      }),
      { seed: 15, numRuns: 300 },
    )
  })

  test('have the elements that there are, of a band and of an arrow, and no others', () => {
    const band = (x: N[]) => x.slice(2).map((last, i) => last.mul(x[i]!).add(x[i + 1]!))
    expect(scalar.sparseJacobian(band)(new Float64Array(500).fill(0.5)).values).toHaveLength(3 * 498)
    const chain = (x: N[]) => x.slice(1).reduce((sum, next, i) => sum.add(next.sub(x[i]!.square()).square()), x[0]!)
    expect(scalar.sparseHessian(chain)(new Float64Array(300).fill(0.5)).values).toHaveLength(300 + 2 * 299)
    const arrow = (x: N[]) =>
      x.slice(1).reduce((sum, other) => sum.add(x[0]!.mul(other).sin()).add(other.pow(3)), x[0]!)
    const at = Array.from({ length: 40 }, (_, i) => 0.1 + i / 50)
    const matrix = scalar.sparseHessian(arrow)(at)
    expect(matrix.values).toHaveLength(40 + 2 * 39)
    expectClose(dense(matrix), scalar.hessian(arrow)(at))
  })

  test('grow with their elements, also of rows that hold all columns', () => {
    const all = (x: N[]) => x.map((each) => x.reduce((sum, other) => sum.add(other.mul(each)), each))
    const at = Array.from({ length: 60 }, (_, i) => i / 60)
    const jacobian = scalar.sparseJacobian(all)(at)
    expect(jacobian.values).toHaveLength(3600)
    expectClose(dense(jacobian), scalar.jacobian(all)(at))
  })

  test('of results that depend on nothing have empty rows, and trees are in order', () => {
    const f = ({ a, b }: { a: N; b: N[] }) => ({ p: scalar.constant(1), q: [b[1]!.mul(a)] })
    const matrix = scalar.sparseJacobian(f)({ a: 2, b: new Float64Array([3, 4]) })
    expect(dense(matrix)).toEqual([
      [0, 0, 0],
      [4, 0, 2],
    ])
    expect([...matrix.indptr]).toEqual([0, 0, 2])
    expect(matrix.shape).toEqual([2, 3])
  })

  test('are refused where an outer differentiation would not follow them', () => {
    const inner = (x: N) => scalar.sparseJacobian((y: N[]) => [y[0]!])([x])
    expect(() => scalar.grad((x: N) => x.mul(inner(x).values[0]!))(1)).toThrow(/scalar\.jacobian/)
  })
})
