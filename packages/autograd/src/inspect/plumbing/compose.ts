import { elementOf, flatten, isSummary } from '../trace/quantity.js'
import type { Local, Trace, TraceEdge } from '../trace/schema.js'
import type { Pipes } from './pipes.js'

/** The local derivative of an edge by what its input was made of by plumbing alone. */
export const composed = ({ edges }: Trace, { from, local }: TraceEdge, pipes: Pipes): Local | null => {
  let whole = local
  for (let pipe = pipes.get(from); pipe !== undefined && whole !== null; pipe = pipes.get(pipe.source)) {
    if (edges[pipe.edge]!.local === null) return null
    if (pipe.spreads) whole = byOneElement(whole)
  }
  return whole
}

/** By one element that stands at all places of the input. */
const byOneElement = (local: Local): Local => {
  if (local.kind === 'elementwise') {
    const { factor } = local
    if (isSummary(factor)) return { kind: 'matrix', rows: factor.size, columns: 1 }
    const column = flatten(factor).map((element) => [elementOf(element)])
    return { kind: 'matrix', rows: column.length, columns: 1, matrix: column }
  }
  const { rows, matrix } = local
  if (matrix === undefined) return { kind: 'matrix', rows, columns: 1 }
  const sums = matrix.map((row) => [elementOf(row.reduce((sum: number, element) => sum + Number(element), 0))])
  return { kind: 'matrix', rows, columns: 1, matrix: sums }
}
