import { type CompiledFunction, compile, linspace, noGrad, Random, type Tensor } from '@adjoint/autograd'
import { Adam, batches, crossEntropy, fit } from '@adjoint/nn'
import { describe, expect, test } from 'vitest'
import { curve, fitWith } from '../curve-fit/index.js'
import { deblur, measure, robust, squares } from '../custom-op/deblur.js'
import { createModel } from '../digits/model.js'
import { initialWeights } from '../xor/index.js'
import { Network } from '../xor/with-adjoint.js'

/** The function as it is, in the place of `compile`. */
const uncompiled: typeof compile = (f) => f as CompiledFunction<typeof f>

const expectClose = (a: Tensor, b: Tensor, tolerance: number) => {
  expect(a.shape).toEqual(b.shape)
  for (let i = 0; i < a.size; i++) expect(Math.abs(a.data[i]! - b.data[i]!)).toBeLessThan(tolerance)
}

// what the examples compute, compiled and as it is: all but the digits in float64
describe('the examples do compiled what they do uncompiled', () => {
  test('XOR', () => {
    const train = (compiled: typeof compile) => {
      const network = new Network(initialWeights())
      const step = compiled(() => {
        const { E } = network.forward()
        E.backward()
        noGrad(() => {
          for (const weights of network.parameters()) {
            weights.assign(weights.sub(weights.grad.mul(0.1)))
            weights.zeroGrad()
          }
        })
        return E
      })
      return { losses: Array.from({ length: 500 }, () => step().item()), parameters: network.parameters() }
    }
    const [one, other] = [train(compile), train(uncompiled)]
    one.losses.forEach((loss, i) => {
      expect(Math.abs(loss - other.losses[i]!)).toBeLessThan(1e-13)
    })
    one.parameters.forEach((parameter, i) => {
      expectClose(parameter, other.parameters[i]!, 1e-12)
    })
  })

  test('the curve', async () => {
    const x = linspace(-2, 2, 50, { dtype: 'float64' }).reshape([-1, 1])
    const fits = [true, false].map((compile) => fitWith(8, x, curve(x), { steps: 150, name: 'curve', compile }))
    const [one, other] = await Promise.all(fits)
    expectClose(one!.fitted, other!.fitted, 1e-9)
  })

  test.each([
    ['squares', squares],
    ['robust', robust],
  ])('the blurred signal, by %s', (_, penalty) => {
    const { measured } = measure()
    const [one, other] = [compile, uncompiled].map((compiled) => deblur(measured, penalty, 100, compiled))
    expectClose(one!, other!, 1e-9)
  })

  test('the digits: the model and its training, on noise', async () => {
    const train = async (compiled: boolean) => {
      const random = new Random(1)
      const model = createModel(random, 16)
      const data = batches(random.uniform([70, 784]), random.uniform([70], { high: 10, dtype: 'int32' }))
      const optimizer = new Adam(model.parameters(), { learningRate: 1e-3 })
      await fit(model, { data, loss: crossEntropy, optimizer, epochs: 3, compile: compiled })
      return model.parameters()
    }
    const [one, other] = [await train(true), await train(false)]
    one.forEach((parameter, i) => {
      expectClose(parameter, other[i]!, 1e-4)
    })
  })
})
