import type { Graph, GraphNode, NestedNumbers } from '@adjoint/autograd/inspect'
import { type Edge, Graph as Layered, layout, type Point } from '@dagrejs/dagre'
import { escape } from './escape.js'

const cell = { width: 36, height: 17 }
const padding = 9
const titleHeight = 22
const captionHeight = 14
const gap = 12

/** A computation as the text of an SVG: a box for each node, with its values (left) and gradients (right) as numbers. */
export const graphPicture = (graph: Graph): string => {
  const layered = new Layered({ multigraph: true })
    .setGraph({ rankdir: 'TB', ranksep: 30, nodesep: 22, marginx: 2, marginy: 2 })
    .setDefaultEdgeLabel(() => ({}))
  const boxes = graph.nodes.map((node) => boxOf(node))
  boxes.forEach(({ width, height }, id) => {
    layered.setNode(String(id), { width, height })
  })
  for (const { from, to, index } of graph.edges) layered.setEdge(String(from), String(to), {}, String(index))
  layout(layered)

  const { width = 0, height = 0 } = layered.graph() as { width?: number; height?: number }
  const edges = (layered.edges() as Edge[]).map((edge) => {
    const { points } = layered.edge(edge) as { points: Point[] }
    return `<path d="${curve(points)}" marker-end="url(#tip)"/>`
  })
  const nodes = boxes.map((box, id) => {
    const { x, y } = layered.node(String(id)) as { x: number; y: number }
    return `<g transform="translate(${round(x - box.width / 2)},${round(y - box.height / 2)})">${box.svg}</g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" class="graph" role="img" aria-label="The graph of the computation"
 viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" width="${Math.ceil(width)}" font-size="10" fill="currentColor">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,1L7,4L0,7z"/></marker></defs>
<g fill="none" stroke="currentColor" stroke-opacity=".45">
${edges.join('\n')}
</g>
${nodes.join('\n')}
</svg>`
}

const boxOf = (node: GraphNode): { width: number; height: number; svg: string } => {
  const { label, op, kind, shape } = node
  const isNumber = kind === 'constant' && Number.isFinite(Number(label))
  const values = isNumber ? [] : rowsOf(node.value)
  const gradients = rowsOf(node.gradient)
  const columns = values[0]?.length ?? 0
  const hasBoth = gradients.length > 0
  const size = shape.length === 0 ? '' : shape.join(' × ')
  const name = `<tspan font-weight="700" font-size="12">${escape(label)}</tspan>`
  const made = op === null || op === label ? '' : ` = ${escape(op)}`
  const titleWidth = label.length * 7 + (made.length + size.length + 2) * 5.6
  const grids = columns * cell.width * (hasBoth ? 2 : 1) + (hasBoth ? gap : 0)
  const width = 2 * padding + Math.max(grids, titleWidth)
  const top = titleHeight + (values.length > 0 ? captionHeight : 0)
  const height = top + values.length * cell.height + (values.length > 0 ? padding : 2)
  const right = padding + columns * cell.width + gap
  const captions = hasBoth
    ? `<g fill-opacity=".6"><text x="${padding}" y="${top - 4}">value</text><text x="${right}" y="${top - 4}">gradient</text></g>`
    : ''
  const svg = `<rect class="node ${kind}" width="${round(width)}" height="${height}" rx="7"/>
<text x="${padding}" y="16">${name}${made}<tspan fill-opacity=".6">  ${size}</tspan></text>${captions}
${gridOf(values, padding, top)}${gridOf(gradients, right, top)}`
  return { width, height, svg }
}

/** Numbers in cells, shaded by size: one colour above zero, another below. */
const gridOf = (rows: readonly (readonly number[])[], left: number, top: number): string => {
  const largest = Math.max(...rows.flat().map(Math.abs), Number.MIN_VALUE)
  return rows
    .flatMap((row, i) =>
      row.map((number, j) => {
        const x = left + j * cell.width
        const y = top + i * cell.height
        const strength = round((0.55 * Math.abs(number)) / largest)
        const paint = `class="${number < 0 ? 'negative' : 'positive'}" fill-opacity="${strength}"`
        const box = `<rect x="${x}" y="${y}" width="${cell.width - 1}" height="${cell.height - 1}" rx="2" ${paint}/>`
        const middle = x + (cell.width - 1) / 2
        return `${box}<text x="${middle}" y="${y + 12}" text-anchor="middle">${short(number)}</text>`
      }),
    )
    .join('')
}

/** A scalar or a matrix as rows. */
const rowsOf = (value: NestedNumbers | undefined): number[][] => {
  if (value === undefined) return []
  if (typeof value === 'number') return [[value]]
  return value.map((row) => [row].flat(1) as number[])
}

/** At most six characters. */
const short = (number: number): string => {
  if (number === 0) return '0'
  if (Math.abs(number) < 0.001) return number.toExponential(0)
  return number.toFixed(Math.abs(number) < 0.1 ? 3 : 2).replace(/^(-?)0\./, '$1.')
}

/** A line through the points, rounded at the bends. */
const curve = (points: readonly Point[]): string => {
  const at = ({ x, y }: Point) => `${round(x)},${round(y)}`
  const bends = points.slice(1, -1).map((point, i) => {
    const next = points[i + 2]!
    const middle = i + 3 === points.length ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }
    return `Q${at(point)} ${at(middle)}`
  })
  return `M${at(points[0]!)}${bends.join('')}`
}

const round = (n: number): number => Math.round(n * 100) / 100
