import type { DType } from '../graph/dtype.js'
import type { Cotangents, Node, Recorded, Wants } from '../graph/node.js'
import type { Algebra } from '../rules/algebra.js'
import { binary, ternary, unary } from '../rules/rule.js'
import { broadcastTo, reducedSpec, sum } from './broadcast.js'
import { constant, stopGradient } from './constant.js'
import { conditioned } from './define.js'
import { elementwise, fromRule, mapTo } from './elementwise.js'
import * as kinds from './kinds.js'
import { average } from './reduce.js'
import { several } from './several.js'

// How far elements lie from their mean, or from 0. Nothing overflows on the way, underflows or loses digits where the result
// does not: squares of float32 are made in float64, those of float64 of distances scaled by a power of 2. Distances are
// quarters, since the difference of two numbers may be out of range.

/** What elements are measured against: `size` is the root of the sum of their squared distances over `divisor` + `epsilon`. */
export interface Spread {
  readonly axes: readonly number[]
  /** From their mean, or else from 0. */
  readonly centred: boolean
  readonly divisor: number
  readonly epsilon: number
}

/** A quarter of the mean in two parts, since one would lose digits that the distances have; their dtype is that of x. */
export type Centre = readonly [high: Node, low: Node]

const quarter = <T>(m: Algebra<T>, x: T, high: T, low: T): T => m.sub(m.sub(m.mul(0.25, x), high), low)
const squared = <T>(m: Algebra<T>, x: T): T => m.mul(x, x)

const quarter32 = mapTo('float32', 'quarter', 1, (m, x) => m.mul(0.25, x!))
const rest32 = mapTo('float32', 'rest', 2, (m, x, high) => m.sub(m.mul(0.25, x!), high!))
const quarter64 = mapTo('float64', 'quarter', 1, (m, x) => m.mul(0.25, x!))
const rest64 = mapTo('float64', 'rest', 2, (m, x, high) => m.sub(m.mul(0.25, x!), high!))

/** Of the floats x; (0, 0) unless the distances are from the mean. */
export const centreOf = (x: Node, { axes, centred }: Spread): Centre => {
  if (!centred) {
    const zero = constant(x, 0, reducedSpec(x, axes).shape)
    return [zero, zero]
  }
  const untracked = stopGradient(x)
  if (x.dtype === 'float32') {
    const mean = average(untracked, axes, { dtype: 'float64' })
    const high = quarter32(mean)
    return [high, rest32(mean, high)]
  }
  const high = quarter64(average(untracked, axes))
  return [high, average(rest64(untracked, high), axes)]
}

const square32 = mapTo('float64', 'square', 3, (m, x, high, low) => squared(m, quarter(m, x!, high!, low!)))
const square64 = mapTo('float64', 'square', 4, (m, x, high, low, unit) =>
  squared(m, m.mul(unit!, quarter(m, x!, high!, low!))),
)
const size64 = mapTo('float64', 'size', 3, (m, x, high, low) => m.abs(quarter(m, x!, high!, low!)))
/** By the mean size of numbers, what brings them to where the sum of their squares is far from both ends of the range. */
const unitOf = mapTo('float64', 'unit', 1, (m, x) =>
  m.select(m.less(x!, 2 ** -400), 2 ** 600, m.select(m.less(2 ** 400, x!), 2 ** -600, 1)),
)

const root32 = mapTo('float32', 'root', 2, (m, square, epsilon) => m.sqrt(m.add(m.mul(16, square!), epsilon!)))
const root64 = mapTo('float64', 'root', 3, (m, square, unit, epsilon) =>
  m.hypot(m.mul(4, m.div(m.sqrt(square!), unit!)), m.sqrt(epsilon!)),
)
const product32 = mapTo('float32', 'product', 1, (m, square) => m.mul(16, square!))
const product64 = mapTo('float64', 'product', 2, (m, square, unit) => m.mul(16, m.div(m.div(square!, unit!), unit!)))

/** The sum of the squares over the divisor, of quarters of distances times a unit; with it that unit, null for 1. */
const meanSquare = (x: Node, [high, low]: Centre, { axes, divisor }: Spread): [square: Node, unit: Node | null] => {
  if (x.dtype === 'float32') return [average(square32(x, high, low), axes, { divisor }), null]
  const unit = unitOf(average(size64(x, high, low), axes))
  return [average(square64(x, high, low, unit), axes, { divisor }), unit]
}

