import { namedScope, parameter, type Tensor, tensor } from '@adjoint/autograd'
import { type Trace, trace } from '@adjoint/autograd/inspect'

const float64 = { dtype: 'float64' } as const
const scalar = (value: number) => tensor(value, float64)

/** The 2-2-1 network in scalars. */
export const network = (): Trace => {
  const [w11, w21, w12, w22, w13, w23] = [0.2, 0.2, 0.3, 0.3, 0.3, 0.9].map((value) => parameter(scalar(value))) as [Tensor<[]>, Tensor<[]>, Tensor<[]>, Tensor<[]>, Tensor<[]>, Tensor<[]>] // biome-ignore format: a list
  const loss = (x1: Tensor<[]>, x2: Tensor<[]>) => {
    const y3 = x1.mul(w11).add(x2.mul(w21)).sigmoid()
    const y4 = x1.mul(w12).add(x2.mul(w22)).sigmoid()
    return y3.mul(w13).add(y4.mul(w23)).sigmoid().sub(0.5).square().div(2)
  }
  return trace.with({ names: { w11, w21, w12, w22, w13, w23 } })(loss, scalar(0.35), scalar(0.7))
}

/** The same in matrices. */
export const matrices = (): Trace => {
  const x = tensor([[0.35, 0.7]], float64)
  const W1 = parameter(tensor([[0.2, 0.3], [0.2, 0.3]], float64)) // biome-ignore format: a matrix
  const W2 = parameter(tensor([[0.3], [0.9]], float64))
  const E = x.matmul(W1).sigmoid().matmul(W2).sigmoid().sub(0.5).square().div(2).sum()
  return trace(E, { names: { x, W1, W2, E } })
}

/** Twenty steps y + tanh(y) of scalars, in a group each; the last is within another. */
export const grouped = (steps = 6): Trace => {
  const w = parameter(scalar(0.5))
  const step = (y: Tensor<[]>) => y.mul(w).tanh().add(y).mul(0.9)
  const run = (x: Tensor<[]>) => {
    let y = x
    for (let k = 0; k < steps; k++) {
      y = namedScope(`step${k}`, () => (k < 2 ? step(y) : namedScope(`inner${k}`, () => step(y)).sin()))
    }
    return y.square()
  }
  return trace.with({ names: { w } })(run, scalar(0.3))
}

/** One group of two parts with a step between them: closed as one box it would feed itself. */
export const around = (): Trace => {
  const w = parameter(scalar(0.5))
  const run = (x: Tensor<[]>) => {
    const [a, b] = namedScope('pair', () => [x.mul(w).sin(), x.exp()] as const)
    return namedScope('pair', () => a.tanh().mul(w)).add(b)
  }
  return trace(run, scalar(0.3))
}

/** A layer with a bias for many rows, and numbers that are not finite. */
export const layer = (): Trace => {
  const W = parameter(tensor([[0.5, -1, 2], [1, 0, -0.5]], float64)) // biome-ignore format: a matrix
  const b = parameter(tensor([0.1, -0.2, Number.POSITIVE_INFINITY], float64))
  return trace.with({ names: { W, b } })((x: Tensor<[number, number]>) => x.matmul(W).add(b).tanh().mean(), tensor(Array.from({ length: 8 }, (_, i) => [i / 4, 1 - i / 4]), float64)) // biome-ignore format: a call
}

/** Tangents beside adjoints. */
export const moved = (): Trace => {
  const w = parameter(tensor([0.5, -1, 2], float64))
  const options = { tangents: { x: 1 }, names: { w } }
  return trace.with(options)((x: Tensor<[3]>) => x.mul(w).sin().sum(), tensor([1, 2, 3], float64))
}

/** Names that XML reads as its own. */
export const nasty = (): Trace => {
  const w = parameter(scalar(2))
  return trace.with({ names: { '<b>&"\'': w } })(
    (x: Tensor<[]>) => namedScope('</text>]]>', () => x.mul(w)).exp(),
    scalar(0.25),
  )
}

/** Many boxes: `count` steps of two each, with shortcuts. */
export const long = (count: number): Trace => {
  const w = parameter(scalar(0.5))
  return trace((x: Tensor<[]>) => {
    const all: Tensor<[]>[] = [x]
    for (let k = 1; k <= count; k++) {
      const last = all.at(-1)!
      all.push((k % 7 === 0 ? last.add(all[k - 5]!) : k % 3 === 0 ? last.mul(w) : last.sin()) as Tensor<[]>)
    }
    return all.at(-1)!
  }, scalar(0.3))
}
