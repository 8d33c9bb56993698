import type { Node } from '../graph/node.js'
import { specOf } from '../graph/value.js'
import { primitive } from './define.js'
import { elementwise } from './elementwise.js'
import { pad } from './pad.js'
import { slice } from './slice.js'

const { add, scale } = elementwise

/** Each element at the next place of the axis (`by` is 1) or at the one before (-1); at the end that gets none, `fill`. */
export const shifted = (x: Node, axis: number, by: 1 | -1, fill: number): Node => {
  const length = x.sizes[axis]!
  if (length === 0) return x
  const kept = by === 1 ? slice(x, axis, 0, length - 1) : slice(x, axis, 1, length)
  const widths = x.sizes.map((_, i): [number, number] => (i !== axis ? [0, 0] : by === 1 ? [1, 0] : [0, 1]))
  return pad(kept, widths, { value: fill })
}

interface Along {
  readonly axis: number
  readonly reverse: boolean
}

/**
 * r_i = a_i r_(i-1) + b_i along the axis, or with `reverse` the transpose of that in b, r_i = a_(i+1) r_(i+1) + b_i. Both
 * are float tensors of one shape; a_0 means nothing.
 */
export const recurrence = primitive('recurrence', {
  shape: ([, b]) => specOf(b!),
  kernel: (_inputs, { axis, reverse }: Along) => ({ kind: 'cumulate', by: 'affine', axis, reverse }),
  vjp: (cotangent, r, wants) => {
    const { inputs, attrs } = r
    const [a] = inputs
    const back: Node = recurrence(a!, cotangent, { ...attrs, reverse: !attrs.reverse })
    const [onward, backward] = attrs.reverse ? [back, r] : [r, back]
    return [wants(0) ? scale(shifted(onward, attrs.axis, 1, 0), backward) : null, back]
  },
  jvp: ([da, db], r): Node => {
    const { inputs, attrs } = r
    const { axis, reverse } = attrs
    const through =
      da === null ? null : reverse ? shifted(scale(da!, r), axis, -1, 0) : scale(da!, shifted(r, axis, 1, 0))
    const change = through === null ? db! : db === null ? through : add(through, db!)
    return recurrence(inputs[0]!, change, attrs)
  },
  call:
    (apply) =>
    (a: Node, b: Node, along: Along): Node =>
      apply([a, b], along),
  samples: [],
})
