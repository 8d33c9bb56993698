import { describe, expect, test } from 'vitest'
import { digits, fullDigits } from '../../../src/inspect/drawing/numbers.js'
import { escape, shortened, textWidth } from '../../../src/inspect/drawing/text.js'

describe('digits', () => {
  test.each([
    [0.2, '0.2'],
    [0, '0'],
    [-0.35, '−0.35'],
    [0.20999999999999996, '0.21'],
    [0.03677026768832938, '0.036770'],
    [0.013624653232974609, '0.013625'],
    [0.6859870824681757, '0.68599'],
    [-0.0001234567, '−0.00012346'],
    [0.0000123, '1.23e−5'],
    [0.00001234567, '1.2346e−5'],
    [12345, '12,345'],
    [1234.5678, '1,234.6'],
    [123456.7, '123,457'],
    [2 ** 40, '1.0995e12'],
    [1e21, '1e21'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'infinity'],
    [Number.NEGATIVE_INFINITY, '−infinity'],
  ])('%d is %s', (x, text) => expect(digits(x)).toBe(text))

  test('of a float32 the digits that float32 adds are not shown', () => {
    expect(digits(Math.fround(0.1), { dtype: 'float32' })).toBe('0.1')
    expect(digits(Math.fround(0.21), { dtype: 'float32' })).toBe('0.21')
    expect(digits(Math.fround(1 / 3), { dtype: 'float32' })).toBe('0.33333')
    expect(digits(Math.fround(1e-7), { dtype: 'float32' })).toBe('1e−7')
  })

  test('as many as are asked for, and truth values as words', () => {
    expect(digits(Math.PI, { significant: 3 })).toBe('3.14')
    expect(digits(Math.PI, { significant: 7 })).toBe('3.141593')
    expect(digits(1, { dtype: 'bool' })).toBe('true')
    expect(digits(0, { dtype: 'bool' })).toBe('false')
  })

  test('in full they tell a number from its neighbours', () => {
    expect(fullDigits(0.20999999999999996)).toBe('0.20999999999999996')
    expect(fullDigits(-1e-7)).toBe('−1e−7')
    expect(fullDigits(-0)).toBe('−0')
    expect(fullDigits(Number.NaN)).toBe('NaN')
    for (const x of [0.1, 1 / 3, 16777217, 3.4e38, 1e-45]) {
      const text = fullDigits(Math.fround(x), 'float32').replaceAll('−', '-')
      expect(Math.fround(Number(text))).toBe(Math.fround(x))
      expect(text.length).toBeLessThanOrEqual(12)
    }
  })
})

describe('text', () => {
  test('is as wide as its letters, and shortened where it has no room', () => {
    expect(textWidth('iiii', 10)).toBeLessThan(textWidth('MMMM', 10))
    expect(textWidth('重み', 10)).toBeGreaterThan(20)
    expect(shortened('encoder.0.weight', 1000, 12)).toBe('encoder.0.weight')
    const short = shortened('encoder.0.weight', 60, 12)
    expect(short).toMatch(/^enc.*…$/)
    expect(textWidth(short, 12)).toBeLessThanOrEqual(60)
  })

  test('is escaped, and cannot hold what XML forbids', () => {
    expect(escape(`<b>&"'`)).toBe('&lt;b&gt;&amp;&quot;&#39;')
    expect(escape('a\u0000b\ud800c')).toBe('a�b�c')
    expect(escape('x\n😀')).toBe('x\n😀')
  })
})