const rootOf = (square: Node, unit: Node | null, epsilon: number): Node => {
  const added = constant(square, epsilon, square.sizes)
  return unit === null ? root32(square, added) : root64(square, unit, added)
}
const productOf = (square: Node, unit: Node | null): Node =>
  unit === null ? product32(square) : product64(square, unit)

const share = fromRule(ternary('spread.share', { value: (m, g, y, rate) => m.scale(g, m.mul(y, rate)), samples: [] }))
const lessProduct = fromRule(
  ternary('spread.lessProduct', { value: (m, a, along, y) => m.sub(a, m.scale(along, y)), samples: [] }),
)
const quarterRated = fromRule(
  binary('spread.rated', { value: (m, a, rate) => m.scale(m.mul(0.25, a), rate), samples: [] }),
)
const shiftedRated = fromRule(
  ternary('spread.shiftedRated', {
    value: (m, a, mean, rate) => m.scale(m.mul(0.25, m.sub(a, mean)), rate),
    samples: [],
  }),
)
/** 4 / size; where everything is at the centre there is no direction, and it is 0. */
const rateOf = fromRule(
  unary('spread.rate', { value: (m, size) => m.select(m.equal(size, 0), 0, m.div(4, size)), samples: [] }),
)

// The centre and the size of x are handed on, so that the derivative need not compute them again. Since they are functions
// of x, the derivative with respect to x is the whole one, and there is none with respect to them.

const ofFirst =
  (vjp: (cotangent: Node, y: Recorded<Spread>) => Node) =>
  (cotangent: Node, y: Recorded<Spread>, wants: Wants): Cotangents =>
    y.inputs.map((_, i) => (i === 0 && wants(0) ? vjp(cotangent, y) : null))

const inputsOf = ({ inputs }: Recorded): [x: Node, centre: Centre] => [inputs[0]!, [inputs[1]!, inputs[2]!]]

/** The root of the sum of the squared distances over the divisor + epsilon. */
export const sizeOver = conditioned('spread.size', {
  compute: ([x, high, low], attrs: Spread) => {
    const [square, unit] = meanSquare(x!, [high!, low!], attrs)
    return rootOf(square, unit, attrs.epsilon)
  },
  vjp: ofFirst((cotangent, size) => share(cotangent, directionOf(size), 1 / size.attrs.divisor)),
  jvp: ([tangent], size) =>
    sum(share(tangent!, directionOf(size), 1 / size.attrs.divisor), size.attrs.axes, { keepDims: true }),
  takes: { x: kinds.tensor },
  call:
    (apply) =>
    (x: Node, centre: Centre, attrs: Spread): Node =>
      apply([x, ...centre], attrs),
  samples: [],
})

const directionOf = (size: Recorded<Spread>): Node => measured(...inputsOf(size), size, size.attrs)

const measure = <T>(m: Algebra<T>, x: T, high: T, low: T, rate: T): T => m.mul(quarter(m, x, high, low), rate)
const measure32 = mapTo('float32', 'measure', 4, (m, x, high, low, rate) => measure(m, x!, high!, low!, rate!))
const measure64 = mapTo('float64', 'measure', 4, (m, x, high, low, rate) => measure(m, x!, high!, low!, rate!))
const measureIn = (dtype: DType) => (dtype === 'float32' ? measure32 : measure64)

/** The distances over the size. By the chain rule the derivative would be a difference of large numbers. */
const measured = conditioned('spread.measured', {
  compute: ([x, high, low, size]) => measureIn(x!.dtype)(x!, high!, low!, rateOf(size!)),
  // the Jacobian is symmetric, so both modes multiply by it alike
  vjp: ofFirst((cotangent, y) => throughMeasured(cotangent, y, y.inputs[3]!, y.attrs)),
  jvp: ([tangent], y) => throughMeasured(tangent!, y, y.inputs[3]!, y.attrs),
  takes: { x: kinds.tensor },
  call:
    (apply) =>
    (x: Node, centre: Centre, size: Node, attrs: Spread): Node =>
      apply([x, ...centre, size], attrs),
  samples: [],
})

const throughMeasured = (change: Node, y: Node, size: Node, { axes, centred, divisor }: Spread): Node => {
  const along = average(elementwise.scale(change, y), axes, { divisor })
  const across = lessProduct(change, along, y)
  const rate = rateOf(size)
  return centred ? shiftedRated(across, average(change, axes), rate) : quarterRated(across, rate)
}

