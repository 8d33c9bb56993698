/** Vectors as the search computes with them: all parameters one after the other, in float64. */
export type Vector = Float64Array

export const dot = (a: Vector, b: Vector): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** x += factor y. */
export const addTo = (x: Vector, factor: number, y: Vector): void => {
  for (let i = 0; i < x.length; i++) x[i]! += factor * y[i]!
}

export const scaled = (x: Vector, factor: number): Vector => x.map((each) => each * factor)

export const largest = (x: Vector): number => x.reduce((most, each) => Math.max(most, Math.abs(each)), 0)

/** A step, and how the gradient changed along it. */
export interface Pair {
  readonly step: Vector
  readonly change: Vector
}

/** The last steps, of which the curvature of the loss is known. */
export class CurvatureHistory {
  readonly pairs: Pair[] = []
  /** What the inverse of the curvature is along the last step. */
  scale = 1

  /** Takes a step into account, if the loss is curved upwards along it. */
  add(pair: Pair, most: number): void {
    const curvature = dot(pair.change, pair.step)
    if (!(curvature > 1e-10)) return
    while (this.pairs.length >= most) this.pairs.shift()
    this.pairs.push(pair)
    this.scale = curvature / dot(pair.change, pair.change)
  }

  /** Where to go: minus the inverse of the curvature times the gradient (Nocedal and Wright, algorithm 7.4). */
  directionFrom(gradient: Vector): Vector {
    const rest = scaled(gradient, -1)
    const shares: number[] = []
    const weights = this.pairs.map(({ step, change }) => 1 / dot(change, step))
    for (let i = this.pairs.length - 1; i >= 0; i--) {
      const { step, change } = this.pairs[i]!
      shares[i] = dot(step, rest) * weights[i]!
      addTo(rest, -shares[i]!, change)
    }
    const direction = scaled(rest, this.scale)
    for (const [i, { step, change }] of this.pairs.entries()) {
      addTo(direction, shares[i]! - dot(change, direction) * weights[i]!, step)
    }
    return direction
  }
}
