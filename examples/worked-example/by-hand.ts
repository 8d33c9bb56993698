/**
 * The network as in a class room, one number at a time: two inputs, two hidden neurons (nodes 3 and 4), one output
 * (node 5), a sigmoid at each, no biases. w13 and w23 are the weights from nodes 3 and 4 into the output.
 */
export interface Weights {
  readonly w11: number
  readonly w12: number
  readonly w21: number
  readonly w22: number
  readonly w13: number
  readonly w23: number
}

export const x1 = 0.35
export const x2 = 0.7
export const target = 0.5
export const learningRate = 1
export const initial: Weights = { w11: 0.2, w12: 0.3, w21: 0.2, w22: 0.3, w13: 0.3, w23: 0.9 }

const sigmoid = (a: number): number => 1 / (1 + Math.exp(-a))

/** Each neuron sums its weighted inputs (a) and squashes the sum (y). */
const forward = (w: Weights) => {
  const a1 = w.w11 * x1 + w.w21 * x2
  const a2 = w.w12 * x1 + w.w22 * x2
  const y3 = sigmoid(a1)
  const y4 = sigmoid(a2)
  const a5 = w.w13 * y3 + w.w23 * y4
  const y5 = sigmoid(a5)
  const error = (target - y5) ** 2 / 2
  return { a1, a2, y3, y4, a5, y5, error }
}

/** How much each neuron's sum should rise to lower the error: minus the derivative of the error by that sum. */
export const deltas = (w: Weights) => {
  const { y3, y4, y5 } = forward(w)
  const delta5 = (target - y5) * (y5 * (1 - y5))
  const delta3 = delta5 * w.w13 * (y3 * (1 - y3))
  const delta4 = delta5 * w.w23 * (y4 * (1 - y4))
  return { delta3, delta4, delta5 }
}

/** Each weight moves by learning rate x delta of the neuron it leads to x output of the one it comes from. */
const update = (w: Weights): Weights => {
  const { y3, y4 } = forward(w)
  const { delta3, delta4, delta5 } = deltas(w)
  return {
    w11: w.w11 + learningRate * delta3 * x1,
    w12: w.w12 + learningRate * delta4 * x1,
    w21: w.w21 + learningRate * delta3 * x2,
    w22: w.w22 + learningRate * delta4 * x2,
    w13: w.w13 + learningRate * delta5 * y3,
    w23: w.w23 + learningRate * delta5 * y4,
  }
}

/** Every number of the lesson: the pass forward, the deltas, the new weights, and the pass with those. */
export const lesson = () => {
  const after = update(initial)
  return {
    ...forward(initial),
    ...deltas(initial),
    w11After: after.w11,
    w12After: after.w12,
    w21After: after.w21,
    w22After: after.w22,
    w13After: after.w13,
    w23After: after.w23,
    y5After: forward(after).y5,
    errorAfter: forward(after).error,
  }
}

/** How many updates it takes until the output, rounded to two digits, is the .61 that the text reports after one. */
export const updatesUntilPrinted = (): number => {
  let w = initial
  let count = 0
  for (; Math.round(forward(w).y5 * 100) > 61; count++) w = update(w)
  return count
}

export type Lesson = ReturnType<typeof lesson>
