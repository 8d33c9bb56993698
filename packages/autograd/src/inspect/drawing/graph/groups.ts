import { ArgumentError } from '../../../graph/errors.js'
import { shown } from '../../../graph/words.js'
import type { Trace, TraceGroup, TraceNode } from '../../trace/schema.js'
import type { Item, Line, Scene } from './scene.js'

/** Which groups stand for their insides: 'auto' closes them where there are many boxes; a list names those that are open. */
export type Grouping = 'auto' | 'open' | 'closed' | readonly string[]

/** Beyond so many boxes, groups are closed, innermost first. */
const comfortable = 40

/** The scene with groups closed. */
export const grouped = (scene: Scene, trace: Trace, grouping: Grouping): Scene => {
  const { groups } = trace
  if (groups.length === 0 || grouping === 'open') return openOnly(grouping, groups, scene)
  if (grouping === 'closed') return closed(scene, trace, () => true)
  if (grouping !== 'auto') {
    const open = namedGroups(grouping, groups)
    return closed(scene, trace, ({ id }) => !open.has(id))
  }
  const depths: number[] = []
  for (const { id, parent } of groups) depths[id] = parent === null ? 0 : depths[parent]! + 1
  let next = scene
  for (let depth = Math.max(...depths); depth >= 0 && next.items.length > comfortable; depth--) {
    next = closed(scene, trace, ({ id }) => depths[id]! >= depth)
  }
  return next
}

const openOnly = (grouping: Grouping, groups: readonly TraceGroup[], scene: Scene): Scene => {
  if (typeof grouping === 'object') namedGroups(grouping, groups)
  return scene
}

/** Those of these names, and what they stand in. */
const namedGroups = (names: readonly string[], groups: readonly TraceGroup[]): Set<number> => {
  const open = new Set<number>()
  for (const name of names) {
    const found = groups.filter((group) => group.name === name)
    if (found.length === 0) {
      const known = [...new Set(groups.map((group) => group.name))]
      throw new ArgumentError(
        `group: there is no group ${shown(name)}; ` +
          (known.length === 0
            ? 'this trace has none: leave group out.'
            : `name some of ${known.slice(0, 12).join(', ')}.`),
      )
    }
    for (const group of found) {
      for (let at: TraceGroup | undefined = group; at !== undefined; at = groups[at.parent ?? -1]) open.add(at.id)
    }
  }
  return open
}

/** Puts what is inside a closed group into one box, or into several where something outside lies between its parts. */
const closed = ({ items, lines }: Scene, trace: Trace, isClosed: (group: TraceGroup) => boolean): Scene => {
  const { groups } = trace
  const outermost = (node: TraceNode): number | null => {
    let found: number | null = null
    for (
      let at = node.group === null ? undefined : groups[node.group];
      at !== undefined;
      at = groups[at.parent ?? -1]
    ) {
      if (isClosed(at)) found = at.id
    }
    return found
  }
  const into: Line[][] = items.map(() => [])
  const outOf: Line[][] = items.map(() => [])
  for (const line of lines) {
    into[line.to]!.push(line)
    outOf[line.from]!.push(line)
  }
  // boxes of the new scene: each item goes to the first one of its group where that closes no circle
  const boxes: { group: TraceGroup | null; part: number; items: number[]; before: Set<number> }[] = []
  const boxOf: number[] = []
  const parts = new Map<number, number[]>()
  const add = (item: number, group: number | null): void => {
    const sources = new Set(into[item]!.map(({ from }) => boxOf[from]!))
    const others = group === null ? [] : (parts.get(group) ?? [])
    const joined = others.find((box) => !leadsAround(box, sources, boxes))
    if (joined !== undefined) {
      boxOf[item] = joined
      boxes[joined]!.items.push(item)
      for (const source of sources) if (source !== joined) boxes[joined]!.before.add(source)
      return
    }
    boxOf[item] = boxes.length
    if (group !== null) parts.set(group, [...others, boxes.length])
    boxes.push({
      group: group === null ? null : groups[group]!,
      part: others.length + 1,
      items: [item],
      before: sources,
    })
  }
  items.forEach((item, i) => {
    add(i, item.node!.op === null ? null : outermost(item.node!))
  })
  // leaves that one closed box alone uses are inside it
  const inside = new Map<number, number[]>()
  items.forEach((item, i) => {
    const { kind } = item.node!
    if ((kind !== 'parameter' && kind !== 'constant') || item.isOutput || outOf[i]!.length === 0) return
    const users = new Set(outOf[i]!.map(({ to }) => boxOf[to]!))
    const [user] = users
    if (users.size > 1 || boxes[user!]!.group === null) return
    inside.set(user!, [...(inside.get(user!) ?? []), i])
    boxes[boxOf[i]!]!.items = []
    boxOf[i] = user!
  })

  const kept = boxes.flatMap((box, i) => (box.items.length === 0 ? [] : [i]))
  const places = new Map(kept.map((box, place) => [box, place]))
  const placeOf = (item: number): number => places.get(boxOf[item]!)!
  const newItems = kept.map((at): Item => {
    const { group, part, items: own } = boxes[at]!
    if (group === null) return items[own[0]!]!
    const results = own.filter((i) => items[i]!.isOutput || outOf[i]!.some(({ to }) => boxOf[to] !== at))
    const node = results.length === 1 ? items[results[0]!]!.node : null
    const leaves = (inside.get(at) ?? []).map((i) => items[i]!)
    return {
      node,
      group,
      part,
      members: [...own.map((i) => items[i]!), ...leaves].flatMap(({ members }) => members),
      parameters: leaves.flatMap((leaf) => (leaf.node!.kind === 'parameter' ? [leaf.node!] : [])),
      numbers: null,
      isOutput: own.some((i) => items[i]!.isOutput),
    }
  })
  const between = new Map<string, Line>()
  const newLines: Line[] = []
  for (const line of lines) {
    const [from, to] = [placeOf(line.from), placeOf(line.to)]
    if (from === to) continue
    if (newItems[to]!.group === null) {
      // of several results of a group, the picture does not say which one this is
      const isOf = newItems[from]!.node !== null
      newLines.push({ ...line, from, to, local: isOf ? line.local : null })
      continue
    }
    const key = `${from} ${to}`
    const other = between.get(key)
    const all = {
      from,
      to,
      local: null,
      edges: [...(other?.edges ?? []), ...line.edges],
      isActive: line.isActive || other?.isActive === true,
    }
    between.set(key, all)
  }
  return { items: newItems, lines: [...newLines, ...between.values()] }
}

/** Whether a way leads from a box over others to one of the sources. */
const leadsAround = (
  box: number,
  sources: ReadonlySet<number>,
  boxes: readonly { readonly before: ReadonlySet<number> }[],
): boolean => {
  const seen = new Set([...sources].filter((source) => source !== box))
  for (const at of seen) {
    for (const source of boxes[at]!.before) {
      if (source === box) return true
      seen.add(source)
    }
  }
  return false
}
