import type { Node } from '../../graph/node.js'
import { sizeOf } from '../../graph/shape.js'
import { type Tracer, tracer, withTracer } from '../../graph/tracer.js'
import { withTracking } from '../../graph/tracking.js'
import { denseData, denseValue, share, type Value } from '../../graph/value.js'
import { reshape } from '../../ops/broadcast.js'
import { cast } from '../../ops/cast.js'
import { concat } from '../../ops/slice.js'
import { Within } from './replay.js'

/**
 * Where a function runs whose results may be thrown away: a branch that may not be the chosen one, a round after the last.
 * What it verifies is looked at only where they count.
 */
export class Conditional extends Within {
  /** @param counts a truth value of what is around: whether the results count */
  constructor(
    around: Tracer,
    readonly counts: () => Node,
  ) {
    super(around)
  }

  override verify(value: Value, look: (value: Value) => void): void {
    const { shape, dtype } = value
    const flagged = withTracer(this.around, () =>
      withTracking(0, () => {
        const flag = this.counts()
        return concat([reshape(cast(flag, dtype), [1]), reshape(flag.make(share(value)), [sizeOf(shape)])]).value
      }),
    )
    this.around.verify(flagged, (all) => {
      const data = denseData(all)
      if (data[0] !== 0) look(denseValue(data.subarray(1), shape, dtype))
    })
  }
}

/** What must hold for that which runs here to count, as far as one trace knows. */
export const conditionsHere = (): Node[] => {
  const found: Node[] = []
  for (let at = tracer; at instanceof Conditional || (at !== null && at.level !== null); at = at.around) {
    if (at instanceof Conditional) found.push(withTracer(at.around, at.counts))
  }
  return found
}
