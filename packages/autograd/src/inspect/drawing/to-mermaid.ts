import { checked } from '../../graph/arguments.js'
import type { AnyTensor } from '../../tensor/tensor.js'
import type { Trace } from '../trace/schema.js'
import { traceable } from '../trace/trace.js'
import { kindOf } from './graph/caption.js'
import { edgeText, linesOf, nestedLines } from './graph/outline.js'
import { type ViewOptions, viewKinds, viewOf } from './view.js'

/** Mermaid reads a few characters as its own, and writes them as numbered entities. */
const escape = (text: string): string =>
  text.replace(/[#"<>&`|\\]/g, (character) => `#${character.charCodeAt(0)};`).replaceAll('\n', ' ')

const brackets = {
  input: ['([', '])'],
  parameter: ['[', ']'],
  constant: ['([', '])'],
  result: ['(', ')'],
  loss: ['[[', ']]'],
  output: ['[[', ']]'],
  group: ['[/', '/]'],
} as const

/**
 * A computation in Mermaid's language, which GitHub draws in a code block marked `mermaid`. Boxes hold the name, the op, the
 * value and the adjoint, edges the local derivative; open groups are subgraphs.
 *
 * @throws ArgumentError for a group of an unknown name; what `trace` throws
 * @example toMermaid(loss, { names: { x, w } })
 */
export const toMermaid = /* @__PURE__ */ checked(
  'toMermaid',
  { what: traceable, options: viewKinds },
  (what: AnyTensor | Trace, options: ViewOptions = {}): string => {
    const { values = true, gradients = true, locals = true } = options
    const { scene, plain } = viewOf('toMermaid', what, options)
    const names = new Map(plain.trace.nodes.map(({ id, name }) => [id, name]))
    const boxes = nestedLines(scene, plain.trace, {
      box: (i, indent) => {
        const item = scene.items[i]!
        const [open, close] = brackets[kindOf(item)]
        return `${indent}n${i}${open}"${linesOf(item, names, values, gradients).map(escape).join('<br>')}"${close}`
      },
      begin: (id, label, indent) => `${indent}subgraph g${id}["${escape(label)}"]`,
      end: (indent) => `${indent}end`,
    })
    const edges = scene.lines.map((line) => {
      const text = locals ? edgeText(line, plain.trace) : ''
      return `  n${line.from} -->${text === '' ? '' : `|"${escape(text)}"|`} n${line.to}`
    })
    return ['flowchart LR', ...boxes, ...edges, ''].join('\n')
  },
)
