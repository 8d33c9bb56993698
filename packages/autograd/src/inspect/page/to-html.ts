import { checked } from '../../graph/arguments.js'
import type { AnyTensor } from '../../tensor/tensor.js'
import { escape } from '../drawing/text.js'
import { type SvgOptions, svgFor, svgKinds } from '../drawing/to-svg.js'
import { explain } from '../listing/explain.js'
import { withoutPlumbing } from '../plumbing/plumbing.js'
import type { Trace } from '../trace/schema.js'
import { traceable, tracedFor } from '../trace/trace.js'
import { pageOf, tableHtml, variantsHtml } from './page.js'
import { edgeTable, nodeTable } from './table.js'

/** What a page shows of a computation. */
export type HtmlOptions = Omit<SvgOptions, 'width'>

/** Screens from this width on, and the room that a picture has there. */
const screens = [
  { from: 0, width: 356 },
  { from: 768, width: 734 },
  { from: 1180, width: 1144 },
  { from: 1440, width: 1374 },
] as const

const { width: _, ...htmlKinds } = svgKinds

/**
 * A computation as a page of its own: its picture, its steps forward and back in lines, and tables of all nodes and edges with
 * all digits. One file: it needs no network, opens by a double click, fits telephones and wide screens, is folded and read with
 * a keyboard alone, and turns light or dark.
 *
 * @returns the text of an HTML file
 * @throws ArgumentError for a group of an unknown name, and beyond 400 boxes; what `trace` throws
 * @example writeFileSync('loss.html', toHtml(loss, { names: { x, w } }))
 */
export const toHtml = /* @__PURE__ */ checked(
  'toHtml',
  { what: traceable, options: htmlKinds },
  (what: AnyTensor | Trace, { names, title, ...options }: HtmlOptions = {}): string => {
    const given = tracedFor('toHtml', what, names === undefined ? {} : { names })
    const plumbing = options.plumbing === undefined ? {} : { plumbing: options.plumbing }
    const [first, ...steps] = explain(given, { steps: 400, values: true, ...plumbing }).split('\n')
    const pictures = screens.map(({ from, width }) => ({ from, svg: svgFor('toHtml', given, { ...options, width }) }))
    const variants = pictures.filter(({ svg }, i) => svg !== pictures[i - 1]?.svg)
    const code = (text: string) => `<pre class="code" tabindex="0">${escape(text)}</pre>`
    return pageOf(
      title ?? titleOf(options.plumbing ? given : withoutPlumbing(given).trace),
      `${first!}.`,
      [
        { title: 'Picture', body: variantsHtml(variants), isOpen: true },
        { title: 'Forward, step by step', body: code(steps.join('\n')), isOpen: true },
        ...(given.backward.length === 0
          ? []
          : [
              {
                title: 'Back, term by term',
                body: code(explain(given, { backward: true, steps: 400, ...plumbing })),
                isOpen: false,
              },
            ]),
        { title: 'All numbers', body: `${tableHtml(nodeTable(given))}\n${tableHtml(edgeTable(given))}`, isOpen: false },
      ],
      variants,
    )
  },
)

const titleOf = ({ nodes, outputs }: Trace): string =>
  outputs.length === 1
    ? `How ${nodes[outputs[0]!.node]!.name} was computed`
    : `How ${outputs.length} results were computed`
