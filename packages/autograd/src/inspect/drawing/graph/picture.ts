import { flatten, isSummary } from '../../trace/quantity.js'
import type { Trace } from '../../trace/schema.js'
import { layered } from '../layout/layered.js'
import { sorted } from '../layout/ranks.js'
import type { Direction, Layout, Link, Point } from '../layout/types.js'
import { digits } from '../numbers.js'
import { cellStyle, svgOf, textAt } from '../svg.js'
import { escape, px, shortened } from '../text.js'
import { paint, scope } from '../theme.js'
import { scalarText } from './block.js'
import { type Kind, kindOf, spoken } from './caption.js'
import { type Card, cardOf, type Shown } from './card.js'
import { framesOf } from './frames.js'
import { legendOf } from './legend.js'
import { type Look, slim, usual } from './look.js'
import { pillSize, pillText } from './pills.js'
import type { Item, Scene } from './scene.js'

/** A trace without its plumbing, and where its nodes and edges are in the whole one. */
export interface Plain {
  readonly trace: Trace
  readonly nodeOf: readonly number[]
  readonly edgeOf: readonly number[]
}

/** What a drawing shows, with nothing left open. */
export interface Wanted extends Shown {
  readonly locals: boolean
  readonly order: boolean
  readonly width: number
  readonly title: string | undefined
}

const margin = 14
/** Text is never smaller than this on the screen. */
const readable = 10
/** From this width on, slim boxes are not tried. */
const roomy = 700

interface Arranged {
  readonly look: Look
  readonly direction: Direction
  readonly cards: readonly Card[]
  readonly pills: readonly (string | null)[]
  readonly layout: Layout
}

/** The drawing of a scene: lying if that fits the width, else standing. */
export const pictureOf = (scene: Scene, plain: Plain, wanted: Wanted): string => {
  const { trace } = plain
  const names = new Map(trace.nodes.map(({ id, name }) => [id, name]))
  const room = wanted.width - 2 * margin
  const cardsOf = (look: Look) => scene.items.map((item) => cardOf(item, names, wanted, look))
  const arranged = (look: Look, cards: readonly Card[], direction: Direction): Arranged => {
    const pills = scene.lines.map((line) => (wanted.locals ? pillText(line, trace, look) : null))
    const links = scene.lines.map(({ from, to }, i): Link => {
      const text = pills[i]
      return text === null || text === undefined ? { from, to } : { from, to, label: pillSize(text, look) }
    })
    const { between, apart } = look
    const limit = direction === 'down' ? { limit: room } : {}
    return { look, direction, cards, pills, layout: layered(cards, links, { direction, between, apart, ...limit }) }
  }
  const fits = ({ layout, look }: Arranged): boolean => layout.width <= (room * look.small) / readable
  const usualCards = cardsOf(usual)
  if (leastLength(scene, usualCards) <= (room * usual.small) / readable) {
    const lying = arranged(usual, usualCards, 'right')
    if (fits(lying)) return drawn(scene, plain, wanted, lying, names)
  }
  const standing = arranged(usual, usualCards, 'down')
  if (fits(standing) && room > roomy) return drawn(scene, plain, wanted, standing, names)
  const narrow = arranged(slim, cardsOf(slim), 'down')
  const isSlim = fits(narrow) && (!fits(standing) || standing.layout.height > 1.25 * narrow.layout.height)
  const isLeast = !fits(standing) && narrow.layout.width < standing.layout.width
  return drawn(scene, plain, wanted, isSlim || isLeast ? narrow : standing, names)
}

/** How long the longest chain of boxes is, lying: the picture is no shorter. */
const leastLength = ({ items, lines }: Scene, cards: readonly Card[]): number => {
  const ends = cards.map(({ width }) => width)
  const after = items.map((): number[] => [])
  for (const { from, to } of lines) after[from]!.push(to)
  for (const v of sorted(items.length, lines)) {
    for (const to of after[v]!) ends[to] = Math.max(ends[to]!, ends[v]! + usual.apart / 2 + cards[to]!.width)
  }
  return ends.reduce((most, end) => Math.max(most, end), 0)
}

