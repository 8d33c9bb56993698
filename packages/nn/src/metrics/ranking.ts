import { ShapeError, type Tensor } from '@adjoint/autograd'
import type { LabelOptions } from '../losses/classes.js'
import { formatShape, sameShape } from '../shapes.js'
import { classesLast } from './classes-last.js'
import { scoresOf } from './decisions.js'

/** At a threshold: how many examples of class 1, and of class 0, have a score of at least so much. */
export type Point = (positives: number, negatives: number) => void

/** Keeps the scores of examples by class, over batches. */
export class Ranking {
  readonly #positives = new Numbers()
  readonly #negatives = new Numbers()
  readonly #owner: string
  readonly #options: LabelOptions
  #isOrdered = true

  constructor(owner: string, options: LabelOptions) {
    this.#owner = owner
    this.#options = options
  }

  /** How many examples are of class 1. */
  get positives(): number {
    return this.#positives.length
  }

  /** How many are of class 0. */
  get negatives(): number {
    return this.#negatives.length
  }

  /** False if a score is NaN, which has no place among others. */
  get isOrdered(): boolean {
    return this.#isOrdered
  }

  add(output: Tensor, target: Tensor): void {
    const [scores, truths] = this.#read(output, target)
    for (let i = 0; i < truths.length; i++) {
      if (truths[i] === this.#options.ignoreIndex) continue
      if (Number.isNaN(scores[i])) this.#isOrdered = false
      ;(truths[i] === 1 ? this.#positives : this.#negatives).push(scores[i]!)
    }
  }

  #read(output: Tensor, target: Tensor): readonly [scores: Float64Array, truths: ArrayLike<number>] {
    const owner = this.#owner
    if (sameShape(output.shape, target.shape)) return [scoresOf(owner, output, target, this.#options), target.data]
    const { classes, logits, labels } = classesLast(owner, output, target, this.#options)
    if (classes !== 2) {
      throw new ShapeError(
        `${owner}: logits ${formatShape(output.shape)} are of ${classes} classes, and a ranking is of two; take the scores ` +
          'of one class, and targets that say whether it is so.',
      )
    }
    return [Float64Array.from(labels, (_, i) => logits[2 * i + 1]! - logits[2 * i]!), labels]
  }

  /** All different scores as thresholds, from the highest to the lowest. */
  descend(at: Point): void {
    const [positives, negatives] = [this.#positives.sorted(), this.#negatives.sorted()]
    let [p, n] = [positives.length, negatives.length]
    while (p > 0 || n > 0) {
      const score = Math.max(
        p > 0 ? positives[p - 1]! : Number.NEGATIVE_INFINITY,
        n > 0 ? negatives[n - 1]! : Number.NEGATIVE_INFINITY,
      )
      while (p > 0 && positives[p - 1] === score) p--
      while (n > 0 && negatives[n - 1] === score) n--
      at(positives.length - p, negatives.length - n)
    }
  }
}

/** A typed array that grows. */
class Numbers {
  length = 0
  #numbers = new Float64Array(64)

  push(number: number): void {
    if (this.length === this.#numbers.length) {
      const more = new Float64Array(2 * this.length)
      more.set(this.#numbers)
      this.#numbers = more
    }
    this.#numbers[this.length++] = number
  }

  sorted(): Float64Array {
    return this.#numbers.slice(0, this.length).sort()
  }
}
