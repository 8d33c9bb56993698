import { checked } from '../graph/arguments.js'
import { ArgumentError } from '../graph/errors.js'
import { Node } from '../graph/node.js'
import * as kinds from '../ops/kinds.js'
import type { AnyTensor } from '../tensor/tensor.js'
import { type Grouping, grouped } from './drawing/graph/groups.js'
import { sceneOf } from './drawing/graph/lines.js'
import { pictureOf } from './drawing/graph/picture.js'

import { type NameOptions, namesKind } from './naming.js'
import { unchanged, withoutPlumbing } from './plumbing.js'
import type { Trace } from './schema.js'
import { traceable, traceOf } from './trace.js'

/** What a drawing shows of a computation. */
export interface SvgOptions extends NameOptions {
  /** Whether boxes show values. Default true. */
  readonly values?: boolean
  /** Whether boxes show adjoints and tangents, as far as there are any. Default true. */
  readonly gradients?: boolean
  /** Whether edges show local derivatives. Default true. */
  readonly locals?: boolean
  /** Whether nodes are numbered in the order of the sweep back. Default false. */
  readonly order?: boolean
  /**
   * Which modules and functions are one box that stands for what is inside: 'auto' closes the innermost first until there are
   * about 40 boxes, 'open' and 'closed' say all of them, and a list names those that are open. Default 'auto'.
   */
  readonly group?: Grouping
  /** Whether steps are drawn that only reshape or repeat a tensor, and numbers among the inputs of an op. Default false. */
  readonly plumbing?: boolean
  /** The width in px that it is made for: it lies or stands, whichever fits. Default 900. */
  readonly width?: number
  /** What stands above it. */
  readonly title?: string
}

/** More boxes than this are no drawing. */
const most = 400

const options = {
  names: namesKind,
  values: kinds.boolean,
  gradients: kinds.boolean,
  locals: kinds.boolean,
  order: kinds.boolean,
  group: /* @__PURE__ */ kinds.kind(
    "'auto', 'open', 'closed', or an array of the names of open groups",
    (thing) => thing === 'auto' || thing === 'open' || thing === 'closed' || kinds.strings.accepts(thing),
  ),
  plumbing: kinds.boolean,
  width: /* @__PURE__ */ kinds.numberThat(
    'a number of px, at least 240',
    (x) => x >= 240 && x < Number.POSITIVE_INFINITY,
  ),
  title: kinds.string,
}

/**
 * A computation as a picture: a box for each tensor, with its value above and its adjoint below, and on each edge the local
 * derivative. So the numbers of the sweep back multiply along edges and add where edges meet. Tensors of few elements have
 * their numbers in cells, others tints or a summary. Modules and functions are boxes of their own where there would be many.
 * Text can be selected and read aloud, and colours follow the reader's theme or `data-theme`.
 *
 * @returns the text of an SVG, made for `width` px
 * @throws ArgumentError for a group of an unknown name, and beyond 400 boxes; what `trace` throws
 * @example writeFileSync('loss.svg', toSvg(loss, { names: { x, w }, order: true }))
 */
export const toSvg = /* @__PURE__ */ checked(
  'toSvg',
  { what: traceable, options },
  (what: AnyTensor | Trace, { names, ...wanted }: SvgOptions = {}): string => {
    const given = traceFor('toSvg', what, names)
    const { values = true, gradients = true, locals = true, order = false, width = 900, title } = wanted
    const { plumbing = false } = wanted
    const plain = (plumbing ? unchanged : withoutPlumbing)(given)
    const scene = grouped(sceneOf(plain.trace, plumbing), plain.trace, wanted.group ?? 'auto')
    const { length } = scene.items
    if (length > most) {
      const remedy =
        given.groups.length === 0
          ? 'trace a function whose parts are modules or namedScope(name, f), which can be closed'
          : wanted.group === undefined || wanted.group === 'auto' || wanted.group === 'closed'
            ? 'put more of it into namedScope(name, f)'
            : "pass group: 'closed', or name fewer groups"
      throw new ArgumentError(
        `toSvg: ${length} boxes, and a drawing has up to ${most}; ${remedy}, or trace a part of it.`,
      )
    }
    return pictureOf(scene, plain, { values, gradients, locals, order, width, title })
  },
)

/** @throws ArgumentError for names of what has names already */
export const traceFor = (owner: string, what: AnyTensor | Trace, names: NameOptions['names']): Trace => {
  if (what instanceof Node) return traceOf(owner, what as AnyTensor, names === undefined ? {} : { names })
  if (names !== undefined) {
    throw new ArgumentError(
      `${owner}: names are for a tensor, and a trace has its own; give them to trace.with({ names }).`,
    )
  }
  return traceOf(owner, what)
}
