import type { Tensor } from '@adjoint/autograd'
import { ShapeError } from '@adjoint/autograd'
import { type DecisionOptions, decide } from './decisions.js'

/** Counts decisions by class, over batches. */
export class Counts {
  /** How often each class was decided and right. */
  right: Float64Array = new Float64Array()
  /** How often each class was decided. */
  predicted: Float64Array = new Float64Array()
  /** How often each class was so. */
  actual: Float64Array = new Float64Array()
  /** How many decisions there were. */
  total = 0
  readonly #owner: string
  readonly #options: DecisionOptions

  constructor(owner: string, options: DecisionOptions) {
    this.#owner = owner
    this.#options = options
  }

  /** Counts the decisions of a batch, and gives the number of classes. */
  add(output: Tensor, target: Tensor, examine: (classes: number) => void = () => {}): void {
    const { predicted, actual, classes } = decide(this.#owner, output, target, this.#options)
    examine(classes)
    if (this.actual.length === 0) {
      this.right = new Float64Array(classes)
      this.predicted = new Float64Array(classes)
      this.actual = new Float64Array(classes)
    }
    requireAsMany(this.#owner, classes, this.actual.length)
    for (let i = 0; i < actual.length; i++) {
      const [guess, truth] = [predicted[i]!, actual[i]!]
      if (truth === this.#options.ignoreIndex) continue
      this.total++
      this.predicted[guess]!++
      this.actual[truth]!++
      if (guess === truth) this.right[truth]!++
    }
  }
}

/** Throws unless a batch has the classes of those before. */
export const requireAsMany = (owner: string, classes: number, before: number): void => {
  if (classes === before) return
  throw new ShapeError(`${owner}: an output of ${classes} classes after one of ${before}; give all the same.`)
}
