import type { Kernel } from '../../graph/kernel.js'
import { evaluate } from '../../rules/traverse.js'
import type { Levels } from './schema.js'

const known = new WeakMap<Kernel, Levels | null>()

/** Where a function of one number levels off, if it does at either end, and not at the same height. */
export const levelsOf = (kernel: Kernel | null): Levels | null => {
  if (kernel?.kind !== 'map' || kernel.arity !== 1) return null
  let levels = known.get(kernel)
  if (levels === undefined) {
    levels = look((x) => evaluate(kernel.expression, [x]))
    known.set(kernel, levels)
  }
  return levels
}

const far = 1e6
const step = 1 / 1024

const look = (f: (x: number) => number): Levels | null => {
  const [low, high] = [f(-far), f(far)]
  const height = Math.abs(high - low)
  // a curve nears its level from afar as well: one that only grows slowly does not
  const isLevel = (end: number, x: number) => Math.abs(f(x) - end) <= 1e-3 * height
  if (!(height > 0 && height < far && isLevel(low, -far / 100) && isLevel(high, far / 100))) return null
  let slope = 0
  for (let x = -16; x <= 16; x += 1 / 8) slope = Math.max(slope, Math.abs(f(x + step) - f(x - step)) / (2 * step))
  return { ends: [low, high], slope }
}
