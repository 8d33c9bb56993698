import { type Tensor, tensor } from '@adjoint/autograd'
import { toHaveCorrectGradients } from '@adjoint/autograd/gradcheck/vitest'
import { describe, expect, test } from 'vitest'
import { normal, scaled } from './mutants/kit.js'

expect.extend({ toHaveCorrectGradients })

const right = (x: Tensor): Tensor => x.tanh()
const wrong = scaled('tanh', right, -1) as (x: Tensor) => Tensor
const kinked = (x: Tensor): Tensor => x.abs()
const x = normal(1, 3)
const zero = tensor([0], { dtype: 'float64' }) as Tensor

describe('expect(f).toHaveCorrectGradients', () => {
  test('passes where gradients are right', () => {
    expect(right).toHaveCorrectGradients([x])
    expect((a: Tensor, b: Tensor) => a.mul(b)).toHaveCorrectGradients([x, x], { order: 1, seed: 3 })
  })

  test('fails with the report where they are wrong', () => {
    const fails = () => expect(wrong).toHaveCorrectGradients([x], { order: 1 })
    expect(fails).toThrow(/gradcheck: fail.*the sign is wrong/s)
  })

  test('with not it is the other way round', () => {
    expect(wrong).not.toHaveCorrectGradients([x])
    expect(() => expect(right).not.toHaveCorrectGradients([x])).toThrow('gradcheck: pass')
  })

  test('what is not known is neither', () => {
    expect(() => expect(kinked).toHaveCorrectGradients([zero])).toThrow('gradcheck: inconclusive')
    expect(() => expect(kinked).not.toHaveCorrectGradients([zero])).toThrow('gradcheck: inconclusive')
  })

  test('refuses what gradcheck refuses', () => {
    expect(() => expect(3).toHaveCorrectGradients([x])).toThrow(/gradcheck: f is 3; use a function/)
    expect(() => expect(right).toHaveCorrectGradients([x], { ordr: 1 } as never)).toThrow(/did you mean order\?/)
  })

  test('inputs are those of the function', () => {
    // @ts-expect-error two are too many
    expect(() => expect(right).toHaveCorrectGradients([x, x])).not.toThrow()
    // @ts-expect-error a word is no tensor
    expect(() => expect(right).toHaveCorrectGradients(['x'])).toThrow()
  })
})
