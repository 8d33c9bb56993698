import { ArgumentError, arange, parameter, tensor } from '@adjoint/autograd'
import { barChart, heatmap, trace } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'
import { all, type Element, parsed, textOf } from './well-formed.js'

const nasty = `<b>&"'`
const texts = (svg: string) => all(parsed(svg), 'text').map(textOf)
const cells = (svg: string) =>
  all(parsed(svg), 'path').filter(({ attributes }) => /^cell-/.test(attributes.class ?? ''))
const box = ({ attributes: { viewBox } }: Element) => viewBox!.split(' ').map(Number)

describe('heatmap', () => {
  test('shows each number, sign and shade in a terminal', () => {
    const { text } = heatmap(tensor([[0.5, -2], [0, 4]], { dtype: 'float64' })) // biome-ignore format: a matrix
    expect(text.split('\n')).toEqual(['0 0.5 ░   −2 ▒', '1   0 ·    4 █', '░ to 1  ▒ to 2  ▓ to 3  █ to 4'])
  })

  test('shows signs beside shades where there are no numbers', () => {
    const { text } = heatmap([1, -2, 0, Number.NaN, Number.NEGATIVE_INFINITY], { numbers: false })
    expect(text.split('\n')).toEqual([' ▒▒−██ ··NaN−∞', '░ to 0.5  ▒ to 1  ▓ to 1.5  █ to 2  − negative'])
  })

  test('has a cut corner in an SVG for what is negative, and a tint for the size', () => {
    const drawn = cells(heatmap([[4, -4, 0, 1]]).svg).slice(0, 4)
    const isCut = drawn.map(({ attributes: { d } }) => d!.includes('L'))
    expect(isCut).toEqual([false, true, false, false])
    const tints = drawn.map(({ attributes }) => Number(attributes['fill-opacity']))
    expect(tints[0]).toBe(tints[1])
    expect(tints[2]).toBe(0)
    expect(tints[3]).toBeCloseTo(tints[0]! / 4, 2)
  })

  test('marks what is not finite, and leaves it out of the scale', () => {
    const given = [1, Number.NaN, Number.POSITIVE_INFINITY]
    expect(texts(heatmap(given).svg)).toEqual(expect.arrayContaining(['NaN', 'infinity', '1']))
    const marked = all(parsed(heatmap(given, { numbers: false }).svg), 'path').filter(
      ({ attributes }) => attributes.class === 'odd',
    )
    // and once each in the legend
    expect(marked).toHaveLength(4)
    expect(texts(heatmap(given, { numbers: false }).svg)).toEqual(expect.arrayContaining(['NaN', 'infinity']))
  })

  test('shares a scale where it is given', () => {
    const [small] = cells(heatmap([1], { largest: 10 }).svg)
    const [large] = cells(heatmap([1]).svg)
    expect(Number(small!.attributes['fill-opacity'])).toBeCloseTo(Number(large!.attributes['fill-opacity']) / 10, 2)
  })

  test('draws by blocks what is too large, and says so', () => {
    const data = new Float32Array(400 * 500)
    data[250 * 500 + 300] = -7
    const { svg, text } = heatmap(tensor(data).reshape([400, 500]), { title: 'W' })
    for (const said of [text, texts(svg).join(' ')])
      expect(said).toMatch(/Each cell stands for up to \d+ × \d+ elements/)
    const drawn = cells(svg)
    expect(drawn.length).toBeLessThan(14_000)
    // the one element that is not 0 is the furthest in its block
    expect(drawn.filter(({ attributes }) => attributes.d!.includes('L')).length).toBe(2)
    expect(
      Math.max(
        ...text
          .split('\n')
          .slice(0, 62)
          .map((line) => [...line].length),
      ),
    ).toBeLessThanOrEqual(80)
  })

  test('draws slices side by side, an empty tensor, a number, and what a trace holds', () => {
    expect(texts(heatmap(arange(24).reshape([2, 3, 4])).svg)).toEqual(expect.arrayContaining(['[0]', '[1]']))
    expect(heatmap(tensor(new Float32Array(0)).reshape([0, 3])).text).toBe('no elements: shape 0 × 3')
    parsed(heatmap(tensor(new Float32Array(0)).reshape([0, 3])).svg)
    expect(heatmap(3.5).text.split('\n')[0]).toBe('3.5 █')
    const w = parameter(tensor([1, Number.POSITIVE_INFINITY]))
    expect(heatmap(trace(w.sum()).nodes[0]!.value as never).text).toContain('infinity')
  })

  test('is printed as its text', () => {
    const drawing = heatmap([[1, -2]])
    expect(`${drawing}`).toBe(drawing.text)
    const chart = barChart([1, 2])
    expect(`${chart}`).toBe(chart.text)
  })

  test('writes names as they are, in an XML that is well-formed, inside its frame', () => {
    const { svg, text } = heatmap([[1, 2]], { title: nasty, rows: [nasty], columns: [nasty, 'b'] })
    expect(texts(svg).filter((part) => part === nasty)).toHaveLength(3)
    expect(text).toContain(nasty)
    expect(textOf(all(parsed(svg), 'title')[0]!)).toBe(nasty)
    const [, , width, height] = box(parsed(svg))
    for (const { attributes } of all(parsed(svg), 'text')) {
      expect(Number(attributes.x)).toBeLessThan(width!)
      expect(Number(attributes.y)).toBeLessThan(height!)
    }
  })

  test('is in colours of a terminal when asked, with its signs', () => {
    const { text } = heatmap([1, -1], { ansi: true })
    expect(text).toContain('\u001b[30;48;5;75m −1 \u001b[0m')
    expect(heatmap([1, -1]).text).not.toContain('\u001b')
  })

  test('refuses what it cannot draw, with the remedy', () => {
    expect(() => heatmap(arange(16).reshape([2, 2, 2, 2]))).toThrow('values.at(0), or reshape to [4, 2, 2]')
    expect(() => heatmap([[1, 2], [3]])).toThrow('no rectangle')
    expect(() => heatmap([[1, 2]], { columns: ['a'] })).toThrow('1 labels')
    const summary = trace(parameter(tensor(new Float32Array(100))).sum()).nodes[0]!.value
    expect(() => heatmap(summary as never)).toThrow('{ limit: 100 }')
    expect(() => heatmap('w' as never)).toThrow(ArgumentError)
  })
})

