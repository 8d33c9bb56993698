import type { Node } from '../graph/node.js'

/**
 * The nodes from which a wanted node can be reached and that can be reached from a root, inputs before results; wanted
 * nodes are the first and nothing before them is visited. Iterative, linear in the number of nodes.
 */
export const nodesBetween = (roots: readonly Node[], isWanted: (node: Node) => boolean): Node[] => {
  const reaches = new Map<Node, boolean>()
  const order: Node[] = []
  const stack: Node[] = []
  const nextInput: number[] = []
  const enter = (node: Node): void => {
    if (reaches.has(node)) return
    const wanted = isWanted(node)
    reaches.set(node, wanted)
    if (wanted) order.push(node)
    else if (node.tracking !== 0 && node.inputs.length > 0) {
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
        if (node.inputs.some((source) => reaches.get(source) === true)) {
          reaches.set(node, true)
          order.push(node)
        }
      }
    }
  }
  return order
}
