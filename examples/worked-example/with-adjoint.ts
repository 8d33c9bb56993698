import { name, parameter, type Tensor, tensor } from '@adjoint/autograd'
import { explain, type Trace, trace } from '@adjoint/autograd/inspect'
import { initial, type Lesson, learningRate, target, type Weights, x1, x2 } from './by-hand.js'

type Numbers = Readonly<Record<keyof Weights | 'x1' | 'x2', Tensor<[]>>>

/** The pass forward, and all that is written here: nobody writes a delta. */
const network = ({ x1, x2, w11, w12, w21, w22, w13, w23 }: Numbers) => {
  const a1 = name(x1.mul(w11).add(x2.mul(w21)), 'a1')
  const a2 = name(x1.mul(w12).add(x2.mul(w22)), 'a2')
  const y3 = name(a1.sigmoid(), 'y3')
  const y4 = name(a2.sigmoid(), 'y4')
  const a5 = name(y3.mul(w13).add(y4.mul(w23)), 'a5')
  const y5 = name(a5.sigmoid(), 'y5')
  return name(y5.sub(target).square().div(2), 'E')
}

/** What happened in the network with such weights, forward and back. */
const traceOf = (weights: Weights): Trace => {
  const number = (value: number) => tensor(value, { dtype: 'float64' })
  const learned = Object.entries(weights).map(([key, value]) => [key, parameter(number(value))])
  return trace(network, { x1: number(x1), x2: number(x2), ...Object.fromEntries(learned) } as Numbers)
}

/**
 * The same network as a program. The sweep back finds every derivative, and the deltas turn out to be what arrives at the
 * sums on the way, with the other sign.
 */
export const lesson = (): { numbers: Lesson; explanation: string; picture: Trace } => {
  const before = traceOf(initial)
  const value = (key: string) => nodeOf(before, key).value as number
  const adjoint = (key: string) => nodeOf(before, key).adjoint as number
  const updated = Object.fromEntries(
    Object.entries(initial).map(([key, weight]) => [key, weight - learningRate * adjoint(key)]),
  ) as unknown as Weights
  const after = traceOf(updated)

  const numbers: Lesson = {
    a1: value('a1'),
    a2: value('a2'),
    y3: value('y3'),
    y4: value('y4'),
    a5: value('a5'),
    y5: value('y5'),
    error: value('E'),
    delta3: -adjoint('a1'),
    delta4: -adjoint('a2'),
    delta5: -adjoint('a5'),
    w11After: updated.w11,
    w12After: updated.w12,
    w21After: updated.w21,
    w22After: updated.w22,
    w13After: updated.w13,
    w23After: updated.w23,
    y5After: nodeOf(after, 'y5').value as number,
    errorAfter: nodeOf(after, 'E').value as number,
  }
  return { numbers, explanation: explain(before, { backward: true }), picture: before }
}

const nodeOf = ({ nodes }: Trace, key: string) => nodes.find((node) => node.name === key)!
