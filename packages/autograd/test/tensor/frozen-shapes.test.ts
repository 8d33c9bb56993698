import { compile, grad, jvp, ones, parameter, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { table } from '../../src/ops/index.js'
import { tensorsOf } from '../compile/harness.js'

// A shape is handed out as an array that cannot be changed: whoever tries hears of it, and no tensor is another afterwards.

const expectFixed = (x: Tensor): void => {
  const before = [...x.shape]
  // the compiler would refuse it, too
  const shape = x.shape as number[]
  expect(() => shape.push(7)).toThrow(TypeError)
  expect(() => {
    shape[0] = 7
  }).toThrow(TypeError)
  expect(() => {
    shape.length = 0
  }).toThrow(TypeError)
  expect([...x.shape]).toEqual(before)
  expect(x.toArray()).toBeDefined()
}

describe('the shape of a tensor cannot be changed', () => {
  test.each(table.map((op) => [op.opName, op] as const))('%s', (_, op) => {
    for (const sample of op.samples) {
      const args = materialize(sample)
      for (const x of tensorsOf(args)) expectFixed(x)
      for (const y of tensorsOf((op as unknown as (...args: unknown[]) => unknown)(...args))) expectFixed(y)
    }
  })

  test.each<[string, () => unknown]>([
    ['tensor', () => tensor([[1, 2]])],
    ['zeros', () => zeros([2, 3])],
    ['parameter', () => parameter(ones([2]))],
    ['a gradient', () => grad((x: Tensor) => x.square().sum())(ones([3]))],
    ['a tangent', () => jvp((x: Tensor) => x.square(), [ones([3])], [ones([3])])],
    ['a compiled function', () => compile((x: Tensor) => x.mul(2))(ones([2, 2]))],
  ])('%s', (_, make) => {
    for (const x of tensorsOf(make())) expectFixed(x)
  })

  test('a shape that was given stays its giver’s', () => {
    const shape = [2, 3]
    const x = zeros(shape)
    shape[0] = 5
    expect([...x.shape]).toEqual([2, 3])
    expect(Object.isFrozen(shape)).toBe(false)
  })
})
