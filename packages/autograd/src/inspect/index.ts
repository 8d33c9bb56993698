export { toDot } from './dot.js'
export { type ExplainOptions, explain } from './explain.js'
export {
  type Graph,
  type GraphEdge,
  type GraphNode,
  type GraphOptions,
  graph,
  type NestedNumbers,
} from './graph.js'
export { toMermaid } from './mermaid.js'
