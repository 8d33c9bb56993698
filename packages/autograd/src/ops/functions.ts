import * as activationOps from './activation.js'
import * as adaptiveOps from './adaptive.js'
import * as attentionOps from './attention.js'
import * as batchNormOps from './batch-norm.js'
import * as convolutionOps from './convolution.js'
import * as countOps from './count.js'
import * as cumulateOps from './cumulate.js'
import * as diagonalOps from './diagonal.js'
import * as distanceOps from './distance.js'
import * as einsumOps from './einsum.js'
import * as extremesOps from './extremes.js'
import * as gatherOps from './gather.js'
import * as gridSampleOps from './grid-sample.js'
import * as interpolateOps from './interpolate.js'
import * as layoutOps from './layout.js'
import * as localResponseNormOps from './local-response-norm.js'
import * as logCumulateOps from './log-cumulate.js'
import * as masksOps from './masks.js'
import * as meshgridOps from './meshgrid.js'
import * as nanOps from './nan.js'
import * as nonzeroOps from './nonzero.js'
import * as normalizeOps from './normalize.js'
import * as poolingOps from './pooling.js'
import * as productsOps from './products.js'
import { published } from './published.js'
import * as quantileOps from './quantile.js'
import * as repeatOps from './repeat.js'
import * as searchSortedOps from './search-sorted.js'
import * as setOps from './set.js'
import * as sliceOps from './slice.js'
import * as sortOps from './sort.js'
import * as specialOps from './special.js'
import * as splitOps from './split.js'
import * as turnOps from './turn.js'
import * as unfoldOps from './unfold.js'
import * as uniqueOps from './unique.js'

// Ops that are functions and no methods of a tensor: one export each, so that a page carries those that it uses.

export * from './rare.js'

