import { side } from '../data/mnist.js'

const levels = 6

/** A handwritten digit as the text of an SVG, drawn in the colour of the text around it. */
export const digitPicture = (ink: ArrayLike<number>): string => tintPicture(ink, side)

/** Numbers from 0 to 1 in rows of `width` as the text of an SVG, as tints of the colour of the text around it. */
export const tintPicture = (ink: ArrayLike<number>, width: number): string => {
  const paths = Array.from({ length: levels }, (_, i) => {
    const level = i + 1
    const runs = runsOf(ink, width, level)
    return runs === '' ? '' : `<path fill-opacity="${(level / levels).toFixed(2)}" d="${runs}"/>`
  })
  return `<svg viewBox="0 0 ${width} ${ink.length / width}" fill="currentColor" shape-rendering="crispEdges" aria-hidden="true">${paths.join('')}</svg>`
}

/** The pixels of one level of ink, as boxes of neighbours in a row. */
const runsOf = (ink: ArrayLike<number>, width: number, level: number): string => {
  const isInk = (x: number, y: number) => x < width && Math.round(ink[y * width + x]! * levels) === level
  let path = ''
  for (let y = 0; y < ink.length / width; y++) {
    for (let x = 0; x < width; x++) {
      const start = x
      while (isInk(x, y)) x++
      if (x > start) path += `M${start} ${y}h${x - start}v1h${start - x}z`
    }
  }
  return path
}

/**
 * Numbers of either sign in rows of `width` as the text of an SVG: the tint says how large, and a negative number has a cut
 * corner.
 */
export const signedPicture = (numbers: ArrayLike<number>, width: number): string => {
  const all = Array.from(numbers)
  const largest = Math.max(...all.map(Math.abs), Number.MIN_VALUE)
  const cells = all.map((number, i) => {
    const [x, y] = [i % width, Math.floor(i / width)]
    const shape = number < 0 ? 'h.5l.45 .45v.5h-.95z' : 'h.95v.95h-.95z'
    return `<path fill-opacity="${(Math.abs(number) / largest).toFixed(2)}" d="M${x} ${y}${shape}"/>`
  })
  return `<svg viewBox="0 0 ${width} ${all.length / width}" fill="currentColor" aria-hidden="true">${cells.join('')}</svg>`
}

export interface Guess {
  readonly ink: ArrayLike<number>
  readonly truth: number
  readonly prediction: number
  /** What the model gives its prediction, from 0 to 1. */
  readonly probability: number
  /** A further picture below the digit. */
  readonly below?: string
}

/** Digits side by side, each with what the model takes it for. */
export const digitsPicture = (guesses: readonly Guess[]): string => {
  const tiles = guesses.map(({ ink, truth, prediction, probability, below = '' }) => {
    const isRight = prediction === truth
    const verdict = isRight ? '' : `<span class="truth">is ${truth}</span>`
    const percent = `${(100 * probability).toFixed(0)} %`
    return `<figure class="digit ${isRight ? 'right' : 'wrong'}">${digitPicture(ink)}${below}<figcaption><b>${prediction}</b> ${percent}${verdict}</figcaption></figure>`
  })
  return `<div class="digits">${tiles.join('\n')}</div>`
}
