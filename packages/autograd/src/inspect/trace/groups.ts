import type { Recorder } from './recorder.js'
import type { TraceGroup } from './schema.js'

/** The groups that have something in them, and in which of them each node stands. */
export interface Grouping {
  readonly groups: readonly TraceGroup[]
  readonly groupOf: readonly (number | null)[]
}

/**
 * @param places the group of each node among all that ran; null for none
 * @param isStep whether a node computes something, and does not only arrange what is there
 */
export const grouping = (
  recorder: Recorder | null,
  places: readonly (number | null)[],
  isStep: (id: number) => boolean,
): Grouping => {
  if (recorder === null) return { groups: [], groupOf: places.map(() => null) }
  const { groups, implied } = recorder
  const sizes = new Array<number>(groups.length).fill(0)
  const steps = [...sizes]
  places.forEach((place, id) => {
    const isOne = isStep(id)
    for (let at = place; at !== null; at = groups[at]!.parent) {
      sizes[at]!++
      if (isOne) steps[at]!++
    }
  })
  const kept: TraceGroup[] = []
  const ids: (number | null)[] = []
  for (const group of groups) {
    const parent = group.parent === null ? null : ids[group.parent]!
    // what is left out has its inside in the one around it
    if (sizes[group.id] === 0 || (steps[group.id]! <= 1 && implied.has(group.id))) ids.push(parent)
    else {
      ids.push(kept.length)
      kept.push({ ...group, id: kept.length, parent })
    }
  }
  return { groups: kept, groupOf: places.map((place) => (place === null ? null : ids[place]!)) }
}
