/** Ops that have no fixture, and why. */
export const alone: { readonly [op: string]: string } = {
  besselI: 'what derivatives are made with, not for users',
  cast: 'a change of dtype; see integers.test.ts',
  integerMul: 'what derivatives are made with, not for users',
  integerPow: 'what derivatives are made with, not for users',
  psi: 'what derivatives are made with, not for users',
  scale: 'what derivatives are made with, not for users',
  select: 'what derivatives are made with, not for users',
}

const holds = (thing: unknown, dtype: string): boolean =>
  typeof thing === 'object' &&
  thing !== null &&
  ((thing as { dtype?: unknown }).dtype === dtype || Object.values(thing).some((part) => holds(part, dtype)))
const always = () => true
const unlessSized = (args: readonly unknown[]) => !Object.hasOwn(args.at(-1) as object, 'size')
/** One value for all true elements is written without a look at them. */
const byMaskAndValues = ([, index, value]: readonly unknown[]) => holds(index, 'bool') && typeof value !== 'number'

/** Which calls have a shape that depends on elements: they are not compiled. */
export const shapedByElements: { readonly [op: string]: (args: readonly unknown[]) => boolean } = {
  nonzero: always,
  unique: always,
  bincount: always,
  maskedSelect: unlessSized,
  repeatInterleave: ([, counts, _, options]) => holds(counts, 'int32') && options === undefined,
  at: ([, ...index]) => holds(index, 'bool'),
  set: byMaskAndValues,
  addAt: byMaskAndValues,
  indexPut: byMaskAndValues,
}

/** Where we differ from the library on purpose (docs/conventions.md), or it is wrong: why, and in what of which cases. */
export const reasons: { readonly [why: string]: readonly string[] } = {
  'at an infinity the limit, where the formula of others has NaN': [
    'asinh(tensor(-Infinity, Infinity)): second',
    'atan(tensor(-Infinity, Infinity)): second',
    'erf(tensor(-Infinity, Infinity)): second',
    'erfc(tensor(-Infinity, Infinity)): second',
    'gelu(tensor(-Infinity, Infinity)): gradients',
    'gelu(tensor(-Infinity, Infinity)): second',
    'gelu(tensor(-Infinity, Infinity)): values',
    'geluTanh(tensor(-Infinity, Infinity)): gradients',
    'geluTanh(tensor(-Infinity, Infinity)): second',
    'geluTanh(tensor(-Infinity, Infinity)): values',
    'hardSwish(tensor(-Infinity, Infinity)): values',
    'mish(tensor(-Infinity, Infinity)): gradients',
    'mish(tensor(-Infinity, Infinity)): second',
    'mish(tensor(-Infinity, Infinity)): values',
    'silu(tensor(-Infinity, Infinity)): gradients',
    'silu(tensor(-Infinity, Infinity)): second',
    'silu(tensor(-Infinity, Infinity)): values',
    'softsign(tensor(-Infinity, Infinity)): gradients',
    'softsign(tensor(-Infinity, Infinity)): second',
    'softsign(tensor(-Infinity, Infinity)): values',
    'logAddExp(tensor(1e-8, -30, 1000, 1e+30), tensor(3, 1e-8, -1e+30, 7)): second',
    'mish(tensor(-1000, -30, -1e-8, 1e-8, 30, 1000)): second',
    'logAddExp2(tensor(1000, -1000), tensor(999, 1000)): second',
    'lgamma(tensor(Infinity)): second',
  ],
  'of NaN, bounds and choices have a derivative of 0, as in JAX': [
    'geluTanh(tensor(NaN)): second',
    'hardSigmoid(tensor(NaN)): gradients',
    'hardTanh(tensor(NaN)): gradients',
    'maximum(tensor(NaN, 1), tensor(NaN, NaN)): gradients',
    'minimum(tensor(NaN, 1), tensor(NaN, NaN)): gradients',
    'relu(tensor(NaN)): gradients',
    'relu6(tensor(NaN)): gradients',
    'softsign(tensor(NaN)): second',
    'fmax(tensor(NaN, 1, NaN), tensor(1, NaN, NaN)): gradients',
    'fmin(tensor(NaN, 1, NaN), tensor(1, NaN, NaN)): gradients',
  ],
  'what is computed of NaN is NaN, its derivatives too; also frac of an infinity': [
    'elu(tensor(NaN)): gradients',
    'elu(tensor(NaN)): second',
    'selu(tensor(NaN)): gradients',
    'selu(tensor(NaN)): second',
    'sign(tensor(NaN)): values',
    'hardSwish(tensor(NaN)): gradients',
    'frac(tensor(NaN)): gradients',
    'frac(tensor(NaN)): second',
    'frac(tensor(-Infinity, Infinity)): gradients',
    'frac(tensor(-Infinity, Infinity)): second',
  ],
  'the second derivative where it jumps is that from below': [
    'celu(tensor(0)): second',
    'elu(tensor(0)): second',
    'selu(tensor(0)): second',
  ],
  'pow(0, y), where the second derivative does not exist: no NaN': ['pow(tensor(0, 0, 0), tensor(0, 1, 2)): second'],
  'PyTorch takes the slope by a base to be 0 for an exponent of 0, so that its derivative by the exponent is lost': [
    'pow(tensor(2), tensor(0)): second',
  ],
  'PyTorch finds the softmax from the rounded sum: its parts do not sum to 1': [
    'logSumExp(tensor(-1e+30, -1e+30)): gradients',
    'logSumExp(tensor(-1e+30, -1e+30)): second',
  ],
  'JAX loses digits of sinc near 0': ['sinc(tensor(-3, 0, 1, 30, 0.0001)): second'],
  'equal operands share the derivative, as those of maximum do in every library': [
    'fmax(tensor(1, 2, 0), tensor(1, 3, 0)): gradients',
    'fmin(tensor(1, 2, 0), tensor(1, 3, 0)): gradients',
  ],
  'copysign at 0 has no derivative, and no NaN': ['copysign(tensor(0, 1, -2), tensor(-3, 0, 0)): second'],
  'the whole tensor goes on; in PyTorch, if circular, what a negative width leaves of it': [
    'pad(tensor(-0.1117, 0.5017, 0.6786, 0.7671, -0.481), [[0, 0], [0, 0], [-1, 2]], { mode: circular }): values',
    'pad(tensor(-0.1117, 0.5017, 0.6786, 0.7671, -0.481), [[0, 0], [0, 0], [-1, 2]], { mode: circular }): gradients',
    'pad(tensor(-0.2985, -0.2342, 1.4229, -0.6131, 0.9652), [[0, 0], [0, 0], [3, -2]], { mode: circular }): values',
    'pad(tensor(-0.2985, -0.2342, 1.4229, -0.6131, 0.9652), [[0, 0], [0, 0], [3, -2]], { mode: circular }): gradients',
  ],
  'at the ends of logit the limit': ['logit(tensor(0, 1)): second'],
  'at 0 PyTorch has the weight as a slope, but not its derivative by the weight': [
    'prelu(tensor(0, -1, 2), tensor(-0.1896, -0.4672, -0.4816)): second',
  ],
}