const drawn = (
  { items, lines }: Scene,
  { trace, nodeOf, edgeOf }: Plain,
  wanted: Wanted,
  { look, direction, cards, pills, layout }: Arranged,
  names: ReadonlyMap<number, string>,
): string => {
  // what a box stands for in the whole trace
  const whole = new Map([...nodeOf.entries()].reverse().map(([id, place]) => [place, id]))
  const idOf = ({ node, group }: Item): string => (group === null ? `node ${whole.get(node!.id)}` : `group ${group.id}`)
  const room = wanted.width - 2 * margin
  const scale = Math.min(1, Math.max(room / layout.width, readable / look.small))
  // as wide as what is in it, and the words below have some room
  const inner = Math.max(layout.width, Math.min(room / scale, 420))
  const frames = framesOf(
    trace,
    items,
    layout.boxes.map(({ x, y }, i) => ({ ...cards[i]!, x: x - cards[i]!.width / 2, y: y - cards[i]!.height / 2 })),
    lines.flatMap(({ from, to }, i) => {
      const [text, label] = [pills[i], layout.routes[i]!.label]
      if (text === null || text === undefined || label === null) return []
      const size = pillSize(text, look)
      return [{ from, to, box: { ...size, x: label.x - size.width / 2, y: label.y - size.height / 2 } }]
    }),
    direction,
  )
  const above = Math.max(0, -Math.min(0, frames.top))
  const beneath = Math.max(0, frames.bottom - layout.height)
  const [left, top] = [
    margin / scale + (inner - layout.width) / 2,
    margin / scale + above + (wanted.title === undefined ? 0 : 28),
  ]
  const corner = (i: number): Point => ({
    x: left + layout.boxes[i]!.x - cards[i]!.width / 2,
    y: top + layout.boxes[i]!.y - cards[i]!.height / 2,
  })
  const steps = new Map(trace.backward.map(({ node }, i) => [node, i + 1]))
  const edges = lines.map((line, i) => {
    const { path, start, end, label, isBranch } = layout.routes[i]!
    const isBack = wanted.gradients && line.isActive
    const tip = isBack ? (isBranch ? '' : arrow(start, direction, true)) : arrow(end, direction, false)
    const pill = pills[i]
    const size = pill === null || pill === undefined ? null : pillSize(pill, look)
    const text =
      size === null || label === null
        ? ''
        : `<rect class="pill" x="${px(label.x - size.width / 2)}" y="${px(label.y - size.height / 2)}" width="${px(size.width)}" height="${px(size.height)}" rx="${px(size.height / 2)}"/>` +
          textAt(label.x, label.y + look.small * 0.36, pill!, {
            size: look.small,
            anchor: 'middle',
            className: 'local',
          })
    const [from, to] = [idOf(items[line.from]!), idOf(items[line.to]!)]
    return `<g class="e${isBack ? ' back' : ''}" data-from="${from}" data-to="${to}" data-edges="${line.edges.map((edge) => edgeOf[edge]).join(' ')}"><path class="way" d="${path}"/>${tip}${text}</g>`
  })
  const boxes = items.map((item, i) => {
    const { x, y } = corner(i)
    const kind = kindOf(item)
    const step = wanted.order && item.node !== null ? steps.get(item.node.id) : undefined
    const chip =
      step === undefined
        ? ''
        : `<circle class="chip" cx="${px(x - 3)}" cy="${px(y + cards[i]!.height + 1)}" r="8.5"/>` +
          textAt(x - 3, y + cards[i]!.height + 4.6, String(step), {
            size: 10.2,
            anchor: 'middle',
            className: 'adjoint',
          })
    const said =
      spoken(item, names, wanted.values, wanted.gradients) +
      (step === undefined ? '' : `, step ${step} of the sweep back`)
    return `<g class="n ${kind}${item.group === null ? '' : ' group'}" role="img" data-at="${idOf(item)}"><title>${escape(said)}</title>${cards[i]!.draw(x, y)}${chip}</g>`
  })
  const isShown = (test: (item: Item) => boolean) => items.some(test)
  const output = items.find(({ isOutput }) => isOutput)?.node ?? null
  const amounts = items.flatMap(({ node }) =>
    node === null
      ? []
      : [wanted.values ? node.value : undefined, ...(wanted.gradients ? [node.adjoint, node.tangent] : [])],
  )
  const celled = amounts.filter((amount) => amount !== undefined && !isSummary(amount) && flatten(amount).length > 1)
  const legend = legendOf(
    {
      kinds: new Set<Kind>(items.map(kindOf)),
      output: output === null ? 'y' : output.name,
      locals: pills.some((pill) => pill !== null),
      adjoints: wanted.gradients && isShown(({ node }) => node?.adjoint !== undefined),
      tangents: wanted.gradients && isShown(({ node }) => node?.tangent !== undefined),
      cells: celled.length > 0,
      negative: celled.some((amount) => flatten(amount!).some((x) => x < 0)),
      order: wanted.order && trace.backward.length > 0,
    },
    margin / scale,
    top + layout.height + beneath + 22,
    inner,
  )
  const heading =
    wanted.title === undefined
      ? ''
      : textAt(margin / scale, margin / scale + 13, shortened(wanted.title, inner, 15, true), { size: 15, bold: true })
  const width = inner + (2 * margin) / scale
  const height = top + layout.height + beneath + 22 + legend.height + margin / scale
  const svg = svgOf(
    {
      width,
      height,
      title: wanted.title ?? titleOf(trace),
      description: descriptionOf(items, trace),
      style,
      body: [
        heading,
        frames.boxesAt(left, top),
        `<g transform="translate(${px(left)},${px(top)})">`,
        ...edges,
        '</g>',
        frames.namesAt(left, top),
        ...boxes,
        legend.svg,
      ].join('\n'),
    },
    true,
  )
  return scale === 1
    ? svg
    : svg.replace(/width="[\d.]+" height="[\d.]+"/, `width="${px(width * scale)}" height="${px(height * scale)}"`)
}

