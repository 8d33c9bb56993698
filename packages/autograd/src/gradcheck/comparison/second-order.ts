import type { Random } from '../../tensor/random.js'
import type { Settings } from '../options.js'
import { availableIn, notesOn } from '../subject/available.js'
import { guarded } from '../subject/broken.js'
import type { ModeNames } from '../subject/mode.js'
import type { Subject } from '../subject/subject.js'
import { dot, largest, masked, signs, unit, weights } from '../subject/vectors.js'
import { type Comparison, closeEnough, jointBar, namesIn, Tally } from './agreement.js'
import { mayWobble, wobbleAt, wobbleOf } from './wobble.js'

export const secondOrderNames: ModeNames = {
  reverse: 'reverse over reverse',
  forward: 'forward over reverse',
  numeric: 'numeric over reverse',
}

const overForwardNames: ModeNames = {
  reverse: 'reverse over forward',
  forward: 'forward over forward',
  numeric: 'numeric over forward',
}

/**
 * The rules of forward mode, differentiated: the Hessian's product with a random direction u, as the gradient of
 * `<c, J u>` by either mode, against the derivative of the gradient along u.
 */
export const compareOverForward = (
  subject: Subject,
  gradient: Subject,
  cotangent: Float64Array,
  { budget, directions, tolerance, modes }: Settings,
  random: Random,
  notes: string[],
): Comparison[] => {
  const { inputs, point } = subject
  const u = weights(inputs.size, random)
  const unguarded = subject.slopeOf?.(cotangent, u)
  if (unguarded === undefined) return []
  const slope = guarded(unguarded)
  const available = availableIn(unguarded, modes)
  notes.push(...notesOn(available, overForwardNames))
  const product = (at: Float64Array) => gradient.forward(at, u)
  const here = product(point)
  const scale = largest(here)
  const compare = (
    tally: Tally,
    left: (at: Float64Array) => Float64Array,
    right: (at: Float64Array) => Float64Array,
  ): void => {
    const [a, b] = [left(point), right(point)]
    // a product that is not finite was already compared element by element
    const known = Array.from(a.keys()).filter((k) => Number.isFinite(b[k]))
    const off = known.filter((k) => !closeEnough(a[k]!, b[k]!, jointBar(a[k]!, b[k]!, 0, scale), tolerance))
    const isSlight = off.some((k) => mayWobble(Math.abs(a[k]! - b[k]!), scale))
    const wobbles = [left, right].map((each) => (off.length > 0 ? wobbleOf(subject, each, point, isSlight) : null))
    for (const k of known) {
      const bar = wobbles.reduce((total, wobble) => total + wobbleAt(wobble, k), 0)
      tally.add(k, 0, a[k]!, b[k]!, jointBar(a[k]!, b[k]!, bar, scale))
    }
  }

  const byReverse = new Tally(overForwardNames.reverse, secondOrderNames.forward, tolerance)
  if (available.modes.includes('reverse')) {
    compare(byReverse, (at) => slope.reverse(at, Float64Array.of(-2)).map((x) => x / -2), product)
  }
  const byForward = new Tally(overForwardNames.forward, secondOrderNames.forward, tolerance)
  const all = inputs.size ** 2 <= budget
  const count = !available.modes.includes('forward') ? 0 : all ? inputs.size : directions
  const alongs = Array.from({ length: count }, (_, j) => (all ? unit(inputs.size, j, 2) : signs(inputs.size, random)))
  if (count > 0) {
    compare(
      byForward,
      (at) => Float64Array.from(alongs, (along) => slope.forward(at, along)[0]!),
      (at) => {
        const exact = product(at)
        return Float64Array.from(alongs, (along) => dot(along, masked(exact, along)))
      },
    )
  }
  const outputName = () => 'slope along a random direction'
  return [
    byReverse.comparison(namesIn(inputs), outputName),
    byForward.comparison(all ? namesIn(inputs) : (d) => `random direction ${d + 1} of ${directions}`, outputName),
  ]
}
