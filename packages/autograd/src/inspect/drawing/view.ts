import { ArgumentError } from '../../graph/errors.js'
import * as kinds from '../../ops/kinds.js'
import type { AnyTensor } from '../../tensor/tensor.js'
import { type Plain, unchanged, withoutPlumbing } from '../plumbing/plumbing.js'
import { type NameOptions, namesKind } from '../trace/naming.js'
import type { Trace } from '../trace/schema.js'
import { tracedFor } from '../trace/trace.js'
import { type Grouping, grouped } from './graph/groups.js'
import { sceneOf } from './graph/lines.js'
import type { Scene } from './graph/scene.js'

/** What every drawing of a computation can be told. */
export interface ViewOptions extends NameOptions {
  /** Whether boxes show values. Default true. */
  readonly values?: boolean
  /** Whether boxes show adjoints and tangents, as far as there are any. Default true. */
  readonly gradients?: boolean
  /** Whether edges show local derivatives. Default true. */
  readonly locals?: boolean
  /**
   * Which modules and functions are one box that stands for what is inside: 'auto' closes the innermost first until there are
   * about 40 boxes, 'open' and 'closed' say all of them, and a list names those that are open. Default 'auto'.
   */
  readonly group?: Grouping
  /** Whether steps are drawn that only reshape or repeat a tensor, and numbers among the inputs of an op. Default false. */
  readonly plumbing?: boolean
}

/** What `ViewOptions` may be. */
export const viewKinds = {
  names: namesKind,
  values: kinds.boolean,
  gradients: kinds.boolean,
  locals: kinds.boolean,
  group: /* @__PURE__ */ kinds.kind(
    "'auto', 'open', 'closed', or an array of the names of open groups",
    (thing) => thing === 'auto' || thing === 'open' || thing === 'closed' || kinds.strings.accepts(thing),
  ),
  plumbing: kinds.boolean,
}

/** What is to be drawn, and of which trace. */
export interface View {
  readonly scene: Scene
  readonly plain: Plain
  readonly whole: Trace
}

/** @throws ArgumentError for names of what has names already, and for a group of an unknown name */
export const viewOf = (
  owner: string,
  what: AnyTensor | Trace,
  { names, group = 'auto', plumbing = false }: ViewOptions,
): View => {
  const whole = tracedFor(owner, what, names === undefined ? {} : { names })
  const plain = (plumbing ? unchanged : withoutPlumbing)(whole)
  return { whole, plain, scene: grouped(sceneOf(plain.trace, plumbing), plain.trace, group) }
}

/** More boxes than this are no drawing. */
const most = 400

/** @throws ArgumentError for more boxes than a drawing can show */
export const refuseMany = (owner: string, { scene, whole }: View, group: Grouping | undefined): void => {
  const { length } = scene.items
  if (length <= most) return
  const canClose = whole.groups.length > 0 && group !== undefined && group !== 'auto' && group !== 'closed'
  const remedy =
    whole.groups.length === 0
      ? 'trace a function whose parts are modules or namedScope(name, f), which can be closed'
      : canClose
        ? "pass group: 'closed', or name fewer groups"
        : 'put more of it into namedScope(name, f)'
  throw new ArgumentError(
    `${owner}: ${length} boxes, and a drawing has up to ${most}; ${remedy}, or trace a part of it.`,
  )
}
