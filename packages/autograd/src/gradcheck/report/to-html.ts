import { checked } from '../../graph/arguments.js'
import { isPlainObject } from '../../graph/words.js'
import { heatmap } from '../../inspect/drawing/heatmap.js'
import { escape } from '../../inspect/drawing/text.js'
import { pageOf, tableHtml, variantsHtml } from '../../inspect/page/page.js'
import * as kinds from '../../ops/kinds.js'
import { levelsOf } from './heat.js'
import type { Report } from './report.js'
import { barMeans, doubtsOf, headlineOf, lookedAt, reasonsOf } from './sentences.js'
import { tablesOf, type WorstTable } from './table.js'
import type { WrongTensor } from './wrong.js'

/** Screens from this width on, and the room that a picture has there. */
const screens = [
  { from: 0, width: 340 },
  { from: 768, width: 700 },
  { from: 1180, width: 1100 },
] as const

const isReport = (thing: unknown): boolean => isPlainObject(thing) && 'verdict' in thing && Array.isArray(thing.orders)

/**
 * A report as a page of its own: the causes, the worst derivatives as a table, a heat map of the errors of each tensor that is
 * wrong, what could not be checked, and the call to see it again. One file, which needs no network, fits telephones and wide
 * screens, and turns light or dark.
 *
 * @returns the text of an HTML file
 * @throws ArgumentError for anything but a report
 * @example const page = reportToHtml(gradcheck((x) => x.tanh(), [tensor([1, 2])]))
 */
export const reportToHtml = /* @__PURE__ */ checked(
  'reportToHtml',
  { report: /* @__PURE__ */ kinds.kind('a report, as gradcheck returns it', isReport) },
  (report: Report): string => {
    const { verdict, orders, notes, seed, tolerance, repro } = report
    const pictures = orders.flatMap(({ wrong }) => wrong.map(pictureOf))
    const bodies = [
      ['Why, and where', listOf(orders.flatMap(reasonsOf))],
      ['The worst derivatives', orders.flatMap((order) => tablesOf(order.comparisons).map((each) => tableOf(each, tolerance))).join('\n')], // biome-ignore format: a pair
      ['The errors, element by element', pictures.join('\n')],
      ['Not checked', listOf(orders.flatMap(({ doubts }) => doubtsOf(doubts)))],
      ['To see it again', repro === null ? '' : `<pre class="code" tabindex="0">${escape(repro)}</pre>`],
      ['What was compared', listOf([...orders.map(lookedAt), ...notes])],
    ] as const
    const sections = bodies.filter(([, body]) => body !== '').map(([title, body]) => ({ title, body, isOpen: true }))
    const variants = screens.map(({ from }) => ({ from, svg: '' }))
    return pageOf(`gradcheck: ${verdict}`, `${headlineOf(report)} (seed ${seed}).`, sections, variants)
  },
)

const listOf = (sentences: readonly string[]): string =>
  sentences.length === 0 ? '' : `<ul>${sentences.map((says) => `<li>${escape(says)}</li>`).join('\n')}</ul>`

const tableOf = ({ title, head: [, ...head], rows }: WorstTable, tolerance: number): string =>
  tableHtml({
    caption: `${title} (${barMeans}; ${tolerance} are allowed)`,
    columns: ['derivative', ...head],
    numeric: new Set(head.map((_, i) => i + 1)),
    rows,
  })

/** The map of a tensor's errors: the deeper, the more digits has the error in bars. */
const pictureOf = (wrong: WrongTensor): string => {
  const { rows, columns, levels } = levelsOf(wrong)
  const cells = levels.map((level) => (level > 0 && level < 1 ? Number.NaN : level))
  const values = Array.from({ length: rows }, (_, i) => cells.slice(i * columns, (i + 1) * columns))
  const title = `${wrong.path}: errors in bars, as powers of ten`
  const draw = (width: number) => heatmap(values, { title, quantity: 'adjoint', numbers: false, largest: 9, width }).svg
  return variantsHtml(screens.map(({ from, width }) => ({ from, svg: draw(width) })))
}
