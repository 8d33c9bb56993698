/** A point along a direction: how far, the loss there, its gradient, and its slope along the direction. */
export interface Place {
  readonly at: number
  readonly loss: number
  readonly gradient: Float64Array
  readonly slope: number
}

/** What the search goes by. */
interface Search {
  /** Where it begins: at 0. */
  readonly start: Place
  /** The first place to try. */
  readonly first: number
  /** The largest element of the direction. */
  readonly extent: number
  /** A bracket whose ends are closer than this is no longer divided. */
  readonly tolerance: number
  /** How many places may be tried after the first. */
  readonly most: number
  readonly evaluate: (at: number) => Place
}

/** Of the decrease that the slope at the start promises, how much a place must keep; of the slope, how much may be left. */
const [decrease, curvature] = [1e-4, 0.9]

/** The least point of the cubic through two places, by their losses and slopes, within bounds. */
const cubicMinimum = (a: Place, b: Place, low = Math.min(a.at, b.at), high = Math.max(a.at, b.at)): number => {
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.at - b.at)
  const square = d1 * d1 - a.slope * b.slope
  if (!(square >= 0)) return (low + high) / 2
  const d2 = Math.sqrt(square)
  const [left, right] = a.at <= b.at ? [a, b] : [b, a]
  const share = (right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2)
  const least = right.at - (right.at - left.at) * share
  return Number.isNaN(least) ? (low + high) / 2 : Math.min(Math.max(least, low), high)
}

/**
 * A place that satisfies the strong Wolfe conditions, or the best one found (Nocedal and Wright, Numerical optimization, 2006,
 * algorithms 3.5 and 3.6, as PyTorch has them). Where the loss is no number, it goes back half of the way.
 */
export const strongWolfe = ({ start, first, extent, tolerance, most, evaluate }: Search): Place => {
  const isTooHigh = ({ at, loss }: Place): boolean => loss > start.loss + decrease * at * start.slope
  const isFlat = ({ slope }: Place): boolean => Math.abs(slope) <= -curvature * start.slope
  let tries = 0
  let before = start
  let now = evaluate(first)
  while (!Number.isFinite(now.loss) && tries < most) {
    now = evaluate((before.at + now.at) / 2)
    tries++
  }
  let bracket: [Place, Place] | null = null
  while (tries < most) {
    if (isTooHigh(now) || (tries > 1 && now.loss >= before.loss)) bracket = [before, now]
    else if (isFlat(now)) return now
    else if (now.slope >= 0) bracket = [before, now]
    if (bracket !== null) break
    const next = cubicMinimum(before, now, now.at + 0.01 * (now.at - before.at), now.at * 10)
    before = now
    now = evaluate(next)
    tries++
  }
  let [low, high] = bracket ?? [start, now]
  if (low.loss > high.loss) [low, high] = [high, low]
  let isStuck = false
  while (tries < most) {
    const [left, right] = [Math.min(low.at, high.at), Math.max(low.at, high.at)]
    if ((right - left) * extent < tolerance) break
    let next = cubicMinimum(low, high)
    // near an end for the second time, or at it: a tenth of the way from there
    const margin = 0.1 * (right - left)
    if (Math.min(right - next, next - left) < margin) {
      const isMoved: boolean = isStuck || next >= right || next <= left
      if (isMoved) next = Math.abs(next - right) < Math.abs(next - left) ? right - margin : left + margin
      isStuck = !isMoved
    } else isStuck = false
    now = evaluate(next)
    tries++
    if (isTooHigh(now) || now.loss >= low.loss || Number.isNaN(now.loss)) {
      high = now
      if (low.loss > high.loss) [low, high] = [high, low]
      continue
    }
    if (isFlat(now)) return now
    if (now.slope * (high.at - low.at) >= 0) high = low
    low = now
  }
  return low
}
