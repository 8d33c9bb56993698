import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IndexOutOfRangeError } from '../../src/graph/errors.js'
import type { Kernel } from '../../src/graph/kernel.js'
import { sizeOf } from '../../src/graph/shape.js'
import type { Spec, Value } from '../../src/graph/value.js'
import { createJavaScript } from '../../src/execution/javascript/index.js'
import { reference } from '../../src/execution/reference/index.js'
import { cases, dtypes, elementsOf, type Elements, expressions, floats, shapes, valuesOf } from './values.js'

const javascript = createJavaScript(() => true)
const interpreting = createJavaScript(() => false)

interface Case {
  readonly kernel: Kernel
  readonly inputs: readonly Value[]
  readonly out: Spec
}
const expectSame = ({ kernel, inputs, out }: Case, backend = javascript): void => {
  const before = inputs.map(({ data }) => data.slice())
  const value = backend.run(kernel, inputs, out)!
  const expected = reference.run(kernel, inputs, out)!
  expect({ shape: value.shape, dtype: value.dtype }).toEqual({ shape: out.shape, dtype: out.dtype })
  expect(elementsOf(value)).toEqual(elementsOf(expected))
  expect(inputs.map(({ data }) => data)).toEqual(before)
}
const agrees = (arbitrary: fc.Arbitrary<Case>, numRuns = 200): void =>
  fc.assert(
    fc.property(arbitrary, (each) => expectSame(each)),
    cases(numRuns),
  )

const inputOf = (elements: Elements = 'special', anyShape = shapes()) =>
  fc.tuple(anyShape, dtypes).chain(([shape, dtype]) => valuesOf(shape, dtype, elements))
