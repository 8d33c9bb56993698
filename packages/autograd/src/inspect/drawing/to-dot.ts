import { checked } from '../../graph/arguments.js'
import type { AnyTensor } from '../../tensor/tensor.js'
import type { Trace } from '../trace/schema.js'
import { traceable } from '../trace/trace.js'
import { kindOf } from './graph/caption.js'
import { edgeText, linesOf, nestedLines } from './graph/outline.js'
import { type ViewOptions, viewKinds, viewOf } from './view.js'

const quoted = (lines: readonly string[]): string =>
  `"${lines.map((line) => line.replace(/[\\"]/g, '\\$&').replaceAll('\n', ' ')).join('\\n')}"`

const looks = {
  input: 'style="rounded,dashed"',
  parameter: 'color="#1d4fd7"',
  constant: 'shape=plaintext',
  result: '',
  loss: 'peripheries=2',
  output: 'peripheries=2',
  group: 'style="rounded,filled", fillcolor="#f3f4f6"',
} as const

/**
 * A computation in Graphviz's language: `dot -Tsvg loss.dot` draws it. Boxes hold the name, the op, the value and the adjoint,
 * edges the local derivative; open groups are clusters.
 *
 * @throws ArgumentError for a group of an unknown name; what `trace` throws
 * @example writeFileSync('loss.dot', toDot(loss, { names: { x, w } }))
 */
export const toDot = /* @__PURE__ */ checked(
  'toDot',
  { what: traceable, options: viewKinds },
  (what: AnyTensor | Trace, options: ViewOptions = {}): string => {
    const { values = true, gradients = true, locals = true } = options
    const { scene, plain } = viewOf('toDot', what, options)
    const names = new Map(plain.trace.nodes.map(({ id, name }) => [id, name]))
    const boxes = nestedLines(scene, plain.trace, {
      box: (i, indent) => {
        const item = scene.items[i]!
        const label = `label=${quoted(linesOf(item, names, values, gradients))}`
        return `${indent}n${i} [${[label, looks[kindOf(item)]].filter((part) => part !== '').join(', ')}]`
      },
      begin: (id, label, indent) => `${indent}subgraph cluster_${id} {\n${indent}  label=${quoted([label])}`,
      end: (indent) => `${indent}}`,
    })
    const edges = scene.lines.map((line) => {
      const text = locals ? edgeText(line, plain.trace) : ''
      return `  n${line.from} -> n${line.to}${text === '' ? '' : ` [label=${quoted([text])}]`}`
    })
    return [
      'digraph {',
      '  rankdir=LR',
      '  node [shape=box, style="rounded", fontname="sans-serif", fontsize=11]',
      '  edge [fontname="sans-serif", fontsize=10, fontcolor="#6d3fc4"]',
      ...boxes,
      ...edges,
      '}',
      '',
    ].join('\n')
  },
)
