import type { Node } from '../graph/node.js'
import { functions } from '../ops/index.js'
import type { Functions } from './forms/index.js'
import type { AnyTensor } from './tensor.js'

// The ops as functions, with the types that read shapes (forms/). The methods of Tensor are the same functions.

/** What an op has to take, but for the sentences that stand for what is wrong. */
type Taken<Args> = { [I in keyof Args]: Exclude<Args[I], `${string} ${string}`> }
/** What it has to give: to an op tensors are nodes. */
type Given<R> = R extends AnyTensor ? Node : { readonly [K in keyof R]: Given<R[K]> }
type Implementation<F> = F extends (...args: infer Args) => infer R ? (...args: Taken<Args>) => Given<R> : never
const implementations: { readonly [Name in keyof Functions]: Implementation<Functions[Name]> } = functions

const op = <Name extends keyof Functions>(name: Name): Functions[Name] =>
  implementations[name] as unknown as Functions[Name]

// elementwise, of one argument
export const abs = /* @__PURE__ */ op('abs')
export const neg = /* @__PURE__ */ op('neg')
export const sign = /* @__PURE__ */ op('sign')
export const exp = /* @__PURE__ */ op('exp')
export const exp2 = /* @__PURE__ */ op('exp2')
export const expm1 = /* @__PURE__ */ op('expm1')
export const log = /* @__PURE__ */ op('log')
export const log2 = /* @__PURE__ */ op('log2')
export const log10 = /* @__PURE__ */ op('log10')
export const log1p = /* @__PURE__ */ op('log1p')
export const sqrt = /* @__PURE__ */ op('sqrt')
export const rsqrt = /* @__PURE__ */ op('rsqrt')
export const square = /* @__PURE__ */ op('square')
export const reciprocal = /* @__PURE__ */ op('reciprocal')
export const sin = /* @__PURE__ */ op('sin')
export const cos = /* @__PURE__ */ op('cos')
export const tan = /* @__PURE__ */ op('tan')
export const asin = /* @__PURE__ */ op('asin')
export const acos = /* @__PURE__ */ op('acos')
export const atan = /* @__PURE__ */ op('atan')
export const sinh = /* @__PURE__ */ op('sinh')
export const cosh = /* @__PURE__ */ op('cosh')
export const tanh = /* @__PURE__ */ op('tanh')
export const asinh = /* @__PURE__ */ op('asinh')
export const acosh = /* @__PURE__ */ op('acosh')
export const atanh = /* @__PURE__ */ op('atanh')
export const sigmoid = /* @__PURE__ */ op('sigmoid')
export const logSigmoid = /* @__PURE__ */ op('logSigmoid')
export const relu = /* @__PURE__ */ op('relu')
export const relu6 = /* @__PURE__ */ op('relu6')
export const selu = /* @__PURE__ */ op('selu')
export const silu = /* @__PURE__ */ op('silu')
export const mish = /* @__PURE__ */ op('mish')
export const gelu = /* @__PURE__ */ op('gelu')
export const geluTanh = /* @__PURE__ */ op('geluTanh')
export const hardTanh = /* @__PURE__ */ op('hardTanh')
export const hardSigmoid = /* @__PURE__ */ op('hardSigmoid')
export const hardSwish = /* @__PURE__ */ op('hardSwish')
export const softplus = /* @__PURE__ */ op('softplus')
export const softsign = /* @__PURE__ */ op('softsign')
export const tanhShrink = /* @__PURE__ */ op('tanhShrink')
export const erf = /* @__PURE__ */ op('erf')
export const erfc = /* @__PURE__ */ op('erfc')
export const sinc = /* @__PURE__ */ op('sinc')
export const floor = /* @__PURE__ */ op('floor')
export const ceil = /* @__PURE__ */ op('ceil')
export const round = /* @__PURE__ */ op('round')
export const trunc = /* @__PURE__ */ op('trunc')
export const isNaN = /* @__PURE__ */ op('isNaN')
export const isInf = /* @__PURE__ */ op('isInf')
export const isFinite = /* @__PURE__ */ op('isFinite')
export const logicalNot = /* @__PURE__ */ op('logicalNot')
export const identity = /* @__PURE__ */ op('identity')
export const leakyRelu = /* @__PURE__ */ op('leakyRelu')
export const elu = /* @__PURE__ */ op('elu')
export const celu = /* @__PURE__ */ op('celu')

