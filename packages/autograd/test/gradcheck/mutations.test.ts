import { random, type Tensor, tensor } from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { linearMap } from './mutate.js'
import { mutations, untouched } from './mutations.js'

const f64 = { dtype: 'float64' } as const

describe('a wrong derivative fails', () => {
  test.each(Object.entries(mutations))('%s', (_, { f, inputs, order = 1, cause }) => {
    const report = gradcheck(f, inputs)
    expect(report.verdict, `${report}`).toBe('fail')
    expect(report.orders.map(({ verdict }) => verdict)).toEqual(order === 1 ? ['fail'] : ['pass', 'fail'])
    const causes = report.orders.flatMap(({ diagnoses }) => diagnoses.map((diagnosis) => diagnosis.cause))
    if (cause !== undefined) expect(causes, `${report}`).toContain(cause)
  })

  test.each(untouched)('and with the right rules it passes: %s', (_, f, inputs) => {
    const report = gradcheck(f, inputs)
    expect(report.verdict, `${report}`).toBe('pass')
  })
})

describe('one element of a large Jacobian', () => {
  const offBy = (matrix: Tensor, row: number, column: number, error: number): Tensor => {
    const data = Float64Array.from(matrix.data)
    data[row * matrix.shape[1]! + column]! += error
    return tensor(data).reshape(matrix.shape)
  }
  // 400 elements are all looked at, 3,600 are not: torch's fast mode passes both
  test.each([20, 60])('off by 1 among %d x as many is found and named', (n) => {
    const matrix = random.normal([n, n], f64) as Tensor
    const wrong = offBy(matrix, 7, 11, 1)
    const vector = random.normal([n], f64) as Tensor
    for (const [f, mode] of [
      [linearMap(matrix, wrong), 'reverse'],
      [linearMap(matrix, matrix, wrong), 'forward'],
    ] as const) {
      const report = gradcheck(f, [vector], { order: 1 })
      expect(report.verdict, `${report}`).toBe('fail')
      const [order] = report.orders
      const found = order!.comparisons.find(({ left, right }) => left === mode && right === 'numeric')!
      expect(found.worst).toMatchObject({ input: 'input[0][11]', output: 'output[7]' })
      expect(found.worst!.left - found.worst!.right).toBeCloseTo(1, 8)
      const right = mode === 'reverse' ? 'forward' : 'reverse'
      expect(order!.comparisons.find((each) => each.left === right && each.right === 'numeric')!.agrees).toBe(true)
    }
    expect(gradcheck(linearMap(matrix, matrix), [vector]).verdict).toBe('pass')
  })

  test('two that cancel each other in a sum are found', () => {
    const matrix = random.normal([60, 60], f64) as Tensor
    const wrong = offBy(offBy(matrix, 3, 5, 1), 3, 6, -1)
    const report = gradcheck(linearMap(matrix, wrong), [random.normal([60], f64) as Tensor], { order: 1 })
    expect(report.verdict, `${report}`).toBe('fail')
  })
})
