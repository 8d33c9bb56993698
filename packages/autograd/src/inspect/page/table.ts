import { fullDigits } from '../drawing/numbers.js'
import { flatten, isSummary } from '../trace/quantity.js'
import type { Quantity, Trace, TraceNode } from '../trace/schema.js'
import type { Table } from './page.js'

/** More rows than this are left to the trace. */
const most = 1000
/** So many elements stand in a cell. */
const elements = 16

const amountText = (amount: Quantity | undefined, dtype: TraceNode['dtype']): string => {
  if (amount === undefined) return ''
  const write = (x: number) => fullDigits(x, dtype ?? 'float64')
  if (isSummary(amount)) {
    const { least, largest, norm, notFinite } = amount
    const odd = notFinite === 0 ? '' : `, ${notFinite} not finite`
    return `${write(least)} to ${write(largest)}, norm ${fullDigits(norm)}${odd}`
  }
  const all = flatten(amount)
  const shown = all.slice(0, elements).map(write).join(', ')
  return all.length > elements ? `${shown}, and ${all.length - elements} more` : shown
}

const cut = (what: string, rows: readonly (readonly string[])[]) => ({
  caption:
    rows.length > most
      ? `${what}: the first ${most} of ${rows.length}; all are in the trace`
      : `${what}: ${rows.length}`,
  rows: rows.slice(0, most),
})

/** What a trace knows of each node, with all digits. */
export const nodeTable = ({ nodes, edges, groups, backward }: Trace): Table => {
  const hasTangents = nodes.some(({ tangent }) => tangent !== undefined)
  const hasGroups = groups.length > 0
  const steps = new Map(backward.map(({ node }, i) => [node, i + 1]))
  const terms = new Map<number, number>()
  for (const { contributions } of backward) for (const { to } of contributions) terms.set(to, (terms.get(to) ?? 0) + 1)
  const columns = ['node', 'kind', 'made by', 'shape', 'dtype', 'value', 'adjoint', ...(hasTangents ? ['tangent'] : []), 'terms', 'step back', ...(hasGroups ? ['in'] : [])] // biome-ignore format: a list
  const rows = nodes.map((node) => {
    const inputs = node.inputs.map((edge) => nodes[edges[edge]!.from]!.name)
    return [
      node.name,
      node.kind,
      node.op === null ? '' : `${node.op}(${inputs.join(', ')})`,
      node.shape === null ? '' : `[${node.shape.join(', ')}]`,
      node.dtype ?? '',
      amountText(node.value, node.dtype),
      amountText(node.adjoint, node.dtype),
      ...(hasTangents ? [amountText(node.tangent, node.dtype)] : []),
      String(terms.get(node.id) ?? ''),
      String(steps.get(node.id) ?? ''),
      ...(hasGroups ? [node.group === null ? '' : groups[node.group]!.name] : []),
    ]
  })
  return {
    ...cut('Nodes, in the order of the program', rows),
    columns,
    numeric: new Set([5, 6, ...(hasTangents ? [7] : [])]),
  }
}

/** What a trace knows of each edge, and what passed back along it. */
export const edgeTable = ({ nodes, edges, backward }: Trace): Table => {
  const passed = new Map(
    backward.flatMap(({ contributions }) => contributions.map(({ edge, amount }) => [edge, amount] as const)),
  )
  const rows = edges.map(({ id, from, to, local }) => {
    const [source, target] = [nodes[from]!, nodes[to]!]
    const derivative =
      local === null
        ? ''
        : local.kind === 'elementwise'
          ? amountText(local.factor, target.dtype)
          : `a matrix of ${local.rows} × ${local.columns}`
    const formula = local?.kind === 'elementwise' && local.formula !== null ? local.formula : ''
    return [source.name, target.name, formula, derivative, amountText(passed.get(id), source.dtype)]
  })
  return {
    ...cut('Edges', rows),
    columns: ['from', 'to', 'local derivative', 'its value', 'passed back'],
    numeric: new Set([3, 4]),
  }
}
