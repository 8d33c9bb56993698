import fc from 'fast-check'
import type { Backend } from '../../src/execution/backend.js'
import { allocate, type DType, isFloat, type TypedArray } from '../../src/graph/dtype.js'
import type { Kernel } from '../../src/graph/kernel.js'
import { contiguousStrides, type Shape, sizeOf } from '../../src/graph/shape.js'
import { denseData, denseValue, type Spec, type Value } from '../../src/graph/value.js'
import type { Expression } from '../../src/rules/expression.js'
import { rules } from '../../src/rules/index.js'

/** How many random cases each property runs, from a fixed seed. */
export const cases = (numRuns = 200) => ({ numRuns, seed: 1234 })

export const value = (shape: Shape, elements: readonly number[], dtype: DType = 'float32'): Value => {
  const data = allocate(dtype, sizeOf(shape))
  data.set(elements)
  return denseValue(data, shape, dtype)
}

export const elementsOf = (x: Value): number[] => Array.from(denseData(x))

export const bytesOf = ({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

/** As Node's `Buffer.equals`, in browsers too; `expect` would take long over whole memories. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])

export const dtypes = fc.constantFrom<DType>('float32', 'float64', 'int32', 'bool')
export const shapes = (maxLength = 4) => fc.array(fc.integer({ min: 0, max: 5 }), { maxLength })

const special = fc.constantFrom(0, -0, 1, -1, 0.5, -2.5, 1e30, -1e-30, NaN, Infinity, -Infinity)
const ordinary = fc.double({ min: -4, max: 4, noNaN: true })
const whole = fc.integer({ min: -9, max: 9 })
/** `whole` numbers sum exactly in any order, `extended` are whole, infinite or NaN, `special` also huge and tiny. */
export type Elements = 'whole' | 'extended' | 'special'

/** Lists of elements; those with NaN or infinities beside others without, for they drown a whole sum. */
const pools = (dtype: DType, elements: Elements): fc.Arbitrary<number[]>[] => {
  const listOf = (element: fc.Arbitrary<number>) => fc.array(element, { minLength: 1, maxLength: 40 })
  if (dtype === 'bool') return [listOf(fc.integer({ min: 0, max: 1 }))]
  if (!isFloat(dtype) || elements === 'whole') return [listOf(whole)]
  if (elements === 'special') return [listOf(ordinary), listOf(fc.oneof(ordinary, special))]
  return [listOf(whole), listOf(fc.oneof(whole, whole, fc.constantFrom(NaN, Infinity, -Infinity)))]
}

/** Values of a shape that lie in memory in any order of axes, with gaps, backwards, and repeated along some axes. */
export const valuesOf = (shape: Shape, dtype: DType, elements: Elements = 'special'): fc.Arbitrary<Value> =>
  fc
    .record({
      dense: fc.boolean(),
      order: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
      steps: fc.array(fc.constantFrom(1, 1, 2, -1, -2, 0), { minLength: shape.length, maxLength: shape.length }),
      margin: fc.integer({ min: 0, max: 3 }),
      pool: fc.oneof(...pools(dtype, elements)),
    })
    .map(({ dense, order, steps, margin, pool }) => {
      const strides = dense ? [...contiguousStrides(shape)] : new Array<number>(shape.length)
      let size = dense ? sizeOf(shape) : 1
      let offset = margin
      if (!dense) {
        for (const axis of order) {
          const step = steps[axis]!
          strides[axis] = size * step
          if (step < 0) offset += size * -step * Math.max(0, shape[axis]! - 1)
          size *= Math.max(1, shape[axis]! * Math.abs(step))
        }
      }
      const data = allocate(dtype, size + 2 * margin)
      // of a period that no dimension has, so that neighbours along every axis differ
      for (let i = 0; i < data.length; i++) data[i] = pool[(i * 7 + (i >> 3)) % pool.length]!
      return { data, shape, dtype, strides, offset, shared: false }
    })

const primitives = Object.values(rules).filter((rule) => rule.primitive)

/** Any expression over some inputs, with subexpressions shared between its parts. */
export const expressions = (arity: number): fc.Arbitrary<Expression> =>
  fc
    .record({
      constants: fc.array(fc.oneof(ordinary, special), { minLength: 1, maxLength: 2 }),
      steps: fc.array(
        fc.record({ rule: fc.constantFrom(...primitives), picks: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }) }),
        { maxLength: 8 },
      ),
    })
    .map(({ constants, steps }) => {
      const nodes: Expression[] = [
        ...Array.from({ length: arity }, (_, index): Expression => ({ kind: 'input', index })),
        ...constants.map((value): Expression => ({ kind: 'constant', value })),
      ]
      for (const { rule, picks } of steps) {
        // mostly the latest results, so that one expression grows out of another
        const args = picks
          .slice(0, rule.arity)
          .map((pick) => nodes[nodes.length - 1 - (pick % Math.min(nodes.length, 4))]!)
        nodes.push({ kind: 'apply', rule, args })
      }
      return nodes[nodes.length - 1]!
    })

/** What a backend gives for a kernel of one result. */
export const runOn = (backend: Backend, kernel: Kernel, inputs: readonly Value[], out: Spec): Value | null =>
  backend.run(kernel, inputs, [out])?.[0] ?? null
