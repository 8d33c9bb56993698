import type { Tensor } from '@adjoint/autograd'
import { gradcheck, reportToHtml } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { altered, at, normal, scaled } from './mutants/kit.js'

const exp = (x: Tensor) => x.exp()
const upper = scaled('exp', exp, 3, 0, (i, j) => j! > i!)
const failing = gradcheck(upper, [normal(1, 4, 4)], { order: 1 }) // biome-ignore format: a line
/** What is read of a page. */
const textOf = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>|<script>.*?<\/script>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')

describe('a report as a page', () => {
  test('has all that the text has: reasons, the worst derivatives, what was compared, and the call', () => {
    const text = textOf(reportToHtml(failing))
    const lines = `${failing}`.split('\n').map((line) => line.trim())
    const reasons = lines.filter((line) => /^(cause|where|op|compared|not checked): /.test(line))
    expect(reasons.length).toBeGreaterThan(2)
    for (const says of reasons) expect(text).toContain(says.replace(/\s+/g, ' '))
    const rows = lines.filter((line) => / -> .* bars/.test(line))
    expect(rows).toHaveLength(5)
    for (const row of rows) expect(text).toContain(row.replace(/\s+/g, ' '))
    expect(text).toContain(failing.repro!.replace(/\s+/g, ' '))
    expect(text).toContain(`(seed ${failing.seed})`)
    expect(text.split('a bar is how uncertain').length - 1).toBe(1)
  })

  test('draws the wrong elements deep, and the right ones pale', () => {
    const [picture] = /<svg.*?<\/svg>/s.exec(reportToHtml(failing))!
    // the first cells are those of the map, the last ones those of its legend
    const tints = [...picture.matchAll(/class="cell-adjoint"[^>]*fill-opacity="([\d.]+)"/g)].slice(0, 16)
    const isDeep = tints.map(([, opacity]) => Number(opacity) > 0.5)
    expect(isDeep).toEqual(Array.from({ length: 16 }, (_, k) => k % 4 > Math.floor(k / 4)))
  })

  test('needs nothing but itself, whatever the verdict', () => {
    const unsure = gradcheck((x: Tensor) => x.relu(), [at(0, 1)], { order: 1 })
    const passing = gradcheck(exp, [at(1)], { order: 1 })
    for (const report of [failing, unsure, passing]) {
      const html = reportToHtml(report)
      expect(html.startsWith('<!doctype html>')).toBe(true)
      expect(html).toContain(`<h1>gradcheck: ${report.verdict}</h1>`)
      expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<link|<img|src=/)
    }
    expect(textOf(reportToHtml(unsure))).toContain('move the point off the kink')
  })

  test('shows names as they are, and lets none become a part of the page', () => {
    const wrong = altered('<b>wrong</b>', (x: Tensor) => x.mul(2), ([dx]) => [dx!.neg()]) // biome-ignore format: a line
    const html = reportToHtml(gradcheck((tree: Record<string, Tensor>) => wrong(tree['<i>w</i>']!), [{ '<i>w</i>': at(1) }])) // biome-ignore format: a line
    expect(html).not.toMatch(/<b>wrong|<i>w/)
    expect(textOf(html)).toContain('<i>w</i>')
  })
})
