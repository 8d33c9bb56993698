import type { Trace } from '@adjoint/autograd/inspect'
import { expect } from 'vitest'
import { flatten, isSummary } from '../../src/inspect/trace/quantity.js'

/** Asserts that local derivatives multiply, and that contributions add up to every adjoint that is shown. */
export const expectToAddUp = ({ nodes, edges, backward }: Trace, precision = 1e-12): void => {
  const close = (found: readonly number[], wanted: readonly number[], what: string) => {
    expect(found.length, what).toBe(wanted.length)
    found.forEach((number, i) => {
      const off = Math.abs(number - wanted[i]!)
      expect(off, `${what}: ${number} for ${wanted[i]}`).toBeLessThanOrEqual(precision * (1 + Math.abs(wanted[i]!)))
    })
  }
  const arrived = new Map<number, number[]>()
  for (const { node, contributions } of backward) {
    const own = nodes[node]!
    if (arrived.has(node) && own.adjoint !== undefined && !isSummary(own.adjoint)) {
      close(arrived.get(node)!, flatten(own.adjoint), `adjoint of ${own.name}`)
    }
    for (const { edge, to, amount, total } of contributions) {
      if (isSummary(amount)) continue
      const before = arrived.get(to) ?? flatten(amount).map(() => 0)
      const sum = flatten(amount).map((number, i) => number + before[i]!)
      arrived.set(to, sum)
      close(flatten(total), sum, `total at ${nodes[to]!.name}`)
      if (edge === null) continue
      const { local, from } = edges[edge]!
      expect(from).toBe(to)
      if (local === null || isSummary(own.adjoint!)) continue
      const adjoint = flatten(own.adjoint!)
      if (local.kind === 'elementwise' && !isSummary(local.factor)) {
        const factor = flatten(local.factor)
        close(
          flatten(amount),
          adjoint.map((number, i) => number * factor[i]!),
          `${own.name} to ${nodes[to]!.name}`,
        )
      } else if (local.kind === 'matrix' && local.matrix !== undefined) {
        const product = Array.from({ length: local.columns }, (_, j) =>
          adjoint.reduce((total, number, i) => total + number * Number(local.matrix![i]![j]!), 0),
        )
        close(flatten(amount), product, `${own.name} to ${nodes[to]!.name}`)
      }
    }
  }
}
