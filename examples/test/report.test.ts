import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { digitPicture, digitsPicture } from '../report/digits-picture.js'
import { page, tableHtml } from '../report/page.js'
import { linesPlot } from '../report/plot.js'

const parse = (html: string) => parseHTML(`<!doctype html><html><body>${html}</body></html>`).document

describe('the report', () => {
  test('a digit: ink where ink is', () => {
    const ink = new Float32Array(784)
    ink.set([1, 1, 0.5], 28)
    const paths = parse(digitPicture(ink)).querySelectorAll('path')
    expect([...paths].map((path) => [path.getAttribute('fill-opacity'), path.getAttribute('d')])).toEqual([
      ['0.50', 'M2 1h1v1h-1z'],
      ['1.00', 'M0 1h2v1h-2z'],
    ])
  })

  test('digits: what is wrong is marked', () => {
    const ink = new Float32Array(784)
    const found = parse(
      digitsPicture([
        { ink, truth: 3, prediction: 3, probability: 0.98 },
        { ink, truth: 5, prediction: 3, probability: 0.5 },
      ]),
    )
    expect(found.querySelectorAll('.right')).toHaveLength(1)
    expect(found.querySelector('.wrong')?.textContent).toBe('3 50 %is 5')
  })

  test('lines with labels', () => {
    const points = [
      [0, 1],
      [1, 0.1],
    ] as const
    const svg = parse(linesPlot([{ label: 'loss', points }], { x: 'epoch', y: 'loss', logarithmic: true }))
    expect(svg.querySelectorAll('[aria-label="line"] path')).toHaveLength(1)
    expect(svg.body.textContent).toContain('epoch →')
  })

  test('a page stands alone: text is escaped, and nothing is fetched', () => {
    const html = page(
      'A & B',
      '<lead>',
      [{ value: '1', label: 'x' }],
      [{ title: 'T', text: ['a < b'], body: tableHtml(['n'], [['<1>']]) }],
    )
    expect(html).toContain('<h1>A &amp; B</h1>')
    expect(html).toContain('a &lt; b')
    expect(html).toContain('&lt;1&gt;')
    expect(html).not.toMatch(/(?:src|href)=|@import|url\(http|<script/)
  })
})
