import type { Node } from '../graph/node.js'
import { normalizeAxis } from '../graph/shape.js'
import { specOf } from '../graph/value.js'
import { byPlace } from './by-place.js'
import { cast } from './cast.js'
import { zerosLike } from './constant.js'
import { composed, linear, primitive, underived } from './define.js'
import { elementwise } from './elementwise.js'
import type { Extremes } from './extremes.js'
import { random, type Sample, values } from './facts.js'
import { gather, scatterAdd } from './gather.js'
import * as kinds from './kinds.js'
import { recurrence, shifted } from './recurrence.js'
import { badAxis } from './reduce.js'
import { several } from './several.js'
import { slice } from './slice.js'

const { notEqual, scale, sub } = elementwise

export const cumulationTakes = { x: kinds.tensor, axis: kinds.optional(kinds.axis) }
const sampled = (): Sample[] => [
  [random(5)],
  [random(2, 3)],
  [random(3, 2), 0],
  [random(2, 3, 2), -2],
  [random(2, 0)],
  [random(1, 2), 0],
]

const asNumbers = (x: Node): Node => (x.dtype === 'bool' ? cast(x, 'int32') : x)

interface Along {
  readonly axis: number
  readonly reverse: boolean
}

const sumAlong = linear('cumSum', {
  shape: ([x]) => specOf(x!),
  kernel: (_inputs, { axis, reverse }: Along) => ({ kind: 'cumulate', by: 'add', axis, reverse }),
  adjoint: (cotangent, { attrs: { axis, reverse } }): Node => sumAlong(cotangent, { axis, reverse: !reverse }),
  call:
    (apply) =>
    (x: Node, along: Along): Node =>
      apply([x], along),
  samples: [],
})

/** The sums of the elements up to each along an axis (default the last). */
export const cumSum = composed('cumSum', {
  takes: cumulationTakes,
  call: (x: Node, axis = -1): Node =>
    sumAlong(asNumbers(x), { axis: normalizeAxis('cumSum', axis, x.sizes), reverse: false }),
  samples: sampled(),
  errors: [badAxis('cumSum')],
})

/** The products of the elements up to each. No derivative divides, so all are exact also where elements are zero. */
export const cumProd = primitive('cumProd', {
  shape: ([x]) => specOf(x!),
  kernel: (_inputs, axis: number) => ({ kind: 'cumulate', by: 'mul', axis, reverse: false }),
  vjp: (cotangent, y) => {
    const [x] = y.inputs
    const behind = recurrence(x!, cotangent, { axis: y.attrs, reverse: true })
    return [scale(behind, shifted(y, y.attrs, 1, 1))]
  },
  jvp: ([tangent], y) =>
    recurrence(y.inputs[0]!, scale(tangent!, shifted(y, y.attrs, 1, 1)), { axis: y.attrs, reverse: false }),
  takes: cumulationTakes,
  call:
    (apply) =>
    (x: Node, axis = -1): Node =>
      apply([asNumbers(x)], normalizeAxis('cumProd', axis, x.sizes)),
  samples: [...sampled(), [values([6], [2, 0, 3, 0, -1, 4])], [values([2, 3], [0, 2, 3, 5, 0, 4]), 1]],
  errors: [badAxis('cumProd')],
})

const placesAlong = underived('cumulate.places', {
  shape: ([x]) => ({ shape: x!.sizes, dtype: 'int32' }),
  kernel: (_inputs, { by, axis }: { readonly by: 'argmax' | 'argmin'; readonly axis: number }) => {
    return { kind: 'cumulate', by, axis, reverse: false }
  },
  call:
    (apply) =>
    (x: Node, by: 'argmax' | 'argmin', axis: number): Node =>
      apply([x], { by, axis }),
  samples: [],
})

/** The extreme of the elements up to each; the first of those that tie has the derivative. */
const extremeAlong = (name: string, by: 'max' | 'min') => {
  const place = (x: Node, axis: number) => placesAlong(x, `arg${by}`, axis)
  return primitive(name, {
    shape: ([x]) => specOf(x!),
    kernel: (_inputs, axis: number) => ({ kind: 'cumulate', by, axis, reverse: false }),
    vjp: (cotangent, { inputs: [x], attrs: axis }) => [scatterAdd(zerosLike(x!), place(x!, axis), cotangent, axis)],
    jvp: ([tangent], { inputs: [x], attrs: axis }) => gather(tangent!, place(x!, axis), axis),
    takes: cumulationTakes,
    call:
      (apply) =>
      (x: Node, axis = -1): Node =>
        apply([x], normalizeAxis(name, axis, x.sizes)),
    samples: [...sampled(), [values([6], [1, 5, -2, 4, 7, 3])]],
    errors: [badAxis(name)],
  })
}

export const cumMax = extremeAlong('cumMax', 'max')
export const cumMin = extremeAlong('cumMin', 'min')

/** The extremes so far, each with the place where it is first found. */
const extremesAlong = (name: string, by: 'max' | 'min', extreme: typeof cumMax) =>
  several(name, {
    run: ([x], axis: number) => [placesAlong(x!, `arg${by}`, axis), extreme(x!, axis)],
    ...byPlace<number>((axis) => axis),
    takes: cumulationTakes,
    call:
      (apply) =>
      (x: Node, axis = -1): Extremes => {
        const [indices, values] = apply([x], normalizeAxis(name, axis, x.sizes))
        return { values: values!, indices: indices! }
      },
    samples: [...sampled(), [values([6], [1, 5, -2, 4, 7, 3])]],
    errors: [badAxis(name)],
  })

export const cumMaxWithIndices = extremesAlong('cumMaxWithIndices', 'max', cumMax)
export const cumMinWithIndices = extremesAlong('cumMinWithIndices', 'min', cumMin)

export interface DiffOptions {
  /** How often differences are taken, of the differences before. Default 1. */
  readonly order?: number
}

/** What each element along an axis (default the last) is more than the one before; of truth values, whether it differs. */
export const diff = composed('diff', {
  takes: { ...cumulationTakes, options: { order: kinds.count } },
  call: (x: Node, axis = -1, { order = 1 }: DiffOptions = {}): Node => {
    const position = normalizeAxis('diff', axis, x.sizes)
    let differences = x
    for (let i = 0; i < order && differences.sizes[position]! > 0; i++) {
      const [before, after] = [slice(differences, position, 0, -1), slice(differences, position, 1)]
      differences = x.dtype === 'bool' ? notEqual(after, before) : sub(after, before)
    }
    return differences
  },
  samples: [
    [random(5)],
    [random(3, 2), 0],
    [random(2, 5), -1, { order: 3 }],
    [random(2, 3), 1, { order: 4 }],
    [random(3), 0, { order: 0 }],
    [random(2, 0)],
  ],
  errors: [badAxis('diff')],
})
