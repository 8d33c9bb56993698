/** What may be wrong with a computation. */
export type FindingKind =
  /** The loss, or a gradient, is NaN or infinite: the first node that is. */
  | 'notFinite'
  /** Nothing that could be learned changes the loss: it depends on no parameter, or all gradients are exactly 0. */
  | 'constant'
  /** A parameter takes no part in the loss, or only through what stops derivatives. */
  | 'unused'
  /** The gradient of a parameter is exactly 0, though it takes part. */
  | 'zeroGradient'
  /** A softmax is given what a softmax gave. */
  | 'doubleSoftmax'
  /** Units that give a constant, and pass nothing back, for all rows. */
  | 'dead'
  /** A function that levels off is used where it is level. */
  | 'saturated'
  /** Over a stretch of the sweep adjoints become small, or large. */
  | 'vanishing'
  | 'exploding'
  /** In float32, a sum in which one operand is lost entirely. */
  | 'lostInSum'

/** Something that is wrong, with the numbers that say so. */
export interface Finding {
  /** What is wrong. */
  readonly kind: FindingKind
  /** Where, by the names of the trace. */
  readonly nodes: readonly string[]
  /** What says so. */
  readonly numbers: Readonly<Record<string, number>>
  /** What it is, and what to do about it. */
  readonly text: string
}

/** From where on something counts as wrong. */
export interface Thresholds {
  /** A curve is level where its slope is below this share of its steepest. Default 0.01. */
  readonly slope: number
  /** It is saturated if this share of its elements is there. Default 0.9. */
  readonly saturated: number
  /** Units that are stuck are told if they are this share of a layer. Default 0.75. */
  readonly units: number
  /** A unit is stuck if it is so for all rows, of which there are at least this many. Default 8. */
  readonly rows: number
  /** Adjoints vanish if from one layer to an earlier one their size is less than this times what it was. Default 1e-4. */
  readonly vanishing: number
  /** They explode if it is more than this times what it was. Default 1e4. */
  readonly exploding: number
}

export const usualThresholds: Thresholds = {
  slope: 0.01,
  saturated: 0.9,
  units: 0.75,
  rows: 8,
  vanishing: 1e-4,
  exploding: 1e4,
}