// elementwise, broadcasting
export const add = /* @__PURE__ */ op('add')
export const sub = /* @__PURE__ */ op('sub')
export const mul = /* @__PURE__ */ op('mul')
export const div = /* @__PURE__ */ op('div')
export const pow = /* @__PURE__ */ op('pow')
export const maximum = /* @__PURE__ */ op('maximum')
export const minimum = /* @__PURE__ */ op('minimum')
export const atan2 = /* @__PURE__ */ op('atan2')
export const hypot = /* @__PURE__ */ op('hypot')
export const remainder = /* @__PURE__ */ op('remainder')
export const logAddExp = /* @__PURE__ */ op('logAddExp')
export const xlogy = /* @__PURE__ */ op('xlogy')
export const equal = /* @__PURE__ */ op('equal')
export const notEqual = /* @__PURE__ */ op('notEqual')
export const less = /* @__PURE__ */ op('less')
export const lessEqual = /* @__PURE__ */ op('lessEqual')
export const greater = /* @__PURE__ */ op('greater')
export const greaterEqual = /* @__PURE__ */ op('greaterEqual')
export const logicalAnd = /* @__PURE__ */ op('logicalAnd')
export const logicalOr = /* @__PURE__ */ op('logicalOr')
export const logicalXor = /* @__PURE__ */ op('logicalXor')
export const lerp = /* @__PURE__ */ op('lerp')
export const clamp = /* @__PURE__ */ op('clamp')
export const where = /* @__PURE__ */ op('where')

// reductions, and what runs along an axis
export const sum = /* @__PURE__ */ op('sum')
export const mean = /* @__PURE__ */ op('mean')
export const prod = /* @__PURE__ */ op('prod')
export const max = /* @__PURE__ */ op('max')
export const min = /* @__PURE__ */ op('min')
export const logSumExp = /* @__PURE__ */ op('logSumExp')
export const any = /* @__PURE__ */ op('any')
export const all = /* @__PURE__ */ op('all')
export const norm = /* @__PURE__ */ op('norm')
export const variance = /* @__PURE__ */ op('variance')
export const standardDeviation = /* @__PURE__ */ op('standardDeviation')
export const argmax = /* @__PURE__ */ op('argmax')
export const argmin = /* @__PURE__ */ op('argmin')
export const maxWithIndices = /* @__PURE__ */ op('maxWithIndices')
export const minWithIndices = /* @__PURE__ */ op('minWithIndices')
export const cumSum = /* @__PURE__ */ op('cumSum')
export const cumProd = /* @__PURE__ */ op('cumProd')
export const cumMax = /* @__PURE__ */ op('cumMax')
export const cumMin = /* @__PURE__ */ op('cumMin')
export const cumMaxWithIndices = /* @__PURE__ */ op('cumMaxWithIndices')
export const cumMinWithIndices = /* @__PURE__ */ op('cumMinWithIndices')
export const logCumSumExp = /* @__PURE__ */ op('logCumSumExp')
export const softmax = /* @__PURE__ */ op('softmax')
export const logSoftmax = /* @__PURE__ */ op('logSoftmax')
export const layerNorm = /* @__PURE__ */ op('layerNorm')

// products
export const matmul = /* @__PURE__ */ op('matmul')
export const scaledDotProductAttention = /* @__PURE__ */ op('scaledDotProductAttention')

// layout
export const reshape = /* @__PURE__ */ op('reshape')
export const flatten = /* @__PURE__ */ op('flatten')
export const ravel = /* @__PURE__ */ op('ravel')
export const transpose = /* @__PURE__ */ op('transpose')
export const permute = /* @__PURE__ */ op('permute')
export const swapAxes = /* @__PURE__ */ op('swapAxes')
export const broadcastTo = /* @__PURE__ */ op('broadcastTo')
export const expandDims = /* @__PURE__ */ op('expandDims')
export const squeeze = /* @__PURE__ */ op('squeeze')
export const slice = /* @__PURE__ */ op('slice')
export const at = /* @__PURE__ */ op('at')
export const flip = /* @__PURE__ */ op('flip')
export const pad = /* @__PURE__ */ op('pad')
export const concat = /* @__PURE__ */ op('concat')
export const stack = /* @__PURE__ */ op('stack')

// indexing
export const gather = /* @__PURE__ */ op('gather')
export const indexSelect = /* @__PURE__ */ op('indexSelect')
export const scatterAdd = /* @__PURE__ */ op('scatterAdd')
export const oneHot = /* @__PURE__ */ op('oneHot')
export const nonzero = /* @__PURE__ */ op('nonzero')

// windows
export const conv2d = /* @__PURE__ */ op('conv2d')
export const maxPool2d = /* @__PURE__ */ op('maxPool2d')
export const avgPool2d = /* @__PURE__ */ op('avgPool2d')

// neither shape nor values
export const cast = /* @__PURE__ */ op('cast')
export const stopGradient = /* @__PURE__ */ op('stopGradient')
