import type { Trace } from '../../trace/schema.js'
import type { Item } from './scene.js'

/** The open groups that each box stands in, innermost first. A leaf stands where all that use it do. */
export const placesOf = ({ groups, edges, nodes }: Trace, items: readonly Item[]): readonly (readonly number[])[] => {
  const ancestors = (group: number | null): number[] => {
    const found: number[] = []
    for (let at = group; at !== null; at = groups[at]!.parent) found.push(at)
    return found
  }
  const users = nodes.map((): Set<number> => new Set())
  for (const { from, to } of edges) users[from]!.add(to)
  return items.map(({ node, group }) => {
    if (group !== null) return ancestors(group.parent)
    if (node!.op !== null) return ancestors(node!.group)
    if (node!.kind === 'input') return []
    const all = [...users[node!.id]!].map((use) => ancestors(nodes[use]!.group))
    return all.length === 0 ? [] : all[0]!.filter((place) => all.every((places) => places.includes(place)))
  })
}
