import { checked } from '../graph/arguments.js'
import type { Node } from '../graph/node.js'
import { applying } from '../graph/watcher.js'
import { at } from './at.js'
import { broadcastTo, reshape, sum } from './broadcast.js'
import { cast } from './cast.js'
import { stopGradient } from './constant.js'
import { cumMax, cumMin, cumProd, cumSum } from './cumulate.js'
import { elementwise } from './elementwise.js'
import { argmax, argmin } from './extremes.js'
import { gather, indexSelect, oneHot, scatterAdd } from './gather.js'
import * as kinds from './kinds.js'
import { expandDims, flatten, permute, ravel, squeeze, swapAxes, transpose } from './layout.js'
import { matmul } from './matmul.js'
import { norm } from './norm.js'
import { pad } from './pad.js'
import { published } from './published.js'
import { all, any, max, mean, min, prod } from './reduce.js'
import { flip, slice } from './slice.js'
import { logSoftmax, logSumExp, softmax } from './softmax.js'
import { standardDeviation, variance } from './statistics.js'

const written = {
  cast,
  broadcastTo,
  reshape,
  sum,
  at,
  expandDims,
  flatten,
  permute,
  ravel,
  squeeze,
  swapAxes,
  transpose,
  flip,
  pad,
  slice,
  all,
  any,
  max,
  mean,
  min,
  prod,
  argmax,
  argmin,
  cumMax,
  cumMin,
  cumProd,
  cumSum,
  norm,
  standardDeviation,
  variance,
  logSoftmax,
  logSumExp,
  softmax,
  matmul,
  gather,
  indexSelect,
  oneHot,
  scatterAdd,
}

const stop = { name: 'stopGradient' }
/** It is no op, but whoever watches wants to see where a path ends. */
const stopGradientSeen = (x: Node): Node => applying(stop, [x], ([given]) => stopGradient(given!))

/**
 * The ops of every day, by their names: they are methods of a tensor as well, so whoever has a tensor carries them. All others are
 * functions alone (`functions.ts`), and are carried by who uses them. The elementwise ones check what they get themselves.
 */
export const methods = {
  ...elementwise,
  ...(Object.fromEntries(Object.entries(written).map(([name, op]) => [name, published(op)])) as typeof written),
  stopGradient: checked('stopGradient', { x: kinds.tensor }, stopGradientSeen),
}
