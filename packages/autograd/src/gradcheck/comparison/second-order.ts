import type { Random } from '../../tensor/random.js'
import type { Settings } from '../options.js'
import { availableIn, notesOn } from '../subject/available.js'
import { guarded } from '../subject/broken.js'
import type { ModeNames } from '../subject/mode.js'
import type { Subject } from '../subject/subject.js'
import { dot, largest, masked, signs, unit, weights } from '../subject/vectors.js'
import { type Comparison, jointBar, namesIn, Tally } from './agreement.js'

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
  const product = gradient.forward(point, u)
  const scale = Math.max(largest(product), largest(gradient.value(point)))
  const unguarded = subject.slopeOf?.(cotangent, u)
  if (unguarded === undefined) return []
  const slope = guarded(unguarded)
  const available = availableIn(unguarded, modes)
  notes.push(...notesOn(available, overForwardNames))
  const compare = (tally: Tally, position: number, left: number, right: number) => {
    // a product that is not finite was already compared element by element
    if (Number.isFinite(right)) tally.add(position, 0, left, right, jointBar(left, right, 0, scale))
  }

  const byReverse = new Tally(overForwardNames.reverse, secondOrderNames.forward, tolerance)
  if (available.modes.includes('reverse')) {
    slope.reverse(point, Float64Array.of(-2)).forEach((x, j) => {
      compare(byReverse, j, x / -2, product[j]!)
    })
  }
  const byForward = new Tally(overForwardNames.forward, secondOrderNames.forward, tolerance)
  const all = inputs.size ** 2 <= budget
  const count = !available.modes.includes('forward') ? 0 : all ? inputs.size : directions
  for (let j = 0; j < count; j++) {
    const along = all ? unit(inputs.size, j, 2) : signs(inputs.size, random)
    compare(byForward, j, slope.forward(point, along)[0]!, dot(along, masked(product, along)))
  }
  const outputName = () => 'slope along a random direction'
  return [
    byReverse.comparison(namesIn(inputs), outputName),
    byForward.comparison(all ? namesIn(inputs) : (d) => `random direction ${d + 1} of ${directions}`, outputName),
  ]
}
