import * as broadcast from './broadcast.js'
import * as cast from './cast.js'
import { stopGradient } from './constant.js'
import { elementwise } from './elementwise.js'
import type { Facts } from './facts.js'
import * as gather from './gather.js'
import * as layout from './layout.js'
import * as matmul from './matmul.js'
import * as reduce from './reduce.js'
import * as slice from './slice.js'
import * as softmax from './softmax.js'
import * as window from './window.js'

const exported = {
  ...elementwise,
  ...cast,
  ...broadcast,
  ...layout,
  ...slice,
  ...reduce,
  ...softmax,
  ...matmul,
  ...gather,
  ...window,
}

/** Of what the op files export, the ops: the rest is what they share. */
type Ops<Exported> = {
  readonly [Name in keyof Exported as Exported[Name] extends Facts ? Name : never]: Exported[Name]
}
const isOp = (thing: unknown): thing is Facts => typeof thing === 'function' && 'opName' in thing
const ops = Object.fromEntries(Object.entries<unknown>(exported).filter(([, thing]) => isOp(thing))) as Ops<
  typeof exported
>

/** Every function over nodes that users call, by its name. */
export const functions = { ...ops, stopGradient }

/** Every op, for whoever walks them all: the checks of each op's value and derivatives. */
export const table: readonly Facts[] = Object.values(ops)
