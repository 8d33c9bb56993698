import { checked } from '../../graph/arguments.js'
import * as kinds from '../../ops/kinds.js'
import type { AnyTensor } from '../../tensor/tensor.js'
import type { Trace } from '../trace/schema.js'
import { traceable } from '../trace/trace.js'
import { pictureOf } from './graph/picture.js'
import { refuseMany, type ViewOptions, viewKinds, viewOf } from './view.js'

/** What a picture shows of a computation. */
export interface SvgOptions extends ViewOptions {
  /** Whether nodes are numbered in the order of the sweep back. Default false. */
  readonly order?: boolean
  /** The width in px that it is made for: it lies or stands, whichever fits. Default 900. */
  readonly width?: number
  /** What stands above it. */
  readonly title?: string
}

/** What `SvgOptions` may be. */
export const svgKinds = {
  ...viewKinds,
  order: kinds.boolean,
  width: /* @__PURE__ */ kinds.numberThat(
    'a number of px, at least 240',
    (x) => x >= 240 && x < Number.POSITIVE_INFINITY,
  ),
  title: kinds.string,
}

/** The picture, with its arguments checked already. `owner` begins the messages. */
export const svgFor = (owner: string, what: AnyTensor | Trace, options: SvgOptions): string => {
  const { values = true, gradients = true, locals = true, order = false, width = 900, title } = options
  const view = viewOf(owner, what, options)
  refuseMany(owner, view, options.group)
  return pictureOf(view.scene, view.plain, { values, gradients, locals, order, width, title })
}

/**
 * A computation as a picture: a box for each tensor, with its value above and its adjoint below, and on each edge the local
 * derivative. So the numbers of the sweep back multiply along edges and add where edges meet. Tensors of few elements have
 * their numbers in cells, others tints or a summary. Modules and functions are boxes of their own where there would be many.
 * Text can be selected and read aloud, and colours follow the reader's theme or `data-theme`.
 *
 * For scripts, a box says what it is (`data-at="node 3"`, `"group 1"`: places in the trace), and an edge from where to where it
 * leads (`data-from`, `data-to`) and which edges of the trace it stands for (`data-edges`).
 *
 * @returns the text of an SVG, made for `width` px
 * @throws ArgumentError for a group of an unknown name, and beyond 400 boxes; what `trace` throws
 * @example writeFileSync('loss.svg', toSvg(loss, { names: { x, w }, order: true }))
 */
export const toSvg = /* @__PURE__ */ checked(
  'toSvg',
  { what: traceable, options: svgKinds },
  (what: AnyTensor | Trace, options: SvgOptions = {}): string => svgFor('toSvg', what, options),
)
