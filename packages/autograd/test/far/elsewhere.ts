/**
 * Ops that are neither smooth functions of elements (`rules.test.ts`) nor powers of their operands
 * (`degrees.ts`), by the test of this folder that walks them.
 */
export const elsewhere = {
  spread: [
    ...['layerNorm', 'groupNorm', 'instanceNorm', 'rmsNorm', 'normalize', 'batchNorm', 'batchNormWithStatistics'],
    'localResponseNorm',
  ],
  exponentials: ['softmax', 'logSoftmax', 'logSumExp', 'logCumSumExp', 'scaledDotProductAttention'],
  cumulative: ['cumProd', 'cumMaxWithIndices', 'cumMinWithIndices'],
  choices: [
    ...['identity', 'select', 'where', 'maximum', 'minimum', 'clamp', 'sign', 'floor', 'ceil', 'round', 'trunc', 'scale'],
    ...['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual', 'isNaN', 'isInf', 'isFinite'],
    ...['logicalAnd', 'logicalOr', 'logicalXor', 'logicalNot', 'argmax', 'argmin', 'any', 'all', 'pad', 'cast'],
    ...['maxPool1dWithIndices', 'maxPool2dWithIndices', 'maxPool3dWithIndices'],
    ...['maxWithIndices', 'minWithIndices', 'fmax', 'fmin', 'copysign', 'threshold', 'hardshrink', 'nanToNum'],
  ], // biome-ignore format: lists
  // in each norm: test/ops/products.test.ts
  distances: ['cdist'],
  // of their values rules/special.test.ts has tables
  special: ['psi', 'besselI', 'polygamma', 'glu', 'prelu'],
  order: [
    ...['sortWithIndices', 'argsort', 'topk', 'kthValue', 'searchSorted', 'unique', 'nonzero', 'countNonzero'],
    ...['bincount', 'histogram'],
  ], // biome-ignore format: lists
  // which give elements as they are, beside given numbers or in several tensors: test/ops/indexing.test.ts
  moved: [
    ...['set', 'addAt', 'scatter', 'indexPut', 'maskedFill', 'maskedSelect', 'repeatInterleave', 'split', 'chunk', 'unbind', 'meshgrid'],
  ], // biome-ignore format: lists
  // of int32 alone: test/ops/integers.test.ts
  integers: ['integerMul', 'integerPow', 'oneHot'],
} as const
