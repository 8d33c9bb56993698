import { customOp, grad, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import type { Backend } from '../../src/execution/backend.js'
import { withBackends } from '../../src/execution/eager.js'
import { reference } from '../../src/execution/reference/index.js'

const f64 = { dtype: 'float64' } as const
const x = tensor([2, 3], f64)

describe('a rule answers for all inputs at once', () => {
  let asked = 0
  /** a b c; its rule makes use of the product of all. */
  const product = customOp({
    name: 'product',
    forward: (a: Tensor, b: Tensor, c: Tensor) => a.mul(b).mul(c) as Tensor,
    vjp: (g, [a, b, c], y) => {
      asked++
      const scaled = g.mul(y)
      return [scaled.div(a), scaled.div(b), scaled.div(c)] as Tensor[]
    },
  })

  test('it runs once where several inputs are differentiated by', () => {
    asked = 0
    const by = grad((a: Tensor, b: Tensor, c: Tensor) => product(a, b.mul(a), c).sum() as Tensor<[]>)
    expect(by(x, x, x).toArray()).toEqual([2 * 2 ** 3, 2 * 3 ** 3])
    expect(asked).toBe(1)
  })

  test('and once more for each differentiation of it', () => {
    asked = 0
    const cube = (a: Tensor) => product(a, a, a).sum() as Tensor<[]>
    const second = grad((a: Tensor) => grad(cube)(a).sum() as Tensor<[]>)
    // 6 a: the gradient of the sum of 3 a^2, through the node and through what its rule recorded
    expect(second(x).toArray()).toEqual([12, 18])
    expect(asked).toBe(2)
  })
})

test('what nobody wants is not computed', () => {
  let products = 0
  const counting: Backend = {
    name: 'counting',
    run: (kernel, inputs, outs) => {
      if (kernel.kind === 'contract') products++
      return reference.run(kernel, inputs, outs)
    },
  }
  const [a, b] = [tensor([[1, 2]], f64), tensor([[3], [4]], f64)]
  withBackends([counting], () => {
    expect(grad((left: Tensor) => left.matmul(b).sum() as Tensor<[]>)(a).toArray()).toEqual([[3, 4]])
    expect(products).toBe(2)
    grad(([left, right]: readonly [Tensor, Tensor]) => left.matmul(right).sum() as Tensor<[]>)([a, b])
    expect(products).toBe(5)
  })
})
