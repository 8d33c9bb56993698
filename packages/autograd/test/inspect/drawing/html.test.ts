import { parameter, tensor } from '@adjoint/autograd'
import { toHtml, toSvg } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'
import { fullDigits } from '../../../src/inspect/drawing/numbers.js'
import { flatten } from '../../../src/inspect/trace/quantity.js'
import * as samples from './samples.js'
import { all, parsed, textOf } from './well-formed.js'

/** The page as elements. Fails unless it is well-formed, but for what HTML leaves open. */
const elements = (html: string) =>
  parsed(
    html
      .replace('<!doctype html>\n', '')
      .replaceAll(/<meta [^>]*>/g, '')
      .replaceAll(/ (hidden|open)>/g, ' $1="">'),
  )

describe('toHtml', () => {
  test('is one file that asks for nothing else', () => {
    for (const html of [toHtml(samples.network()), toHtml(samples.layer())]) {
      elements(html)
      expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|src=|href=|@import|url\(/)
      expect(html).toMatch(/^<!doctype html>\n<html lang="en">/)
      expect(html).toContain('name="viewport"')
    }
  })

  test('holds the picture for each width, the steps, and the sweep back', () => {
    const trace = samples.network()
    const html = toHtml(trace, { title: 'A network' })
    const root = elements(html)
    expect(textOf(all(root, 'h1')[0]!)).toBe('A network')
    expect(all(root, 'svg').length).toBeGreaterThan(1)
    for (const width of [356, 1374]) expect(html).toContain(toSvg(trace, { width }))
    expect(all(root, 'summary').map(textOf)).toEqual([
      'Picture',
      'Forward, step by step',
      'Back, term by term',
      'All numbers',
    ])
    const [forward, back] = all(root, 'pre').map(textOf)
    expect(forward).toContain('v4 = sigmoid(v3) = 0.55231')
    expect(back).toContain('0.036770')
  })

  test('has a table of all numbers with all digits', () => {
    const trace = samples.network()
    const [nodes, edges] = all(elements(toHtml(trace)), 'table')
    const cells = (table: typeof nodes) =>
      all(all(table!, 'tbody')[0]!, 'tr').map((row) => [...all(row, 'th'), ...all(row, 'td')].map(textOf))
    expect(cells(nodes).length).toBe(trace.nodes.length)
    expect(cells(edges).length).toBe(trace.edges.length)
    for (const [i, row] of cells(nodes).entries()) {
      const node = trace.nodes[i]!
      expect(row[0]).toBe(node.name)
      expect(row[5]).toBe(fullDigits(flatten(node.value!)[0]!))
      if (node.adjoint !== undefined) expect(row[6]).toBe(fullDigits(flatten(node.adjoint)[0]!))
    }
    expect(cells(nodes).flat()).toContain('0.0009546557110344714')
  })

  test('can be folded and read with a keyboard', () => {
    const root = elements(toHtml(samples.network()))
    expect(all(root, 'details')).toHaveLength(4)
    for (const region of all(root, 'div').filter(({ attributes }) => attributes.class === 'scroll')) {
      expect(region.attributes).toMatchObject({ tabindex: '0', role: 'region' })
      expect(region.attributes['aria-label']).not.toBe('')
    }
    for (const table of all(root, 'table')) expect(all(table, 'caption')).toHaveLength(1)
  })

  test('writes names as they are', () => {
    const html = toHtml(samples.nasty(), { title: `<b>&"'` })
    expect(html).not.toContain('<b>')
    expect(all(elements(html), 'th').map(textOf)).toContain(`<b>&"'`)
    expect(textOf(all(elements(html), 'h1')[0]!)).toBe(`<b>&"'`)
  })

  test('is headed by the name that the picture has, of a result that is only reshaped too', () => {
    const w = parameter(tensor([3]))
    expect(textOf(all(elements(toHtml(w.square().reshape([]))), 'h1')[0]!)).toBe('How v1 was computed')
  })

  test('leaves out the sweep back where there is none, and takes a tensor', () => {
    const w = parameter(tensor([1, 2]))
    const root = elements(toHtml(w.square(), { names: { w } }))
    expect(all(root, 'summary').map(textOf)).not.toContain('Back, term by term')
    expect(() => toHtml(samples.long(420))).toThrow('toHtml: 42')
  })
})
