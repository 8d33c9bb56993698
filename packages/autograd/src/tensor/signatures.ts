// Which form each op has, one line an op: `Tensor` takes its methods from here (MethodForms in tensor.ts), and the
// functions of the same names their types (FunctionForms in function-types.ts).

/** The ops that are methods of a tensor and functions as well. */
export interface Signatures {
  // elementwise, of one argument
  /** The absolute value; its derivative at 0 is 0. */
  abs: 'unary'
  /** -x */
  neg: 'unary'
  /** -1, 0 or 1. */
  sign: 'unary'
  /** e to the power x. */
  exp: 'unary'
  /** 2 to the power x. */
  exp2: 'unary'
  /** exp(x) - 1, accurate near 0. */
  expm1: 'unary'
  /** The natural logarithm. */
  log: 'unary'
  /** The logarithm to the base 2. */
  log2: 'unary'
  /** The logarithm to the base 10. */
  log10: 'unary'
  /** log(1 + x), accurate near 0. */
  log1p: 'unary'
  /** The square root. */
  sqrt: 'unary'
  /** 1 / sqrt(x) */
  rsqrt: 'unary'
  /** x * x */
  square: 'unary'
  /** 1 / x */
  reciprocal: 'unary'
  /** The sine of an angle in radians. */
  sin: 'unary'
  /** The cosine of an angle in radians. */
  cos: 'unary'
  /** The tangent of an angle in radians. */
  tan: 'unary'
  /** The angle in radians whose sine is x. */
  asin: 'unary'
  /** The angle in radians whose cosine is x. */
  acos: 'unary'
  /** The angle in radians whose tangent is x. */
  atan: 'unary'
  /** The hyperbolic sine. */
  sinh: 'unary'
  /** The hyperbolic cosine. */
  cosh: 'unary'
  /** The hyperbolic tangent. */
  tanh: 'unary'
  /** The inverse of sinh. */
  asinh: 'unary'
  /** The inverse of cosh. */
  acosh: 'unary'
  /** The inverse of tanh. */
  atanh: 'unary'
  /** 1 / (1 + exp(-x)) */
  sigmoid: 'unary'
  /** log(sigmoid(x)), accurate where the sigmoid underflows. */
  logSigmoid: 'unary'
  /** x where it is positive, else 0; its derivative at 0 is 0. */
  relu: 'unary'
  /** x kept between 0 and 6. */
  relu6: 'unary'
  /** The scaled elu of self-normalizing networks (Klambauer et al. 2017). */
  selu: 'unary'
  /** x * sigmoid(x), also called swish. */
  silu: 'unary'
  /** x * tanh(softplus(x)) (Misra 2019). */
  mish: 'unary'
  /** x * P(Z <= x) for a standard normal Z (Hendrycks and Gimpel 2016). */
  gelu: 'unary'
  /** The approximation of gelu by tanh. */
  geluTanh: 'unary'
  /** x / 6 + 1 / 2 kept between 0 and 1. */
  hardSigmoid: 'unary'
  /** x * hardSigmoid(x) */
  hardSwish: 'unary'
  /** x kept between -1 and 1. */
  hardTanh: 'unary'
  /** log(1 + exp(x)), without overflow. */
  softplus: 'unary'
  /** x / (1 + |x|) */
  softsign: 'unary'
  /** x - tanh(x) */
  tanhShrink: 'unary'
  /** The error function. */
  erf: 'unary'
  /** 1 - erf(x), accurate where erf is near 1. */
  erfc: 'unary'
  /** sin(pi x) / (pi x), and 1 at 0. */
  sinc: 'unary'
  /** The greatest whole number that is not above x. */
  floor: 'unary'
  /** The least whole number that is not below x. */
  ceil: 'unary'
  /** The nearest whole number; halves to the even one. */
  round: 'unary'
  /** The whole number next to x towards 0. */
  trunc: 'unary'
  /** Where x is NaN; bool. */
  isNaN: 'unary'
  /** Where x is infinite; bool. */
  isInf: 'unary'
  /** Where x is neither infinite nor NaN; bool. */
  isFinite: 'unary'
  /** Where x is 0; bool. */
  logicalNot: 'unary'
  /** x itself, as an op of the graph. */
  identity: 'unary'
  /** x where it is positive, else slope * x; the slope is 0.01 by default. */
  leakyRelu: 'parametric'
  /** x where it is positive, else alpha * (exp(x) - 1); alpha is 1 by default (Clevert et al. 2016). */
  elu: 'parametric'
  /** x where it is positive, else alpha * (exp(x / alpha) - 1); alpha is 1 by default (Barron 2017). */
  celu: 'parametric'

