import { parameter, tensor } from '@adjoint/autograd'
import { toDot, toMermaid } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'
import * as samples from './samples.js'

const float64 = { dtype: 'float64' } as const

describe('toDot', () => {
  test('writes names, ops, values and adjoints in boxes, and local derivatives on edges', () => {
    const w = parameter(tensor(3, float64))
    expect(toDot(w.square(), { names: { 'say "w"': w } }).split('\n')).toEqual([
      'digraph {',
      '  rankdir=LR',
      '  node [shape=box, style="rounded", fontname="sans-serif", fontsize=11]',
      '  edge [fontname="sans-serif", fontsize=10, fontcolor="#6d3fc4"]',
      '  n0 [label="say \\"w\\"\\n3\\nadjoint 6", color="#1d4fd7"]',
      '  n1 [label="v1 = square\\n9\\nadjoint 1", peripheries=2]',
      '  n0 -> n1 [label="6"]',
      '}',
      '',
    ])
  })

  test('has clusters for open groups, and boxes for closed ones', () => {
    const open = toDot(samples.grouped(), { group: 'open' })
    expect(open.match(/subgraph cluster_\d+ \{/g)).toHaveLength(10)
    expect(open.split('{').length).toBe(open.split('}').length)
    const closed = toDot(samples.grouped(), { group: 'closed' })
    expect(closed).not.toContain('subgraph')
    expect(closed).toContain('label="step0\\n4 nodes')
  })

  test('leaves many numbers out, and what is not asked for', () => {
    const dot = toDot(parameter(tensor(new Float64Array(9))).sum())
    expect(dot).toContain('label="p1\\nshape 9\\n9 numbers\\nadjoint 9 numbers"')
    expect(toDot(samples.network(), { values: false, gradients: false, locals: false })).not.toMatch(/0\.\d\d\d/)
    expect(dot).not.toMatch(/float64|axes|\{"/)
  })
})

describe('toMermaid', () => {
  test('writes the same, in its own words', () => {
    const w = parameter(tensor([3, 1], float64))
    const y = w.mul(0.5).sum()
    expect(toMermaid(y, { names: { 'a "#1" <w>': w, y } }).split('\n')).toEqual([
      'flowchart LR',
      '  n0["a #34;#35;1#34; #60;w#62;<br>shape 2<br>3, 1<br>adjoint 0.5, 0.5"]',
      '  n1("v1 = mul(·, 0.5)<br>shape 2<br>1.5, 0.5<br>adjoint 1, 1")',
      '  n2[["y = sum<br>2<br>adjoint 1"]]',
      '  n0 -->|"0.5, 0.5"| n1',
      '  n1 --> n2',
      '',
    ])
  })

  test('has subgraphs for open groups', () => {
    const lines = toMermaid(samples.grouped(), { group: 'open' })
      .split('\n')
      .map((line) => line.trim())
    expect(lines.filter((line) => line.startsWith('subgraph '))).toHaveLength(10)
    expect(lines.filter((line) => line === 'end')).toHaveLength(10)
  })

  test('escapes what it reads as its own', () => {
    const { nodes } = samples.nasty()
    const text = toMermaid(samples.nasty(), { group: 'open' })
    expect(nodes.some(({ name }) => name === `<b>&"'`)).toBe(true)
    expect(text).toContain(`#60;b#62;#38;#34;'`)
    expect(text).not.toContain('<b>')
  })
})

test('a backslash in a name begins no new line in Mermaid, nor in Graphviz', () => {
  const w = parameter(tensor(1))
  const names = { 'a\\nb': w }
  expect(toMermaid(w.sin(), { names })).toContain('"a#92;nb<br>')
  expect(toDot(w.sin(), { names })).toContain('label="a\\\\nb\\n')
})
