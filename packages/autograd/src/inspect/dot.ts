import { checked } from '../graph/arguments.js'
import { captionOf } from './caption.js'
import { type Graph, graphKind } from './graph.js'

const escape = (text: string): string => text.replace(/[\\"]/g, '\\$&')

/**
 * The graph in Graphviz's language: `dot -Tsvg loss.dot` draws it.
 *
 * @example writeFileSync('loss.dot', toDot(graph(loss)))
 */
export const toDot = checked('toDot', { graph: graphKind }, ({ nodes, edges }: Graph): string => {
  const looks = { parameter: 'shape=box, style="filled", fillcolor="#dbeafe"', constant: 'shape=plaintext', result: '' }
  const lines = nodes.map((node) => {
    const label = `label="${captionOf(node).map(escape).join('\\n')}"`
    return `  n${node.id} [${[label, looks[node.kind]].filter((part) => part !== '').join(', ')}]`
  })
  return [
    'digraph {',
    '  rankdir=LR',
    '  node [shape=box, style="rounded", fontname="sans-serif", fontsize=11]',
    ...lines,
    ...edges.map(({ from, to }) => `  n${from} -> n${to}`),
    '}',
    '',
  ].join('\n')
})
