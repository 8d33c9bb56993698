import type { TensorLayout } from './layout.js'

// Floats are drawn as they are. What integers and truth values are depends on sizes, so that of those a number from 0 to 1 is
// drawn: indices remain such where an axis shrinks.

/** What is drawn for an element, of a number from 0 to 1. */
export const inRange = ({ dtype, low, high, awayFromZero }: TensorLayout, share: number): number => {
  if (dtype !== 'float64') return share
  // below and above what is too near to 0
  const below = Math.max(0, Math.min(high as number, -awayFromZero) - low)
  const from = Math.max(low, awayFromZero)
  const above = Math.max(0, (high as number) - from)
  const at = share * (below + above)
  return at < below ? low + at : from + at - below
}

/** The element, of what was drawn for it. */
export const valueOf = (
  { dtype, low, high }: TensorLayout,
  drawn: number,
  sizes: ReadonlyMap<string, number>,
): number => {
  if (dtype === 'float64') return drawn
  if (dtype === 'bool') return drawn < 0.5 ? 0 : 1
  const end = typeof high === 'number' ? high : sizes.get(high)!
  return low + Math.floor(drawn * (end - low))
}

/** How simple elements may become: integers, or with one digit after the point. */
export const simplicities = [1, 10] as const

/** A simpler element; the same where there is none so simple. */
export const simpler = (
  { dtype, low, high, awayFromZero }: TensorLayout,
  drawn: number,
  parts: (typeof simplicities)[number],
): number => {
  if (dtype !== 'float64') return 0
  if (isSimple(drawn, parts)) return drawn
  // 0 is a point of its own, where slopes vanish
  const rounded = (Math.sign(drawn) * Math.max(1, Math.round(Math.abs(drawn) * parts))) / parts
  const isIn = rounded >= low && rounded < (high as number) && Math.abs(rounded) >= awayFromZero
  return isIn ? rounded : drawn
}

const isSimple = (x: number, parts: number): boolean => Math.round(x * parts) / parts === x
