import { ones, parameter, Random, type Tensor, zeros } from '@adjoint/autograd'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Adam, fit, Linear, Module, mse, Sequential } from '../src/index.js'

const warn = vi.spyOn(console, 'warn')
beforeEach(() => {
  warn.mockReset()
})
afterEach(() => {
  warn.mockReset()
})

const random = new Random(1)
const build = () => new Sequential(new Linear(2, 2, { random }), new Linear(2, 1, { random }))
const data = [{ x: ones([3, 2]), y: zeros([3, 1]) }]
const said = () => warn.mock.calls.map(([text]) => String(text))

describe.each([true, false])('fit (compile: %s) warns', (compile) => {
  const options = { data, loss: mse, epochs: 3, compile }

  it('once of parameters that the optimizer does not have, by path', async () => {
    const model = build()
    const optimizer = new Adam(model.layers[1].parameters())
    await fit(model, { ...options, optimizer })
    await fit(model, { ...options, optimizer })
    expect(said()).toHaveLength(1)
    for (const part of ["'0.weight' (float32[2, 2]); '0.bias' (float32[2])", 'not trained', 'model.parameters()']) {
      expect(said()[0]).toContain(part)
    }
    expect(said()[0]).not.toContain('1.weight')
  })

  it('of parameters that the model hides', async () => {
    class Hiding extends Module {
      readonly head = new Linear(2, 1, { random })
      readonly #scale = parameter(ones([5]))
      forward(x: Tensor<[number, 2]>) {
        return this.head.forward(x).mul(this.#scale.sum())
      }
    }
    const model = new Hiding()
    await fit(model, { ...options, optimizer: new Adam(model.parameters()) })
    expect(said()).toHaveLength(1)
    expect(said()[0]).toContain('float32[5], which the model does not hold')
    expect(said()[0]).toContain('#private')
  })

  it('of parameters that the loss does not depend on, and names a few of many', async () => {
    class Idle extends Module {
      readonly used = new Linear(2, 1, { random })
      readonly rest = Array.from({ length: 7 }, () => parameter(ones([4])))
      forward(x: Tensor<[number, 2]>) {
        return this.used.forward(x)
      }
    }
    const model = new Idle()
    await fit(model, { ...options, optimizer: new Adam(model.parameters()) })
    expect(said()).toHaveLength(1)
    expect(said()[0]).toContain("'rest.0' (float32[4])")
    expect(said()[0]).toContain("'rest.4' (float32[4]); and 2 more")
  })

  it('of nothing where all is trained, or frozen on purpose', async () => {
    const model = build()
    await fit(model, { ...options, optimizer: new Adam(model.parameters()) })
    const frozen = build()
    for (const p of frozen.layers[0].parameters()) p.requiresGrad = false
    await fit(frozen, { ...options, optimizer: new Adam(frozen.parameters()) })
    const later = build()
    const optimizer = new Adam(later)
    for (const p of later.layers[0].parameters()) p.requiresGrad = false
    await fit(later, { ...options, optimizer })
    expect(said()).toEqual([])
  })
})
