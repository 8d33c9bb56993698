import type { Node } from '../graph/node.js'

/** The part of a graph that lies between wanted nodes and roots. */
export interface Between {
  /** Inputs before results; a wanted node is there if a root depends on it, and nothing before it is. */
  readonly nodes: readonly Node[]
  /** For each node in turn, for each of its inputs in turn: the input's place in `nodes`, or -1. */
  readonly inputPlaces: Int32Array
  /** The place of a root in `nodes`, or -1 where it depends on nothing wanted. */
  readonly rootPlaces: readonly number[]
}

// A walk marks what it visits with its own two numbers: visited, and visited with a path to a wanted node.
let lastMark = 0

/** Iterative, and linear in the number of nodes. */
export const nodesBetween = (roots: readonly Node[], isWanted: (node: Node) => boolean): Between => {
  const visited = lastMark + 1
  const reaches = lastMark + 2
  lastMark = reaches
  const nodes: Node[] = []
  const stack: Node[] = []
  const nextInput: number[] = []
  let inputCount = 0
  const include = (node: Node): void => {
    node.mark = reaches
    node.slot = nodes.length
    nodes.push(node)
    inputCount += node.inputs.length
  }
  const enter = (node: Node): void => {
    if (node.mark >= visited) return
    if (isWanted(node)) {
      include(node)
      return
    }
    node.mark = visited
    if (node.tracking !== 0 && node.inputs.length > 0) {
      stack.push(node)
      nextInput.push(0)
    }
  }
  for (const root of roots) {
    enter(root)
    while (stack.length > 0) {
      const top = stack.length - 1
      const node = stack[top]!
      const input = node.inputs[nextInput[top]!++]
      if (input !== undefined) enter(input)
      else {
        stack.pop()
        nextInput.pop()
        if (node.inputs.some((source) => source.mark === reaches)) include(node)
      }
    }
  }
  // read off now: a walk begun by a derivative rule may overwrite the notes
  const placeOf = (node: Node): number => (node.mark === reaches ? node.slot : -1)
  const inputPlaces = new Int32Array(inputCount)
  let at = 0
  for (const node of nodes) for (const input of node.inputs) inputPlaces[at++] = placeOf(input)
  return { nodes, inputPlaces, rootPlaces: roots.map(placeOf) }
}
