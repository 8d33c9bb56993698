import { compile, noGrad, Random, type Tensor } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { Dropout, Linear, mse, Sequential, SGD } from '../src/index.js'

describe('a compiled step with Dropout', () => {
  it('drops what an eager one drops, step by step, and nothing in evaluation', () => {
    const train = (isCompiled: boolean) => {
      const random = new Random(3)
      const [x, y] = [random.normal([8, 5]), random.normal([8, 2])] as [Tensor, Tensor]
      const dropout = () => new Dropout(0.4, { random })
      const model = new Sequential(dropout(), new Linear(5, 7, { random }), dropout(), new Linear(7, 2, { random }))
      const optimizer = new SGD(model.parameters(), { learningRate: 0.1 })
      const descend = () => {
        const loss = mse(model.forward(x as never) as Tensor, y)
        optimizer.zeroGrad()
        loss.backward()
        optimizer.step()
        return loss
      }
      const forward = () => noGrad(() => model.forward(x as never) as Tensor)
      const [step, predict] = isCompiled ? [compile(descend), compile(forward)] : [descend, forward]
      const seen: number[][] = []
      for (let i = 0; i < 6; i++) {
        seen.push([step().item()])
        model.train(i % 2 === 0)
        seen.push([...predict().data], [...predict().data])
        model.train(i !== 3)
      }
      return seen
    }
    expect(train(true)).toEqual(train(false).map((numbers) => numbers.map((number) => expect.closeTo(number, 5))))
  })
})