const arrow = ({ x, y }: Point, direction: Direction, isBack: boolean): string => {
  const angle = (direction === 'right' ? 0 : 90) + (isBack ? 180 : 0)
  return `<path class="tip" d="M0,0L-7,-3.7L-7,3.7z" transform="translate(${px(x)},${px(y)}) rotate(${angle})"/>`
}

const titleOf = ({ nodes, outputs }: Trace): string => {
  const told = outputs.slice(0, 3).map(({ node }) => {
    const { name, value, dtype } = nodes[node]!
    const scalar = value === undefined ? null : scalarText(value, dtype, usual.digits)
    return scalar === null ? name : `${name} = ${scalar}`
  })
  return `How ${told.join(', ')} was computed`
}

const descriptionOf = (items: readonly Item[], { nodes, edges, backward }: Trace): string => {
  const named = (kind: string) => nodes.filter((node) => node.kind === kind && node.op === null).map(({ name }) => name)
  const list = (all: readonly string[]) =>
    `${all.slice(0, 12).join(', ')}${all.length > 12 ? ` and ${digits(all.length - 12)} more` : ''}`
  const [inputs, parameters] = [named('input'), named('parameter')]
  return [
    `A graph of ${nodes.length} nodes and ${edges.length} edges, drawn as ${items.length} boxes.`,
    inputs.length === 0 ? '' : `Inputs: ${list(inputs)}.`,
    parameters.length === 0 ? '' : `Parameters: ${list(parameters)}.`,
    'Values go forward.',
    backward.length === 0
      ? ''
      : 'Adjoints come back along the same edges: each multiplies by its local derivative, and each node adds.',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

const rule = (selector: string, ...declarations: string[]): string => `.${scope} ${selector}{${declarations.join(';')}}`

const style = [
  rule('.box', paint('fill', 'card'), paint('stroke', 'edge'), 'stroke-width:1.2'),
  rule('.n.parameter .box', paint('stroke', 'value'), 'stroke-width:1.6'),
  rule('.n.input .box', paint('stroke', 'soft'), 'stroke-dasharray:4 3'),
  rule('.n.constant .box', paint('fill', 'sunk'), 'stroke:none'),
  rule('.n.loss .box', paint('stroke', 'ink')),
  rule('.n.output .box', paint('stroke', 'ink')),
  rule('.inner', 'fill:none', paint('stroke', 'ink'), 'stroke-width:1'),
  rule('.low.adjoint', paint('fill', 'adjoint-tint')),
  rule('.low.tangent', paint('fill', 'tangent-tint')),
  rule('.frame', 'fill:none', paint('stroke', 'line'), 'stroke-width:1.4'),
  rule('.halo', paint('stroke', 'paper'), 'stroke-width:4', 'paint-order:stroke', 'stroke-linejoin:round'),
  rule('.bar', 'text-decoration:overline'),
  rule('.way', 'fill:none', paint('stroke', 'edge'), 'stroke-width:1.2'),
  rule('.back .way', paint('stroke', 'adjoint-mid'), 'stroke-width:1.8'),
  rule('.tip', paint('fill', 'edge')),
  rule('.back .tip', paint('fill', 'adjoint-mid')),
  rule('.pill', paint('fill', 'local-tint'), paint('stroke', 'local-line')),
  rule('.chip', paint('fill', 'card'), paint('stroke', 'adjoint'), 'stroke-width:1.2'),
  rule('.odd', 'fill:none', paint('stroke', 'bad'), 'stroke-width:1.2'),
  rule('.minus', paint('stroke', 'ink'), 'stroke-width:1.2'),
  cellStyle('value'),
  cellStyle('adjoint'),
  cellStyle('tangent'),
].join('')
