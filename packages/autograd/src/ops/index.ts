import { besselI } from '../rules/special.js'
import { fromRule } from './elementwise.js'
import type { Facts } from './facts.js'
import * as others from './functions.js'
import { methods } from './methods.js'

/** Every function over nodes that users call, by its name; and what only expressions are made of. */
export const functions = { ...methods, ...others, besselI: /* @__PURE__ */ fromRule(besselI, true) }

const isOp = (f: object): f is Facts => 'opName' in f

/** Every op, for whoever walks them all: the checks of each op's value and derivatives. */
export const table: readonly Facts[] = /* @__PURE__ */ (Object.values(functions) as object[]).filter(isOp)
