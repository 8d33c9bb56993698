import type { Node } from '../graph/node.js'

/** The part of a graph that lies between wanted nodes and roots. */
export interface Between {
  /** Inputs before results; a wanted node is there if a root depends on it, and nothing before it is. */
  readonly nodes: readonly Node[]
  /** For each node in turn, for each of its inputs in turn: the input's place in `nodes`, or -1. */
  readonly inputPlaces: readonly number[]
  /** The place of a root in `nodes`, or -1 where it depends on nothing wanted. */
  readonly rootPlaces: readonly number[]
}

// A walk marks what it visits with its own two numbers: visited, and visited with a path to a wanted node.
let lastMark = 0

/** Iterative, and linear in the number of nodes. Wanted nodes are tracked ones. */
export const nodesBetween = (roots: readonly Node[], isWanted: (node: Node) => boolean): Between => {
  const visited = lastMark + 1
  const reaches = lastMark + 2
  lastMark = reaches
  const nodes: Node[] = []
  const inputPlaces: number[] = []
  // each with the position of its next input in `slot`
  const stack: Node[] = []
  const enter = (node: Node): void => {
    if (node.mark >= visited || node.tracking === 0) return
    node.mark = visited
    if (isWanted(node)) {
      for (let i = 0; i < node.inputs.length; i++) inputPlaces.push(-1)
      include(node)
    } else if (node.inputs.length > 0) {
      node.slot = 0
      stack.push(node)
    }
  }
  const include = (node: Node): void => {
    node.mark = reaches
    node.slot = nodes.length
    nodes.push(node)
  }
  const placeOf = (node: Node): number => (node.mark === reaches ? node.slot : -1)
  for (const root of roots) {
    enter(root)
    while (stack.length > 0) {
      const node = stack[stack.length - 1]!
      const { inputs } = node
      if (node.slot < inputs.length) {
        enter(inputs[node.slot++]!)
        continue
      }
      stack.pop()
      // notes on nodes are read off now: a walk begun by a derivative rule may overwrite them
      let leadsOn = false
      for (let i = 0; i < inputs.length; i++) {
        const place = placeOf(inputs[i]!)
        inputPlaces.push(place)
        if (place >= 0) leadsOn = true
      }
      if (leadsOn) include(node)
      else inputPlaces.length -= inputs.length
    }
  }
  return { nodes, inputPlaces, rootPlaces: roots.map(placeOf) }
}
