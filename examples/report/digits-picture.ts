import { side } from '../data/mnist.js'

const levels = 6

/** A handwritten digit as the text of an SVG, drawn in the colour of the text around it. */
export const digitPicture = (ink: ArrayLike<number>): string => {
  const paths = Array.from({ length: levels }, (_, i) => {
    const level = i + 1
    const runs = runsOf(ink, level)
    return runs === '' ? '' : `<path fill-opacity="${(level / levels).toFixed(2)}" d="${runs}"/>`
  })
  return `<svg viewBox="0 0 ${side} ${side}" fill="currentColor" shape-rendering="crispEdges" aria-hidden="true">${paths.join('')}</svg>`
}

/** The pixels of one level of ink, as boxes of neighbours in a row. */
const runsOf = (ink: ArrayLike<number>, level: number): string => {
  const isInk = (x: number, y: number) => x < side && Math.round(ink[y * side + x]! * levels) === level
  let path = ''
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const start = x
      while (isInk(x, y)) x++
      if (x > start) path += `M${start} ${y}h${x - start}v1h${start - x}z`
    }
  }
  return path
}

export interface Guess {
  readonly ink: ArrayLike<number>
  readonly truth: number
  readonly prediction: number
  /** What the model gives its prediction, from 0 to 1. */
  readonly probability: number
}

/** Digits side by side, each with what the model takes it for. */
export const digitsPicture = (guesses: readonly Guess[]): string => {
  const tiles = guesses.map(({ ink, truth, prediction, probability }) => {
    const isRight = prediction === truth
    const verdict = isRight ? '' : `<span class="truth">is ${truth}</span>`
    const percent = `${(100 * probability).toFixed(0)} %`
    return `<figure class="digit ${isRight ? 'right' : 'wrong'}">${digitPicture(ink)}<figcaption><b>${prediction}</b> ${percent}${verdict}</figcaption></figure>`
  })
  return `<div class="digits">${tiles.join('\n')}</div>`
}