describe('barChart', () => {
  test('has lengths in proportion, to both sides of zero', () => {
    const { text } = barChart({ a: 4, b: -2, c: 0 }, { characters: 25 })
    const [a, b, c] = text.split('\n')
    expect([...a!].filter((letter) => letter === '█').length).toBe(
      2 * [...b!].filter((letter) => letter === '▒').length,
    )
    expect(c).toMatch(/^c +0$/)
    expect(a!.indexOf('█')).toBe(b!.lastIndexOf('▒') + 1)
  })

  test('shows all numbers in an SVG, and what is not finite as words without a bar', () => {
    const { svg } = barChart([1.5, Number.NaN, Number.NEGATIVE_INFINITY], { labels: ['a', nasty, 'c'], title: nasty })
    expect(texts(svg)).toEqual([nasty, 'a', '1.5', nasty, 'NaN', 'c', '−infinity'])
    expect(all(parsed(svg), 'path').filter(({ attributes }) => attributes.class?.startsWith('bar'))).toHaveLength(1)
  })

  test('draws orders of magnitude on a log scale', () => {
    const { svg } = barChart([1e-6, 1e-3, 1, 0], { scale: 'log', title: 'norms' })
    const lengths = all(parsed(svg), 'path')
      .filter(({ attributes }) => attributes.class === 'bar')
      .map(({ attributes: { d } }) => {
        const [, from, to] = /^M([\d.]+),[\d.]+H([\d.]+)/.exec(d!)!
        return Number(to) - Number(from)
      })
    expect(lengths).toHaveLength(3)
    expect(lengths[2]! - lengths[1]!).toBeCloseTo(lengths[1]! - lengths[0]!, 1)
    expect(texts(svg).join(' ')).toContain('Log scale: 0 has no length.')
  })

  test('shows the largest of many in their order, and says what is left out', () => {
    const { text } = barChart(
      Array.from({ length: 100 }, (_, i) => i),
      { most: 3 },
    )
    expect(text.split('\n').map((line) => line.slice(0, 2))).toEqual(['97', '98', '99', '97'])
    expect(text).toContain('97 smaller ones are not shown.')
  })

  test('refuses what it cannot draw, with the remedy', () => {
    expect(() => barChart([[1, 2]])).toThrow('heatmap')
    expect(() => barChart([1, -2], { scale: 'log' })).toThrow('absolute')
    expect(() => barChart({ a: 1 }, { labels: ['b'] })).toThrow('leave labels out')
    expect(() => barChart([1], { labels: ['a', 'b'] })).toThrow('one for each')
    expect(barChart([]).text).toBe('no numbers')
  })
})

