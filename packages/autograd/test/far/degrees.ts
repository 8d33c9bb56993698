import { type Tensor, tensor } from '@adjoint/autograd'
import { sizeOf } from '../../src/graph/shape.js'

// By which power of a factor in front of its tensors an op grows, and tensors with such factors.

/** Of each tensor of floats among the arguments, in their order (the last stands for those after it). */
type Degrees = readonly number[] | ((inputs: readonly Tensor[], y: Tensor) => readonly number[])

const inEachRank = (name: string): string[] => [1, 2, 3].map((rank) => `${name}${rank}d`)

/** Their derivatives are the same wherever they are taken. */
export const linear: readonly string[] = [
  ...'broadcastTo reshape sum at expandDims flatten permute ravel squeeze stack swapAxes transpose'.split(' '),
  ...'concat flip slice mean gather indexSelect scatterAdd cumSum diff'.split(' '),
  ...'moveAxis roll rot90 tile repeat unfold indexAdd'.split(' '),
  ...'trace diagonal diag tril triu im2col col2im interpolate pixelShuffle pixelUnshuffle'.split(' '),
  ...['avgPool', 'adaptiveAvgPool'].flatMap(inEachRank),
]
/** Their derivatives depend on the order of the elements alone. */
export const choosing: readonly string[] = [
  ...'max min cumMax cumMin sort median quantile nanSum nanMean'.split(' '),
  ...['maxPool', 'adaptiveMaxPool'].flatMap(inEachRank),
]

const together = (name: string): [string, Degrees] => [name, [1]]
export const degreesOf = new Map<string, Degrees>([
  ...linear.map(together),
  ...choosing.map(together),
  ...['norm', 'standardDeviation', ...inEachRank('lpPool')].map(together),
  ['einsum', (inputs) => [inputs.length]],
  ['variance', [2]],
  ['prod', ([x], y) => [sizeOf(x!.shape) / sizeOf(y.shape)]],
])
/** Linear in each: their factors may differ. The masked attention is so in its values alone. */
export const factors = new Map<string, readonly number[]>([
  ['matmul', [1, 1]],
  ...'tensordot outer inner dot kron cross conv1d conv2d conv3d convTranspose1d convTranspose2d convTranspose3d'
    .split(' ')
    .map((name) => [name, [1, 1]] as const),
  ['gridSample', [1, 0]],
  ['scaledDotProductAttention', [0, 0, 1, 0]],
])

/** Exponents of the factors: of all tensors, or of the first and the others. */
export const exponents = {
  float64: { one: [-1000, -530, 530, 1000], two: [[1000, -950], [-950, 1000], [500, 500], [-480, -480]] }, // biome-ignore format: pairs
  float32: { one: [-115, -66, 66, 115], two: [[115, -100], [-100, 115], [60, 55], [-55, -55]] }, // biome-ignore format: pairs
} as const
export const tolerance = { float64: 1e-14, float32: 4e-6 } as const

/** In steps, since the power itself may be out of range. */
export const times = (list: ArrayLike<number>, power: number): number[] => {
  const third = Math.trunc(power / 3)
  return Array.from(list, (x) => x * 2 ** third * 2 ** third * 2 ** (power - 2 * third))
}
export const scaled = (x: Tensor, power: number): Tensor =>
  tensor(times(x.data, power), { dtype: x.dtype }).reshape(x.shape) as Tensor
export const waves = (like: Tensor, shift: number): Tensor =>
  tensor(Array.from({ length: like.size }, (_, i) => Math.cos(i + shift)), { dtype: like.dtype }).reshape(like.shape) as Tensor // biome-ignore format: a call
