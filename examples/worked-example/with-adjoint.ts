import { noGrad, parameter, type Tensor, tensor } from '@adjoint/autograd'
import { explain, type Graph, graph } from '@adjoint/autograd/inspect'
import { type Lesson, learningRate, target, initial as w, x1, x2 } from './by-hand.js'

const float64 = { dtype: 'float64' } as const
const x = tensor([[x1, x2]], float64)

const forward = (W1: Tensor<[2, 2]>, W2: Tensor<[2, 1]>) => {
  const a = x.matmul(W1)
  const h = a.sigmoid()
  const a5 = h.matmul(W2)
  const y = a5.sigmoid()
  const E = y.sub(target).square().div(2).sum()
  return { a, h, a5, y, E }
}

/**
 * The same network as a program of tensors. Nobody writes a delta here: `backward()` finds every derivative, and the
 * deltas turn out to be what flows through the graph on the way.
 */
export const lesson = (): { numbers: Lesson; explanation: string; picture: Graph } => {
  const W1 = parameter(tensor([[w.w11, w.w12], [w.w21, w.w22]], float64)) // biome-ignore format: a matrix
  const W2 = parameter(tensor([[w.w13], [w.w23]], float64))

  const before = forward(W1, W2)
  const names = { x, W1, W2, ...before }
  const picture = graph(before.E, { names, hide: ['reshape'] })
  const explanation = explain(before.E, { names })

  before.E.backward()
  noGrad(() => {
    W1.assign(W1.sub(W1.grad.mul(learningRate)))
    W2.assign(W2.sub(W2.grad.mul(learningRate)))
  })
  const after = forward(W1, W2)

  const numbers: Lesson = {
    a1: before.a.data[0]!,
    a2: before.a.data[1]!,
    y3: before.h.data[0]!,
    y4: before.h.data[1]!,
    a5: before.a5.item(),
    y5: before.y.item(),
    error: before.E.item(),
    delta3: -gradientOf(picture, 'a', 0),
    delta4: -gradientOf(picture, 'a', 1),
    delta5: -gradientOf(picture, 'a5', 0),
    w11After: W1.data[0]!,
    w12After: W1.data[1]!,
    w21After: W1.data[2]!,
    w22After: W1.data[3]!,
    w13After: W2.data[0]!,
    w23After: W2.data[1]!,
    y5After: after.y.item(),
    errorAfter: after.E.item(),
  }
  return { numbers, explanation, picture }
}

/** An element of what flowed back through the node of this name, a matrix of one row. */
const gradientOf = ({ nodes }: Graph, name: string, index: number): number => {
  const gradient = nodes.find(({ label }) => label === name)?.gradient as number[][]
  return gradient[0]![index]!
}
