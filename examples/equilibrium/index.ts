/**
 * A deep equilibrium model (Bai, Kolter and Koltun, Deep equilibrium models, 2019): one layer that is applied until nothing
 * changes any more, as if the network were infinitely deep. `implicit` differentiates the equilibrium itself and not the way
 * there: the loop that finds it is plain JavaScript, looks at elements to know when to stop, and leaves nothing behind. A
 * gradient costs one linear system, and the memory of one layer.
 */
import { compile, Random, type Tensor } from '@adjoint/autograd'
import { Adam, binaryCrossEntropyWithLogits } from '@adjoint/nn'
import { type RunOptions, runAsScript } from '../support/script.js'
import { createModel, moons } from './model.js'

type Model = ReturnType<typeof createModel>

/** The greatest difference between gradients by the theorem and through so many rounds of the layer. */
const compareGradients = (model: Model, { x, y }: ReturnType<typeof moons>, rounds: number): number => {
  const gradients = [model.equilibrium(x), model.unrolled(x, rounds)].map((z) => {
    for (const parameter of model.parameters) parameter.zeroGrad()
    binaryCrossEntropyWithLogits(model.read(z), y).backward()
    return model.parameters.map((parameter) => parameter.grad as Tensor)
  })
  return Math.max(...gradients[0]!.map((gradient, i) => gradient.sub(gradients[1]![i]!).abs().max().item()))
}

export const run = ({ short = false, print = console.log }: RunOptions = {}) => {
  const random = new Random(1)
  const learned = moons(short ? 60 : 200, random)
  const unseen = moons(200, random)
  const model = createModel(short ? 8 : 16, random)
  const optimizer = new Adam(model.parameters, { learningRate: 0.05 })
  const learn = compile((x: typeof learned.x, y: typeof learned.y) => {
    const loss = binaryCrossEntropyWithLogits(model.read(model.equilibrium(x)), y)
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    return loss
  })
  print('Two half circles of points, told apart by the equilibrium of one layer:\n')
  const steps = short ? 60 : 200
  const losses: number[] = []
  for (let step = 0; step < steps; step++) {
    losses.push(learn(learned.x, learned.y).item())
    if (step % (steps / 4) === 0)
      print(`step ${step}: loss ${losses.at(-1)!.toFixed(3)}, at rest after ${model.rounds.count} rounds`)
  }
  const scores = model.read(model.equilibrium(unseen.x))
  const accuracy = scores.greater(0).equal(unseen.y.greater(0.5)).cast('float64').mean().item()
  print(`loss ${losses.at(-1)!.toFixed(3)}, and ${(100 * accuracy).toFixed(1)} % of 200 unseen points are right`)
  const difference = compareGradients(model, learned, 600)
  print(`Gradients by the theorem and back through 600 rounds differ by ${difference.toExponential(1)}.\n`)
  return { losses, accuracy, difference }
}

await runAsScript(import.meta.url, run)
