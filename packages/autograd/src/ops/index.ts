import { checked } from '../graph/arguments.js'
import * as attention from './attention.js'
import * as broadcast from './broadcast.js'
import * as cast from './cast.js'
import { stopGradient } from './constant.js'
import * as cumulate from './cumulate.js'
import { elementwise } from './elementwise.js'
import * as extremes from './extremes.js'
import { type Facts, forUsers, withFacts } from './facts.js'
import * as gather from './gather.js'
import * as kinds from './kinds.js'
import * as layout from './layout.js'
import * as logCumulate from './log-cumulate.js'
import * as matmul from './matmul.js'
import * as normalize from './normalize.js'
import * as reduce from './reduce.js'
import * as slice from './slice.js'
import * as softmax from './softmax.js'
import * as statistics from './statistics.js'
import * as window from './window.js'

const exported = {
  ...elementwise,
  ...cast,
  ...broadcast,
  ...layout,
  ...slice,
  ...reduce,
  ...extremes,
  ...cumulate,
  ...logCumulate,
  ...statistics,
  ...softmax,
  ...normalize,
  ...matmul,
  ...attention,
  ...gather,
  ...window,
}

/** Of what the op files export, the ops: the rest is what they share. */
type Ops<Exported> = {
  readonly [Name in keyof Exported as Exported[Name] extends Facts ? Name : never]: Exported[Name]
}
type Op = Facts & ((...args: never[]) => unknown)
const isOp = (thing: unknown): thing is Op => typeof thing === 'function' && 'opName' in thing
/** Ops call each other as they are; users call them checked. The elementwise ones check what they get themselves. */
const published = (op: Op): Op =>
  Object.hasOwn(elementwise, op.opName) ? op : withFacts(op.opName, forUsers(op.opName, op, op), op)
const ops = Object.fromEntries(
  Object.entries<unknown>(exported).flatMap(([name, thing]) => (isOp(thing) ? [[name, published(thing)]] : [])),
) as Ops<typeof exported>

/** Every function over nodes that users call, by its name. */
export const functions = {
  ...ops,
  stopGradient: checked('stopGradient', { x: kinds.tensor }, stopGradient),
}

/** Every op, for whoever walks them all: the checks of each op's value and derivatives. */
export const table: readonly Facts[] = Object.values(ops)
