import { ArgumentError, parameter, tensor } from '@adjoint/autograd'
import { type Quantity, type SvgOptions, type Trace, toSvg } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'
import { digits } from '../../../src/inspect/drawing/numbers.js'
import { flatten, isSummary } from '../../../src/inspect/trace/quantity.js'
import * as samples from './samples.js'
import { all, type Element, parsed, textOf } from './well-formed.js'

const traces: readonly (readonly [string, Trace])[] = [
  ['network', samples.network()],
  ['matrices', samples.matrices()],
  ['grouped', samples.grouped()],
  ['around', samples.around()],
  ['layer', samples.layer()],
  ['moved', samples.moved()],
  ['nasty', samples.nasty()],
]
const ways: readonly SvgOptions[] = [
  {},
  { width: 390 },
  { width: 1440, order: true },
  { group: 'closed' },
  { group: 'open', plumbing: true },
  { group: 'open', width: 800, title: 'all of it' },
]
const cases = traces.flatMap(([name, trace]) => ways.map((way) => ({ name, trace, way, said: JSON.stringify(way) })))

const boxes = (root: Element) => all(root, 'g').filter(({ attributes }) => attributes['data-at'] !== undefined)
const lines = (root: Element) => all(root, 'g').filter(({ attributes }) => /^e( |$)/.test(attributes.class ?? ''))
const drawn = (root: Element) =>
  lines(root).map((line) => {
    const { 'data-from': from, 'data-to': to, 'data-edges': edges } = line.attributes
    const [pill] = all(line, 'text')
    return {
      from: from!,
      to: to!,
      edges: edges!.split(' ').map(Number),
      pill: pill === undefined ? null : textOf(pill),
    }
  })
const single = (quantity: Quantity | undefined): number | null => {
  const elements = quantity === undefined ? [] : flatten(quantity)
  return elements.length === 1 ? elements[0]! : null
}

/** The size of the numbers that say the order of the sweep. */
const chipSize = '10.2'

const knownNumbers = ({ nodes, edges }: Trace): Set<string> => {
  const known = new Set<string>()
  const add = (x: number) => {
    for (const significant of [3, 4, 5]) known.add(digits(x, { significant }))
  }
  const addAll = (quantity: Quantity | undefined) => {
    if (quantity === undefined) return
    if (isSummary(quantity)) for (const x of Object.values(quantity)) add(x)
    else for (const x of flatten(quantity)) add(x)
  }
  for (const { value, adjoint, tangent, shape } of nodes) {
    for (const quantity of [value, adjoint, tangent]) addAll(quantity)
    shape?.forEach(add)
  }
  for (const { local } of edges) if (local?.kind === 'elementwise') addAll(local.factor)
  return known
}

