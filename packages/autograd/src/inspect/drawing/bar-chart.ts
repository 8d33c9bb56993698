import { checked } from '../../graph/arguments.js'
import { ArgumentError } from '../../graph/errors.js'
import { formatShape } from '../../graph/shape.js'
import { isPlainObject } from '../../graph/words.js'
import * as kinds from '../../ops/kinds.js'
import { barsSvg } from './bars-svg.js'
import { barsText } from './bars-text.js'
import { type BarChartOptions, type Bars, type Drawing, drawingOf, smallKinds } from './small.js'
import { type Drawable, drawable, refuseSummary, valuesOf } from './values.js'

/** Numbers by name. */
export type NamedNumbers = Readonly<Record<string, number>>

const takes = {
  values: {
    .../* @__PURE__ */ kinds.kind(
      'a vector of numbers (a tensor or an array), or an object of numbers by name',
      (thing) =>
        drawable.accepts(thing) ||
        (isPlainObject(thing) && Object.values(thing).every((value) => typeof value === 'number')),
    ),
    refuse: refuseSummary,
  },
  options: {
    ...smallKinds,
    labels: kinds.strings,
    scale: /* @__PURE__ */ kinds.oneOf('linear', 'log'),
    most: /* @__PURE__ */ kinds.numberThat('an integer of at least 1', (x) => Number.isInteger(x) && x >= 1),
  },
}

/**
 * Numbers as horizontal bars, each with its name and its digits. Negative bars lead left from the axis. On a log scale lengths
 * are orders of magnitude, from the least size to the largest; 0 has no length there.
 *
 * @returns `svg` for pages and files, `text` for terminals
 * @throws ArgumentError for a matrix, for labels that are too many or too few, and for a negative number on a log scale
 * @example
 * barChart({ w: 4, b: 1 }, { characters: 16 }).text.split('\n')[0]   // 'w  ██████████  4'
 * writeFileSync('norms.svg', barChart([3, 0.02], { labels: ['w', 'b'], scale: 'log' }).svg)
 */
export const barChart = /* @__PURE__ */ checked(
  'barChart',
  takes,
  (values: Drawable | NamedNumbers, options: BarChartOptions = {}): Drawing => {
    const { labels, scale = 'linear', most = 60, quantity = 'value' } = options
    const isNamed = isPlainObject(values)
    if (isNamed && labels !== undefined) {
      throw new ArgumentError(
        'barChart: values has names, and labels gives others; leave labels out, or pass an array.',
      )
    }
    const { shape, data, dtype } = valuesOf(
      'barChart',
      isNamed ? Object.values(values as NamedNumbers) : (values as Drawable),
    )
    if (shape.length > 1) {
      throw new ArgumentError(
        `barChart: values has shape ${formatShape(shape)}, and bars show a vector; choose a row, or use heatmap(values).`,
      )
    }
    if (labels !== undefined && labels.length !== data.length) {
      throw new ArgumentError(`barChart: ${labels.length} labels for ${data.length} numbers; give one for each.`)
    }
    const all = Array.from({ length: data.length }, (_, i) => ({
      label: isNamed ? Object.keys(values)[i]! : (labels?.[i] ?? String(i)),
      value: data[i]!,
    }))
    const negative = all.find(({ value }) => value < 0)
    if (scale === 'log' && negative !== undefined) {
      throw new ArgumentError(
        `barChart: ${negative.label} is ${negative.value}, and a log scale shows sizes; pass absolute values, or leave scale out.`,
      )
    }
    const bars: Bars = { ...chosen(all, most), dtype, scale, quantity, options }
    return drawingOf(
      () => barsSvg(bars),
      () => barsText(bars),
    )
  },
)

interface Named {
  readonly label: string
  readonly value: number
}

/** The largest `most`, in the order in which they were given; what is no number counts as large. */
const chosen = (all: readonly Named[], most: number): { bars: readonly Named[]; left: number } => {
  if (all.length <= most) return { bars: all, left: 0 }
  const size = ({ value }: Named) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.abs(value))
  const order = all
    .map((_, i) => i)
    .sort((a, b) => {
      const [x, y] = [size(all[a]!), size(all[b]!)]
      return x === y ? a - b : y - x
    })
  const kept = new Set(order.slice(0, most))
  return { bars: all.filter((_, i) => kept.has(i)), left: all.length - most }
}
