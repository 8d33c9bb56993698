import { checked } from '../graph/arguments.js'
import { captionOf } from './caption.js'
import { type Graph, type GraphNode, graphKind } from './graph.js'

const brackets = { parameter: ['[', ']'], constant: ['([', '])'], result: ['(', ')'] } as const

/** Mermaid reads a few characters as its own, and writes them as numbered entities. */
const escape = (text: string): string => text.replace(/[#"<>&`]/g, (character) => `#${character.charCodeAt(0)};`)

const line = (node: GraphNode): string => {
  const [open, close] = brackets[node.kind]
  return `  n${node.id}${open}"${captionOf(node).map(escape).join('<br>')}"${close}`
}

/**
 * The graph in Mermaid's language, which GitHub draws in a code block marked `mermaid`.
 *
 * @example toMermaid(graph(loss))
 */
export const toMermaid = checked('toMermaid', { graph: graphKind }, ({ nodes, edges }: Graph): string =>
  ['flowchart LR', ...nodes.map(line), ...edges.map(({ from, to }) => `  n${from} --> n${to}`), ''].join('\n'),
)
