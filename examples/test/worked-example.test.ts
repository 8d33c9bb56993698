import { describe, expect, test } from 'vitest'
import { numbersBelongTogether } from '../../packages/autograd/test/inspect/numbers.js'
import { deltas, initial } from '../worked-example/by-hand.js'
import { run } from '../worked-example/index.js'
import { printed } from '../worked-example/printed.js'

describe('the worked example', () => {
  const lines: string[] = []
  const { exact, adjoint, difference, updates, picture } = run({ print: (text) => lines.push(text) })

  test('the exact column has the digits that were worked out elsewhere', () => {
    const digits = Object.fromEntries(Object.entries(exact).map(([name, value]) => [name, value.toFixed(7)]))
    expect(digits).toEqual({
      a1: '0.2100000',
      a2: '0.3150000',
      y3: '0.5523079',
      y4: '0.5781052',
      a5: '0.6859871',
      y5: '0.6650736',
      error: '0.0136247',
      delta5: '-0.0367703',
      delta3: '-0.0027276',
      delta4: '-0.0080714',
      w23After: '0.8787429',
      w11After: '0.1990453',
      w12After: '0.2971750',
      w13After: '0.2796915',
      w21After: '0.1980907',
      w22After: '0.2943500',
      y5After: '0.6595537',
      errorAfter: '0.0127287',
    })
  })

  test('adjoint agrees with the formulas on every number', () => {
    expect(Object.keys(adjoint).sort()).toEqual(Object.keys(exact).sort())
    for (const { quantity } of printed) expect(Math.abs(adjoint[quantity] - exact[quantity])).toBeLessThan(1e-12)
    expect(difference).toBeLessThan(1e-12)
  })

  test('every number of the lesson is in the table', () => {
    expect(printed.map(({ quantity }) => quantity).sort()).toEqual(Object.keys(exact).sort())
  })

  test('the text is shown as printed, also where it is wrong', () => {
    const text = lines.join('\n')
    for (const row of printed) expect(text).toContain(row.text)
    expect(text).toMatch(/delta4 +-\.0819 +-0\.0080714 +-0\.0080714 +the decimal point slipped/)
    expect(text).toMatch(/w23 new +\.877816 +0\.8787429/)
    expect(text).toContain('dE/dy5 × y5 * (1 - y5) = 0.16507 × 0.66507 * (1 - 0.66507) = 0.036770')
    expect(text).not.toMatch(/reshape|sum\(/)
  })

  test('eleven exact updates reach the output that the text has after one', () => {
    expect(updates).toBe(11)
  })

  test('the deltas are what flows back through the graph', () => {
    const { delta3, delta4, delta5 } = deltas(initial)
    const flow = (key: string) => picture.nodes.find(({ name }) => name === key)?.adjoint as number
    expect(flow('a1')).toBeCloseTo(-delta3, 14)
    expect(flow('a2')).toBeCloseTo(-delta4, 14)
    expect(flow('a5')).toBeCloseTo(-delta5, 14)
    expect(numbersBelongTogether(picture)).toBeGreaterThan(40)
  })
})
