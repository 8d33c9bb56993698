import { customOp, random, type Tensor } from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { BatchNorm1d, Linear, Module, ReLU, Sequential } from '@adjoint/nn'
import { describe, expect, test } from 'vitest'

random.seed(15)
const normal = (...shape: number[]): Tensor => random.normal(shape, { dtype: 'float64' }) as Tensor

class Autoencoder extends Module {
  readonly encoder = new Sequential(new Linear(2, 3), new ReLU())
  readonly decoder = new Linear(3, 2)
  forward(x: Tensor): Tensor {
    const code = this.encoder.forward(x as never) as Tensor
    return this.decoder.forward(code.tanh() as never) as Tensor
  }
}

const worstOf = (report: ReturnType<typeof gradcheck>) =>
  report.orders[0]!.comparisons.filter(({ agrees }) => !agrees).map(({ worst }) => worst!.input)

describe('a module as an input', () => {
  test('has its parameters varied, which are named by their dotted paths', () => {
    const f = (model: Autoencoder, x: Tensor) => model.forward(x)
    const report = gradcheck(f, [new Autoencoder(), normal(2, 2)])
    expect(report.verdict, `${report}`).toBe('pass')
    expect(report.notes).toEqual([
      'checked in float64, though float32 was given: input[0].encoder.0.weight, input[0].encoder.0.bias, ' +
        'input[0].decoder.weight, input[0].decoder.bias',
    ])
  })

  test('a wrong derivative of one parameter stands under its path', () => {
    const wrong = customOp({
      name: 'product',
      forward: (x: Tensor, w: Tensor) => x.matmul(w) as Tensor,
      vjp: (g, [x, w]) => [g.matmul(w.transpose()), x.transpose().matmul(g).neg()] as Tensor[],
    })
    const f = ({ encoder }: Autoencoder, x: Tensor) => wrong(x, encoder.layers[0].weight)
    const report = gradcheck(f, [new Autoencoder(), normal(2, 2)])
    expect(report.verdict).toBe('fail')
    expect(worstOf(report).filter((name) => name.startsWith('input[0].encoder.0.weight[')).length).toBeGreaterThan(0)
  })

  test('keeps its buffers, its parameters and its gradients', () => {
    const norm = new BatchNorm1d(2)
    const before = JSON.stringify(norm.stateDict())
    const report = gradcheck((m: typeof norm, x: Tensor) => m.forward(x as never), [norm, normal(4, 2)])
    expect(report.verdict, `${report}`).toBe('pass')
    expect(JSON.stringify(norm.stateDict())).toBe(before)
    expect([...norm.parameters()].every((p: Tensor) => !p.hasGrad)).toBe(true)
  })
})

describe('a module that the function closes over', () => {
  const flipped = customOp({
    name: 'flipped',
    forward: (x: Tensor, w: Tensor) => x.matmul(w) as Tensor,
    vjp: (g, [x, w]) => [g.matmul(w.transpose()), x.transpose().matmul(g).neg()] as Tensor[],
  })

  test('has its parameters checked', () => {
    const model = new Autoencoder()
    const right = gradcheck((x: Tensor) => model.forward(x), [normal(2, 2)])
    expect(right.verdict, `${right}`).toBe('pass')
    expect(right.notes[0]).toMatch(/captured parameters.*float32\[2, 3\], as float64/)
    const wrong = gradcheck(
      (x: Tensor) => flipped(model.encoder.forward(x as never) as Tensor, model.decoder.weight),
      [normal(2, 2)],
    )
    expect(wrong.verdict).toBe('fail')
    expect([...model.parameters()].every((p: Tensor) => p.dtype === 'float32' && !p.hasGrad)).toBe(true)
  })

  test('and asks for its parameters is not said to be right without them', () => {
    const model = new Linear(2, 2)
    const norm = (x: Tensor) =>
      [...model.parameters()].reduce(
        (sum: Tensor, p: Tensor) => sum.add(flipped(x, p.reshape([-1, 1]).slice(0, 0, 2) as Tensor).sum()) as Tensor,
        x.sum() as Tensor,
      )
    expect(gradcheck(norm, [normal(2, 2)]).verdict).not.toBe('pass')
  })
})