export const stack = /* @__PURE__ */ published(layoutOps.stack)
export const concat = /* @__PURE__ */ published(sliceOps.concat)
export const moveAxis = /* @__PURE__ */ published(layoutOps.moveAxis)
export const roll = /* @__PURE__ */ published(turnOps.roll)
export const rot90 = /* @__PURE__ */ published(turnOps.rot90)
export const tile = /* @__PURE__ */ published(repeatOps.tile)
export const repeat = /* @__PURE__ */ published(repeatOps.repeat)
export const repeatInterleave = /* @__PURE__ */ published(repeatOps.repeatInterleave)
export const split = /* @__PURE__ */ published(splitOps.split)
export const chunk = /* @__PURE__ */ published(splitOps.chunk)
export const unbind = /* @__PURE__ */ published(splitOps.unbind)
export const meshgrid = /* @__PURE__ */ published(meshgridOps.meshgrid)
export const unfold = /* @__PURE__ */ published(unfoldOps.unfold)
export const set = /* @__PURE__ */ published(setOps.set)
export const addAt = /* @__PURE__ */ published(setOps.addAt)
export const indexPut = /* @__PURE__ */ published(setOps.indexPut)
export const maskedFill = /* @__PURE__ */ published(masksOps.maskedFill)
export const maskedSelect = /* @__PURE__ */ published(masksOps.maskedSelect)
export const indexAdd = /* @__PURE__ */ published(gatherOps.indexAdd)
export const scatter = /* @__PURE__ */ published(gatherOps.scatter)
export const countNonzero = /* @__PURE__ */ published(countOps.countNonzero)
export const nanMean = /* @__PURE__ */ published(nanOps.nanMean)
export const nanSum = /* @__PURE__ */ published(nanOps.nanSum)
export const median = /* @__PURE__ */ published(quantileOps.median)
export const quantile = /* @__PURE__ */ published(quantileOps.quantile)
export const cumMaxWithIndices = /* @__PURE__ */ published(cumulateOps.cumMaxWithIndices)
export const cumMinWithIndices = /* @__PURE__ */ published(cumulateOps.cumMinWithIndices)
export const logCumSumExp = /* @__PURE__ */ published(logCumulateOps.logCumSumExp)
export const maxWithIndices = /* @__PURE__ */ published(extremesOps.maxWithIndices)
export const minWithIndices = /* @__PURE__ */ published(extremesOps.minWithIndices)
export const diff = /* @__PURE__ */ published(cumulateOps.diff)
export const sort = /* @__PURE__ */ published(sortOps.sort)
export const sortWithIndices = /* @__PURE__ */ published(sortOps.sortWithIndices)
export const argsort = /* @__PURE__ */ published(sortOps.argsort)
export const topk = /* @__PURE__ */ published(sortOps.topk)
export const kthValue = /* @__PURE__ */ published(sortOps.kthValue)
export const searchSorted = /* @__PURE__ */ published(searchSortedOps.searchSorted)
export const layerNorm = /* @__PURE__ */ published(normalizeOps.layerNorm)
export const glu = /* @__PURE__ */ published(activationOps.glu)
export const prelu = /* @__PURE__ */ published(activationOps.prelu)
export const nanToNum = /* @__PURE__ */ published(specialOps.nanToNum)
export const polygamma = /* @__PURE__ */ published(specialOps.polygamma)
export const einsum = /* @__PURE__ */ published(einsumOps.einsum)
export const tensordot = /* @__PURE__ */ published(productsOps.tensordot)
export const outer = /* @__PURE__ */ published(productsOps.outer)
export const inner = /* @__PURE__ */ published(productsOps.inner)
export const dot = /* @__PURE__ */ published(productsOps.dot)
export const kron = /* @__PURE__ */ published(productsOps.kron)
export const cross = /* @__PURE__ */ published(productsOps.cross)
export const trace = /* @__PURE__ */ published(diagonalOps.trace)
export const diag = /* @__PURE__ */ published(diagonalOps.diag)
export const diagonal = /* @__PURE__ */ published(diagonalOps.diagonal)
export const tril = /* @__PURE__ */ published(diagonalOps.tril)
export const triu = /* @__PURE__ */ published(diagonalOps.triu)
export const cdist = /* @__PURE__ */ published(distanceOps.cdist)
export const scaledDotProductAttention = /* @__PURE__ */ published(attentionOps.scaledDotProductAttention)
export const nonzero = /* @__PURE__ */ published(nonzeroOps.nonzero)
export const unique = /* @__PURE__ */ published(uniqueOps.unique)
export const bincount = /* @__PURE__ */ published(countOps.bincount)
export const histogram = /* @__PURE__ */ published(countOps.histogram)
export const conv1d = /* @__PURE__ */ published(convolutionOps.conv1d)
export const conv3d = /* @__PURE__ */ published(convolutionOps.conv3d)
export const convTranspose1d = /* @__PURE__ */ published(convolutionOps.convTranspose1d)
export const convTranspose2d = /* @__PURE__ */ published(convolutionOps.convTranspose2d)
export const convTranspose3d = /* @__PURE__ */ published(convolutionOps.convTranspose3d)
export const im2col = /* @__PURE__ */ published(convolutionOps.im2col)
export const col2im = /* @__PURE__ */ published(convolutionOps.col2im)
export const maxPool1d = /* @__PURE__ */ published(poolingOps.maxPool1d)
export const maxPool3d = /* @__PURE__ */ published(poolingOps.maxPool3d)
export const maxPool1dWithIndices = /* @__PURE__ */ published(poolingOps.maxPool1dWithIndices)
export const maxPool2dWithIndices = /* @__PURE__ */ published(poolingOps.maxPool2dWithIndices)
export const maxPool3dWithIndices = /* @__PURE__ */ published(poolingOps.maxPool3dWithIndices)
export const avgPool1d = /* @__PURE__ */ published(poolingOps.avgPool1d)
export const avgPool3d = /* @__PURE__ */ published(poolingOps.avgPool3d)
export const lpPool1d = /* @__PURE__ */ published(poolingOps.lpPool1d)
export const lpPool2d = /* @__PURE__ */ published(poolingOps.lpPool2d)
export const lpPool3d = /* @__PURE__ */ published(poolingOps.lpPool3d)
export const adaptiveAvgPool1d = /* @__PURE__ */ published(adaptiveOps.adaptiveAvgPool1d)
export const adaptiveAvgPool2d = /* @__PURE__ */ published(adaptiveOps.adaptiveAvgPool2d)
export const adaptiveAvgPool3d = /* @__PURE__ */ published(adaptiveOps.adaptiveAvgPool3d)
export const adaptiveMaxPool1d = /* @__PURE__ */ published(adaptiveOps.adaptiveMaxPool1d)
export const adaptiveMaxPool2d = /* @__PURE__ */ published(adaptiveOps.adaptiveMaxPool2d)
export const adaptiveMaxPool3d = /* @__PURE__ */ published(adaptiveOps.adaptiveMaxPool3d)
export const interpolate = /* @__PURE__ */ published(interpolateOps.interpolate)
export const pixelShuffle = /* @__PURE__ */ published(interpolateOps.pixelShuffle)
export const pixelUnshuffle = /* @__PURE__ */ published(interpolateOps.pixelUnshuffle)
export const gridSample = /* @__PURE__ */ published(gridSampleOps.gridSample)
export const conv2d = /* @__PURE__ */ published(convolutionOps.conv2d)
export const maxPool2d = /* @__PURE__ */ published(poolingOps.maxPool2d)
export const avgPool2d = /* @__PURE__ */ published(poolingOps.avgPool2d)
export const rmsNorm = /* @__PURE__ */ published(normalizeOps.rmsNorm)
export const groupNorm = /* @__PURE__ */ published(normalizeOps.groupNorm)
export const instanceNorm = /* @__PURE__ */ published(normalizeOps.instanceNorm)
export const batchNorm = /* @__PURE__ */ published(batchNormOps.batchNorm)
export const batchNormWithStatistics = /* @__PURE__ */ published(batchNormOps.batchNormWithStatistics)
export const localResponseNorm = /* @__PURE__ */ published(localResponseNormOps.localResponseNorm)
export const normalize = /* @__PURE__ */ published(normalizeOps.normalize)
