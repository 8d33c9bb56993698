import { AdjointError, AxisError } from '../graph/errors.js'
import type { Node, Recorded } from '../graph/node.js'
import { normalizeAxes, sizeOf } from '../graph/shape.js'
import { binary, ternary } from '../rules/rule.js'
import { type Axes, sum } from './broadcast.js'
import { toFloat } from './cast.js'
import { stopGradient } from './constant.js'
import { composed, conditioned } from './define.js'
import { elementwise, fromRule } from './elementwise.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { mean } from './reduce.js'

const { add, mul, rsqrt, square } = elementwise

export interface LayerNormOptions {
  /** What the mean and the variance are taken over. Default the last axis. */
  readonly axes?: Axes
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
}

interface Attrs {
  readonly axes: readonly number[]
  readonly epsilon: number
}

const meanOver = (x: Node, { axes }: Attrs): Node => mean(x, axes, { keepDims: true })

// one pass over the elements each
const squaredDistance = fromRule(
  binary('squaredDistance', { value: (m, a, b) => m.mul(m.sub(a, b), m.sub(a, b)), samples: [] }),
)
const shiftedScaled = fromRule(
  ternary('shiftedScaled', { value: (m, x, centre, rate) => m.mul(m.sub(x, centre), rate), samples: [] }),
)
const lessProduct = fromRule(ternary('lessProduct', { value: (m, a, b, c) => m.sub(a, m.mul(b, c)), samples: [] }))

// The mean and the rate of x are handed on, so that the derivative need not compute them again. Since they are functions of
// x, the derivative with respect to x is the whole one, and there is none with respect to them.

const ofFirst =
  (vjp: (cotangent: Node, y: Recorded<Attrs>) => Node) =>
  (cotangent: Node, y: Recorded<Attrs>, index: number): Node | null =>
    index === 0 ? vjp(cotangent, y) : null

/** 1 / sqrt(variance + epsilon), from x and its mean. */
const rateOver = conditioned('layerNorm.rate', {
  compute: ([x, centre], attrs: Attrs) => rsqrt(add(meanOver(squaredDistance(x!, centre!), attrs), attrs.epsilon)),
  vjp: ofFirst((cotangent, rate) => mul(slopeOfRate(rate), cotangent)),
  jvp: ([tangent], rate) => sum(mul(slopeOfRate(rate), tangent!), rate.attrs.axes, { keepDims: true }),
  call:
    (apply) =>
    (x: Node, centre: Node, attrs: Attrs): Node =>
      apply([x, centre], attrs),
  samples: [],
})

const slopeOfRate = (rate: Recorded<Attrs>): Node => {
  const [x, centre] = rate.inputs as [Node, Node]
  const count = sizeOf(x.shape) / sizeOf(rate.shape)
  return mul(mul(square(rate), -1 / count), normalized(x, centre, rate, rate.attrs))
}

/** From x, its mean and its rate. By the chain rule the derivative would be a difference of large numbers. */
const normalized = conditioned('layerNorm', {
  compute: ([x, centre, rate]) => shiftedScaled(x!, centre!, rate!),
  // the Jacobian is symmetric, so both modes multiply by it alike
  vjp: ofFirst((cotangent, y) => throughNormalized(cotangent, y)),
  jvp: ([tangent], y) => throughNormalized(tangent!, y),
  call:
    (apply) =>
    (x: Node, centre: Node, rate: Node, attrs: Attrs): Node =>
      apply([x, centre, rate], attrs),
  samples: [],
})

const throughNormalized = (change: Node, y: Recorded<Attrs>): Node => {
  const along = meanOver(mul(change, y), y.attrs)
  return shiftedScaled(lessProduct(change, y, along), meanOver(change, y.attrs), y.inputs[2]!)
}

/** (x - mean) / sqrt(variance + epsilon) over the axes (default the last). */
export const layerNorm = composed('layerNorm', {
  takes: { x: kinds.tensor, options: { axes: kinds.axes, epsilon: kinds.number } },
  call: (x: Node, { axes = -1, epsilon = 1e-5 }: LayerNormOptions = {}): Node => {
    const attrs = { axes: normalizeAxes('layerNorm', axes, x.shape), epsilon }
    if (!(epsilon > 0)) {
      throw new AdjointError(
        `layerNorm: epsilon is ${epsilon}; use a small positive number: what does not vary would be divided by 0.`,
      )
    }
    const floats = toFloat(x)
    const centre = meanOver(stopGradient(floats), attrs)
    return normalized(floats, centre, rateOver(floats, centre, attrs), attrs)
  },
  samples: [
    [random(2, 4)],
    [random(2, 3, 2), { axes: [0, -1], epsilon: 0.1 }],
    [random(3, 2), { axes: 0 }],
    [values([2, 3], [2, 2, 2, 100, 101, 103]), { epsilon: 0.01 }],
    [random(2, 1)],
  ],
  errors: [
    { args: [random(2, 3), { axes: 2 }], error: AxisError, says: ['layerNorm', 'axis 2', '[2, 3]', '-2 to 1'] },
    { args: [random()], error: AxisError, says: ['layerNorm', 'scalar has no axes'] },
    { args: [random(2, 3), { epsilon: 0 }], error: AdjointError, says: ['layerNorm', 'epsilon is 0', 'positive'] },
  ],
})