describe('every picture', () => {
  const pictures = [heatmap([1, -2]).svg, barChart([1, -2]).svg]

  test('has a title and a description for a screen reader, and text of at least 10 px', () => {
    for (const svg of pictures) {
      const root = parsed(svg)
      expect(root.attributes).toMatchObject({ role: 'img', class: 'adjoint' })
      expect(textOf(all(root, 'title')[0]!)).not.toBe('')
      expect(textOf(all(root, 'desc')[0]!)).not.toBe('')
      for (const { attributes } of all(root, 'text')) expect(Number(attributes['font-size'])).toBeGreaterThanOrEqual(10)
    }
  })

  test('says nothing of style but of what is inside a picture, and uses no ids', () => {
    for (const svg of pictures) {
      const style = textOf(all(parsed(svg), 'style')[0]!)
      const selectors = [...style.replaceAll(/@media[^{]*\{/g, '').matchAll(/([^{}]+)\{[^{}]*\}/g)].map(
        ([, selector]) => selector!.trim(),
      )
      expect(selectors.length).toBeGreaterThan(8)
      expect(selectors.filter((selector) => !/\.adjoint(?![\w-])/.test(selector))).toEqual([])
      expect(svg).not.toMatch(/\sid=/)
    }
  })

  test('is light or dark by the system, and by data-theme', () => {
    const style = textOf(all(parsed(pictures[0]!), 'style')[0]!)
    expect(style).toContain('@media (prefers-color-scheme:dark){.adjoint{')
    for (const theme of ['light', 'dark']) {
      expect(style).toContain(`[data-theme=${theme}] .adjoint{`)
      expect(style.indexOf(`.adjoint[data-theme=${theme}]{`)).toBeGreaterThan(
        style.indexOf('[data-theme=dark] .adjoint{'),
      )
    }
  })
})

describe('the palette', () => {
  const style = textOf(all(parsed(heatmap([1]).svg), 'style')[0]!)
  const themes = ['.adjoint{', '@media (prefers-color-scheme:dark){.adjoint{'].map((start) => {
    const rules = style.slice(style.indexOf(start) + start.length).split('}')[0]!
    return new Map([...rules.matchAll(/--([\w-]+):#(\w{6})/g)].map(([, name, hex]) => [name!, hex!]))
  })
  const channels = (hex: string) => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
  const luminance = (rgb: readonly number[]) => {
    const linear = rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!
  }
  const contrast = (a: readonly number[], b: readonly number[]) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
    return (high! + 0.05) / (low! + 0.05)
  }

  test.each([0, 1])('can be read: text at least 4.5 to what it stands on', (dark) => {
    const colour = (name: string) => channels(themes[dark]!.get(name)!)
    const pairs = [
      ['ink', 'paper'], ['ink', 'card'], ['soft', 'card'], ['soft', 'sunk'], ['soft', 'paper'], ['local', 'local-tint'],
      ['adjoint', 'adjoint-tint'], ['tangent', 'tangent-tint'], ['value', 'card'], ['bad', 'card'], ['bad', 'adjoint-tint'],
    ] as const // biome-ignore format: pairs
    for (const [text, under] of pairs)
      expect(contrast(colour(text), colour(under)), `${text} on ${under}`).toBeGreaterThan(4.5)
    // numbers in the deepest cells
    for (const [hue, under] of [
      ['value', 'card'],
      ['adjoint', 'adjoint-tint'],
      ['tangent', 'tangent-tint'],
    ] as const) {
      const cell = colour(hue).map((c, i) => 0.42 * c + 0.58 * colour(under)[i]!)
      expect(contrast(colour('ink'), cell), hue).toBeGreaterThan(4.5)
    }
    // lines that mean something
    for (const line of ['edge', 'adjoint-mid', 'value'])
      expect(contrast(colour(line), colour('card')), line).toBeGreaterThan(3)
  })
})
