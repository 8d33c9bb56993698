import { noGrad, type Tensor } from '@adjoint/autograd'
import { nll } from '@adjoint/nn'
import type { Digits } from '../data/mnist.js'
import type { Ensemble } from './model.js'

/** Probabilities [members, n, 10]. */
export type Opinions = Tensor<[number, number, 10]>
type Opinion = Tensor<[number, 10]>

/** The probabilities of every member for images, [members, n, 10]. */
export const probabilitiesOf = (ensemble: Ensemble, images: Digits['images']): Opinions =>
  noGrad(() => ensemble.scores(images).softmax())

/** The mean of the first members' probabilities, [n, 10]: what they say together. */
export const together = (probabilities: Opinions, members = probabilities.shape[0]): Opinion =>
  probabilities.slice(0, 0, members).mean(0)

/** How well probabilities [n, 10] tell labels, and whether they promise too much. */
export interface Judgement {
  readonly accuracy: number
  /** The mean negative logarithm of what the label was given, in nats. */
  readonly loss: number
  /** Images by how sure the answer was: the share that was right in each tenth, where there are any. */
  readonly bins: readonly { readonly sure: number; readonly right: number; readonly count: number }[]
  /** The mean distance of the two (Naeini, Cooper and Hauskrecht, 2015). */
  readonly calibrationError: number
}

export const judge = (probabilities: Opinion, labels: Tensor<[number]>): Judgement => {
  const sure = probabilities.max(-1).data
  const right = probabilities.argmax(-1).equal(labels).data
  const loss = nll(probabilities.maximum(1e-12).log(), labels).item()
  const bins = Array.from({ length: 10 }, () => ({ sure: 0, right: 0, count: 0 }))
  for (let i = 0; i < sure.length; i++) {
    const bin = bins[Math.min(9, Math.floor(10 * sure[i]!))]!
    bin.count++
    bin.sure += sure[i]!
    bin.right += Number(right[i]!)
  }
  const count = sure.length
  return {
    accuracy: bins.reduce((sum, bin) => sum + bin.right, 0) / count,
    loss,
    calibrationError: bins.reduce((sum, bin) => sum + Math.abs(bin.sure - bin.right), 0) / count,
    bins: bins
      .filter((bin) => bin.count > 0)
      .map((bin) => ({ sure: bin.sure / bin.count, right: bin.right / bin.count, count: bin.count })),
  }
}

/** How sure a reader is of each image: what it gives its answer. */
export const sureness = (probabilities: Opinion): ArrayLike<number> => probabilities.max(-1).data

/** The chance that it is surer of one of the first than of one of the second, half for a tie (the area under the ROC curve). */
export const chanceOfTelling = (known: ArrayLike<number>, odd: ArrayLike<number>): number => {
  const all = [
    ...Array.from(known, (sure) => ({ sure, isKnown: true })),
    ...Array.from(odd, (sure) => ({ sure, isKnown: false })),
  ]
  all.sort((a, b) => a.sure - b.sure)
  let wins = 0
  let oddBelow = 0
  for (let i = 0; i < all.length; ) {
    let [knownHere, oddHere] = [0, 0]
    const { sure } = all[i]!
    for (; i < all.length && all[i]!.sure === sure; i++) all[i]!.isKnown ? knownHere++ : oddHere++
    wins += knownHere * (oddBelow + oddHere / 2)
    oddBelow += oddHere
  }
  return wins / (known.length * odd.length)
}
