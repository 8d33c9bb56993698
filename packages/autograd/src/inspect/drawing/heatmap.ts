import { checked } from '../../graph/arguments.js'
import { ArgumentError } from '../../graph/errors.js'
import { formatShape } from '../../graph/shape.js'
import * as kinds from '../../ops/kinds.js'
import { gridsOf } from './grid.js'
import { heatmapSvg } from './heatmap-svg.js'
import { heatmapText } from './heatmap-text.js'
import { digits } from './numbers.js'
import { type Drawing, drawingOf, type Heatmap, type HeatmapOptions, smallKinds } from './small.js'
import { countOf, type Drawable, drawable, largestOf, refuseSummary, valuesOf } from './values.js'

/** Of more cells than this, numbers are drawn only if they are asked for. */
const numbersUpTo = 64

const takes = {
  values: { ...drawable, refuse: refuseSummary },
  options: {
    ...smallKinds,
    rows: kinds.strings,
    columns: kinds.strings,
    numbers: kinds.boolean,
    largest: /* @__PURE__ */ kinds.numberThat('a positive number', (x) => x > 0 && x < Number.POSITIVE_INFINITY),
  },
}

/**
 * Numbers as cells whose tint grows with the size of a number. A negative one has a cut corner (in a terminal a minus), and
 * what is NaN or infinite is marked as such, so nothing is told by colour alone. A vector is one row; of three axes, the slices
 * along the first stand side by side. What has more cells than there is room for is drawn by blocks, and a note says so.
 *
 * @returns `svg` for pages and files, `text` for terminals
 * @throws ArgumentError for more than three axes, nested arrays of unequal lengths, or labels that are too many or too few
 * @example
 * heatmap([[1, -2], [0, 4]]).text.split('\n')[0]   // '0  1 ░  −2 ▒'
 * writeFileSync('w.svg', heatmap(w, { title: 'w' }).svg)
 */
export const heatmap = /* @__PURE__ */ checked(
  'heatmap',
  takes,
  (values: Drawable, options: HeatmapOptions = {}): Drawing => {
    const read = valuesOf('heatmap', values)
    const { shape, data } = read
    const sides = [
      ['rows', shape.at(-2) ?? 1],
      ['columns', shape.at(-1) ?? 1],
    ] as const
    for (const [side, size] of sides) {
      const labels = options[side]
      if (labels === undefined || labels.length === size) continue
      throw new ArgumentError(
        `heatmap: ${side} has ${labels.length} labels, and values of shape ${formatShape(shape)} ${size} ${side}; give one for each.`,
      )
    }
    gridsOf('heatmap', read, 1, 1, 1)
    const largest = options.largest ?? largestOf(data)
    const { quantity = 'value', title } = options
    const drawn: Heatmap = {
      values: read,
      options: { ...options, numbers: options.numbers ?? countOf(read) <= numbersUpTo },
      quantity,
      largest,
      summary: `${title === undefined ? '' : `${title}: `}${shape.length === 0 ? 'one number' : shape.join(' × ')}, sizes up to ${digits(largest)}`,
    }
    return drawingOf(
      () => heatmapSvg(drawn),
      () => heatmapText(drawn),
    )
  },
)
