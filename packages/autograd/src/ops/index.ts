import { checked } from '../graph/arguments.js'
import { glu, prelu } from './activation.js'
import {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
} from './adaptive.js'
import { scaledDotProductAttention } from './attention.js'
import { broadcastTo, reshape, sum } from './broadcast.js'
import { cast } from './cast.js'
import { stopGradient } from './constant.js'
import {
  col2im,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  im2col,
} from './convolution.js'
import { bincount, countNonzero, histogram } from './count.js'
import { cumMax, cumMaxWithIndices, cumMin, cumMinWithIndices, cumProd, cumSum, diff } from './cumulate.js'
import { diag, diagonal, trace, tril, triu } from './diagonal.js'
import { cdist } from './distance.js'
import { einsum } from './einsum.js'
import { elementwise } from './elementwise.js'
import { argmax, argmin, maxWithIndices, minWithIndices } from './extremes.js'
import { type Facts, forUsers, withFacts } from './facts.js'
import { gather, indexSelect, oneHot, scatterAdd } from './gather.js'
import { gridSample } from './grid-sample.js'
import { interpolate, pixelShuffle, pixelUnshuffle } from './interpolate.js'
import * as kinds from './kinds.js'
import { at, expandDims, flatten, permute, ravel, squeeze, stack, swapAxes, transpose } from './layout.js'
import { logCumSumExp } from './log-cumulate.js'
import { matmul } from './matmul.js'
import { nanMean, nanSum } from './nan.js'
import { nonzero } from './nonzero.js'
import { norm } from './norm.js'
import { groupNorm, instanceNorm, layerNorm, normalize, rmsNorm } from './normalize.js'
import {
  avgPool1d,
  avgPool2d,
  avgPool3d,
  lpPool1d,
  lpPool2d,
  lpPool3d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
} from './pooling.js'
import { cross, dot, inner, kron, outer, tensordot } from './products.js'
import { median, quantile } from './quantile.js'
import { all, any, max, mean, min, prod } from './reduce.js'
import { searchSorted } from './search-sorted.js'
import { concat, flip, pad, slice } from './slice.js'
import { logSoftmax, logSumExp, softmax } from './softmax.js'
import { argsort, kthValue, sort, sortWithIndices, topk } from './sort.js'
import { nanToNum, polygamma } from './special.js'
import { standardDeviation, variance } from './statistics.js'
import { unique } from './unique.js'

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
  stack,
  swapAxes,
  transpose,
  concat,
  flip,
  pad,
  slice,
  all,
  any,
  max,
  mean,
  min,
  prod,
  countNonzero,
  nanMean,
  nanSum,
  median,
  quantile,
  argmax,
  argmin,
  maxWithIndices,
  minWithIndices,
  cumMax,
  cumMaxWithIndices,
  cumMin,
  cumMinWithIndices,
  cumProd,
  cumSum,
  logCumSumExp,
  diff,
  sort,
  sortWithIndices,
  argsort,
  topk,
  kthValue,
  searchSorted,
  norm,
  standardDeviation,
  variance,
  logSoftmax,
  logSumExp,
  softmax,
  layerNorm,
  rmsNorm,
  groupNorm,
  instanceNorm,
  normalize,
  glu,
  prelu,
  nanToNum,
  polygamma,
  matmul,
  einsum,
  tensordot,
  outer,
  inner,
  dot,
  kron,
  cross,
  trace,
  diag,
  diagonal,
  tril,
  triu,
  cdist,
  scaledDotProductAttention,
  gather,
  indexSelect,
  oneHot,
  nonzero,
  unique,
  bincount,
  histogram,
  scatterAdd,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  im2col,
  col2im,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  lpPool1d,
  lpPool2d,
  lpPool3d,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  interpolate,
  pixelShuffle,
  pixelUnshuffle,
  gridSample,
}

/** Ops call each other as they are; users call them checked. The elementwise ones check what they get themselves. */
const published = <Op extends Facts & ((...args: never[]) => unknown)>(op: Op): Op =>
  withFacts(op.opName, forUsers(op.opName, op, op), op) as Op
const ops = {
  ...elementwise,
  ...(Object.fromEntries(Object.entries(written).map(([name, op]) => [name, published(op)])) as typeof written),
}

/** Every function over nodes that users call, by its name. */
export const functions = {
  ...ops,
  stopGradient: checked('stopGradient', { x: kinds.tensor }, stopGradient),
}

/** Every op, for whoever walks them all: the checks of each op's value and derivatives. */
export const table: readonly Facts[] = /* @__PURE__ */ Object.values(ops)
