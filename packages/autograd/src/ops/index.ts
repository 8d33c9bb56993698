import * as broadcast from './broadcast.js'
import * as castOps from './cast.js'
import { stopGradient } from './constant.js'
import { elementwise } from './elementwise.js'
import type { Facts } from './facts.js'
import * as gatherOps from './gather.js'
import * as layout from './layout.js'
import * as matmulOps from './matmul.js'
import * as reduce from './reduce.js'
import * as sliceOps from './slice.js'
import * as softmaxOps from './softmax.js'
import * as windowOps from './window.js'

/** Every function of the op files, by its name. */
export const functions = {
  ...elementwise,
  ...castOps,
  ...broadcast,
  ...layout,
  ...sliceOps,
  ...reduce,
  ...softmaxOps,
  ...matmulOps,
  ...gatherOps,
  ...windowOps,
  stopGradient,
}

const isOp = (thing: unknown): thing is Facts => typeof thing === 'function' && 'opName' in thing

/** Every op, for whoever walks them all: the checks of each op's value and derivatives. */
export const table: readonly Facts[] = Object.values<unknown>(functions).filter(isOp)
