/**
 * The network with its derivatives written by hand, as in a short NumPy program: matrices are arrays of rows, and a
 * line of the backward pass is a formula that somebody had to derive.
 */
export type Matrix = readonly (readonly number[])[]

export interface Weights {
  readonly W1: Matrix
  readonly b1: Matrix
  readonly W2: Matrix
  readonly b2: Matrix
}

export const inputs: Matrix = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]
export const targets: Matrix = [[0], [1], [1], [0]]

const map = (f: (...elements: number[]) => number, first: Matrix, ...others: Matrix[]): Matrix =>
  first.map((row, i) => row.map((element, j) => f(element, ...others.map((other) => other[i]![j]!))))

const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, element, k) => sum + element * b[k]![j]!, 0)))

const transpose = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!))

const columnSums = (a: Matrix): Matrix => [a[0]!.map((_, j) => a.reduce((sum, row) => sum + row[j]!, 0))]

const addRow = (a: Matrix, row: Matrix): Matrix => a.map((own) => own.map((element, j) => element + row[0]![j]!))

const sigmoid = (a: Matrix): Matrix => map((x) => 1 / (1 + Math.exp(-x!)), a)

export const forward = ({ W1, b1, W2, b2 }: Weights) => {
  const hidden = sigmoid(addRow(product(inputs, W1), b1))
  const predictions = sigmoid(addRow(product(hidden, W2), b2))
  return { hidden, predictions }
}

/** The mean of the squared errors, which is what the program prints. */
export const meanSquaredError = (predictions: Matrix): number =>
  predictions.reduce((sum, [p], i) => sum + (targets[i]![0]! - p!) ** 2, 0) / targets.length

/** The derivatives of half the sum of the squared errors, which is what the program descends. */
export const gradients = (weights: Weights): Weights => {
  const { hidden, predictions } = forward(weights)
  const outputDelta = map((y, p) => (y! - p!) * p! * (1 - p!), targets, predictions)
  const hiddenDelta = map((e, h) => e! * h! * (1 - h!), product(outputDelta, transpose(weights.W2)), hidden)
  const negative = (a: Matrix) => map((x) => -x!, a)
  return {
    W1: negative(product(transpose(inputs), hiddenDelta)),
    b1: negative(columnSums(hiddenDelta)),
    W2: negative(product(transpose(hidden), outputDelta)),
    b2: negative(columnSums(outputDelta)),
  }
}

export const update = (weights: Weights, learningRate: number): Weights => {
  const slopes = gradients(weights)
  const step = (name: keyof Weights) => map((w, slope) => w! - learningRate * slope!, weights[name], slopes[name])
  return { W1: step('W1'), b1: step('b1'), W2: step('W2'), b2: step('b2') }
}
