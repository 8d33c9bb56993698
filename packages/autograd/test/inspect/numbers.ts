import type { Quantity, Trace, TraceEdge } from '@adjoint/autograd/inspect'
import { expect } from 'vitest'

/** All elements in row-major order; null for a summary. */
export const flat = (quantity: Quantity | undefined): number[] | null => {
  if (quantity === undefined || (typeof quantity === 'object' && !Array.isArray(quantity))) return null
  return [quantity].flat(Number.POSITIVE_INFINITY).map(Number)
}

/** What comes back along an edge of what has arrived at its end, by the local derivative; null where that is not known. */
const alongEdge = (edge: TraceEdge, adjoint: readonly number[]): number[] | null => {
  const { local } = edge
  if (local === null) return null
  if (local.kind === 'elementwise') {
    const factor = flat(local.factor)
    // a cotangent of 0 stays 0, whatever it meets
    return factor && adjoint.map((number, i) => (number === 0 ? 0 : number * factor[i]!))
  }
  if (local.matrix === undefined) return null
  return Array.from({ length: local.columns }, (_, column) =>
    adjoint.reduce((sum, number, row) => sum + (number === 0 ? 0 : number * Number(local.matrix![row]![column])), 0),
  )
}

const close = (got: readonly number[], wanted: readonly number[], tolerance: number, what: string): void => {
  expect(got.length, what).toBe(wanted.length)
  const size = Math.max(...wanted.map((number) => Math.abs(number)).filter(Number.isFinite), 1e-300)
  got.forEach((number, i) => {
    if (Object.is(number, wanted[i])) return
    expect(Math.abs(number - wanted[i]!), `${what}, element ${i}: ${number} and not ${wanted[i]}`).toBeLessThanOrEqual(
      tolerance * size,
    )
  })
}

/**
 * That the numbers of a trace belong together: what is added is adjoint times local derivative, totals add up, and the last
 * total of each node is its adjoint. Gives how many numbers were compared.
 */
export const numbersBelongTogether = (trace: Trace, tolerance = 1e-12): number => {
  const totals = new Map<number, number[]>()
  let compared = 0
  const root = trace.outputs[0]!.node
  totals.set(root, flat(trace.nodes[root]!.adjoint) ?? [])
  const hasPassed = new Set<number>()
  for (const { node, contributions } of trace.backward) {
    expect(hasPassed.has(node), `${trace.nodes[node]!.name} passes on once`).toBe(false)
    hasPassed.add(node)
    const adjoint = flat(trace.nodes[node]!.adjoint)
    const arrived = totals.get(node)
    if (adjoint !== null && arrived !== undefined)
      close(arrived, adjoint, tolerance, `adjoint of ${trace.nodes[node]!.name}`)
    for (const { edge, to, amount, total } of contributions) {
      const { name } = trace.nodes[to]!
      const added = flat(amount)
      if (added === null) continue
      const before = totals.get(to)
      const sum = before === undefined ? added : before.map((number, i) => number + added[i]!)
      close(flat(total)!, sum, tolerance, `total of ${name}`)
      totals.set(to, flat(total)!)
      compared++
      if (edge === null || adjoint === null) continue
      expect(trace.edges[edge]).toMatchObject({ from: to, to: node })
      const wanted = alongEdge(trace.edges[edge]!, adjoint)
      if (wanted !== null) {
        close(added, wanted, tolerance, `${trace.nodes[node]!.name} to ${name}`)
        compared++
      }
    }
  }
  return compared
}