  // elementwise, broadcasting
  /** a + b */
  add: 'binary'
  /** a - b */
  sub: 'binary'
  /** a * b, elementwise; matmul is the matrix product. */
  mul: 'binary'
  /** a / b */
  div: 'binary'
  /** a to the power b. */
  pow: 'binary'
  /** The greater of a and b; where they are equal, the derivative is shared equally. */
  maximum: 'binary'
  /** The lesser of a and b; where they are equal, the derivative is shared equally. */
  minimum: 'binary'
  /** The angle in radians of the point with y = a and x = b. */
  atan2: 'binary'
  /** sqrt(a * a + b * b), without overflow. */
  hypot: 'binary'
  /** What is left of a after whole multiples of b, with the sign of b. */
  remainder: 'binary'
  /** log(exp(a) + exp(b)), without overflow. */
  logAddExp: 'binary'
  /** a * log(b), and 0 where a is 0. */
  xlogy: 'binary'
  /** Where a equals b; bool. */
  equal: 'binary'
  /** Where a differs from b; bool. */
  notEqual: 'binary'
  /** Where a < b; bool. */
  less: 'binary'
  /** Where a <= b; bool. */
  lessEqual: 'binary'
  /** Where a > b; bool. */
  greater: 'binary'
  /** Where a >= b; bool. */
  greaterEqual: 'binary'
  /** Where neither a nor b is 0; bool. */
  logicalAnd: 'binary'
  /** Where a and b are not both 0; bool. */
  logicalOr: 'binary'
  /** Where one of a and b is 0 and the other is not; bool. */
  logicalXor: 'binary'
  /** x + t * (b - x): x at t = 0, b at t = 1. */
  lerp: 'ternary'
  /** x kept between two bounds; at a bound the derivative counts as inside. */
  clamp: 'ternary'

  // reductions, and what runs along an axis
  /** The sum over all axes, over one, or over several. */
  sum: 'reduction'
  /** The arithmetic mean; NaN over an empty axis. */
  mean: 'reduction'
  /** The product; its derivative is exact also where elements are zero. */
  prod: 'reduction'
  /** The greatest element; those that tie share the derivative equally. */
  max: 'reduction'
  /** The least element; those that tie share the derivative equally. */
  min: 'reduction'
  /** log(sum(exp(x))), without overflow. */
  logSumExp: 'reduction'
  /** Whether any element is true; bool. */
  any: 'reduction'
  /** Whether all elements are true; bool. */
  all: 'reduction'
  /** The Euclidean norm, without overflow; its gradient at 0 is 0. */
  norm: 'reduction'
  /** The mean squared distance from the mean. */
  variance: 'spread'
  /** The square root of the variance; its gradient at a constant is 0. */
  standardDeviation: 'spread'
  /** The position of the first greatest element along an axis, or in row-major order; int32. */
  argmax: 'argReduction'
  /** The position of the first least element along an axis, or in row-major order; int32. */
  argmin: 'argReduction'
  /** Positive numbers in proportion to exp(x) that sum to 1 along the axis, the last by default. */
  softmax: 'axiswise'
  /** The logarithm of the softmax along the axis, exact where the softmax underflows. */
  logSoftmax: 'axiswise'

  /** The matrix product [..., m, k] x [..., k, n] -> [..., m, n]; a vector on either side counts as [k]. */
  matmul: 'matmul'

  // layout
  /** The same elements in row-major order under another shape; one dim may be -1. */
  reshape: 'reshape'
  /** The first axis kept, the others joined: [batch, ...rest] -> [batch, features]. */
  flatten: 'flatten'
  /** One axis with all elements in row-major order. */
  ravel: 'ravel'
  /** The last two axes swapped. */
  transpose: 'transpose'
  /** The axes in another order: axis i of the result is axis axes[i] of x. */
  permute: 'permute'
  /** Two axes swapped. */
  swapAxes: 'swapAxes'
  /** Stretched to a shape: dims of 1 are repeated, axes are added in front. */
  broadcastTo: 'broadcastTo'
  /** A new axis of size 1 at this place of the result. */
  expandDims: 'expandDims'
  /** Without an axis of size 1, or without all of them. */
  squeeze: 'squeeze'
  /** Elements `start` up to but not including `end` of an axis, by Python's rules. */
  slice: 'slice'
  /** One entry of the first axis, which is dropped; -1 is the last. */
  at: 'at'
  /** The elements of an axis in reverse order. */
  flip: 'flip'
  /** widths[i] = [before, after] places added to axis i. */
  pad: 'pad'

  // indexing
  /** One element of each line along the axis for each index (NumPy's take_along_axis): has the shape of the indices. */
  gather: 'gather'
  /** The given places of an axis, 0 by default (NumPy's take): it is replaced by the axes of the indices. */
  indexSelect: 'indexSelect'
  /** x with `source` added at the places that gather would read; repeated indices add up. */
  scatterAdd: 'scatterAdd'
  /** For each index a line of `depth` zeros with a 1 at the index: [...indices, depth], float32. */
  oneHot: 'oneHot'

  // the rest
  /** The same values in another dtype. */
  cast: 'cast'
  /** The same values; no gradient flows back from here. */
  stopGradient: 'unary'
}

/** The name of a form. */
export type Form = Signatures[keyof Signatures]
