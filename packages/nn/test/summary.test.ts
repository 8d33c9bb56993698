import { type AnyTensor, ones, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { buffer, Dropout, Embedding, Linear, Module, ReLU, Sequential, summary } from '../src/index.js'

class Block extends Module {
  readonly linear = new Linear(4, 4)
  readonly drop = new Dropout(0.5)
  readonly spare = new Linear(4, 1).freeze()
  readonly seen = buffer(zeros([3]))
  forward(x: AnyTensor, { twice = false }: { twice?: boolean } = {}): { y: Tensor; mean: Tensor } {
    this.setBuffer('seen', ones([3]))
    const once = this.drop.forward(this.linear.forward(x as never) as Tensor) as Tensor
    const y = (twice ? this.linear.forward(once as never) : once) as Tensor
    return { y, mean: y.mean() as Tensor }
  }
}

describe('summary', () => {
  it('tells what each part gives and costs', () => {
    const model = new Sequential(['in', new Linear(8, 4)], new ReLU(), ['out', new Linear(4, 2, { bias: false })])
    const { rows } = summary(model, [5, 8])
    expect(rows.map(({ path, name, outputs, parameters, flops }) => [path, name, outputs, parameters, flops])).toEqual([
      ['', 'Sequential', [[5, 2]], 44, 5 * (2 * 8 * 4 + 4 + 4 + 2 * 4 * 2)],
      ['in', 'Linear(8, 4)', [[5, 4]], 36, 5 * (2 * 8 * 4 + 4)],
      ['1', 'ReLU()', [[5, 4]], 0, 5 * 4],
      ['out', 'Linear(4, 2)', [[5, 2]], 8, 5 * 2 * 4 * 2],
    ])
    expect(rows[0]).toMatchObject({ inputs: [[5, 8]], stateBytes: 176, outputBytes: 40, calls: 1, trainable: 44 })
  })

  it('is a table', () => {
    const model = new Sequential(
      ['body', new Sequential(new Linear(100, 200), new ReLU())],
      ['head', new Linear(200, 2)],
    )
    model.layers[1].freeze()
    expect(`${summary(model, [5, 100])}`).toBe(
      [
        'module                   output    parameters   flops     bytes',
        '---------------------------------------------------------------',
        'Sequential               [5, 2]        20.6 k   206 k      40 B',
        '  body: Sequential       [5, 200]      20.2 k   202 k  3.91 KiB',
        '    0: Linear(100, 200)  [5, 200]      20.2 k   201 k  3.91 KiB',
        '    1: ReLU()            [5, 200]           0  1.00 k  3.91 KiB',
        '  head: Linear(200, 2)   [5, 2]           402  4.01 k      40 B',
        '',
        '20602 parameters, 402 of them frozen, 80.5 KiB with buffers; 206 k flops',
      ].join('\n'),
    )
  })

  it('takes any inputs, several calls, and parts that are not called; the model stays as it is', () => {
    const block = new Block()
    const { rows } = summary(block, [ones([2, 4]), { twice: true }])
    expect(rows.map(({ path, calls, outputs }) => [path, calls, outputs])).toEqual([
      ['', 1, [[2, 4], []]],
      ['linear', 2, [[2, 4]]],
      ['drop', 1, [[2, 4]]],
      ['spare', 0, []],
    ])
    expect(rows[0]).toMatchObject({ parameters: 25, trainable: 20, stateBytes: 112, outputBytes: 36 })
    expect(`${summary(block, [ones([2, 4]), { twice: true }])}`).toMatch(/spare: Linear\(4, 1\) +not called/)
    expect(`${summary(block, [ones([2, 4]), { twice: true }])}`).toMatch(/linear: Linear\(4, 4\) +\[2, 4\], 2 times/)
    expect([block.seen.toArray(), block.training]).toEqual([[0, 0, 0], true])
    let called = 0
    block.linear.afterForward(() => {
      called++
    })
    block.forward(ones([2, 4]))
    expect(called).toBe(1)
  })

  it('makes indices where it is told to, and says where a shape does not fit', () => {
    expect(summary(new Embedding(3, 2), [4], { dtype: 'int32' }).rows[0]!.outputs).toEqual([[4, 2]])
    expect(summary(new Embedding(3, 2), [tensor([0, 1], { dtype: 'int32' })]).rows[0]!.outputs).toEqual([[2, 2]])
    expect(() => summary(new Sequential(new ReLU(), new Linear(4, 2)), [2, 3])).toThrow(
      'layer 1: expects 4 features, got 3',
    )
  })
})