describe('a picture', () => {
  test.each(cases)('of $name multiplies and adds to each adjoint that it shows: $said', ({ name, trace, way }) => {
    const root = parsed(toSvg(trace, way))
    const edges = drawn(root)
    let checked = 0
    for (const box of boxes(root)) {
      const id = box.attributes['data-at']!
      const own = edges.filter(({ from }) => from === id)
      const adjoint = id.startsWith('node ') ? single(trace.nodes[Number(id.slice(5))]!.adjoint) : null
      if (own.length === 0 || adjoint === null) continue
      // a line whose local derivative is one number shows it
      const terms = own.map(({ to, edges: [edge], pill }) => {
        const local = trace.edges[edge!]!.local
        if (pill === null || !to.startsWith('node ') || local?.kind !== 'elementwise') return null
        const [factor, above] = [single(local.factor), single(trace.nodes[Number(to.slice(5))]!.adjoint)]
        if (factor === null || above === null) return null
        expect([digits(factor), digits(factor, { significant: 4 })]).toContain(pill)
        return factor * above
      })
      if (terms.includes(null)) continue
      checked++
      expect(
        terms.reduce((sum: number, term) => sum + term!, 0),
        `${name}: ${id}`,
      ).toBeCloseTo(adjoint, 12)
    }
    if (name === 'network') expect(checked).toBe(22)
    if (name === 'grouped' && way.group === 'open') expect(checked).toBeGreaterThan(20)

    // no number that is not in the trace
    const known = knownNumbers(trace)
    const shown = [...boxes(root).filter(({ attributes }) => !/ group/.test(attributes.class!)), ...lines(root)]
      .flatMap((part) => all(part, 'text'))
      .filter(({ attributes }) => attributes['font-size'] !== chipSize)
      .flatMap((text) => textOf(text).match(/(?<![\w.#)(·])−?\d[\d,]*(\.\d+)?(e−?\d+)?(?![\w.)])/g) ?? [])
    expect(shown.length).toBeGreaterThan(3)
    expect(shown.filter((number) => !known.has(number))).toEqual([])

    // text of at least 10 px inside the frame
    const [, , width, height] = root.attributes.viewBox!.split(' ').map(Number) as [number, number, number, number]
    const scale = Number(root.attributes.width) / width
    expect(scale).toBeLessThanOrEqual(1)
    const isOutside = ({ attributes: { x = '0', y = '0', width: w = '0', height: h = '0' } }: Element) =>
      Number(x) < -1 || Number(y) < -1 || Number(x) + Number(w) > width + 3 || Number(y) + Number(h) > height + 3
    expect([...all(root, 'text'), ...all(root, 'rect')].filter(isOutside)).toEqual([])
    expect(all(root, 'text').filter(({ attributes }) => Number(attributes['font-size']) * scale < 9.99)).toEqual([])

    // what is heard
    const [title, description] = [all(root, 'title')[0]!, all(root, 'desc')[0]!]
    expect(textOf(title)).toMatch(way.title === undefined ? /^How .+ = [−\d.e]+ was computed$/ : way.title)
    expect(textOf(description)).toMatch(/^A graph of \d+ nodes/)
    expect(root.attributes.role).toBe('group')
    expect(boxes(root).filter((box) => textOf(all(box, 'title')[0]!) === '')).toEqual([])
  })

  test('is as broad as it may be, lying or standing', () => {
    for (const [, trace] of traces) {
      for (const width of [390, 800, 1440]) {
        expect(Number(parsed(toSvg(trace, { width })).attributes.width)).toBeLessThanOrEqual(width + 0.01)
      }
    }
    const ratio = (svg: string) => Number(parsed(svg).attributes.width) / Number(parsed(svg).attributes.height)
    expect(ratio(toSvg(samples.moved(), { width: 1440 }))).toBeGreaterThan(1)
    expect(ratio(toSvg(samples.moved(), { width: 390 }))).toBeLessThan(1)
  })

  test('is the same for the same', () => {
    expect(toSvg(samples.network())).toBe(toSvg(samples.network()))
    expect(toSvg(JSON.parse(JSON.stringify(samples.layer())))).toBe(toSvg(samples.layer()))
  })

  test('takes a tensor with names, and refuses names for a trace', () => {
    const w = parameter(tensor(3))
    expect(toSvg(w.square(), { names: { w } })).toContain('>w</text>')
    expect(() => toSvg(samples.network(), { names: { w } })).toThrow('names are given beside a trace')
    expect(() => toSvg(tensor(1))).toThrow('was given, or computed from no parameter')
  })

  test('writes names as they are', () => {
    const root = parsed(toSvg(samples.nasty(), { group: 'open' }))
    const words = all(root, 'text').map(textOf)
    expect(words.filter((word) => word === `<b>&"'`)).toHaveLength(2)
    expect(toSvg(samples.nasty(), { group: 'closed' })).not.toMatch(/<b>|<\/text>\]\]>/)
    parsed(toSvg(samples.nasty(), { group: 'closed' }))
  })

  test('leaves out what is not asked for', () => {
    const words = (way: SvgOptions) =>
      all(parsed(toSvg(samples.network(), { width: 1440, ...way })), 'text').map(textOf)
    expect(words({})).toEqual(expect.arrayContaining(['0.013625', '0.16507', '0.24726', 'local derivative']))
    expect(words({ values: false })).not.toContain('0.013625')
    expect(words({ gradients: false })).not.toContain('0.0027276')
    expect(words({ locals: false })).not.toContain('0.24726')
    expect(words({ locals: false })).not.toContain('local derivative')
    // the numbers that ops are given, and their boxes
    expect(words({})).toEqual(expect.arrayContaining(['sub(·, 0.5)', 'div(·, 2)']))
    expect(words({ plumbing: true })).toEqual(expect.arrayContaining(['sub', '0.5']))
  })

  test('numbers the nodes in the order of the sweep back', () => {
    const trace = samples.network()
    for (const box of boxes(parsed(toSvg(trace, { order: true })))) {
      const id = Number(box.attributes['data-at']!.slice(5))
      const step = trace.backward.findIndex(({ node }) => node === id) + 1
      const chip = all(box, 'text').find(({ attributes }) => attributes['font-size'] === chipSize)
      expect(chip === undefined ? null : textOf(chip)).toBe(step === 0 ? null : String(step))
    }
  })

  test('shows tangents with a prime and adjoints with a line above', () => {
    const root = parsed(toSvg(samples.moved()))
    const words = (name: string) =>
      all(root, 'text').filter(({ attributes }) => attributes.class?.split(' ')[0] === name)
    expect(words('tangent').map(textOf)).toEqual(expect.arrayContaining(['x′']))
    expect(
      words('adjoint')
        .filter(({ attributes }) => attributes.class === 'adjoint bar')
        .map(textOf),
    ).toEqual(expect.arrayContaining(['x', 'w']))
  })

  test('says where numbers are not finite', () => {
    const words = all(parsed(toSvg(samples.layer())), 'text')
    expect(words.filter(({ attributes }) => attributes.class === 'bad').map(textOf)).toContain('infinity')
  })
})

describe('groups', () => {
  const inside = (svg: string) => boxes(parsed(svg)).map(({ attributes }) => attributes['data-at']!)

  test('are boxes that stand for their insides, as many as are asked for', () => {
    const trace = samples.grouped()
    const groups = (svg: string) => inside(svg).filter((id) => id.startsWith('group')).length
    expect(groups(toSvg(trace, { group: 'open' }))).toBe(0)
    expect(groups(toSvg(trace, { group: 'closed' }))).toBe(6)
    expect(groups(toSvg(trace, { group: ['step0'] }))).toBe(5)
    // what it stands in is open with it
    expect(inside(toSvg(trace, { group: ['inner3'] })).length).toBe(
      inside(toSvg(trace, { group: 'closed' })).length + 4,
    )
    expect(() => toSvg(trace, { group: ['step9'] })).toThrow("there is no group 'step9'; name some of step0, step1")
    expect(() => toSvg(samples.network(), { group: ['a'] })).toThrow('this trace has none: leave group out')
  })

  test('are closed from the inside where there would be more than about 40 boxes', () => {
    const many = samples.grouped(20)
    const ids = inside(toSvg(many))
    expect(ids.length).toBeLessThanOrEqual(45)
    expect(ids.some((id) => id.startsWith('group'))).toBe(true)
    expect(inside(toSvg(samples.grouped(3))).every((id) => id.startsWith('node'))).toBe(true)
  })

  test('hold the parameters that they alone use, and name them', () => {
    const svg = toSvg(samples.around(), { group: 'closed' })
    const edges = drawn(parsed(svg))
    // two parts with the same name: an edge never leads from a box to itself
    expect(edges.filter(({ from, to }) => from === to).length).toBe(0)
    expect(all(parsed(svg), 'text').map(textOf)).toContain('pair')
  })

  test('are several boxes where something outside lies between their nodes', () => {
    const { nodes, ...rest } = samples.network()
    const ids = nodes.filter(({ op }) => op === 'mul' || op === 'sigmoid').map(({ id }) => id)
    const group = { id: 0, kind: 'function', name: 'mixed', type: 'mixed', parent: null } as const
    const mixed: Trace = {
      ...rest,
      nodes: nodes.map((node) => (ids.includes(node.id) ? { ...node, group: 0 } : node)),
      groups: [group],
    }
    const root = parsed(toSvg(mixed, { group: 'closed' }))
    const names = all(root, 'text')
      .map(textOf)
      .filter((text) => text.startsWith('mixed'))
    expect(names).toEqual(['mixed', 'mixed (2)', 'mixed (3)'])
  })

  test('have lines for all edges into them', () => {
    const trace = samples.grouped()
    const edges = drawn(parsed(toSvg(trace, { group: 'closed' })))
    const into = edges.filter(({ to }) => to.startsWith('group'))
    expect(into.length).toBeGreaterThan(0)
    for (const { to, pill, edges: own } of into) {
      const group = Number(to.slice(6))
      expect(pill).toBeNull()
      for (const edge of own) {
        let at = trace.nodes[trace.edges[edge]!.to]!.group
        while (at !== null && at !== group) at = trace.groups[at]!.parent
        expect(at).toBe(group)
      }
    }
  })
})

describe('size', () => {
  test('300 nodes are drawn', () => {
    expect(boxes(parsed(toSvg(samples.long(297)))).length).toBeGreaterThan(295)
  })

  test('beyond 400 boxes it says how to group', () => {
    expect(() => toSvg(samples.long(420))).toThrow(ArgumentError)
    expect(() => toSvg(samples.long(420))).toThrow('namedScope')
    const grouped = samples.grouped(120)
    expect(() => toSvg(grouped, { group: 'open' })).toThrow("group: 'closed'")
    expect(toSvg(grouped)).toContain('<svg')
  })
})