/** The distances over the size, and the size. The derivative of either is made of both. */
export const measuredAndSize = several('layerNorm', {
  run: ([x], attrs: Spread) => {
    const centre = centreOf(x!, attrs)
    const size = sizeOver(x!, centre, attrs)
    return [measured(x!, centre, size, attrs), size]
  },
  vjp: ([change, sizeChange], { parts: [y, size], attrs }) => {
    const through = change && throughMeasured(change, y!, size!, attrs)
    const along = sizeChange && share(sizeChange, y!, 1 / attrs.divisor)
    return [through && along ? elementwise.add(through, along) : (through ?? along!)]
  },
  jvp: ([tangent], { parts: [y, size], attrs }) => [
    throughMeasured(tangent!, y!, size!, attrs),
    sum(share(tangent!, y!, 1 / attrs.divisor), attrs.axes, { keepDims: true }),
  ],
  call:
    (apply) =>
    (x: Node, attrs: Spread): readonly Node[] =>
      apply([x], attrs),
  samples: [],
})

const mean32 = mapTo('float32', 'mean', 2, (m, high, low) => m.mul(4, m.add(high!, low!)))
const mean64 = mapTo('float64', 'mean', 2, (m, high, low) => m.mul(4, m.add(high!, low!)))

/** The distances from the mean over the size, the size, the mean and the variance, of few walks through the elements. */
export const measuredAndMoments = several('batchNorm', {
  run: ([x], attrs: Spread) => {
    const centre = centreOf(x!, attrs)
    const [square, unit] = meanSquare(x!, centre, attrs)
    const size = rootOf(square, unit, attrs.epsilon)
    const mean = (x!.dtype === 'float32' ? mean32 : mean64)(...centre)
    return [measured(x!, centre, size, attrs), size, mean, productOf(square, unit)]
  },
  vjp: ([change, sizeChange, meanChange, varianceChange], { inputs: [x], parts: [y, size], attrs }) => {
    const rate = 1 / attrs.divisor
    const terms = [
      change && throughMeasured(change, y!, size!, attrs),
      sizeChange && share(sizeChange, y!, rate),
      meanChange && broadcastTo(elementwise.mul(meanChange, rate), x!.sizes),
      varianceChange && share(varianceChange, elementwise.mul(y!, size!), 2 * rate),
    ]
    return [terms.filter((term) => term != null).reduce((a, b) => elementwise.add(a, b))]
  },
  jvp: ([tangent], { parts: [y, size], attrs }) => {
    const rate = 1 / attrs.divisor
    const total = (terms: Node) => sum(terms, attrs.axes, { keepDims: true })
    return [
      throughMeasured(tangent!, y!, size!, attrs),
      total(share(tangent!, y!, rate)),
      average(tangent!, attrs.axes),
      total(share(tangent!, elementwise.mul(y!, size!), 2 * rate)),
    ]
  },
  call:
    (apply) =>
    (x: Node, attrs: Spread): readonly Node[] =>
      apply([x], attrs),
  samples: [],
})

/** A quarter of the distances from the mean. */
const quarterDistance = conditioned('spread.distance', {
  compute: ([x, high, low]) => measureIn(x!.dtype)(x!, high!, low!, constant(x!, 1, [])),
  vjp: ofFirst((cotangent, y) => throughDistance(cotangent, y)),
  jvp: ([tangent], y) => throughDistance(tangent!, y),
  takes: { x: kinds.tensor },
  call:
    (apply) =>
    (x: Node, centre: Centre, attrs: Spread): Node =>
      apply([x, ...centre], attrs),
  samples: [],
})

const throughDistance = (change: Node, { attrs: { axes } }: Recorded<Spread>): Node =>
  shiftedRated(change, average(change, axes), 1)

/** The sum of the squared distances over the divisor. */
export const varianceOver = conditioned('variance', {
  compute: ([x, high, low], attrs: Spread) => {
    const [square, unit] = meanSquare(x!, [high!, low!], attrs)
    return productOf(square, unit)
  },
  vjp: ofFirst((cotangent, y) => share(cotangent, distanceOf(y), 8 / y.attrs.divisor)),
  jvp: ([tangent], y) => sum(share(tangent!, distanceOf(y), 8 / y.attrs.divisor), y.attrs.axes, { keepDims: true }),
  takes: { x: kinds.tensor },
  call:
    (apply) =>
    (x: Node, centre: Centre, attrs: Spread): Node =>
      apply([x, ...centre], attrs),
  samples: [],
})

const distanceOf = (y: Recorded<Spread>): Node => quarterDistance(...inputsOf(y), y.attrs)
